package main

import (
	"errors"
	"os"
	"time"

	"github.com/spf13/cobra"

	"kaoping/internal/langserver"
)

// typingPause is how long the language server waits after a change before it
// checks the files again.
const typingPause = 250 * time.Millisecond

func (a *app) lspCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "lsp",
		Short: a.t("供编辑器使用的语言服务(标准输入输出)", "the language server for editors, on standard input and output"),
		Args:  a.args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			err := langserver.Serve(cmd.Context(), os.Stdin, a.stdout, langserver.Options{Lang: a.lang, Version: version(), Delay: typingPause})
			if errors.Is(err, langserver.ErrNoShutdown) {
				return found() // the protocol wants exit code 1 and there is nobody to read more
			}
			return err
		},
	}
}
