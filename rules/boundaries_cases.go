package rules

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/engine/formula"
	"kaoping/engine/unit"
)

// mostCombinations bounds how many cases are tried for a deduction.
const mostCombinations = 400

// deduction proposes rows for the lines of a case table, the bounds in their
// conditions and the cap.
func (f *boundaryFinder) deduction(it *engine.Item, s assessedIn) {
	reg := f.register(it.Cases.Register)
	if reg == nil {
		return
	}
	table := f.table(it, s)
	fields := f.fieldsOf(it.Cases, reg)
	choices := make([][]string, len(fields))
	for i, field := range fields {
		table.Columns = append(table.Columns, field.Name)
		choices[i] = f.choices(field, it.Cases, f.dayIn(s))
	}
	table.Columns = append(table.Columns, "times")
	var dearest []string
	most := exact.Num{}
	for _, cells := range combinations(choices) {
		row := append(slices.Clone(cells), "1")
		t, ok := f.try(it, table, row)
		if !ok {
			continue
		}
		if n, err := exact.Parse(t.points); err == nil && n.Cmp(most) > 0 {
			most, dearest = n, cells
		}
		if spot, fresh := f.news(t); fresh {
			f.take(&table, row, t, f.spotName(spot))
		} else if why, stands := f.untriedBound(it, reg, fields, cells); stands && len(t.spots) > 0 {
			f.take(&table, row, t, why)
		}
	}
	f.capped(it, &table, dearest, most)
	f.keep(table)
}

// capped proposes so many of the dearest case that the cap is passed.
func (f *boundaryFinder) capped(it *engine.Item, table *BoundaryTable, cells []string, each exact.Num) {
	if it.AtMost == nil || each.Sign() <= 0 {
		return
	}
	n, _ := it.AtMost.Quo(each).Round(0, exact.Down).Int64()
	for _, times := range []int64{n, n + 1} {
		row := append(slices.Clone(cells), fmt.Sprint(times))
		if t, ok := f.try(it, *table, row); ok && times > 0 {
			if spot, fresh := f.news(t); fresh {
				f.take(table, row, t, f.spotName(spot))
			}
		}
	}
}

func (f *boundaryFinder) register(id string) *engine.Register {
	for i := range f.pack.Registers {
		if f.pack.Registers[i].ID == id {
			return &f.pack.Registers[i]
		}
	}
	return nil
}

// fieldsOf lists the delivered fields that decide what a case costs.
func (f *boundaryFinder) fieldsOf(c *engine.CaseTable, reg *engine.Register) []engine.Field {
	var out []engine.Field
	var add func(id string)
	add = func(id string) {
		i := slices.IndexFunc(reg.Fields, func(x engine.Field) bool { return x.ID == id })
		if i < 0 || slices.ContainsFunc(out, func(x engine.Field) bool { return x.ID == id }) {
			return
		}
		if formula := reg.Fields[i].Formula; formula != nil {
			for _, ref := range formula.Refs() {
				add(ref.ID)
			}
			return
		}
		out = append(out, reg.Fields[i])
	}
	add(c.ClassifiedBy)
	exprs := []*formula.Expr{c.Where}
	for _, l := range c.Lines {
		exprs = append(exprs, l.When, l.Formula)
	}
	for _, e := range exprs {
		if e == nil {
			continue
		}
		for _, ref := range e.Refs() {
			add(ref.ID)
		}
	}
	return out
}

// number is a number behind a comparison, with its unit.
var comparedWith = `\s*(?:>=|<=|>|<|==|!=)\s*([0-9][0-9.,]*\s*[^\s)(,]*)`

// choices lists values of a field that may make a difference.
func (f *boundaryFinder) choices(field engine.Field, c *engine.CaseTable, day engine.Date) []string {
	switch {
	case field.ID == c.ClassifiedBy:
		var out []string
		for _, l := range c.Lines {
			if l.Class != "" {
				out = append(out, plainOrQuoted(l.Class))
			}
		}
		return append(out, optionsOf(field)...)
	case field.Kind == formula.Bool:
		return []string{"yes", "no"}
	case field.Kind == formula.Number:
		return f.numbersAround(field, c)
	case field.Kind == formula.Date && field.Clock:
		return []string{fmt.Sprintf("%q", dayText(day)+" 09:00"), fmt.Sprintf("%q", dayText(day)+" 18:00")}
	case field.Kind == formula.Date:
		return []string{dayText(day)}
	case len(field.Options) > 0:
		return optionsOf(field)
	}
	return []string{"甲"}
}

func optionsOf(field engine.Field) []string {
	var out []string
	for _, o := range field.Options {
		out = append(out, plainOrQuoted(o))
	}
	return out
}

