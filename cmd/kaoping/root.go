package main

import (
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kaoping/engine"
)

// command builds the command tree in the language asked for.
func (a *app) command(args []string) *cobra.Command {
	root := &cobra.Command{
		Use:           "kaoping",
		SilenceErrors: true,
		SilenceUsage:  true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			if err := a.chooseLanguage(); err != nil {
				return err
			}
			return a.needFormat(cmd)
		},
	}
	a.lang = firstLanguage(args)
	root.Short = a.t("按规则包给保险公司考评打分,并解释每一个数", "scores insurers against written assessment rules and explains every number")
	flags := root.PersistentFlags()
	flags.StringVar(&a.configPath, "config", "config.yaml", a.t("配置文件", "configuration file"))
	flags.StringVar(&a.langFlag, "lang", "", a.t("语言 zh 或 en", "language, zh or en"))
	flags.StringVar(&a.format, "format", "", a.t("输出格式,依命令而定", "output format, depending on the command"))
	root.SetFlagErrorFunc(a.usage)
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(
		a.demoCommand(), a.initCommand(),
		a.checkCommand(), a.fmtCommand(), a.importFormCommand(), a.testCommand(), a.explainCommand(), a.diffCommand(), a.impactCommand(),
		a.templateCommand(), a.ingestCommand(), a.countCommand(), a.sourcesCommand(), a.batchCommand(), a.statusCommand(),
		a.runCommand(), a.rankCommand(), a.showCommand(), a.findingsCommand(), a.penaltyCommand(), a.exportCommand(), a.verifyCommand(),
		a.officialCommand(), a.versionCommand(), a.schemaCommand(), a.lspCommand(), a.serveCommand(), a.scheduleCommand(), a.backfillCommand(), a.notifyCommand(), a.userCommand(), a.tokenCommand(), a.auditCommand(),
		a.backupCommand(), a.restoreCommand(), a.migrateStoreCommand(),
	)
	root.SetHelpCommand(a.helpCommand(root))
	if a.lang == engine.Chinese {
		root.SetUsageTemplate(chineseUsage.Replace(root.UsageTemplate()))
	}
	a.localise(root)
	return root
}

// firstLanguage looks for --lang before cobra does, since help is printed
// without running a command.
func firstLanguage(args []string) engine.Lang {
	lang := engine.Chinese
	if os.Getenv("KAOPING_LANG") == string(engine.English) {
		lang = engine.English
	}
	for i, arg := range args {
		value, ok := strings.CutPrefix(arg, "--lang=")
		if arg == "--lang" && i+1 < len(args) {
			value, ok = args[i+1], true
		}
		if ok && value == string(engine.English) {
			lang = engine.English
		}
	}
	return lang
}

func (a *app) chooseLanguage() error {
	switch engine.Lang(a.langFlag) {
	case "":
	case engine.Chinese, engine.English:
		a.lang = engine.Lang(a.langFlag)
	default:
		return fail(exitUsage, engine.Text{
			ZH: "--lang 只能是 zh 或 en。",
			EN: "--lang is zh or en.",
		})
	}
	return nil
}

// withFormats are the commands whose output has more than one form.
var withFormats = []string{"check", "test", "explain", "diff", "impact", "rank", "show", "findings", "penalty", "status", "scorecard", "ranking", "verify"}

// needFormat refuses a format for a command that has only one, rather than
// writing another than the one asked for.
func (a *app) needFormat(cmd *cobra.Command) error {
	switch {
	case slices.Contains(withFormats, cmd.Name()), a.format == "", a.format == "text", a.format == "table":
		return nil
	}
	return a.unknownFormat("text")
}

// family is a command that only has commands below it.
func (a *app) family(name, short string) *cobra.Command {
	return &cobra.Command{
		Use: name, Short: short, Args: a.args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
}
