package ingest

import (
	"maps"
	"slices"
	"strings"

	"kaoping/engine"
)

// directory finds subjects by code, name or short name.
type directory struct {
	known  func(string) bool
	byCode map[string][]engine.Subject // versions
	byName map[string][]string         // folded name → codes
	noted  map[string]bool             // names the report has spoken of
	words  []string                    // codes and names, for suggestions
	codeOf map[string]string           // of each word
	nears  map[string]string           // suggestions made
}

func newDirectory(opt Options) *directory {
	d := &directory{
		known:  opt.Known,
		byCode: map[string][]engine.Subject{},
		byName: map[string][]string{},
		noted:  map[string]bool{},
	}
	for _, s := range opt.Subjects {
		d.add(s)
	}
	return d
}

func (d *directory) add(s engine.Subject) {
	d.byCode[s.Code] = append(d.byCode[s.Code], s)
	for _, name := range []string{s.Name, s.ShortName} {
		if key := fold(name); key != "" && !slices.Contains(d.byName[key], s.Code) {
			d.byName[key] = append(d.byName[key], s.Code)
		}
	}
}

// checks reports whether there is anything to check codes against.
func (d *directory) checks() bool { return d.known != nil || len(d.byCode) > 0 }

// has reports whether there is a subject with the code.
func (d *directory) has(code string) bool {
	return d.known != nil && d.known(code) || len(d.byCode[code]) > 0
}

// inForce returns the version of a subject that holds on a day.
func (d *directory) inForce(code string, day engine.Date) (engine.Subject, bool) {
	var best engine.Subject
	found := false
	for _, s := range d.byCode[code] {
		if s.ValidFrom.IsZero() || s.ValidFrom.Compare(day) <= 0 {
			if !found || best.ValidFrom.IsZero() || !s.ValidFrom.IsZero() && s.ValidFrom.Compare(best.ValidFrom) >= 0 {
				best, found = s, true
			}
		}
	}
	return best, found
}

// maxSuggestions is for how many unknown codes a near one is looked for. Where
// more are unknown it is the wrong file, and looking would take long.
const maxSuggestions = 100

// near suggests a code for a word that is none.
func (d *directory) near(word string) string {
	if d.nears == nil {
		d.collect()
	}
	near, known := d.nears[word]
	if !known && len(d.nears) < maxSuggestions {
		near = d.codeOf[nearest(word, d.words)]
		d.nears[word] = near
	}
	return near
}

// collect lists the words that suggestions are made of.
func (d *directory) collect() {
	d.nears, d.codeOf = map[string]string{}, map[string]string{}
	for _, code := range slices.Sorted(maps.Keys(d.byCode)) {
		d.codeOf[code] = code
		for _, s := range d.byCode[code] {
			for _, name := range []string{s.Name, s.ShortName} {
				if name != "" {
					d.codeOf[name] = code + " " + s.Name
				}
			}
		}
	}
	d.words = slices.Sorted(maps.Keys(d.codeOf))
}

// subject reads a cell that names a subject and returns its code.
func (l *load) subject(c *column) (string, bool) {
	s, ok := l.filled(c)
	if !ok {
		return "", false
	}
	d := l.directory
	if !d.checks() || d.has(s) {
		return s, true
	}
	switch codes := d.byName[fold(s)]; len(codes) {
	case 0:
	case 1:
		if !d.noted[s] {
			d.noted[s] = true
			l.note(c.at, s, matchedByName(codes[0]))
		}
		return codes[0], true
	default:
		l.fault(c.at, s, severalSubjects(codes))
		return "", false
	}
	if slices.Contains(totals, fold(s)) {
		l.fault(c.at, s, totalRow())
		return "", false
	}
	l.fault(c.at, s, unknownSubject(d.near(s)))
	return "", false
}

// totals are words for a row that adds up the others.
var totals = []string{"合计", "总计", "小计", "全行业", "行业合计", "total", "totals", "sum"}

// peerGroup finds a peer group by id or title.
func (l *load) peerGroup(c *column) (string, bool) {
	s, ok := l.filled(c)
	if !ok {
		return "", false
	}
	var words []string
	for _, g := range l.pack.PeerGroups {
		for _, word := range []string{g.ID, g.Title.ZH, g.Title.EN} {
			if word != "" && fold(word) == fold(s) {
				return g.ID, true
			}
			if word != "" && !slices.Contains(words, word) {
				words = append(words, word)
			}
		}
	}
	l.fault(c.at, s, unknownPeerGroup(words, nearest(s, words)))
	return "", false
}

// groupWords are the titles of the peer groups.
func groupWords(p *engine.Pack) []string {
	var words []string
	for _, g := range p.PeerGroups {
		word := g.Title.ZH
		if word == "" {
			word = g.ID
		}
		words = append(words, word)
	}
	return words
}

// period reads the period of the current row; c is nil or absent if the file
// has no such column.
func (l *load) period(c *column) (engine.Period, bool) {
	if !c.there() {
		return l.opt.Period, true
	}
	s, ok := l.filled(c)
	if !ok {
		return engine.Period{}, false
	}
	if l.row.kind(c.at) == dateCell {
		s = strings.TrimSuffix(timeOfDay.ReplaceAllString(s, ""), "-01") // 2025-06 was made a day
	}
	p, ok := parsePeriod(s)
	switch {
	case !ok:
		l.fault(c.at, s, notPeriod())
	case !l.opt.Period.IsZero() && p != l.opt.Period:
		l.fault(c.at, s, otherPeriod(l.opt.Period))
		ok = false
	}
	return p, ok
}

// checkPeriods warns of periods the pack does not assess.
func (l *load) checkPeriods(c *column, seen map[engine.Period]int) {
	var kinds []string
	for _, k := range l.pack.Periods {
		kinds = append(kinds, k.ID)
	}
	for p, row := range seen {
		usual := len(kinds) == 0 || slices.ContainsFunc(l.pack.Periods, func(k engine.PeriodKind) bool { return k.Matches(p) })
		if !usual {
			l.add(row, l.at(c, row), p.String(), unusualPeriod(p, kinds), true)
		}
	}
}
