package rules

import (
	"fmt"

	"kaoping/engine"
)

// checkStraddling warns about periods of the scheme that begin before the edition
// is in force, or end after it: the text rarely says whether they are scored. A
// pack that says which day decides has settled it, and only a note is left.
func checkStraddling(r *packReader) {
	e := r.pack.Effective
	if e.From.IsZero() || r.keys["effective"].absent() || r.unsure["periods"] {
		return
	}
	for _, k := range r.pack.Periods {
		if p, ok := periodAround(e.From, k); ok && p.First != e.From {
			r.straddles(p, text("从 "+e.From.String()+" 起才有效", "is in force only from "+e.From.String()))
		}
		if e.Until.IsZero() || e.Until.Compare(e.From) < 0 {
			continue
		}
		if p, ok := periodAround(e.Until, k); ok && p.Last != e.Until {
			r.straddles(p, text("有效期到 "+e.Until.String()+" 为止", "is in force only until "+e.Until.String()))
		}
	}
}

// periodAround returns the period of a kind that a day lies in.
func periodAround(d engine.Date, k engine.PeriodKind) (engine.Period, bool) {
	codes := []string{"", "H1", "H2", "Q1", "Q2", "Q3", "Q4"}
	for month := 1; month <= 12; month++ {
		codes = append(codes, fmt.Sprintf("-%02d", month))
	}
	for _, code := range codes {
		p, err := engine.ParsePeriod(fmt.Sprintf("%04d%s", d.Year, code))
		if err == nil && k.Matches(p) && p.Contains(d) {
			return p, true
		}
	}
	return engine.Period{}, false
}

func (r *packReader) straddles(p engine.Period, dates engine.Text) {
	scored := text("不由本版本考评", "is not scored by this edition")
	if r.pack.Effective.Covers(p) {
		scored = text("仍由本版本考评", "is scored by this edition")
	}
	rule := text("最后一天", "last day")
	if r.pack.Effective.ByFirstDay {
		rule = text("第一天", "first day")
	}
	report := r.effectiveAt.report(CodeStraddling,
		text(fmt.Sprintf("%s跨过有效期的界限: 本版本%s; 按期间的%s判断, 它%s", p.Title().ZH, dates.ZH, rule.ZH, scored.ZH),
			fmt.Sprintf("the %s straddles the dates: this edition %s; going by its %s it %s", p.Title().EN, dates.EN, rule.EN, scored.EN)),
		text("用 applies_when 写明哪一天算数, 原文没有写明时登记为假设", "say with applies_when which day counts, as an assumption where the text is silent"))
	if r.effectiveSaid() {
		report.Level, report.Hint = LevelInfo, engine.Text{}
	}
	r.add(report)
}

// effectiveSaid reports whether the pack says which day of a period counts.
func (r *packReader) effectiveSaid() bool {
	for _, f := range r.edition.files {
		if e := valueOf(f.root, "effective"); e != nil && valueOf(e, "applies_when") != nil {
			return true
		}
	}
	return false
}
