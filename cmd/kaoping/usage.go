package main

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"kaoping/engine"
)

// complaints are what cobra says of a command line, with what we say in Chinese.
var complaints = []struct {
	english *regexp.Regexp
	chinese string
}{
	{regexp.MustCompile(`^required flag\(s\) (.*) not set`), "缺少选项 $1"},
	{regexp.MustCompile(`^unknown command "(.*)" for "(.*)"`), "没有命令 $1"},
	{regexp.MustCompile(`^unknown flag: (.*)`), "没有选项 $1"},
	{regexp.MustCompile(`^unknown shorthand flag: (.*) in (.*)`), "没有选项 $2"},
	{regexp.MustCompile(`^flag needs an argument: (.*)`), "选项 $1 缺少值"},
	{regexp.MustCompile(`^invalid argument (".*") for (".*") flag: .*`), "选项 $2 的值 $1 不对"},
	{regexp.MustCompile(`^accepts (\d+) arg\(s\), received (\d+)`), "应有 $1 个参数,给了 $2 个"},
	{regexp.MustCompile(`^accepts at most (\d+) arg\(s\), received (\d+)`), "最多 $1 个参数,给了 $2 个"},
	{regexp.MustCompile(`^requires at least (\d+) arg\(s\), only received (\d+)`), "至少 $1 个参数,给了 $2 个"},
}

// complaint translates what cobra says; ok is false if it did not come from cobra.
func complaint(err error) (text engine.Text, ok bool) {
	english, _, _ := strings.Cut(err.Error(), "\n")
	for _, c := range complaints {
		if c.english.MatchString(english) {
			return engine.Text{ZH: c.english.ReplaceAllString(english, c.chinese), EN: english}, true
		}
	}
	return engine.Text{ZH: english, EN: english}, false
}

// usage makes a mistake on the command line a failure in both languages.
func (a *app) usage(_ *cobra.Command, err error) error {
	text, _ := complaint(err)
	return fail(exitUsage, engine.Text{
		ZH: fmt.Sprintf("命令行有误:%s\n  提示:kaoping help 列出全部命令,kaoping help 命令 说明用法。", text.ZH),
		EN: fmt.Sprintf("%s\n  hint: kaoping help lists all commands, kaoping help COMMAND explains one.", text.EN),
	})
}

// chineseUsage is cobra's usage text in Chinese.
var chineseUsage = strings.NewReplacer(
	"Usage:", "用法:", "Aliases:", "别名:", "Examples:", "示例:", "Available Commands:", "命令:",
	"Additional Commands:", "其他命令:", "Global Flags:", "全局选项:", "Flags:", "选项:", "Additional help topics:", "其他说明:",
	`Use "{{.CommandPath}} [command] --help" for more information about a command.`, `用 {{.CommandPath}} 命令 --help 查看该命令的用法。`,
	"[command]", "命令",
)

// localise gives help its language, down to the flag that asks for it.
func (a *app) localise(cmd *cobra.Command) {
	cmd.DisableFlagsInUseLine = true
	if cmd.HasAvailableFlags() && !cmd.HasAvailableSubCommands() {
		cmd.Use += a.t(" [选项]", " [flags]")
	}
	cmd.Flags().BoolP("help", "h", false, a.t("显示用法", "show how to use it"))
	for _, sub := range cmd.Commands() {
		a.localise(sub)
	}
}
