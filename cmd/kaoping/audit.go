package main

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kaoping/engine"
	"kaoping/store"
)

func (a *app) auditCommand() *cobra.Command {
	cmd := a.family("audit", a.t("审计:谁在何时做了什么", "the audit trail: who did what, and when"))
	cmd.AddCommand(a.auditListCommand(), a.auditVerifyCommand())
	return cmd
}

func (a *app) auditListCommand() *cobra.Command {
	var q store.AuditQuery
	var from, to string
	cmd := &cobra.Command{
		Use: "list", Short: a.t("列出审计记录,新的在前", "list the entries, newest first"), Args: a.args(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			return a.withStore(func(c Config, db *store.DB) error {
				if err := days(&q, from, to, c.location); err != nil {
					return err
				}
				entries, err := db.Audit(a.ctx, q)
				for _, e := range entries {
					details, err := json.Marshal(e.Details)
					if err != nil {
						return err
					}
					fmt.Fprintf(a.stdout, "%d\t%s\t%s\t%s\t%s\t%s\t%s\n", e.Number, e.At.In(c.location).Format(time.DateTime), e.Actor.Name, e.Actor.Via, e.Action, e.Object, details)
				}
				return err
			})
		},
	}
	cmd.Flags().StringVar(&q.Object, "object", "", a.t("只列这个对象(批次、运行、账号)", "only about this batch, run or account"))
	cmd.Flags().StringVar(&q.Actor, "actor", "", a.t("只列这个人", "only by this person"))
	cmd.Flags().StringVar(&q.Action, "action", "", a.t("只列这种操作", "only this action"))
	cmd.Flags().StringVar(&from, "from", "", a.t("自这一天起,如 2025-07-01", "from this day on, such as 2025-07-01"))
	cmd.Flags().StringVar(&to, "to", "", a.t("到这一天为止,当日在内", "up to this day, which belongs to it"))
	cmd.Flags().IntVar(&q.Limit, "limit", 100, a.t("最多几条,0 为全部", "at most so many, 0 for all"))
	return cmd
}

// days restricts the query to whole days of the time zone.
func days(q *store.AuditQuery, from, to string, zone *time.Location) error {
	for _, bound := range []struct {
		flag, text string
		at         *time.Time
		more       int // days to its end
	}{{"--from", from, &q.From, 0}, {"--to", to, &q.To, 1}} {
		if bound.text == "" {
			continue
		}
		day, err := time.ParseInLocation(time.DateOnly, bound.text, zone)
		if err != nil {
			return fail(exitUsage, engine.Text{ZH: bound.flag + " 写成 2025-07-20。", EN: "write " + bound.flag + " as 2025-07-20."})
		}
		*bound.at = day.AddDate(0, 0, bound.more)
	}
	return nil
}

func (a *app) auditVerifyCommand() *cobra.Command {
	var kept string
	cmd := &cobra.Command{
		Use:   "verify",
		Short: a.t("核对审计记录的哈希链,指出被改、被删、被插入的记录", "check the chain of hashes; name every entry that was changed, deleted or inserted"),
		Args:  a.args(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			known, err := chainHead(kept)
			if err != nil {
				return err
			}
			return a.withStore(func(_ Config, db *store.DB) error {
				head, wrong, err := db.VerifyAudit(a.ctx, known)
				if err != nil {
					return err
				}
				return a.reportChain(head, wrong)
			})
		},
	}
	cmd.Flags().StringVar(&kept, "head", "", a.t("以前记下的链头,如 120:9f3c…", "a head noted before, such as 120:9f3c…"))
	return cmd
}

// chainHead reads NUMBER:HASH.
func chainHead(s string) (store.ChainHead, error) {
	if s == "" {
		return store.ChainHead{}, nil
	}
	number, hash, ok := strings.Cut(s, ":")
	n, err := strconv.ParseInt(number, 10, 64)
	if !ok || err != nil || n < 1 || len(hash) != 64 {
		return store.ChainHead{}, fail(exitUsage, engine.Text{
			ZH: "--head 的写法是 序号:64位哈希,即 kaoping audit verify 打印的链头。",
			EN: "--head reads NUMBER:HASH, as kaoping audit verify prints it.",
		})
	}
	return store.ChainHead{Number: n, Hash: hash}, nil
}

func (a *app) reportChain(head store.ChainHead, wrong []store.Tampering) error {
	kinds := map[string]engine.Text{
		"changed": {ZH: "被改动", EN: "was changed"}, "deleted": {ZH: "被删除", EN: "was deleted"}, "inserted": {ZH: "不是本程序写入的", EN: "was not written by this program"},
	}
	for _, w := range wrong {
		fmt.Fprintf(a.stdout, a.t("第 %d 条%s\n", "entry %d %s\n"), w.Number, kinds[w.Kind].In(a.lang))
	}
	if len(wrong) > 0 {
		return fail(exitFindings, engine.Text{ZH: fmt.Sprintf("审计记录有 %d 处不符。", len(wrong)), EN: fmt.Sprintf("the audit trail is not as it was written: %d entries.", len(wrong))})
	}
	a.say("审计记录完好,共 %d 条。请把链头记在别处,以后用 --head 核对:", "the audit trail is whole: %d entries. Keep the head elsewhere and check it later with --head:", head.Number)
	_, err := fmt.Fprintf(a.stdout, "%d:%s\n", head.Number, head.Hash)
	return err
}
