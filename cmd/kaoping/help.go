package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"kaoping"
)

// helpCommand explains commands, and the messages of check by their name.
func (a *app) helpCommand(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   a.t("help [命令或消息名]", "help [COMMAND or MESSAGE]"),
		Short: a.t("命令的用法;或 check 某条消息的说明,如 help unknown-name", "how to use a command; or what a message of check means, e.g. help unknown-name"),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 1 {
				if page, err := kaoping.Help.ReadFile("docs/diagnostics/" + args[0] + ".md"); err == nil {
					_, err := a.stdout.Write(page)
					return err
				}
			}
			cmd, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				return a.usage(nil, fmt.Errorf("help: %q", args))
			}
			return cmd.Help()
		},
	}
}
