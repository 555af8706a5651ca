package rules

import (
	"fmt"
	"regexp"
	"slices"

	"kaoping/engine"
	"kaoping/engine/formula"
	"kaoping/engine/unit"
)

// entry is something a pack declares under a name and an id.
type entry struct {
	symbol formula.Symbol
	under  string // the key it stands under: statistics, metrics, ...
	key    node   // where
	hidden bool   // may not be used in formulas: a benchmark of the metric being scored
}

// namespace holds entries by name and by id.
type namespace struct {
	order  []*entry
	byName map[string]*entry
	listed map[string][]string // by key, what names returned; forgotten when there is a new one
}

func newNamespace() *namespace { return &namespace{byName: map[string]*entry{}} }

// find looks an entry up by name or id.
func (s *namespace) find(name string) *entry { return s.byName[name] }

// findUnder looks an entry up among those of one kind.
func (s *namespace) findUnder(name, under string) *entry {
	if e := s.byName[name]; e != nil && e.under == under {
		return e
	}
	return nil
}

// names lists names and ids; under "" means all kinds.
func (s *namespace) names(under string) []string {
	if out, ok := s.listed[under]; ok {
		return out
	}
	var out []string
	for name, e := range s.byName {
		if under == "" || e.under == under {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	if s.listed == nil {
		s.listed = map[string][]string{}
	}
	s.listed[under] = slices.Clip(out)
	return s.listed[under]
}

// declare adds an entry; a name or id that is taken is reported.
func (r *packReader) declare(s *namespace, e *entry, id node) {
	r.claim(s, e, e.symbol.Name, e.key)
	if e.symbol.ID != e.symbol.Name {
		at := e.key
		if !id.absent() {
			at = id
		}
		r.claim(s, e, e.symbol.ID, at)
	}
	s.order = append(s.order, e)
}

func (r *packReader) claim(s *namespace, e *entry, name string, at node) {
	other := s.byName[name]
	if other == nil {
		s.byName[name], s.listed = e, nil
		return
	}
	where := whereIs(other)
	r.add(at.report(CodeDuplicateName,
		text(fmt.Sprintf("“%s”已经有了: %s", name, where.ZH), fmt.Sprintf("“%s” is taken: %s", name, where.EN)),
		text("换一个名称", "take another name")))
}

// whereIs says under which key and on which line an entry is declared.
func whereIs(e *entry) engine.Text {
	if e.key.absent() {
		return text("内置名称", "built in")
	}
	p := e.key.place()
	return text(fmt.Sprintf("%s, 第 %d 行", e.under, p.line), fmt.Sprintf("%s, line %d", e.under, p.line))
}

var idForm = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// id reads the id of a named thing. Without one the name is the id.
func (r *packReader) id(m *mapping, name string) string {
	n := m.get("id")
	if n.absent() {
		return name
	}
	id := r.word(n)
	if id != "" && !idForm.MatchString(id) {
		r.add(n.report(CodeWrongType,
			text(fmt.Sprintf("id “%s”只能用小写英文字母、数字和 _, 以字母开头", clip(id)), fmt.Sprintf("the id “%s” may hold small letters, digits and _ only, a letter first", clip(id))), engine.Text{}))
	}
	if id == "" {
		return name
	}
	return id
}

// symbol makes the symbol of a number.
func numberSymbol(id, name string, u unit.Unit) formula.Symbol {
	return formula.Symbol{ID: id, Name: name, Kind: formula.Number, Unit: u}
}

// builtIns are the names every pack knows without declaring them.
func builtIns() []*entry {
	year, _ := unit.Parse("1")
	return []*entry{
		{symbol: formula.Symbol{ID: "full_accounting_years", Name: "完整会计年度数", Kind: formula.Number, Unit: year}},
		{symbol: formula.Symbol{ID: "subject_type", Name: "机构类型", Kind: formula.Text, Nullable: true}},
		{symbol: formula.Symbol{ID: "opened", Name: "开业日期", Kind: formula.Date, Nullable: true}},
	}
}

// periodSymbols are the days of the period, known to every formula.
func periodSymbols() []*entry {
	return []*entry{
		{symbol: formula.Symbol{ID: "period_first_day", Name: "期初日", Kind: formula.Date}},
		{symbol: formula.Symbol{ID: "period_last_day", Name: "期末日", Kind: formula.Date}},
	}
}

// scope is the namespace a formula sees: the entries of some kinds.
type scope struct {
	space *namespace
	kinds []string // under which keys; empty means all
}

// Lookup finds a name a formula may use.
func (s scope) Lookup(name string) (formula.Symbol, bool) {
	e := s.space.find(name)
	if e == nil || e.hidden || !s.sees(e) {
		return formula.Symbol{}, false
	}
	return e.symbol, true
}

func (s scope) sees(e *entry) bool {
	return len(s.kinds) == 0 || e.under == "" || slices.Contains(s.kinds, e.under)
}

// Names lists what Lookup finds.
func (s scope) Names() []string {
	var out []string
	for name, e := range s.space.byName {
		if !e.hidden && s.sees(e) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}
