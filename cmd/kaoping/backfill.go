package main

import (
	"fmt"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"kaoping/engine"
	"kaoping/internal/schedule"
	"kaoping/store"
)

// mostPeriods bounds a backfill; more is a slip of the pen.
const mostPeriods = 600

func (a *app) backfillCommand() *cobra.Command {
	var packName, from, to, asOf string
	var restart bool
	cmd := &cobra.Command{
		Use:   "backfill",
		Short: a.t("补算历史各期;中断后再执行即继续", "score past periods; after an interruption the same command goes on"),
		Args:  a.args(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			request := schedule.Backfill{Kind: schedule.Run, Restart: restart, By: actor()}
			var err error
			if request.From, err = a.period(from); err != nil {
				return err
			}
			if request.To, err = a.period(to); err != nil {
				return err
			}
			return a.backfill(packName, asOf, request)
		},
	}
	a.packFlag(cmd, &packName)
	flags := cmd.Flags()
	flags.StringVar(&from, "from", "", a.t("第一个期间", "first period"))
	flags.StringVar(&to, "to", "", a.t("最后一个期间", "last period"))
	flags.StringVar(&asOf, "as-of", "", a.t("数据截止时刻,默认现在", "take data up to this time (default now)"))
	flags.BoolVar(&restart, "restart", false, a.t("不接着上次中断处,重新开始", "begin again instead of going on"))
	cmd.MarkFlagRequired("from")
	cmd.MarkFlagRequired("to")
	return cmd
}

// backfill scores every period between two and says how each ended.
func (a *app) backfill(packName, asOf string, request schedule.Backfill) error {
	config, err := a.config()
	if err != nil {
		return err
	}
	db, err := a.open(config)
	if err != nil {
		return err
	}
	defer db.Close()
	if asOf != "" {
		if request.AsOf, err = a.asOf(asOf, config); err != nil {
			return err
		}
		if request.AsOf.After(time.Now()) {
			request.AsOf = time.Time{}
		}
	}
	d := a.desk(config, db)
	if request.Pack = newestEdition(d.Rules().Library, packName); request.Pack == nil {
		_, err := findPack(a.library(config), packName, request.To)
		return err
	}
	if err := a.checkSpan(&request); err != nil {
		return err
	}
	s := a.scheduler(config, d, slog.New(slog.DiscardHandler))
	progress := a.newProgress()
	failed := 0
	_, err = s.Backfill(a.ctx, request, func(run store.JobRun, n, of int) {
		progress.clear()
		if run.State != store.JobDone {
			failed++
		}
		a.say("[%d/%d] %s %s。%s", "[%d/%d] %s %s. %s", n, of, run.Period, a.runStateText(&run), run.Result.In(a.lang))
		if n < of {
			progress.step(a.t("补算", "backfill"), fmt.Sprintf("%d/%d", n+1, of))
		}
	})
	progress.clear()
	if err == nil && failed > 0 {
		return fail(exitData, engine.Text{
			ZH: fmt.Sprintf("%d 期没有算成;处理后再执行同一命令,只补这些期。", failed),
			EN: fmt.Sprintf("%d periods could not be scored; mend that and give the same command again, it does only these.", failed),
		})
	}
	return err
}

// checkSpan refuses a span without a period of the pack.
func (a *app) checkSpan(request *schedule.Backfill) error {
	var n int
	if request.From.Last.Compare(request.To.Last) <= 0 && request.To.Last.Year-request.From.Last.Year <= mostPeriods {
		n = len(request.Periods())
	}
	if n > 0 && n <= mostPeriods {
		return nil
	}
	return fail(exitUsage, engine.Text{
		ZH: fmt.Sprintf("%s 至 %s 之间没有规则包 %s 考评的期间(或超过 %d 期)。", request.From, request.To, request.Pack.Name, mostPeriods),
		EN: fmt.Sprintf("from %s to %s there is no period that pack %s assesses (or there are more than %d).", request.From, request.To, request.Pack.Name, mostPeriods),
	})
}
