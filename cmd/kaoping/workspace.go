package main

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"kaoping"
	"kaoping/engine"
	"kaoping/rules/packs"
)

func (a *app) initCommand() *cobra.Command {
	return &cobra.Command{
		Use:   a.t("init 目录", "init DIR"),
		Short: a.t("新建工作目录:配置、规则包", "make a workspace: configuration and rule packs"),
		Args:  a.args(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := a.makeWorkspace(args[0]); err != nil {
				return err
			}
			a.say("已创建 %s\n  config.yaml   数据库:本地文件(生产环境改 database.url 为 PostgreSQL)\n  packs/        规则包,可直接修改\n下一步:cd %[1]s && kaoping check,然后用 kaoping ingest 导入名录(subjects)和数据;样例在 packs/*/data",
				"made %s\n  config.yaml   database: a local file (for production point database.url at PostgreSQL)\n  packs/        the rule packs, yours to edit\nnext: cd %[1]s && kaoping check, then load the roster (subjects) and figures with kaoping ingest; samples are in packs/*/data", args[0])
			return nil
		},
	}
}

// makeWorkspace writes config.yaml and the packs into a folder. It refuses a
// folder that has a config.yaml already.
func (a *app) makeWorkspace(dir string) error {
	config := filepath.Join(dir, "config.yaml")
	if _, err := os.Stat(config); err == nil {
		return fail(exitConflict, engine.Text{
			ZH: fmt.Sprintf("%s 已是工作目录(有 config.yaml),未作改动。", dir),
			EN: fmt.Sprintf("%s is a workspace already (it has a config.yaml); nothing was changed.", dir),
		})
	}
	if err := copyPacks(filepath.Join(dir, "packs")); err != nil {
		return err
	}
	return createFile(config, func(w io.Writer) error {
		_, err := w.Write(kaoping.Config)
		return err
	})
}

// copyPacks writes the packs that ship with the program into a folder.
func copyPacks(dir string) error {
	return fs.WalkDir(packs.FS, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) == ".go" {
			return err
		}
		data, err := fs.ReadFile(packs.FS, path)
		if err != nil {
			return err
		}
		return createFile(filepath.Join(dir, filepath.FromSlash(path)), func(w io.Writer) error {
			_, err := w.Write(data)
			return err
		})
	})
}

// args turns cobra's count checks into usage failures.
func (a *app) args(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return a.usage(cmd, err)
		}
		return nil
	}
}

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: a.t("版本", "version"),
		Args:  a.args(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(a.stdout, "kaoping %s\n", version())
			return err
		},
	}
}
