package rules

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"kaoping/engine"
	"kaoping/engine/exact"
)

// understand finds out what the words of every line say, and notes what they
// leave open.
func (d *draft) understand() {
	for _, it := range d.leaves() {
		if it.kind == engine.DeductionItem {
			d.deduct(it)
			continue
		}
		it.metric = findFormula(it)
		switch it.checklist = checklistOf(it); {
		case it.checklist != nil:
			it.metric = nil
		case it.metric != nil:
			d.scale(it)
		}
		if it.checklist == nil && it.score == nil {
			d.gap(it, "评分办法尚未写成规则,暂由评审人按原文评定")
		}
		if !it.hasPts {
			d.gap(it, "表中没有写分值,暂写为 0")
		}
	}
	for _, s := range d.sections {
		settlePoints(s)
	}
}

// settlePoints gives containers without points those of what is in them.
func settlePoints(it *draftItem) {
	for _, c := range it.children {
		settlePoints(c)
	}
	if !it.hasPts && (it.kind == engine.SectionItem || it.kind == engine.GroupItem) {
		it.points = sumOf(it.children)
	}
}

// gap notes what the form leaves open at a line.
func (d *draft) gap(it *draftItem, says string) {
	d.assumptions = append(d.assumptions, draftAssumption{says: it.name + ":" + says + "。", quote: it.row.said, cite: rowOfForm(it.row)})
	it.gaps = append(it.gaps, fmt.Sprintf("A%d", len(d.assumptions)+1)) // A1 is about all lines
}

// wording is what the form says of a line, on one line.
func wording(r DraftRow) string {
	var parts []string
	for _, s := range []string{r.Definition, r.Scoring} {
		if s = strings.Join(strings.Fields(s), " "); s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, "; ")
}

// rowOfForm names the row of the form.
func rowOfForm(r DraftRow) string { return fmt.Sprintf("%s 第%d行", draftSource, r.Row) }

var checkLine = regexp.MustCompile(`^(.+?)\s*(?::\s*|[(]\s*|\s+)(\d+(?:\.\d+)?)\s*分?\s*[)]?$`)

// checklistOf reads “登记制度: 2 分” on lines of their own whose points add up to
// those of the indicator.
func checklistOf(it *draftItem) []draftLine {
	for _, text := range []string{it.row.Definition, it.row.Scoring} {
		var out []draftLine
		all := exact.Num{}
		for _, line := range clauses(text) {
			m := checkLine.FindStringSubmatch(line)
			if m == nil || strings.Contains(line, "扣") || strings.Contains(line, "得") {
				out = nil
				break
			}
			x, err := exact.Parse(m[2])
			if err != nil {
				out = nil
				break
			}
			out, all = append(out, draftLine{strings.TrimSpace(m[1]), m[2]}), all.Add(x)
		}
		if len(out) > 1 && all.Equal(it.points) && distinct(out) {
			return out
		}
	}
	return nil
}

func distinct(list []draftLine) bool {
	seen := map[string]bool{}
	for _, l := range list {
		if seen[l.name] {
			return false
		}
		seen[l.name] = true
	}
	return true
}

