package rules

import (
	"regexp"
	"slices"
	"strings"

	"kaoping/engine"
	"kaoping/engine/exact"
)

// DraftRow is a row of a scoring form (评分表), as written.
type DraftRow struct {
	Row        int // in the sheet
	Section    string
	Name       string
	Points     string
	Definition string
	Source     string
	Scoring    string
	Clause     string
	OnlyFor    string
	Indent     int
	Numbered   bool

	said string // definition and scoring as they were before widths were evened
}

// DraftOptions names the pack that a form becomes.
type DraftOptions struct {
	Pack    string // small letters, digits and -
	Edition engine.Date
	Title   string
	File    string // the workbook
}

// draftItem is a line of the draft.
type draftItem struct {
	row      DraftRow
	kind     engine.ItemKind
	name     string
	points   exact.Num
	hasPts   bool
	children []*draftItem

	metric    *draftMetric
	score     []string // lines under score:
	checklist []draftLine
	cases     []draftLine
	atMost    string
	gaps      []string // ids of assumptions
}

// draftLine is a name with points.
type draftLine struct{ name, points string }

// draftMetric is a formula found in a definition.
type draftMetric struct {
	name, formula, unit string
	tokens              []string
	off                 bool // it did not pass the checker
}

// draft is what a form becomes, on its way to YAML.
type draft struct {
	opt         DraftOptions
	total       exact.Num
	hasTotal    bool
	sections    []*draftItem
	assumptions []draftAssumption
	groups      []string // titles of peer groups
}

// draftAssumption is a gap with the words that left it open.
type draftAssumption struct{ says, quote, cite string }

// Draft turns a scoring form into a draft pack: sections, indicators and points as
// they stand, checklists, deductions and formulas where the words are plain. What
// is not plain becomes an assumption with the original words; an indicator whose
// scoring is not understood is left to a reviewer, never scored by a guess.
func Draft(rows []DraftRow, opt DraftOptions) []byte {
	d := &draft{opt: opt}
	rows = slices.Clone(rows)
	for i := range rows {
		r := &rows[i]
		r.said = wording(*r)
		for _, s := range []*string{&r.Name, &r.Section, &r.Points, &r.Definition, &r.Scoring} {
			*s = strings.TrimSpace(halfWidth.Replace(*s))
		}
	}
	d.arrange(rows)
	d.understand()
	for range 4 { // formulas that do not pass the checker become assumptions
		out, lines := d.write()
		if !d.dropFaulty(out, lines) {
			return out
		}
	}
	for _, it := range d.leaves() {
		if it.metric != nil {
			it.metric.off = true
		}
	}
	out, _ := d.write()
	return out
}

// dropFaulty switches off the formulas on whose lines the checker finds errors.
func (d *draft) dropFaulty(out []byte, lines map[*draftItem][]int) bool {
	_, diags := LoadFiles(map[string][]byte{"draft.yaml": out})
	dropped := false
	for it, at := range lines {
		for _, diag := range diags {
			if diag.Level == LevelError && slices.Contains(at, diag.Line) && !it.metric.off {
				it.metric.off, dropped = true, true
			}
		}
	}
	return dropped
}

// halfWidth evens out punctuation, so that patterns need one kind only.
var halfWidth = strings.NewReplacer("\uff08", "(", "\uff09", ")", "\uff1a", ":", "\uff0c", ",", "\uff1b", ";", "\uff1d", "=", "\uff0f", "/",
	"\uff05", "%", "\uff0b", "+", "\uff0d", "-", "\u2212", "-", "\u3000", " ", "\r", "")

var (
	subtotalName = regexp.MustCompile(`^(本页)?(小\s*计|合\s*计|总\s*计|总\s*分|总得分|subtotal|total)`)
	grandTotal   = regexp.MustCompile(`^(合\s*计|总\s*计|总\s*分|总得分|total)`)
	footName     = regexp.MustCompile(`^(注|备注|说明|本表|评分人|制表|填表|审核|复核|批准|被考核)\s*(\d|:|由|人|日期|$)`)
	pointsWords  = regexp.MustCompile(`[(]\s*(?:满分|共|计)?\s*(\d+(?:\.\d+)?)\s*分\s*[)]`)
	bracketTail  = regexp.MustCompile(`\s*[(](?:[^()]*(?:分|扣分项|deduction|points)[^()]*)[)]\s*$`)
	bigNumeral   = regexp.MustCompile(`^[一二三四五六七八九十]+[、.]\s*`)
	smallNumeral = regexp.MustCompile(`^([(][一二三四五六七八九十\d]+[)]|\d+[、.])\s*`)
	plainNumber  = regexp.MustCompile(`\d+(?:\.\d+)?`)
)

