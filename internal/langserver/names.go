package langserver

import (
	"slices"
	"strings"

	"kaoping/rules"
)

// names are the names of the edition an open file belongs to.
type names struct {
	*rules.Index
	folder *folder
	stale  []string // files whose text cannot be read now: their last good one was
}

// namesCache keeps the names until something changes.
type namesCache struct {
	changes int
	uri     string
	names   *names
}

// namesFor reads the names of the file's edition: of its own files and its tests.
// A file that cannot be read at the moment counts as it last could be.
func (s *server) namesFor(d *document) *names {
	if c := s.names; c != nil && c.changes == s.changes && c.uri == d.uri {
		return c.names
	}
	n := &names{folder: s.around(d)}
	files := map[string][]byte{}
	own := n.folder.name(d.path)
	pack, edition := rules.EditionOf(own, []byte(d.text))
	for name, data := range n.folder.files {
		if p, e := rules.EditionOf(name, data); name == own || p == pack && e == edition && p != "" {
			files[name] = data
		}
	}
	files[own] = []byte(d.text)
	for _, open := range s.documents {
		name := n.folder.name(open.path)
		if _, ours := files[name]; ours && open.text != open.good && open.good != "" {
			files[name] = []byte(open.good)
			n.stale = append(n.stale, name)
		}
	}
	n.Index = rules.IndexFiles(files)
	n.folder.files[own] = []byte(d.text)
	s.names = &namesCache{s.changes, d.uri, n}
	return n
}

// at returns the mention at a place of a file.
func (n *names) at(d *document, p position) (rules.Mention, bool) {
	file := n.folder.name(d.path)
	if slices.Contains(n.stale, file) {
		return rules.Mention{}, false
	}
	column := characters(lineAt(d.lines, p.Line), p.Character) + 1
	var found rules.Mention
	ok := false
	for _, m := range n.Mentions {
		if !m.At.Holds(file, p.Line+1, column) {
			continue
		}
		if !ok || column < m.At.Column+m.At.Width && column >= found.At.Column+found.At.Width {
			found, ok = m, true // of two that touch, the one that begins here
		}
	}
	return found, ok
}

// joined returns all declarations that have to keep the same name as those given:
// an indicator and the metric it is scored by without saying so.
func (n *names) joined(of []int) []int {
	all := slices.Clone(of)
	for i := 0; i < len(all); i++ {
		d := n.Declarations[all[i]]
		for _, m := range n.Mentions {
			if m.Declares && m.Text == d.Name && (m.At == d.At || slices.Contains(m.Of, all[i])) {
				for _, other := range append(slices.Clone(m.Of), n.declaredAt(m.At)...) {
					if !slices.Contains(all, other) && n.Declarations[other].Name == d.Name {
						all = append(all, other)
					}
				}
			}
		}
	}
	return all
}

// declaredAt returns the declarations whose name stands at a place.
func (n *names) declaredAt(at rules.Span) []int {
	var out []int
	for i, d := range n.Declarations {
		if d.At == at {
			out = append(out, i)
		}
	}
	return out
}

// mentionsOf returns every place that names one of the declarations, once each.
func (n *names) mentionsOf(of []int) []rules.Mention {
	var out []rules.Mention
	seen := map[rules.Span]bool{}
	for _, m := range n.Mentions {
		if !seen[m.At] && slices.ContainsFunc(m.Of, func(i int) bool { return slices.Contains(of, i) }) {
			seen[m.At] = true
			out = append(out, m)
		}
	}
	return out
}

// called returns the declarations of a name, for places that only a word is known
// of.
func (n *names) called(name string) []rules.Declaration {
	var out []rules.Declaration
	for _, d := range n.Declarations {
		if d.Called(name) {
			out = append(out, d)
		}
	}
	return out
}

// ownerAt returns whose fields a formula on a line of a file sees: the register,
// or the deduction with cases of its own.
func (n *names) ownerAt(file string, line int) string {
	var nearest rules.Declaration
	for _, d := range n.Declarations {
		if d.At.File == file && d.At.Line <= line && d.At.Line >= nearest.At.Line && d.Space != "fields" {
			nearest = d
		}
	}
	for _, key := range []string{"register", "count", "sum", "last"} {
		if v := nearest.Detail(key); v != "" {
			register, _, _ := strings.Cut(v, ".")
			return strings.TrimSpace(register)
		}
	}
	return nearest.Name
}

// seenFrom tells the fields of a register, however that is called.
func (n *names) seenFrom(owner string) func(field rules.Declaration) bool {
	called := map[string]bool{owner: true}
	for _, d := range n.Declarations {
		if d.Space == "registers" && d.Called(owner) {
			called[d.Name], called[d.ID] = true, true
		}
	}
	return func(field rules.Declaration) bool { return called[field.Owner] && field.Owner != "" }
}
