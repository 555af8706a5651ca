package main

import (
	"slices"
	"time"

	"kaoping/engine"
	"kaoping/internal/assess"
	"kaoping/rules"
	"kaoping/store"
)

// checkedPeriods is how many of the newest periods with a run are looked at.
const checkedPeriods = 8

// checkData evaluates the packs on the workspace's data, in the newest periods
// that were run or in the one that is named, and returns what looks wrong.
func (a *app) checkData(library *rules.Library, periodText string) ([]rules.Diagnostic, error) {
	config, err := a.config()
	if err != nil {
		return nil, err
	}
	db, err := a.open(config)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	var names []string
	for _, p := range library.Packs() {
		if !slices.Contains(names, p.Name) {
			names = append(names, p.Name)
		}
	}
	var out []rules.Diagnostic
	looked := 0
	for _, name := range names {
		periods, err := a.periodsToCheck(db, name, periodText)
		if err != nil {
			return nil, err
		}
		found, n, err := a.checkPackData(db, library, name, periods)
		if err != nil {
			return nil, err
		}
		out, looked = append(out, found...), looked+n
	}
	if looked == 0 {
		a.say("没有数据可以核对:这些规则包还没有运行过;先执行 kaoping ingest 和 kaoping run。", "no data to compare with: none of these packs has been run; first kaoping ingest and kaoping run.")
	}
	return out, nil
}

// periodsToCheck lists the periods of a pack that were run, the newest last.
func (a *app) periodsToCheck(db *store.DB, pack, periodText string) ([]engine.Period, error) {
	var only engine.Period
	if periodText != "" {
		var err error
		if only, err = a.period(periodText); err != nil {
			return nil, err
		}
	}
	runs, err := db.Runs(a.ctx, pack, only)
	if err != nil {
		return nil, err
	}
	var periods []engine.Period
	for _, r := range runs {
		if !slices.Contains(periods, r.Period) {
			periods = append(periods, r.Period)
		}
	}
	slices.SortFunc(periods, func(x, y engine.Period) int { return x.Last.Compare(y.Last) })
	return periods[max(0, len(periods)-checkedPeriods):], nil
}

// checkPackData evaluates a pack in the periods and checks each of its editions;
// it also returns how many evaluations there were.
func (a *app) checkPackData(db *store.DB, library *rules.Library, name string, periods []engine.Period) ([]rules.Diagnostic, int, error) {
	editions := map[engine.Date][]*engine.Evaluation{}
	packs := map[engine.Date]*engine.Pack{}
	n := 0
	for _, period := range periods {
		pack, err := library.Pack(name, period)
		if err != nil { // an edition for that period is not among the files
			continue
		}
		facts, err := assess.Facts(a.ctx, db, pack, period, time.Now())
		if err != nil {
			return nil, n, err
		}
		evaluation, err := engine.Evaluate(pack, period, facts)
		if err != nil {
			return nil, n, err
		}
		packs[pack.Edition] = pack
		editions[pack.Edition] = append(editions[pack.Edition], evaluation)
		n++
	}
	var out []rules.Diagnostic
	for edition, evaluations := range editions {
		found, err := library.CheckData(packs[edition], evaluations)
		if err != nil {
			return nil, n, err
		}
		out = append(out, found...)
	}
	return out, n, nil
}
