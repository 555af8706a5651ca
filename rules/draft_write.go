package rules

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"kaoping/engine"
)

// draftSource is the name of the form among the sources of a draft.
const draftSource = "评分表"

// draftPaper writes YAML line by line and knows on which lines a metric stands.
type draftPaper struct {
	lines   []string
	metrics map[*draftItem][]int
}

func (w *draftPaper) put(indent int, format string, args ...any) {
	w.lines = append(w.lines, strings.Repeat("  ", indent)+fmt.Sprintf(format, args...))
}

// write writes the draft, and tells on which lines the formula of an item stands.
func (d *draft) write() ([]byte, map[*draftItem][]int) {
	w := &draftPaper{metrics: map[*draftItem][]int{}}
	d.writeHeader(w)
	d.writeMetrics(w)
	w.put(0, "total:")
	w.put(1, "full_points: %s", d.fullPoints())
	w.put(1, "not_below: 0")
	w.put(1, "deductions: come off the total")
	w.put(1, "assumption: A1")
	w.put(0, "")
	w.put(0, "sections:")
	ids := map[engine.ItemKind]int{}
	for _, s := range d.sections {
		d.writeItem(w, s, 1, ids)
	}
	d.writeAssumptions(w)
	return []byte(strings.Join(w.lines, "\n") + "\n"), w.metrics
}

func (d *draft) fullPoints() string {
	if d.hasTotal {
		return d.total.Shortest(6)
	}
	return sumOf(d.sections).Shortest(6)
}

func (d *draft) writeHeader(w *draftPaper) {
	w.put(0, "# 由 %s 生成的草稿。每条假设(assumptions)都是表中没有写明的地方,逐条确认后改写。", commentLine(d.opt.File))
	w.put(0, "# 改后依次执行:   kaoping check .     kaoping fmt .     kaoping test .     kaoping explain .")
	w.put(0, "")
	w.put(0, "pack: %s", d.opt.Pack)
	w.put(0, "edition: %s", d.opt.Edition)
	w.put(0, "title: %s", quoteYAML(d.opt.Title))
	w.put(0, "status: draft")
	w.put(0, "")
	w.put(0, "sources:")
	w.put(1, "%s: {title: %s, file: not supplied}", draftSource, quoteYAML(d.opt.File))
	w.put(0, "")
	w.put(0, "effective:")
	w.put(1, "from: %s", d.opt.Edition)
	w.put(1, "applies_when: the last day of the period falls in this range")
	w.put(1, "assumption: A1")
	w.put(0, "")
	w.put(0, "periods:")
	w.put(1, "annual: {first_day: 01-01, last_day: 12-31}")
	w.put(0, "")
	w.put(0, "peer_groups:")
	if len(d.groups) == 0 {
		w.put(1, "all: {zh: 全部, en: all}")
	}
	for i, g := range d.groups {
		w.put(1, "%s: {zh: %s, en: %s}", groupID(i), quoteYAML(g), quoteYAML(g))
	}
	w.put(0, "")
	w.put(0, "rounding:")
	w.put(1, "metrics: shown with 4 decimals, never rounded before scoring")
	w.put(1, "points: 2 decimals, half up, each indicator before adding up")
	w.put(1, "assumption: A1")
	w.put(0, "")
	w.put(0, "ranking:")
	w.put(1, "by: total")
	w.put(1, "within: peer group")
	w.put(1, "ties: share the better rank")
	w.put(1, "assumption: A1")
	w.put(0, "")
	w.put(0, "defaults:")
	w.put(1, "if_missing: hold")
	w.put(1, "if_denominator_zero: hold")
	w.put(0, "")
}

func groupID(i int) string { return fmt.Sprintf("group_%d", i+1) }

// metricItems lists the items whose formula is used, each name once: of two
// formulas under one name only the first is believed.
func (d *draft) metricItems() []*draftItem {
	var out []*draftItem
	first := map[string]string{}
	for _, it := range d.leaves() {
		if it.metric == nil || it.metric.off {
			continue
		}
		formula, seen := first[it.metric.name]
		if seen {
			it.metric.off = formula != it.metric.formula // another value under the same name
			continue
		}
		first[it.metric.name] = it.metric.formula
		out = append(out, it)
	}
	return out
}

