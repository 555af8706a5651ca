package rules

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"kaoping/engine"
)

// topKey reads one key of the top level. A key that may stand in one file of an
// edition only is single; the others add up over the files.
type topKey struct {
	name   string
	single bool
	read   func(r *packReader, n node)
}

// topKeys lists the top level of the language, in the order in which it is
// read: what others need comes first.
var topKeys []topKey

func init() {
	topKeys = []topKey{
		{"title", true, func(r *packReader, n node) { r.pack.Title = r.title(n) }},
		{"regulator", true, func(r *packReader, n node) { r.pack.Regulator = r.word(n) }},
		{"status", true, (*packReader).status},
		{"effective", true, (*packReader).effective},
		{"assumptions", false, (*packReader).readAssumptions},
		{"sources", false, (*packReader).readSources},
		{"periods", true, (*packReader).periods},
		{"calendar", true, (*packReader).readCalendar},
		{"office_hours", true, (*packReader).readOfficeHours},
		{"peer_groups", true, (*packReader).peerGroups},
		{"attributes", false, (*packReader).attributes},
		{"registers", false, (*packReader).readRegisters},
		{"time_limits", false, (*packReader).readTimeLimits},
		{"red_flags", false, (*packReader).readRedFlags},
		{"samples", false, (*packReader).readSamples},
		{"persons", true, (*packReader).readPersons},
		{"penalties", false, (*packReader).readPenalties},
		{"statistics", false, (*packReader).statistics},
		{"feeds", false, (*packReader).readFeeds},
		{"assessed", true, (*packReader).assessed},
		{"parameters", false, (*packReader).parameters},
		{"benchmarks", false, (*packReader).benchmarks},
		{"metrics", false, (*packReader).metrics},
		{"cross_checks", false, (*packReader).readCrossChecks},
		{"rounding", true, (*packReader).rounding},
		{"defaults", true, (*packReader).readDefaults},
		{"scales", false, (*packReader).readScales},
		{"total", true, (*packReader).total},
		{"sections", false, (*packReader).readSections},
		{"ranking", true, (*packReader).readRanking},
		{"ratings", true, (*packReader).readRatings},
		{"then", true, (*packReader).readThen},
		{"consequences", false, (*packReader).readConsequences},
		{"official_results", false, (*packReader).officialResults},
		{"remarks", false, func(r *packReader, n node) { r.pack.Remarks = append(r.pack.Remarks, r.titles(n)...) }},
	}
}

// readFiles reads the top level of all files of the edition.
func (r *packReader) readFiles() {
	var tops []*mapping
	for _, f := range r.edition.files {
		m := r.mapping(node{y: f.root, file: f}, text("规则文件", "a rule file"))
		r.header(m)
		tops = append(tops, m)
	}
	for _, m := range tops {
		r.noteMisspelt(m)
	}
	for _, k := range topKeys {
		for _, m := range tops {
			if n := m.get(k.name); !n.absent() && r.firstUse(k, m) {
				if !k.shaped(n) {
					r.unsure[k.name] = true
				}
				k.read(r, n)
			}
		}
	}
	for _, m := range tops {
		m.done()
	}
}

// shaped reports whether n is what the key holds: names with values, a list, or
// anything.
func (k topKey) shaped(n node) bool {
	switch k.name {
	case "peer_groups", "attributes", "registers", "statistics", "feeds", "parameters", "benchmarks", "metrics", "scales", "assumptions", "sources", "total", "ranking", "periods":
		return n.isMap()
	case "sections", "cross_checks", "time_limits", "red_flags", "samples", "penalties":
		return n.isList()
	}
	return true
}

// noteMisspelt remembers which keys are probably there under a wrong name.
func (r *packReader) noteMisspelt(m *mapping) {
	names := []string{"pack", "edition"}
	for _, k := range topKeys {
		names = append(names, k.name)
	}
	for _, p := range m.pairs {
		if slices.Contains(names, p.name) {
			continue
		}
		name, _, _ := strings.Cut(strings.ReplaceAll(p.name, "：", ":"), ":")
		if !slices.Contains(names, name) {
			name = r.nearest(p.name, names)
		}
		r.unsure[name] = true
	}
	delete(r.unsure, "")
}

// firstUse reports a single key that stands in a second file.
func (r *packReader) firstUse(k topKey, m *mapping) bool {
	key := m.keyNode(k.name)
	other, seen := r.keys[k.name]
	if !seen {
		r.keys[k.name] = key
		return true
	}
	if !k.single {
		return true
	}
	p := other.place()
	r.add(key.report(CodeDuplicateKey,
		text(fmt.Sprintf("“%s”已经写在 %s 第 %d 行", k.name, p.file.name, p.line), fmt.Sprintf("“%s” is already in %s, line %d", k.name, p.file.name, p.line)),
		text("同一版本的各文件只写一次", "the files of one edition say it once")))
	return false
}

var packName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)

