package diff

import (
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/rules"
)

// change begins a change at a place of the walk.
func (c *comparer) change(f frame, action Action, b, a *yaml.Node) Change {
	return Change{
		Action: action, Owner: f.owner, Path: strings.Join(f.path, " › "), Cite: f.cite,
		Part: partOf(f), Before: written(b), After: written(a),
		Was: c.b.place(b), Is: c.a.place(a), component: component(f.owner, f.top), top: f.top,
	}
}

func (t *tree) place(n *yaml.Node) *Place {
	if n == nil || n.Line == 0 {
		return nil
	}
	return &Place{File: t.file[n], Line: n.Line}
}

// put keeps a change; those that mean nothing are kept apart.
func (c *comparer) put(x Change) {
	if x.Effect == Neutral {
		c.neutral = append(c.neutral, x)
		return
	}
	c.changes = append(c.changes, x)
}

// add keeps something that was added, removed or changed.
func (c *comparer) add(f frame, action Action, b, a *yaml.Node) {
	x := c.change(f, action, b, a)
	x.Effect = c.effect(f, b, a)
	if x.Path == "" {
		x.Before, x.After = clipped(x.Before), clipped(x.After)
	}
	x.Text = sentence(f, action, b, a)
	c.put(x)
}

// rename keeps a name that was replaced by another.
func (c *comparer) rename(f frame, b, a *yaml.Node) {
	x := c.change(f, Renamed, b, a)
	x.Part, x.Effect = PartName, Wording
	if f.sort == rules.KindTest {
		x.Effect = Tests
	} else if same, known := c.same(x.component); known && !same || !known && c.before.Pack == nil {
		x.Effect = Scores
	}
	old := "“" + b.Value + "”"
	x.Text = engine.Text{ZH: old + " 改名为 “" + a.Value + "”", EN: old + " is now called “" + a.Value + "”"}
	if n := len(f.path); n > 1 {
		f.path, f.labels = f.path[:n-1], f.labels[:n-1]
		where := placeWords(f)
		x.Text = engine.Text{ZH: where.ZH + ": " + x.Text.ZH, EN: where.EN + ": " + x.Text.EN}
	}
	c.put(x)
}

// move keeps something that stands in another order.
func (c *comparer) move(f frame, p pair, was, is int) {
	x := c.change(f, Moved, p.before, p.after)
	x.Before, x.After = itoa(was+1), itoa(is+1)
	switch {
	case f.sort == rules.KindTest:
		x.Effect = Tests
	case slices.Contains(wordTops, f.top):
		x.Effect = Wording
	case slices.Contains(findingTops, f.top):
		x.Effect = Findings
	default: // the last deduction gives way under a common cap, the first rating that fits counts
		x.Effect = Scores
	}
	if x.Part == PartItem && !c.capped() {
		x.Effect = Wording
	}
	x.Text = engine.Text{
		ZH: "次序由第 " + x.Before + " 移到第 " + x.After,
		EN: "moves from place " + x.Before + " to place " + x.After,
	}
	c.put(x)
}

// capped reports whether some lines of the scorecard share a cap, so that their
// order counts.
func (c *comparer) capped() bool {
	for _, p := range []*engine.Pack{c.before.Pack, c.after.Pack} {
		if p == nil {
			return true
		}
		if slices.ContainsFunc(p.AllItems(), func(it *engine.Item) bool { return len(it.Caps) > 0 }) {
			return true
		}
	}
	return false
}

// wordKeys are keys whose value nobody computes with.
var wordKeys = []string{"cite", "quote", "note", "assumption", "assumptions", "example", "says", "because", "ask", "last_compared", "title", "regulator", "status", "origin", "why"}

// wordTops are keys of the top level that are words as a whole; findingTops those
// that give findings and no points.
var (
	wordTops    = []string{"title", "regulator", "status", "sources", "assumptions", "remarks", "pack"}
	findingTops = []string{"consequences", "cross_checks", "penalties", "red_flags", "samples", "persons"}
)

// effect says what a change below a key can do.
func (c *comparer) effect(f frame, b, a *yaml.Node) Effect {
	switch {
	case f.sort == rules.KindTest || f.top == "official_results":
		return Tests
	case slices.Contains(wordTops, f.top), slices.Contains(wordKeys, f.key), f.key == "from" && f.form == rules.FormText:
		return Wording
	}
	if !f.dated && !datedNode(b) && !datedNode(a) && (sameNumber(b, a) || c.means(f)) {
		if f.form == rules.FormText || f.form == rules.FormTitle || b == nil || a == nil {
			return Wording
		}
		return Neutral
	}
	if slices.Contains(findingTops, f.top) {
		return Findings
	}
	return Scores
}