// writeMetrics writes the formulas, and before them the figures they name.
func (d *draft) writeMetrics(w *draftPaper) {
	items := d.metricItems()
	if len(items) == 0 {
		return
	}
	units := d.figureUnits(items)
	w.put(0, "statistics:             # 单位和来源请逐项核对")
	for _, f := range units {
		from := ""
		if f.from != "" {
			from = ", from: " + quoteYAML(f.from)
		}
		w.put(1, "%s: {unit: %s, kind: flow%s, assumption: A1}", f.name, quoteYAML(f.unit), from)
	}
	w.put(0, "")
	w.put(0, "metrics:")
	for _, it := range items {
		begin := len(w.lines) + 1
		w.put(1, "%s:", quoteYAML(it.metric.name))
		w.put(2, "formula: %s", it.metric.formula)
		w.put(2, "unit: %s", quoteYAML(it.metric.unitIn(units)))
		w.put(2, "cite: %s", quoteYAML(rowOfForm(it.row)))
		w.put(2, "quote: %s", quoteYAML(it.row.said))
		for l := begin; l <= len(w.lines); l++ {
			w.metrics[it] = append(w.metrics[it], l)
		}
	}
	w.put(0, "")
}

// draftFigure is a figure that formulas name.
type draftFigure struct{ name, unit, from string }

// figureUnits lists the figures with a unit each: the one that the unit of the
// formula asks for, or else the one that the name suggests.
func (d *draft) figureUnits(items []*draftItem) []draftFigure {
	var out []draftFigure
	computed := map[string]bool{}
	for _, it := range items {
		computed[it.metric.name] = true
	}
	for _, it := range items {
		top, bottom, ratio := strings.Cut(it.metric.unit, "/")
		above, _, _ := strings.Cut(it.metric.formula, "/")
		for _, name := range it.metric.tokens {
			if computed[name] || slices.ContainsFunc(out, func(f draftFigure) bool { return f.name == name }) {
				continue
			}
			unit := guessUnit(name)
			if ratio && strings.Contains(above, name) {
				unit = bareUnit(top)
			} else if ratio {
				unit = bareUnit(bottom)
			}
			out = append(out, draftFigure{name, unit, strings.Join(strings.Fields(it.row.Source), "、")})
		}
	}
	return out
}

// bareUnit takes the multiple off a unit: 亿元 is 元.
func bareUnit(s string) string {
	if rest := strings.TrimLeft(strings.TrimSpace(s), "0123456789十百千万亿"); rest != "" {
		return rest
	}
	return "件"
}

var unitByName = []struct {
	words *regexp.Regexp
	unit  string
}{
	{regexp.MustCompile(`人次`), "人次"},
	{regexp.MustCompile(`人数|人员数`), "人"},
	{regexp.MustCompile(`保单件数|保单数|签单数量`), "张"},
	{regexp.MustCompile(`件数|数量|总量|次数`), "件"},
	{regexp.MustCompile(`保费|金额|收入|赔款|费用|成本|支出|利润|资产|余额`), "元"},
}

func guessUnit(name string) string {
	for _, u := range unitByName {
		if u.words.MatchString(name) {
			return u.unit
		}
	}
	return "件"
}

// unitIn is the unit of a formula: as written, or a percentage where all figures
// are of one unit, or what its figures make.
func (m *draftMetric) unitIn(figures []draftFigure) string {
	if m.unit != "" {
		return m.unit
	}
	var units []string
	for _, name := range m.tokens {
		for _, f := range figures {
			if f.name == name && !slices.Contains(units, f.unit) {
				units = append(units, f.unit)
			}
		}
	}
	if len(units) == 2 {
		return units[0] + "/" + units[1]
	}
	return "%"
}

// writeItem writes a line of the form and what is in it.
func (d *draft) writeItem(w *draftPaper, it *draftItem, indent int, ids map[engine.ItemKind]int) {
	ids[it.kind]++
	w.put(indent, "- %s: %s", it.kind, quoteYAML(it.name))
	indent++
	w.put(indent, "id: %s_%d", it.kind, ids[it.kind])
	if i := slices.Index(d.groups, it.row.OnlyFor); it.row.OnlyFor != "" && i >= 0 {
		w.put(indent, "only_for: %s", groupID(i))
	}
	if it.kind != engine.DeductionItem {
		w.put(indent, "full_points: %s", it.points.Shortest(6))
	} else if it.atMost != "" {
		w.put(indent, "at_most: %s", it.atMost)
	}
	w.put(indent, "cite: %s", quoteYAML(rowOfForm(it.row)))
	if it.row.said != "" {
		w.put(indent, "quote: %s", quoteYAML(it.row.said))
	}
	if clause := commentLine(it.row.Clause); clause != "" {
		w.put(indent, "# 依据: %s", clause)
	}
	if len(it.gaps) > 0 {
		w.put(indent, "assumption: %s", strings.Join(it.gaps, ", "))
	}
	d.writeScoring(w, it, indent)
	d.writeChildren(w, it, indent, ids)
}