// numbersAround lists the numbers that conditions compare a field with, and those
// beside them.
func (f *boundaryFinder) numbersAround(field engine.Field, c *engine.CaseTable) []string {
	step := exact.Int(1)
	for range field.Decimals {
		step = step.Quo(exact.Int(10))
	}
	var out []string
	add := func(n exact.Num) {
		if s := n.Shortest(6); n.Sign() >= 0 && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	for _, bound := range f.boundsIn(field, c) {
		add(bound)
		add(bound.Sub(step))
		add(bound.Add(step))
	}
	if len(out) == 0 {
		out = []string{"1", "0"}
	}
	return out
}

// boundsIn lists the numbers that a field is compared with, in its unit.
func (f *boundaryFinder) boundsIn(field engine.Field, c *engine.CaseTable) []exact.Num {
	var conditions []string
	if c.Where != nil {
		conditions = append(conditions, c.Where.Source())
	}
	for _, l := range c.Lines {
		conditions = append(conditions, l.WhenText)
	}
	var out []exact.Num
	for _, name := range []string{field.Name, field.ID} {
		re := regexp.MustCompile(regexp.QuoteMeta(name) + comparedWith)
		for _, text := range conditions {
			for _, m := range re.FindAllStringSubmatch(text, -1) {
				q, err := unit.ParseQuantity(strings.TrimSpace(m[1]))
				if err != nil {
					continue
				}
				v := q.Value
				if !q.Unit.IsBare() {
					v = field.Unit.To(v)
				}
				if !slices.ContainsFunc(out, v.Equal) {
					out = append(out, v)
				}
			}
		}
	}
	return out
}

// untriedBound reports whether a case lies on a bound, or just beside one, on which
// no test stands yet.
func (f *boundaryFinder) untriedBound(it *engine.Item, reg *engine.Register, fields []engine.Field, cells []string) (engine.Text, bool) {
	for i, field := range fields {
		if field.Kind != formula.Number || len(f.boundsIn(field, it.Cases)) == 0 {
			continue
		}
		n, err := exact.Parse(cells[i])
		if err != nil {
			continue
		}
		key, value := reg.ID+" "+field.ID, field.Unit.From(n).String()
		if !f.tested[key][value] {
			f.stand(key, value)
			return text(field.Name+" "+cells[i], field.Name+" "+cells[i]), true
		}
	}
	return engine.Text{}, false
}

// combinations lists all rows with one choice from each column, as far as the
// limit goes.
func combinations(choices [][]string) [][]string {
	rows := [][]string{{}}
	for _, column := range choices {
		var next [][]string
		for _, row := range rows {
			for _, c := range column {
				if len(next) < mostCombinations {
					next = append(next, append(slices.Clone(row), c))
				}
			}
		}
		rows = next
	}
	return rows
}

// judged proposes the answers to a judged indicator that no test gives.
func (f *boundaryFinder) judged(it *engine.Item, s assessedIn) {
	switch {
	case it.Checklist.Raters:
	case it.Checklist.Plain():
		f.checklist(it, s)
	default:
		f.graded(it, s)
	}
}

// checklist proposes all lines met, and each of them not met alone.
func (f *boundaryFinder) checklist(it *engine.Item, s assessedIn) {
	table := f.table(it, s)
	for _, l := range it.Checklist.Lines {
		table.Columns = append(table.Columns, l.Name)
	}
	for i := -1; i < len(it.Checklist.Lines); i++ {
		cells := slices.Repeat([]string{"yes"}, len(it.Checklist.Lines))
		if i >= 0 {
			cells[i] = "no"
		}
		if t, ok := f.try(it, table, cells); ok {
			if spot, fresh := f.news(t); fresh {
				f.take(&table, cells, t, f.spotName(spot))
			}
		}
	}
	f.keep(table)
}

// graded proposes a table for each grade: the answer holds for all of its rows.
func (f *boundaryFinder) graded(it *engine.Item, s assessedIn) {
	var answers []string
	for _, g := range it.Checklist.Grades {
		answers = append(answers, plainOrQuoted(g.Name))
	}
	if m := it.Checklist.Marks; m != nil {
		answers = append(answers, m.To.Shortest(4))
	}
	for _, a := range answers {
		table := f.table(it, s)
		table.Head = append(table.Head, fmt.Sprintf("judged: {%s: %s}", plainOrQuoted(it.Name), a))
		if t, ok := f.try(it, table, nil); ok {
			if spot, fresh := f.news(t); fresh {
				f.take(&table, nil, t, f.spotName(spot))
			}
		}
		f.keep(table)
	}
}
