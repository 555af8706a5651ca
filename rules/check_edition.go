package rules

import (
	"fmt"
	"slices"

	"kaoping/engine"
)

// checkEditionDate warns about an edition that is not named by its first day.
func checkEditionDate(r *packReader) {
	e, from := r.pack.Edition, r.pack.Effective.From
	if e.IsZero() || from.IsZero() || e == from {
		return
	}
	d := r.effectiveAt.report(CodeEditionDates,
		text(fmt.Sprintf("版本名为 %s, 有效期却从 %s 起", e, from), fmt.Sprintf("the edition is named %s but is in force from %s", e, from)),
		text("版本以有效期的第一天命名", "an edition is named by its first day"))
	d.Level = LevelWarning
	r.add(d)
}

// checkEditions compares the dates of the editions of each pack.
func checkEditions(lib *Library) []Diagnostic {
	byName := map[string][]*edition{}
	for _, e := range lib.editions {
		f := e.effective
		if e.name != "" && !f.From.IsZero() && (f.Until.IsZero() || f.Until.Compare(f.From) >= 0) {
			byName[e.name] = append(byName[e.name], e)
		}
	}
	var diags []Diagnostic
	for _, list := range byName {
		slices.SortStableFunc(list, func(a, b *edition) int { return a.effective.From.Compare(b.effective.From) })
		for i := 1; i < len(list); i++ {
			if d, ok := compareEditions(list[i-1], list[i]); ok {
				diags = append(diags, d)
			}
		}
	}
	return diags
}

// compareEditions reports that a later edition begins before the one before it
// ends, or leaves days uncovered.
func compareEditions(a, b *edition) (Diagnostic, bool) {
	until, from := a.effective.Until, b.effective.From
	switch {
	case until.IsZero() || until.Compare(from) >= 0:
		return b.effectiveAt.report(CodeOverlap,
			text(fmt.Sprintf("与版本 %s 的有效期重叠: 从 %s 起", a.date, from), fmt.Sprintf("overlaps edition %s: from %s on", a.date, from)),
			text(fmt.Sprintf("在版本 %s 写 until: %s", a.date, from.AddDays(-1)), fmt.Sprintf("say until: %s in edition %s", from.AddDays(-1), a.date))), true
	case until.AddDays(1) != from:
		return b.effectiveAt.report(CodeEditionGap,
			text(fmt.Sprintf("%s 至 %s 没有版本有效", until.AddDays(1), from.AddDays(-1)), fmt.Sprintf("no edition is in force from %s to %s", until.AddDays(1), from.AddDays(-1))), engine.Text{}), true
	}
	return Diagnostic{}, false
}

// checkMergedPeriods reports official results that merge subjects in a period
// no edition of the pack scores.
func checkMergedPeriods(r *packReader) {
	for _, m := range r.merges {
		p, err := engine.ParsePeriod(m.value())
		if err == nil && !r.loader.covered(r.pack.Name, p) {
			r.notCovered(m, p)
		}
	}
}

func (r *packReader) notCovered(n node, p engine.Period) {
	e := r.pack.Effective
	until := engine.Text{}
	if !e.Until.IsZero() {
		until = text(" 至 "+e.Until.String(), " until "+e.Until.String())
	}
	r.add(n.report(CodePeriod,
		text(fmt.Sprintf("%s不在本版本的有效期内", p.Title().ZH), fmt.Sprintf("%s is outside the edition's dates", p.Title().EN)),
		text("有效期: "+e.From.String()+until.ZH, "in force from "+e.From.String()+until.EN)))
}