// means reports whether what a change belongs to means the same on both sides.
func (c *comparer) means(f frame) bool {
	same, known := c.same(component(f.owner, f.top))
	return known && same
}

// sameNumber reports whether two scalars are one number: 80% and 80.0%.
func sameNumber(b, a *yaml.Node) bool {
	if b == nil || a == nil || b.Kind != yaml.ScalarNode || a.Kind != yaml.ScalarNode {
		return false
	}
	x, err := exact.Parse(strings.TrimSuffix(b.Value, "%"))
	if err != nil {
		return false
	}
	y, err := exact.Parse(strings.TrimSuffix(a.Value, "%"))
	return err == nil && x.Equal(y) && strings.HasSuffix(b.Value, "%") == strings.HasSuffix(a.Value, "%")
}

// datedNode reports whether a value is written with the days it holds from.
func datedNode(n *yaml.Node) bool {
	keys := keysOf(n)
	return len(keys) > 0 && !slices.ContainsFunc(keys, func(k string) bool { return !isDay(k) })
}

// partByKey says which part of a rule a key belongs to.
var partByKey = map[string]Part{
	"full_points": PartPoints, "points": PartPoints, "points_per_case": PartCases, "classified_by": PartCases,
	"weight": PartWeight, "weight_at_least": PartWeight, "weights_add_up_to": PartWeight, "combine": PartWeight, "at_least_scored": PartWeight,
	"score": PartScale, "compare_with": PartScale, "between": PartScale, "bands": PartScale, "line": PartScale, "by_rank": PartScale,
	"by_percentile": PartScale, "table": PartScale, "better_of": PartScale, "better": PartScale, "metric": PartScale,
	"full_points_at": PartBound, "no_points_at": PartBound, "in_proportion_to": PartBound, "above": PartBound, "below": PartBound, "to": PartBound, "at": PartBound, "top": PartBound,
	"formula": PartFormula, "where": PartCondition, "when": PartCondition, "applies_when": PartCondition, "require": PartCondition,
	"among": PartCondition, "except_when": PartCondition, "absent_when": PartCondition, "checked": PartCondition,
	"if_missing": PartPolicy, "if_denominator_zero": PartPolicy, "if_no_previous": PartPolicy, "not_worse_than": PartPolicy, "then": PartPolicy, "otherwise": PartPolicy,
	"at_most": PartCap, "not_below": PartCap, "caps": PartCap, "deductions": PartCap, "judged": PartChecklist, "checklist": PartChecklist,
	"graded": PartChecklist, "marked": PartChecklist, "raters": PartChecklist, "partly": PartChecklist, "unit": PartUnit,
	"cite": PartCitation, "quote": PartCitation, "assumption": PartCitation, "assumptions": PartCitation, "note": PartWords, "id": PartName,
}

// partByTop is the part where no key says more.
var partByTop = map[string]Part{
	"rounding": PartRounding, "ranking": PartRanking, "ratings": PartRating, "then": PartRating, "consequences": PartConsequence,
	"time_limits": PartTimeLimit, "red_flags": PartRedFlag, "cross_checks": PartCrossCheck, "samples": PartSample, "penalties": PartPenalty, "persons": PartPenalty,
	"parameters": PartParameter, "benchmarks": PartBenchmark, "metrics": PartFormula, "scales": PartScale, "defaults": PartPolicy,
	"statistics": PartData, "registers": PartData, "feeds": PartData, "attributes": PartData, "effective": PartScope, "assessed": PartScope,
	"periods": PartScope, "peer_groups": PartScope, "edition": PartScope, "calendar": PartCalendar, "office_hours": PartCalendar,
	"official_results": PartTest, "sources": PartCitation, "assumptions": PartCitation, "sections": PartItem, "total": PartPoints,
}

// topFirst are the parts that stay what they are whatever key changes in them.
var topFirst = []Part{PartRounding, PartRanking, PartRating, PartConsequence, PartTimeLimit, PartRedFlag, PartCrossCheck, PartSample, PartPenalty, PartParameter}

