package main

import (
	"io"

	"github.com/spf13/cobra"

	"kaoping/ingest"
)

func (a *app) templateCommand() *cobra.Command {
	var packName, output string
	cmd := &cobra.Command{
		Use:   a.t("template 目标", "template TARGET"),
		Short: a.t("写出供填报的工作簿:表头、单位、下拉列表、说明", "write a workbook to fill in: headings, units, drop-downs, notes"),
		Args:  a.args(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			config, err := a.config()
			if err != nil {
				return err
			}
			library := a.library(config)
			pack, err := a.packFor(library, packName, args[0])
			if err != nil {
				return err
			}
			if output == "" {
				output = ingest.TargetID(pack, args[0]) + ".xlsx"
			}
			err = createFile(output, func(w io.Writer) error {
				return ingest.WriteTemplate(w, pack, args[0], a.lang)
			})
			if err == nil {
				a.say("已写出 %s", "wrote %s", output)
			}
			return err
		},
	}
	cmd.Flags().StringVar(&packName, "pack", "", a.t("规则包;只有一个包含该目标时可省略", "rule pack; may be left out if only one has the target"))
	cmd.Flags().StringVarP(&output, "output", "o", "", a.t("文件,默认为 目标.xlsx", "file (default: TARGET.xlsx)"))
	return cmd
}