// header reads what joins the files of an edition.
func (r *packReader) header(m *mapping) {
	name := m.need("pack", text("规则包的名称", "the name of the pack"))
	r.pack.Name = r.word(name)
	if r.pack.Name != "" && !packName.MatchString(r.pack.Name) {
		r.add(name.report(CodeWrongType, text("规则包的名称只能用小写英文字母、数字和 -", "the name of a pack holds small letters, digits and - only"),
			text("例如 cn-shanghai-complaint-handling", "for example cn-shanghai-complaint-handling")))
	}
	r.packAt = name
	edition := m.need("edition", text("版本的第一天", "the first day of the edition"))
	if d, ok := r.date(edition); ok {
		r.pack.Edition = d
	}
	if r.effectiveAt.file == nil {
		r.effectiveAt = edition.place()
	}
}

func (r *packReader) status(n node) {
	r.statusAt = n
	r.pack.Status = r.choice(n, "draft", "trial", "in force")
}

// Phrases of applies_when.
const (
	byLastDay  = "the last day of the period falls in this range"
	byFirstDay = "the first day of the period falls in this range"
)

func (r *packReader) effective(n node) {
	m := r.mapping(n, text("有效期", "the dates"))
	e := &r.pack.Effective
	from := m.need("from", text("第一天", "the first day"))
	e.From, _ = r.date(from)
	e.Until, _ = r.date(m.get("until"))
	when := m.get("applies_when")
	e.ByFirstDay = r.choice(when, byLastDay, byFirstDay) == byFirstDay
	e.Law = r.law(m, r.keys["effective"])
	if e.Assumption == "" {
		e.Assumption = remarked(when)
	}
	m.done()
	if !from.absent() {
		r.effectiveAt = from.place()
	}
	if !e.Until.IsZero() && e.Until.Compare(e.From) < 0 {
		r.add(m.get("until").report(CodeEditionDates,
			text("有效期的最后一天早于第一天 "+e.From.String(), "the last day is before the first, "+e.From.String()), engine.Text{}))
	}
}

// named is one "name: …" of a mapping whose keys are names.
type named struct {
	name  string
	key   node
	value node
}

// entries reads a mapping whose keys are names that the pack gives.
func (r *packReader) entries(n node, want engine.Text) []named {
	m := r.mapping(n, want)
	var out []named
	for i := range m.pairs {
		p := &m.pairs[i]
		if m.reportColon(*p) {
			continue
		}
		key := p.key
		if p.value.isMap() {
			if cite := rawValue(p.value.y, "cite"); cite != "" {
				key.cite = cite
			}
		}
		out = append(out, named{p.name, key, p.value})
	}
	return out
}

// open reads the value of a named entry as a mapping.
func (r *packReader) open(e named, want engine.Text) *mapping {
	m := r.mapping(e.value, want)
	m.owner = e.key
	return m
}

// readDefaults reads the policies of indicators that do not say.
func (r *packReader) readDefaults(n node) {
	m := r.mapping(n, text("默认办法", "the defaults"))
	if p, ok := r.policy(m.get("if_missing")); ok {
		r.defaults.missing = &p
	}
	if p, ok := r.policy(m.get("if_denominator_zero")); ok {
		r.defaults.zero = &p
	}
	m.done()
}

// complete fills in what a pack may leave unsaid and reports what it may not.
func (r *packReader) complete() {
	r.makeCalendar()
	r.needTop("title", text("标题", "the title"))
	r.needTop("status", text("draft, trial 或 in force", "draft, trial or in force"))
	r.needTop("periods", text("考评哪些期间", "which periods are assessed"))
	r.needTop("peer_groups", text("同业组", "who is compared with whom"))
	if _, ok := r.keys["effective"]; !ok {
		r.pack.Effective.From = r.pack.Edition
	}
	r.unusedScales()
	if len(r.pack.Feeds) == 0 {
		r.defaultFeed()
	}
	if _, ok := r.keys["ranking"]; !ok && !r.onlyFinds() {
		r.defaultRanking()
	}
}

// needTop reports a top-level key that no file of the edition has.
func (r *packReader) needTop(name string, what engine.Text) {
	if _, ok := r.keys[name]; ok || r.unsure[name] {
		return
	}
	f := r.edition.files[0]
	r.add(node{y: f.root, file: f}.report(CodeMissingKey,
		text(fmt.Sprintf("缺少 %s (%s)", name, what.ZH), fmt.Sprintf("%s is missing (%s)", name, what.EN)),
		text(fmt.Sprintf("加一行 %s: …", name), fmt.Sprintf("add a line %s: …", name))))
}

// readDates reads the dates of an edition alone: other editions need them before
// it is read as a whole.
func (e *edition) readDates() {
	r := newPackReader(e, &loader{}, engine.Date{})
	for _, f := range e.files {
		m := r.mapping(node{y: f.root, file: f}, engine.Text{})
		r.header(m)
		if n := m.get("effective"); n.isMap() {
			r.effective(n)
		}
	}
	e.date, e.effective = r.pack.Edition, r.pack.Effective
	if e.effective.From.IsZero() {
		e.effective.From = e.date
	}
}

// onlyFinds reports whether the pack has no points and no metrics, only rules
// about records: there is nothing to rank.
func (r *packReader) onlyFinds() bool {
	rules := &r.pack.Records
	return r.pack.Total == nil && len(r.pack.Metrics) == 0 && len(rules.TimeLimits)+len(rules.RedFlags)+len(rules.Samples)+len(rules.Penalties) > 0
}
