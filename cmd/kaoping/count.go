package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"kaoping/engine"
	"kaoping/internal/assess"
	"kaoping/internal/schedule"
	"kaoping/reports"
)

// count counts what the pack counts from registers, fixes the snapshot it was
// counted from, and writes the figures into the output folder. Nothing is scored.
func (w *workshop) count(ctx context.Context, task schedule.Task) (engine.Text, error) {
	pack, err := findPack(w.desk.Rules().Library, task.Job.Pack, task.Period)
	if err != nil {
		return engine.Text{}, err
	}
	facts, err := assess.Facts(ctx, w.desk.DB, pack, task.Period, task.AsOf)
	if err != nil {
		return engine.Text{}, err
	}
	evaluation, err := engine.Evaluate(pack, task.Period, facts)
	if err != nil {
		return engine.Text{}, err
	}
	counts, err := evaluation.Counts()
	if err != nil {
		return engine.Text{}, err
	}
	list, missing := w.countListing(pack, task.Period, facts, counts)
	folder := filepath.Join(w.config.Output, task.Job.Folder)
	for _, format := range task.Job.Formats {
		if err := w.desk.DB.HoldsJob(ctx, task.Lease); err != nil {
			return engine.Text{}, err
		}
		name := fmt.Sprintf("%s_%s_%s.%s", task.Period, w.app.t("统计", "counts"), pack.Name, format)
		err := createFile(filepath.Join(folder, name), func(out io.Writer) error { return reports.WriteListing(out, list, format) })
		if err != nil {
			return engine.Text{}, err
		}
	}
	return engine.Text{
		ZH: fmt.Sprintf("%s %s:统计值 %d 个,其中缺 %d 个,快照 %s,写到 %s", pack.Name, task.Period, len(counts), missing, facts.Snapshot, folder),
		EN: fmt.Sprintf("%s %s: %d figures counted, %d of them missing, snapshot %s, written to %s", pack.Name, task.Period, len(counts), missing, facts.Snapshot, folder),
	}, nil
}

// mostCountedDecimals is how many decimals a sum shows at most.
const mostCountedDecimals = 6

// countListing is the table of the counts, and how many of them are missing.
func (w *workshop) countListing(pack *engine.Pack, period engine.Period, facts *engine.Facts, counts []engine.CountedFigure) (*reports.Listing, int) {
	t := w.app.t
	list := &reports.Listing{
		Title: pack.Title.In(w.app.lang) + " " + period.Title().In(w.app.lang) + " " + t("统计", "counts"), Sheet: t("统计", "counts"),
		Head: []string{t("数据快照 ", "snapshot ") + facts.Snapshot, t("数据截止 ", "data as of ") + w.desk.Instant(facts.AsOf)},
		Columns: []reports.ListingColumn{
			{Title: t("编码", "code"), Key: true}, {Title: t("公司", "subject")}, {Title: t("统计", "statistic")},
			{Title: t("数值", "value"), Right: true}, {Title: t("单位", "unit")}, {Title: t("说明", "note")},
		},
		Lang: w.app.lang,
	}
	missing := 0
	for _, c := range counts {
		value := ""
		if c.Value == nil {
			missing++
		} else {
			value = c.Value.Shortest(mostCountedDecimals)
		}
		list.Rows = append(list.Rows, []string{c.Subject, c.SubjectName, c.StatisticName, value, c.Unit, strings.TrimSpace(c.Reason.In(w.app.lang))})
	}
	return list, missing
}
