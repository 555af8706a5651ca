package rules

import (
	"regexp"
	"slices"
	"strings"

	"kaoping/engine"
	"kaoping/engine/calendar"
	"kaoping/engine/formula"
)

// packReader reads the files of one edition into an engine.Pack. Reading goes
// in two steps: first everything is declared, then the formulas are checked,
// when all names are known.
type packReader struct {
	bag
	edition *edition
	loader  *loader
	pack    *engine.Pack
	asOf    engine.Date   // dated values are taken as of this day; zero means the first
	days    []engine.Date // on which dated values change

	names     *namespace // statistics, metrics, benchmarks, attributes
	registers *namespace
	feeds     *namespace
	items     *namespace
	scales    map[string]*scaleDraft
	fields    map[string]*namespace // of each register, by its id

	keys          map[string]node // top-level keys seen, to find those in two files
	sections      []*itemDraft
	totalDraft    *itemDraft // nil without total
	formulas      []func()   // checked when all names are known
	finish        []func()   // run after that
	formulaByID   map[string]*formula.Expr
	quotes        []quoteRef
	uses          []assumptionUse
	assumptions   map[string]node // key of each
	noUnit        map[string]bool // ids whose unit could not be read: nothing is said about units they bring in
	unsure        map[string]bool // top-level keys that are misspelt or of the wrong shape: nothing is said about what refers to them
	defaults      defaults
	statusAt      node
	effectiveAt   place
	packAt        node
	conditions    []readCondition
	merges        []node // periods of merges in official results
	sources       map[string]sourceRef
	recordRules   *namespace // cross-checks, time limits, red flags, samples, penalties
	calendarAt    node
	calendarYears []calendar.Year
	office        []calendar.Span
	located       int // quotes not found in their source so far
}

// defaults holds policies for indicators that do not say.
type defaults struct {
	missing, zero *engine.Policy
}

// quoteRef is a quote to be looked up in its source.
type quoteRef struct {
	at   node
	cite string
}

// assumptionUse is a place that leans on an assumption.
type assumptionUse struct {
	id string
	at place
}

func newPackReader(e *edition, l *loader, asOf engine.Date) *packReader {
	r := &packReader{
		edition: e, loader: l, asOf: asOf,
		pack:  &engine.Pack{Hash: hash(e.contents()), Rounding: engine.RoundingRules{Metrics: engine.Rounding{Decimals: shownDecimals}}},
		names: newNamespace(), registers: newNamespace(), feeds: newNamespace(), items: newNamespace(), recordRules: newNamespace(),
		scales: map[string]*scaleDraft{}, fields: map[string]*namespace{},
		keys: map[string]node{}, assumptions: map[string]node{}, noUnit: map[string]bool{}, unsure: map[string]bool{}, sources: map[string]sourceRef{},
	}
	for _, e := range append(builtIns(), periodSymbols()...) {
		r.declare(r.names, e, node{})
	}
	return r
}

// read reads all files and runs all checks.
func (r *packReader) read() {
	r.readFiles()
	r.complete()
	for _, check := range r.formulas {
		check()
	}
	for _, f := range r.finish {
		f()
	}
	r.wordCases()
	for _, check := range packChecks {
		check(r)
	}
}

// needNames are the codes that a missing file of the edition can cause.
var needNames = []string{
	CodeUnknownName, CodeUnknownReference, CodeUnknownAssumed, CodeUnusedAssumed, CodeMissingKey, CodePoints, CodeUntested, CodeFormula, CodeEditionDates,
}

// diagnostics returns what was found. Of an edition with an unreadable file,
// complaints about what may stand in that file are left out.
func (r *packReader) diagnostics() []Diagnostic {
	r.dropUntested()
	if !r.edition.incomplete {
		return r.diags
	}
	return slices.DeleteFunc(r.diags, func(d Diagnostic) bool { return slices.Contains(needNames, d.Code) })
}

// dropUntested drops complaints that no test looks at a name which is itself
// wrong.
func (r *packReader) dropUntested() {
	type where struct {
		file         string
		line, column int
	}
	wrong := map[where]bool{}
	for _, d := range r.diags {
		if d.Level == LevelError {
			wrong[where{d.File, d.Line, d.Column}] = true
		}
	}
	r.diags = slices.DeleteFunc(r.diags, func(d Diagnostic) bool {
		return d.Code == CodeUntested && d.Line > 0 && wrong[where{d.File, d.Line, d.Column}]
	})
}