// arrange puts the rows into sections and groups.
func (d *draft) arrange(rows []DraftRow) {
	numbered := slices.ContainsFunc(rows, func(r DraftRow) bool { return r.Numbered })
	big := slices.ContainsFunc(rows, func(r DraftRow) bool { return bigNumeral.MatchString(r.Name) })
	var section, group *draftItem
	open := func(r DraftRow, name string) {
		section, group = d.item(r, engine.SectionItem, name), nil
		d.sections = append(d.sections, section)
	}
	for _, r := range rows {
		if subtotalName.MatchString(strings.ToLower(r.Name)) || r.Section != "" && subtotalName.MatchString(strings.ToLower(r.Section)) {
			d.readTotal(r)
			continue
		}
		if r.Points == "" && r.Scoring == "" && (d.hasTotal && container(r, numbered) || footName.MatchString(r.Name)) {
			continue
		}
		if r.Section != "" && (section == nil || section.row.Section != r.Section) {
			head := DraftRow{Row: r.Row, Section: r.Section, Name: r.Section}
			open(head, r.Section)
		}
		switch container(r, numbered) {
		case true:
			inner := r.Indent > 0 || big && !bigNumeral.MatchString(r.Name) && smallNumeral.MatchString(r.Name)
			if section == nil || !inner {
				open(r, r.Name)
				continue
			}
			group = d.item(r, engine.GroupItem, r.Name)
			section.children = append(section.children, group)
		default:
			if section == nil {
				open(DraftRow{Row: r.Row}, "指标")
			}
			leaf := d.leaf(r)
			if group.takes(leaf) {
				group.children = append(group.children, leaf)
				continue
			}
			group = keepGroup(group, leaf)
			section.children = append(section.children, leaf)
		}
	}
}

// takes reports whether an indicator belongs to a group: it is indented more, or,
// where nothing is indented, the group still has points for it.
func (group *draftItem) takes(leaf *draftItem) bool {
	if group == nil || leaf.kind != engine.IndicatorItem {
		return false
	}
	if group.row.Indent > 0 {
		return leaf.row.Indent > group.row.Indent
	}
	return !group.hasPts || sumOf(append(slices.Clone(group.children), leaf)).Cmp(group.points) <= 0
}

// keepGroup ends a group at an indicator that does not belong to it; a deduction
// stands in the section and does not end it.
func keepGroup(group, leaf *draftItem) *draftItem {
	if leaf.kind == engine.DeductionItem {
		return group
	}
	return nil
}

// container tells the row of a section or group: it only has a name, points and a
// clause, and no number where the others have one.
func container(r DraftRow, numbered bool) bool {
	if r.Definition != "" || r.Scoring != "" || r.Source != "" {
		return false
	}
	if numbered {
		return !r.Numbered
	}
	return r.Points == "" || bigNumeral.MatchString(r.Name)
}

func (d *draft) readTotal(r DraftRow) {
	name := strings.ToLower(r.Name + r.Section)
	if s := plainNumber.FindString(r.Points); s != "" && grandTotal.MatchString(name) {
		if x, err := exact.Parse(s); err == nil {
			d.total, d.hasTotal = x, true
		}
	}
}

// item makes a line: its name without numbering and points.
func (d *draft) item(r DraftRow, kind engine.ItemKind, name string) *draftItem {
	it := &draftItem{row: r, kind: kind}
	text := plainNumber.FindString(r.Points)
	if m := pointsWords.FindStringSubmatch(name); m != nil && text == "" {
		text = m[1]
	}
	if x, err := exact.Parse(text); err == nil && text != "" && !strings.HasPrefix(strings.TrimSpace(r.Points), "-") {
		it.points, it.hasPts = x, true
	}
	name = strings.Join(strings.Fields(name), " ")
	for _, cut := range []*regexp.Regexp{bigNumeral, smallNumeral, bracketTail} {
		if rest := cut.ReplaceAllString(name, ""); rest != "" {
			name = rest
		}
	}
	it.name = name
	return it
}

// leaf makes an indicator or a deduction.
func (d *draft) leaf(r DraftRow) *draftItem {
	it := d.item(r, engine.IndicatorItem, r.Name)
	if it.name == "" {
		it.name = "未命名"
	}
	if strings.Contains(r.Name, "扣分项") || strings.Contains(r.Name, "deduction") ||
		!it.hasPts && strings.Contains(r.Scoring, "扣") || strings.HasPrefix(strings.TrimSpace(r.Points), "-") {
		it.kind = engine.DeductionItem
	}
	if r.OnlyFor != "" && !slices.Contains(d.groups, r.OnlyFor) {
		d.groups = append(d.groups, r.OnlyFor)
	}
	return it
}

// leaves lists indicators and deductions.
func (d *draft) leaves() []*draftItem {
	var out []*draftItem
	var walk func([]*draftItem)
	walk = func(items []*draftItem) {
		for _, it := range items {
			if it.kind == engine.IndicatorItem || it.kind == engine.DeductionItem {
				out = append(out, it)
			}
			walk(it.children)
		}
	}
	walk(d.sections)
	return out
}

// sumOf is what the indicators of an item come to for the peer group that has most.
func sumOf(items []*draftItem) exact.Num {
	all, byGroup := exact.Num{}, map[string]exact.Num{}
	for _, it := range items {
		switch {
		case it.kind == engine.DeductionItem:
		case it.row.OnlyFor != "" && it.kind == engine.IndicatorItem:
			byGroup[it.row.OnlyFor] = byGroup[it.row.OnlyFor].Add(it.points)
		default:
			all = all.Add(it.points)
		}
	}
	most := exact.Num{}
	for _, x := range byGroup {
		most = exact.Max(most, x)
	}
	return all.Add(most)
}