func (d *draft) writeChildren(w *draftPaper, it *draftItem, indent int, ids map[engine.ItemKind]int) {
	var indicators, deductions []*draftItem
	for _, c := range it.children {
		if c.kind == engine.DeductionItem {
			deductions = append(deductions, c)
		} else {
			indicators = append(indicators, c)
		}
	}
	if len(indicators) > 0 {
		w.put(indent, "indicators:")
	}
	for _, c := range indicators {
		d.writeItem(w, c, indent+1, ids)
	}
	if len(deductions) > 0 {
		w.put(indent, "deductions:")
	}
	for _, c := range deductions {
		d.writeItem(w, c, indent+1, ids)
	}
}

// writeScoring writes how an indicator or a deduction is scored.
func (d *draft) writeScoring(w *draftPaper, it *draftItem, indent int) {
	switch {
	case it.kind == engine.DeductionItem:
		d.writeCases(w, it, indent)
	case it.kind != engine.IndicatorItem:
	case it.checklist != nil:
		w.put(indent, "judged:")
		if m := partlyWords.FindStringSubmatch(it.row.Scoring); m != nil {
			w.put(indent+1, "partly: %s", m[1])
		}
		w.put(indent+1, "checklist:")
		for _, l := range it.checklist {
			w.put(indent+2, "%s: %s", quoteYAML(l.name), l.points)
		}
	case it.metric != nil && !it.metric.off && it.score != nil:
		w.put(indent, "metric: %s", quoteYAML(it.metric.name))
		w.put(indent, "score:")
		for _, l := range it.score {
			w.put(indent+1, "%s", l)
		}
		if p := zeroPolicy(it); p != "" {
			w.put(indent, "if_denominator_zero: %s", p)
		}
	default:
		w.put(indent, "judged:          # 改为 score: 后按公式评分")
		w.put(indent+1, "checklist:")
		w.put(indent+2, "按原文评定: %s", it.points.Shortest(6))
	}
}

func (d *draft) writeCases(w *draftPaper, it *draftItem, indent int) {
	if source := strings.Join(strings.Fields(it.row.Source), "、"); source != "" {
		w.put(indent, "from: %s", quoteYAML(source))
	}
	switch len(it.cases) {
	case 0:
		w.put(indent, "# 原文没有写明每件扣几分:补上 points_per_case 之前 check 会报错")
	case 1:
		w.put(indent, "points_per_case: [{otherwise: %s}]", it.cases[0].points)
	default:
		w.put(indent, "classified_by: 情形")
		w.put(indent, "points_per_case:")
		for _, l := range it.cases {
			w.put(indent+1, "%s: %s", quoteYAML(l.name), l.points)
		}
	}
}

func (d *draft) writeAssumptions(w *draftPaper) {
	w.put(0, "")
	w.put(0, "assumptions:")
	all := append([]draftAssumption{{says: "表中没有写明的一般事项:施行日期、期间、同业、数据单位与来源、舍入、排名、缺数或分母为零时暂缓出分、扣分从总分中扣减且总分不低于0,均为草稿的写法。"}}, d.assumptions...)
	for i, a := range all {
		w.put(1, "A%d:", i+1)
		w.put(2, "says: {zh: %s, en: %s}", quoteYAML(a.says), quoteYAML("left open by the form: "+a.says))
		w.put(2, "ask: 制度制定部门")
		w.put(2, "state: open")
		if a.quote != "" {
			w.put(2, "cite: %s", quoteYAML(a.cite))
			w.put(2, "quote: %s", quoteYAML(a.quote))
		}
	}
}

var plainScalar = regexp.MustCompile(`^[\p{Han}][\p{Han}A-Za-z0-9()、]*$`)

// quoteYAML writes a text so that YAML reads it as that text.
func quoteYAML(s string) string {
	s = clean(s)
	if plainScalar.MatchString(s) {
		return s
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		panic(fmt.Sprintf("encode a text: %v", err)) // a string always encodes
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// commentLine writes a text for a comment.
func commentLine(s string) string { return strings.Join(strings.Fields(clean(s)), " ") }

// clean takes away what YAML does not allow in a text.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\u0085' || r == '\u2028' || r == '\u2029':
			return ' '
		case r < ' ' || r == 0x7f || r == 0xfeff || r == 0xfffd || r >= 0x80 && r < 0xa0:
			return -1
		}
		return r
	}, s)
}
