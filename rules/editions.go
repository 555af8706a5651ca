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
	Name      string
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
	slices.SortStableFunc(out, func(a, b Edition) int {
		if c := strings.Compare(a.Name, b.Name); c != 0 {
			return c
		}
		return a.Date.Compare(b.Date)
	})
	return out
}

func (e *edition) described() Edition {
	d := Edition{Name: e.name, Date: e.date, Effective: e.effective, Errors: e.errors, Files: map[string][]byte{}, Tests: map[string][]byte{}}
	for _, f := range e.files {
		d.Files[f.name] = f.data
	}
	for _, f := range e.tests {
		d.Tests[f.name] = f.data
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
	for name := range e.Files {
		return path.Dir(name)
	}
	return "."
}
