package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"kaoping/engine"
	"kaoping/rules"
)

func (a *app) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema [pack|test]",
		Short: a.t("写出规则包或其测试文件的 JSON Schema,供编辑器使用", "write the JSON Schema of packs or their tests, for editors"),
		Args:  a.args(cobra.MaximumNArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			kind := rules.KindPack
			if len(args) == 1 {
				kind = args[0]
			}
			if kind != rules.KindPack && kind != rules.KindTest {
				return fail(exitUsage, engine.Text{
					ZH: fmt.Sprintf("没有 %q 这种文件,可写 pack 或 test。", kind),
					EN: fmt.Sprintf("there is no kind of file %q; write pack or test.", kind),
				})
			}
			return rules.WriteSchema(a.stdout, kind, a.lang)
		},
	}
}
