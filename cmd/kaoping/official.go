package main

import (
	"github.com/spf13/cobra"

	"kaoping/internal/official"
)

func (a *app) officialCommand() *cobra.Command {
	var packName string
	var verbose bool
	cmd := &cobra.Command{
		Use:   "verify-official",
		Short: a.t("与监管机构公布的结果逐行核对", "compare with the regulators' published results row for row"),
		Args:  a.args(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			folder, err := a.ruleFiles(nil)
			if err != nil {
				return err
			}
			report, err := official.Verify(a.ctx, folder, packName)
			if err != nil {
				return err
			}
			if err := report.Write(a.stdout, a.lang, verbose); err != nil {
				return err
			}
			if report.Unexplained() > 0 {
				return found()
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&packName, "pack", "", a.t("只核对一个规则包", "one pack only"))
	cmd.Flags().BoolVar(&verbose, "verbose", false, a.t("列出每一行不同及其原因", "list every row that differs and why"))
	return cmd
}