// laterDays returns the days on which dated values change, after the first.
func (r *packReader) laterDays() []engine.Date {
	slices.SortFunc(r.days, engine.Date.Compare)
	r.days = slices.Compact(r.days)
	if len(r.days) > maxDatedDays {
		r.tooMany(r.packAt, maxDatedDays, text("变动日", "days on which values change"))
		r.days = r.days[:maxDatedDays]
	}
	return slices.DeleteFunc(slices.Clone(r.days), func(d engine.Date) bool { return d.Compare(r.pack.Effective.From) <= 0 })
}

// law reads where a rule comes from.
func (r *packReader) law(m *mapping, at node) engine.Law {
	law := engine.Law{Cite: r.freeText(m.get("cite")), Quote: r.quote(m)}
	m.word("note") // for people only
	if p := at.place(); p.file != nil {
		law.File, law.Line = p.file.name, p.line
	}
	law.Assumption = r.assumption(m)
	return law
}

func (r *packReader) quote(m *mapping) string {
	n := m.get("quote")
	q := r.word(n)
	if q != "" {
		r.quotes = append(r.quotes, quoteRef{at: n, cite: m.node.cite})
	}
	return q
}

// assumption reads the ids of the assumptions a rule leans on, joined by commas.
func (r *packReader) assumption(m *mapping) string {
	n := m.get("assumption")
	if n.absent() {
		return ""
	}
	if n.isScalar() {
		return r.assumed(n.place(), r.word(n))
	}
	all := ""
	for _, c := range r.list(n, text("假设的编号, 例如 A1", "the id of an assumption, for example A1")) {
		all = join(all, r.assumed(c.place(), r.word(c)))
	}
	return all
}

var assumptionID = regexp.MustCompile(`[^\s,、，]+`)

// assumed notes the ids in a text as used.
func (r *packReader) assumed(at place, ids string) string {
	all := ""
	for _, id := range assumptionID.FindAllString(ids, -1) {
		r.uses = append(r.uses, assumptionUse{id, at})
		all = join(all, id)
	}
	return all
}

func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + ", " + b
}

var mentioned = regexp.MustCompile(`\bA\d+\b`)

// remarked returns the assumptions named in the comment at the end of a line:
// "if_denominator_zero: leave out   # A6".
func remarked(n node) string {
	if n.absent() {
		return ""
	}
	all := ""
	for _, id := range mentioned.FindAllString(n.file.comments[n.place().line], -1) {
		all = join(all, id)
	}
	return all
}

// formulaAt asks for a formula to be checked once all names are known. use gets
// the result; it is not called if there are mistakes.
func (r *packReader) formulaAt(n node, sc func() formula.Scope, opt formula.Options, use func(*formula.Expr)) {
	if n.absent() {
		return
	}
	if strings.TrimSpace(n.value()) == "" {
		r.wrongType(n, text("一个公式", "a formula"), text("公式里有“: ”或以 [ { 开头时放进英文引号", "quote a formula that holds “: ” or begins with [ or {"))
		return
	}
	r.formulas = append(r.formulas, func() {
		s := &watchedScope{Scope: sc(), bag: &r.bag, unsure: r.noUnit}
		e, problems := formula.Check(n.y.Value, s, opt)
		for _, p := range problems {
			if p.Code != CodeUnit || !s.touched {
				r.problem(n, p, s.Scope)
			}
		}
		if e != nil && e.UsesCalendar() {
			r.needCalendar(n)
		}
		if len(problems) == 0 && e != nil && !s.touched {
			use(e)
		}
	})
}

// watchedScope notices when a formula uses a name whose unit is not known.
type watchedScope struct {
	formula.Scope
	bag     *bag
	unsure  map[string]bool
	touched bool
}

// Lookup finds a name.
func (w *watchedScope) Lookup(name string) (formula.Symbol, bool) {
	s, ok := w.Scope.Lookup(name)
	w.touched = w.touched || ok && w.unsure[s.ID]
	return s, ok
}

// Names lists the names that may be suggested, as long as there is something
// left of what may be compared.
func (w *watchedScope) Names() []string {
	if w.bag.spent() {
		return nil
	}
	names := slices.DeleteFunc(w.Scope.Names(), func(name string) bool { return len(name) > 4*longestSuggested })
	w.bag.compared += len(names)
	return names
}