// clauses cuts a text into its sentences.
func clauses(text string) []string {
	var out []string
	for _, s := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("\n;;。", r) }) {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

var (
	unitWords   = regexp.MustCompile(`[(]\s*单位\s*:\s*([^()]+)[)]`)
	unitTail    = regexp.MustCompile(`,\s*([^,=+*×÷()]{1,12})$`)
	asPercent   = regexp.MustCompile(`[×*xX]\s*100\s*%`)
	formulaWord = regexp.MustCompile(`^[\p{Han}][\p{Han}A-Za-z0-9]*$`)
	formulaCut  = regexp.MustCompile(`\s*上期\(|[-+×*÷/()]|[^-+×*÷/()]+`)
)

// findFormula reads “A=B/C” or “B ÷ C, 件/亿元” from the definition of a line.
func findFormula(it *draftItem) *draftMetric {
	for _, text := range append(clauses(it.row.Definition), clauses(it.row.Scoring)...) {
		if m := formulaOf(it.name, text); m != nil {
			return m
		}
	}
	return nil
}

func formulaOf(name, text string) *draftMetric {
	m := &draftMetric{name: name}
	if u := unitWords.FindStringSubmatch(text); u != nil {
		m.unit = strings.TrimSpace(u[1])
		text = unitWords.ReplaceAllString(text, "")
	}
	if asPercent.MatchString(text) {
		m.unit, text = "%", asPercent.ReplaceAllString(text, "")
	}
	if left, right, ok := strings.Cut(text, "="); ok {
		if left = strings.TrimSpace(left); formulaWord.MatchString(left) {
			m.name = left
		}
		text = right
	}
	text = strings.TrimSpace(text)
	if u := unitTail.FindStringSubmatch(text); u != nil {
		m.unit = strings.TrimSpace(u[1])
		text = strings.TrimSuffix(text, u[0])
	}
	if !m.parse(text) {
		return nil
	}
	return m
}

// parse takes a formula apart; it must have an operator, and names only.
func (m *draftMetric) parse(text string) bool {
	var out []string
	operators := 0
	for _, t := range formulaCut.FindAllString(text, -1) {
		t = strings.TrimSpace(t)
		switch {
		case t == "":
		case strings.ContainsAny(t, "+-×*÷/") && len([]rune(t)) == 1:
			operators++
			out = append(out, strings.NewReplacer("×", "*", "÷", "/").Replace(t))
		case t == "(" || t == ")" || t == "上期(":
			out = append(out, t)
		case formulaWord.MatchString(t) && t != m.name:
			out = append(out, t)
			m.tokens = append(m.tokens, t)
		case plainNumber.FindString(t) == t:
			out = append(out, t)
		default:
			return false
		}
	}
	m.formula = strings.NewReplacer("( ", "(", " )", ")").Replace(strings.Join(out, " "))
	return operators > 0 && len(m.tokens) > 1
}

var boundWords = regexp.MustCompile(`(达到|不低于|大于等于|≥|>=|不超过|不高于|不大于|≤|<=)\s*(-?\d+(?:\.\d+)?\s*%?)\s*(?:的|及以上|及以下|者|时|,|,)*\s*(?:得\s*(满分|\d+(?:\.\d+)?)|(不得分))`)

var (
	zeroWords   = regexp.MustCompile(`为零\s*[:,]?\s*(得满分|不计|得\s*0\s*分|不得分)`)
	partlyWords = regexp.MustCompile(`部分(?:符合)?得\s*(\d+%)`)
)

// zeroPolicy reads what a line gets where its denominator is zero; empty if the
// form does not say.
func zeroPolicy(it *draftItem) string {
	m := zeroWords.FindStringSubmatch(it.row.Scoring)
	switch {
	case m == nil:
		return ""
	case m[1] == "得满分":
		return "full points"
	case m[1] == "不计":
		return "leave out"
	}
	return "no points"
}

// scale reads “达到 100% 得 10 分, 不超过 80% 得 0 分, 其间按直线计算” and “达到90%得满分”.
func (d *draft) scale(it *draftItem) {
	full, none, upwards := "", "", false
	for _, m := range boundWords.FindAllStringSubmatch(it.row.Scoring, -1) {
		x, err := exact.Parse(m[3])
		bound := strings.ReplaceAll(m[2], " ", "")
		up := slices.Contains([]string{"达到", "不低于", "大于等于", "≥", ">="}, m[1])
		switch {
		case full == "" && (m[3] == "满分" || err == nil && x.Equal(it.points)):
			full, upwards = bound, up
		case none == "" && (m[4] != "" || err == nil && x.IsZero()):
			none = bound
		default:
			return // more than a line between two points
		}
	}
	if full == "" || !strings.Contains(full, "%") && it.metric.unit == "%" {
		return
	}
	if none != "" {
		it.score = []string{"full_points_at: " + full, "no_points_at: " + none, "between: straight line"}
		if !strings.Contains(it.row.Scoring, "直线") && !strings.Contains(it.row.Scoring, "比例") {
			d.gap(it, "满分与零分之间怎样得分没有写,暂按直线")
		}
		return
	}
	if len(boundWords.FindAllString(it.row.Scoring, -1)) != strings.Count(it.row.Scoring, "得") || strings.Contains(it.row.Scoring, "扣") {
		return
	}
	end := map[bool]string{true: "from", false: "to"}[upwards]
	it.score = []string{"bands:", fmt.Sprintf("  - {%s: %s, points: %s}", end, full, it.points.Shortest(6)), "  - {otherwise: 0}"}
	d.gap(it, "达不到 "+full+" 怎样得分没有写,暂不得分")
}

var (
	capWords  = regexp.MustCompile(`(?:最高|最多|累计|上限)\s*(?:不超过|扣|为)?\s*(?:扣)?\s*(\d+(?:\.\d+)?)\s*分`)
	caseWords = regexp.MustCompile(`^(.*?)[:,]?\s*(?:每[\p{Han}\d]{0,8}?)?\s*扣\s*(\d+(?:\.\d+)?)\s*分`)
	noPoints  = regexp.MustCompile(`^(.+?)[:,]?\s*不扣分$`)
)

// deduct reads what a deduction takes off: “每件扣2分”, “迟报: 扣 2 分”, “最高扣10分”.
func (d *draft) deduct(it *draftItem) {
	text := it.row.Name + "\n" + it.row.Scoring
	if m := capWords.FindStringSubmatch(text); m != nil {
		it.atMost = m[1]
	}
	for _, line := range clauses(strings.NewReplacer(",最高", "\n最高", ",最多", "\n最多").Replace(it.row.Scoring)) {
		if strings.HasPrefix(line, "最高") || strings.HasPrefix(line, "最多") {
			continue
		}
		if m := noPoints.FindStringSubmatch(line); m != nil {
			it.cases = append(it.cases, draftLine{m[1], "0"})
		} else if m := caseWords.FindStringSubmatch(line); m != nil && strings.Count(line, "扣") == 1 {
			it.cases = append(it.cases, draftLine{strings.TrimSpace(m[1]), m[2]})
		} else if strings.Contains(line, "扣") && plainNumber.MatchString(line) {
			it.cases = nil // not plain: better nothing than half of it
			break
		}
	}
	if len(it.cases) > 1 && (!distinct(it.cases) || slices.ContainsFunc(it.cases, func(l draftLine) bool { return l.name == "" })) {
		it.cases = nil
	}
	if it.cases == nil {
		d.gap(it, "每件扣几分没有写明,须补上 points_per_case")
	}
	if it.atMost == "" {
		d.gap(it, "没有写扣分上限,暂不设上限")
	}
}
