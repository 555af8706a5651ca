package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/spf13/cobra"

	"kaoping/engine"
	"kaoping/store"
)

func (a *app) backupCommand() *cobra.Command {
	return &cobra.Command{
		Use:   a.t("backup 文件", "backup FILE"),
		Short: a.t("把数据库的全部内容写成一个带校验的文件,可恢复到 SQLite 或 PostgreSQL", "write everything in the database to a file with a checksum, for SQLite or PostgreSQL alike"),
		Long: a.t("把数据库在某一刻的全部内容(批次、数据、运行、评分卡、审计、账号)写成一个压缩文件。其他人可以同时继续工作。\n文件含个人信息和密码摘要,只有本用户可读,请妥善保管。已登录的会话不在备份中。",
			"Write everything the database holds at one moment (batches, facts, runs, scorecards, audit trail, accounts) to one compressed file. Others may go on working.\nThe file holds personal data and password hashes and only this user may read it; keep it safe. Who is logged in is left out."),
		Args: a.args(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			c, err := a.config()
			if err != nil {
				return err
			}
			return a.backup(c, args[0])
		},
	}
}

func (a *app) backup(c Config, path string) error {
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return fail(exitConflict, engine.Text{
			ZH: fmt.Sprintf("%s 已存在,不会覆盖;请换一个文件名,例如带上日期。", path),
			EN: fmt.Sprintf("%s exists and is not overwritten; choose another name, say with the date in it.", path),
		})
	}
	var wrote store.Dump
	err := writeAside(path, 0o600, func(w io.Writer) error {
		var err error
		if wrote, err = store.Backup(a.ctx, c.Database.URL, w); err != nil {
			return err
		}
		if f, ok := w.(*os.File); ok {
			return f.Sync() // a backup that is named is on the disk
		}
		return nil
	})
	if s := speaker(nil); errors.As(err, &s) {
		return err
	}
	if err != nil {
		return wroteFile(path, err)
	}
	read, err := checkBackup(path)
	if err != nil {
		return err
	}
	if read != wrote {
		return fail(exitStore, engine.Text{
			ZH: fmt.Sprintf("%s 写完后读回的内容不同;请检查磁盘,换一处重新备份。", path),
			EN: fmt.Sprintf("%s reads back differently from what was written; check the disk and back up elsewhere.", path),
		})
	}
	a.noteBackup(c, path, wrote)
	a.say("已备份到 %s,并已读回核对:", "backed up to %s and read back:", path)
	return a.describeDump(c, wrote)
}

// noteBackup tells the audit trail. A store that an older program made, or one
// that is full, can be backed up all the same.
func (a *app) noteBackup(c Config, path string, d store.Dump) {
	err := store.NoteBackup(a.ctx, c.Database.URL, actor(), path, d)
	if err != nil {
		_, text := a.classify(err)
		a.say("注意:备份完好,但没能记入审计:%s", "note: the backup is good, but the audit trail does not have it: %s", text.In(a.lang))
	}
}

func (a *app) describeDump(c Config, d store.Dump) error {
	_, err := fmt.Fprintf(a.stdout, a.t("时点 %s\n行数 %d\n表结构 %d\nSHA-256 %s\n", "moment %s\nrows %d\ntables %d\nSHA-256 %s\n"),
		d.MadeAt.In(c.location).Format(time.RFC3339), d.Rows, d.Schema, d.SHA256)
	return err
}

// checkBackup reads a backup to its end.
func checkBackup(path string) (store.Dump, error) {
	f, err := openBackup(path)
	if err != nil {
		return store.Dump{}, err
	}
	defer f.Close()
	return store.CheckBackup(f)
}

func openBackup(path string) (*os.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fail(exitStore, engine.Text{
			ZH: fmt.Sprintf("读不了备份文件 %s:%v", path, cause(err)),
			EN: fmt.Sprintf("cannot read the backup %s: %v", path, cause(err)),
		})
	}
	return f, nil
}

func (a *app) restoreCommand() *cobra.Command {
	var check bool
	cmd := &cobra.Command{
		Use:   a.t("restore 文件", "restore FILE"),
		Short: a.t("把备份恢复到一个空的数据库(database.url),全部恢复或完全不动", "restore a backup into an empty database (database.url), whole or not at all"),
		Args:  a.args(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			c, err := a.config()
			if err != nil {
				return err
			}
			if check {
				d, err := checkBackup(args[0])
				if err != nil {
					return err
				}
				a.say("备份 %s 完好:", "the backup %s is whole:", args[0])
				return a.describeDump(c, d)
			}
			return a.restore(c, args[0])
		},
	}
	cmd.Flags().BoolVar(&check, "check", false, a.t("只核对文件,不恢复", "only check the file, restore nothing"))
	return cmd
}

func (a *app) restore(c Config, path string) error {
	f, err := openBackup(path)
	if err != nil {
		return err
	}
	defer f.Close()
	restored, err := store.Restore(a.ctx, c.Database.URL, f, actor())
	if err != nil {
		return err
	}
	a.warnOfTampering(restored)
	a.say("已恢复 %s,每一行都已读回核对:", "restored %s, and every row was read back:", path)
	return a.describeDump(c, restored.Dump)
}

// warnOfTampering says what was wrong with the audit trail before it was copied.
func (a *app) warnOfTampering(r store.Restored) {
	if len(r.Tampered) > 0 {
		a.say("注意:原数据库的审计记录当时已有 %d 处不符,已照原样保留;用 kaoping audit verify 查看。",
			"note: %d entries of the audit trail were not as they were written already then; they are kept as they were. See kaoping audit verify.", len(r.Tampered))
	}
}

func (a *app) migrateStoreCommand() *cobra.Command {
	var from, to string
	cmd := &cobra.Command{
		Use:   "migrate-store",
		Short: a.t("把一个数据库的全部内容搬到另一个空的数据库,如 SQLite 到 PostgreSQL", "copy everything from one database into another, empty one, say from SQLite to PostgreSQL"),
		Args:  a.args(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			c, err := a.config()
			if err != nil {
				return err
			}
			if from == "" {
				from = c.Database.URL
			}
			if to == "" {
				return fail(exitUsage, engine.Text{ZH: "要用 --to 写明目标数据库的地址。", EN: "--to names the target database."})
			}
			restored, err := store.MigrateStore(a.ctx, from, to, actor())
			if err != nil {
				return err
			}
			a.warnOfTampering(restored)
			a.say("已搬完,每一行都已读回核对,原数据库未动。现在把 database.url 改为新地址:",
				"copied, and every row was read back; the old database is unchanged. Now let database.url name the new one:")
			return a.describeDump(c, restored.Dump)
		},
	}
	cmd.Flags().StringVar(&from, "from", "", a.t("原数据库地址,默认为配置中的 database.url", "the database to copy; database.url unless given"))
	cmd.Flags().StringVar(&to, "to", "", a.t("目标数据库地址,必须是空的;密码可放在环境变量 PGPASSWORD", "the target, which must be empty; a password may stand in PGPASSWORD"))
	return cmd
}