func partOf(f frame) Part {
	switch f.sort {
	case rules.KindTest:
		return PartTest
	case rules.KindCalendar:
		return PartCalendar
	}
	top, key := partByTop[f.top], partByKey[f.key]
	switch {
	case key == PartCitation || key == PartWords, f.key == "from" && f.form == rules.FormBound:
		if f.key == "from" {
			return PartBound
		}
		return key
	case slices.Contains(topFirst, top):
		return top
	case len(f.path) == 0 && f.owner.Name != "" && top != "":
		return top
	case key != "":
		return key
	case top != "":
		return top
	}
	return PartWords
}

// style notes quotes and layout that differ between two nodes that say the same.
func (c *comparer) style(f frame, b, a *yaml.Node) {
	if b.Style == a.Style || c.styled[f.owner] {
		return
	}
	c.styled[f.owner] = true
	x := c.change(f, Changed, b, a)
	x.Effect, x.Part, x.Before, x.After, x.Path = Neutral, PartLayout, "", "", ""
	x.Text = engine.Text{ZH: "引号或排版不同", EN: "quotes or layout differ"}
	c.put(x)
}

// keyOrder notes keys of the language that stand in another order.
func (c *comparer) keyOrder(f frame, kind *rules.Kind, b, a *yaml.Node) {
	var old, now []string
	for _, key := range keysOf(b) {
		if valueOf(a, key) != nil {
			old = append(old, key)
		}
	}
	for _, key := range keysOf(a) {
		if valueOf(b, key) != nil {
			now = append(now, key)
		}
	}
	if slices.Equal(old, now) || c.orderedKeys[f.owner] {
		return
	}
	c.orderedKeys[f.owner] = true
	x := c.change(f, Moved, b, a)
	x.Effect, x.Part, x.Before, x.After = Neutral, PartLayout, strings.Join(old, ", "), strings.Join(now, ", ")
	x.Text = engine.Text{ZH: "各键的次序不同", EN: "its keys stand in another order"}
	c.put(x)
}

// comments notes comments that differ, once for a sort of file.
func (c *comparer) comments(f frame) {
	gone, new := without(c.b.comments, c.a.comments), without(c.a.comments, c.b.comments)
	if len(gone)+len(new) == 0 {
		if !slices.Equal(c.b.comments, c.a.comments) {
			c.put(Change{Action: Moved, Part: PartLayout, Effect: Neutral, Owner: f.owner,
				Text: engine.Text{ZH: "注释的位置不同", EN: "comments stand elsewhere"}})
		}
		return
	}
	c.put(Change{
		Action: Changed, Part: PartLayout, Effect: Neutral, Owner: f.owner, Before: strings.Join(gone, "\n"), After: strings.Join(new, "\n"),
		Text: engine.Text{
			ZH: "注释不同: 少 " + itoa(len(gone)) + " 行, 多 " + itoa(len(new)) + " 行",
			EN: "comments differ: " + itoa(len(gone)) + " lines less, " + itoa(len(new)) + " lines more",
		},
	})
}

// without returns what one list has more than another, each as often.
func without(list, other []string) []string {
	left := map[string]int{}
	for _, s := range other {
		left[s]++
	}
	var out []string
	for _, s := range list {
		if left[s] == 0 {
			out = append(out, s)
		} else {
			left[s]--
		}
	}
	return out
}

// layout says that files differ in blanks only, if nothing else was found.
func (c *comparer) layout() {
	if len(c.changes)+len(c.neutral) > 0 {
		return
	}
	pairs := [][2]map[string][]byte{{c.before.Files, c.after.Files}}
	if len(c.before.Tests) > 0 && len(c.after.Tests) > 0 {
		pairs = append(pairs, [2]map[string][]byte{c.before.Tests, c.after.Tests})
	}
	for _, p := range pairs {
		if !slices.Equal(bytesOf(p[0]), bytesOf(p[1])) {
			c.put(Change{Action: Changed, Part: PartLayout, Effect: Neutral, Owner: Owner{Kind: rules.KindPack, Noun: fileNouns[rules.KindPack]},
				Text: engine.Text{ZH: "只有空格、空行或文件的分法不同", EN: "only blanks, empty lines or the split into files differ"}})
			return
		}
	}
}

// bytesOf lists what is in some files, sorted.
func bytesOf(files map[string][]byte) []string {
	var out []string
	for _, data := range files {
		out = append(out, string(data))
	}
	slices.Sort(out)
	return out
}

func itoa(n int) string { return strconv.Itoa(n) }
