package web

import (
	"fmt"
	"html/template"
	"strings"

	"kaoping/engine"
	"kaoping/engine/exact"
)

// distribution is a drawing of where all stand, with the same in words.
type distribution struct {
	SVG   template.HTML
	Words string
}

// distribution draws every subject as a mark on one line, with the median.
func (q *request) distribution(o *opened, cards []*engine.Scorecard) distribution {
	values := ranked(cards)
	if len(values) < 3 {
		return distribution{}
	}
	low, high := values[0], values[0]
	for _, v := range values {
		low, high = exact.Min(low, v), exact.Max(high, v)
	}
	if low.Equal(high) {
		return distribution{}
	}
	median := statistic("median", values)
	x := scale{low, high, 40, 860}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg viewBox="0 0 900 92" width="900" height="92" role="img" aria-label="%s">`, template.HTMLEscapeString(q.t("各机构在一条线上的位置", "where everybody stands on a line")))
	b.WriteString(`<line x1="40" y1="50" x2="860" y2="50" stroke="#8896a6"/>`)
	for _, c := range cards {
		if c.Rank == 0 || c.RankBy == nil {
			continue
		}
		fmt.Fprintf(&b, `<circle cx="%s" cy="50" r="6" fill="#24507f" fill-opacity="0.65" stroke="#fff"><title>%s</title></circle>`,
			x.at(*c.RankBy), template.HTMLEscapeString(c.Name+" "+o.value(c.RankBy)))
	}
	m := x.at(*median)
	fmt.Fprintf(&b, `<line x1="%s" y1="28" x2="%s" y2="68" stroke="#9c1f1f" stroke-width="2"/>`, m, m)
	b.WriteString(label(m, "20", "middle", "12", q.t("中位 ", "median ")+o.value(median)))
	b.WriteString(label("40", "84", "middle", "12", o.value(&low)))
	b.WriteString(label("860", "84", "middle", "12", o.value(&high)))
	b.WriteString(`</svg>`)
	return distribution{template.HTML(b.String()), q.tf("每个圆点是一家机构;最低 %s,中位 %s,最高 %s。", "Each dot is a subject; lowest %s, median %s, highest %s.", o.value(&low), o.value(median), o.value(&high))}
}
