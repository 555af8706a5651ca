package playground

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"kaoping/engine"
	"kaoping/engine/formula"
	"kaoping/engine/unit"
)

// inputs are the figures that somebody typed.
type inputs struct {
	symbols  []formula.Symbol
	now      map[string][]unit.Quantity // by id
	before   map[string][]unit.Quantity // of the period before
	problems []Problem
	subjects int
}

// readInputs reads lines such as 车险投诉件数 = 5 件.
func readInputs(text string) *inputs {
	in := &inputs{now: map[string][]unit.Quantity{}, before: map[string][]unit.Quantity{}, subjects: 1}
	n := 0
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		n++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if len(in.symbols) >= maxInputs || len(line) > 20*maxField {
			in.wrong(n, fmt.Sprintf("最多 %d 个名称。", maxInputs), fmt.Sprintf("There may be %d names at most.", maxInputs))
			return in
		}
		in.line(n, line)
	}
	return in
}

func (in *inputs) wrong(line int, zh, en string) {
	in.problems = append(in.problems, Problem{Field: "inputs", Line: line, Message: engine.Text{ZH: zh, EN: en}})
}

// line reads one line.
func (in *inputs) line(n int, line string) {
	name, values, ok := strings.Cut(strings.NewReplacer("＝", "=", "：", "=").Replace(line), "=")
	name = strings.TrimSpace(name)
	into := in.now
	for _, before := range []string{"上期(", "上期（", "previous("} {
		if rest, found := strings.CutPrefix(name, before); found {
			name, into = strings.TrimSpace(strings.TrimRight(rest, ")）")), in.before
		}
	}
	if !ok || !isName(name) {
		in.wrong(n, "这一行写成 名称 = 数 单位,例如 车险投诉件数 = 5 件。", "Write the line as NAME = NUMBER UNIT, such as complaints = 5.")
		return
	}
	parts := strings.FieldsFunc(values, func(r rune) bool { return r == ';' || r == '；' || r == '、' })
	if len(parts) == 0 || len(parts) > maxValues {
		in.wrong(n, fmt.Sprintf("要 1 至 %d 个数,用分号隔开。", maxValues), fmt.Sprintf("There should be 1 to %d numbers with semicolons between them.", maxValues))
		return
	}
	list := in.quantities(n, parts)
	if list == nil {
		return
	}
	id := in.declare(n, name, list[0].Unit)
	if id == "" {
		return
	}
	if into[id] != nil {
		in.wrong(n, "“"+name+"”写了两次。", "“"+name+"” is there twice.")
	}
	into[id] = list
	in.subjects = max(in.subjects, len(list))
}

// quantities reads numbers; one without a unit has that of the last.
func (in *inputs) quantities(n int, parts []string) []unit.Quantity {
	var list []unit.Quantity
	for _, p := range parts {
		q, err := unit.ParseQuantity(strings.TrimSpace(p))
		if err != nil {
			in.wrong(n, "“"+strings.TrimSpace(p)+"”不是带单位的数。", "“"+strings.TrimSpace(p)+"” is no number with a unit.")
			return nil
		}
		list = append(list, q)
	}
	last := list[len(list)-1].Unit
	for i := range list {
		if list[i].Unit.IsBare() && !last.IsBare() {
			list[i] = unit.Quantity{Value: last.From(list[i].Value), Unit: last}
		}
		if !list[i].Unit.SameDimension(last) {
			in.wrong(n, "同一行的单位要一致。", "The units of a line should agree.")
			return nil
		}
	}
	return list
}

// declare gives a name its place; in the period and in the one before it is the
// same.
func (in *inputs) declare(n int, name string, u unit.Unit) string {
	i := slices.IndexFunc(in.symbols, func(s formula.Symbol) bool { return s.Name == name })
	if i < 0 {
		s := formula.Symbol{ID: fmt.Sprintf("input_%d", len(in.symbols)+1), Name: name, Kind: formula.Number, Unit: u}
		in.symbols = append(in.symbols, s)
		return s.ID
	}
	if !in.symbols[i].Unit.SameDimension(u) {
		in.wrong(n, "“"+name+"”的单位与另一行不一致。", "The unit of “"+name+"” differs from that of its other line.")
		return ""
	}
	return in.symbols[i].ID
}

func isName(s string) bool {
	r := []rune(s)
	return len(r) > 0 && len(r) <= maxField && !unicode.IsDigit(r[0]) && !strings.ContainsFunc(s, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// Lookup finds a name of a formula.
func (in *inputs) Lookup(name string) (formula.Symbol, bool) {
	for _, s := range in.symbols {
		if s.Name == name || s.ID == name {
			return s, true
		}
	}
	return formula.Symbol{}, false
}

// Names lists all names.
func (in *inputs) Names() []string {
	var out []string
	for _, s := range in.symbols {
		out = append(out, s.Name)
	}
	return out
}

func (in *inputs) period() engine.Period {
	p, err := engine.ParsePeriod("2025")
	if err != nil {
		panic(err) // a year is a period
	}
	return p
}

// facts are the figures for the engine. A name with one value has it for every
// subject.
func (in *inputs) facts(p *engine.Pack) *engine.Facts {
	f := &engine.Facts{Snapshot: packName}
	for i := range in.subjects {
		f.Subjects = append(f.Subjects, engine.Subject{Code: code(i), Name: code(i), PeerGroup: groupID, Opened: engine.Date{Year: 2000, Month: 1, Day: 1}})
		for period, values := range map[engine.Period]map[string][]unit.Quantity{in.period(): in.now, p.Previous.Of(in.period()): in.before} {
			for id, list := range values {
				if len(list) == 1 || i < len(list) {
					f.Figures = append(f.Figures, engine.Figure{Subject: code(i), Statistic: id, Period: period, Value: list[min(i, len(list)-1)].Value})
				}
			}
		}
	}
	slices.SortFunc(f.Figures, func(a, b engine.Figure) int {
		return cmp.Or(cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.Statistic, b.Statistic), a.Period.First.Compare(b.Period.First))
	})
	return f
}
