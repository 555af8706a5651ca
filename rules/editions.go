package rules

import (
	"path"
	"slices"
	"strings"

	"kaoping/engine"
)

// Edition is one edition of a pack as it lies in a library, with mistakes or
// without.
type Edition struct {
	Name      string      // if the files do not say: that of their folder
	Date      engine.Date // its first day; zero if the files do not say
	Effective engine.Effective
	Pack      *engine.Pack      // as it stands on its first day; nil if there are mistakes
	Errors    int               // in its files; 0 with a nil Pack: a file could not be read
	Files     map[string][]byte // by their names in the tree that was read
	Tests     map[string][]byte // likewise
	Changes   []engine.Date     // days on which a value changes inside it
}

// Editions lists all editions by name and first day, those with mistakes too.
func (l *Library) Editions() []Edition {
	var out []Edition
	for _, e := range l.editions {
		out = append(out, e.described())
	}
	for _, f := range l.broken {
		out = withBroken(out, f)
	}
	slices.SortStableFunc(out, func(a, b Edition) int {
		if c := strings.Compare(a.Name, b.Name); c != 0 {
			return c
		}
		return a.Date.Compare(b.Date)
	})
	return out
}

// withBroken adds a file that could not be read as YAML: to the edition that its
// first lines name, or as one of its own.
func withBroken(list []Edition, f *sourceFile) []Edition {
	h := headerOf(f)
	date, _ := engine.ParseDate(h.edition)
	name := h.pack
	if name == "" {
		name = path.Base(path.Dir(f.name))
	}
	i := slices.IndexFunc(list, func(e Edition) bool { return e.Name == name && e.Date == date })
	if i < 0 {
		i = len(list)
		list = append(list, Edition{Name: name, Date: date, Files: map[string][]byte{}, Tests: map[string][]byte{}})
	}
	if isTest(f.name) {
		list[i].Tests[f.name] = f.data
	} else {
		list[i].Files[f.name], list[i].Pack = f.data, nil
	}
	return list
}

func (e *edition) described() Edition {
	d := Edition{Name: e.name, Date: e.date, Effective: e.effective, Errors: e.errors, Files: map[string][]byte{}, Tests: map[string][]byte{}}
	for _, f := range e.files {
		d.Files[f.name] = f.data
	}
	for _, f := range e.tests {
		d.Tests[f.name] = f.data
	}
	if d.Name == "" {
		d.Name = path.Base(d.Folder())
	}
	if e.usable() {
		d.Pack = e.packs[0].pack
		for _, p := range e.packs[1:] {
			d.Changes = append(d.Changes, p.from)
		}
	}
	return d
}

// Folder is the folder of the tree that holds the edition's files.
func (e *Edition) Folder() string {
	for _, files := range []map[string][]byte{e.Files, e.Tests} {
		for name := range files {
			return path.Dir(name)
		}
	}
	return "."
}
