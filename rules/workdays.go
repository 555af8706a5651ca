package rules

import (
	"io/fs"
	"strings"

	"gopkg.in/yaml.v3"

	"kaoping/engine"
	"kaoping/engine/calendar"
)

// Calendar reads a calendar of working days by its name, from the folder calendars
// beside the packs or else from those that ship with the program. It is nil if
// there is none without mistakes; the diagnostics then say why, unless there is no
// such file at all.
func Calendar(fsys fs.FS, name string) (*calendar.Calendar, []Diagnostic) {
	if name == "" || strings.ContainsAny(name, `/\`) {
		return nil, nil
	}
	l := &loader{fsys: fsys}
	for _, ext := range []string{".yaml", ".yml"} {
		path := calendarFolder + "/" + name + ext
		if _, err := fs.Stat(fsys, path); err == nil {
			l.read(path)
		}
	}
	f := l.calendarFile(name)
	if f == nil {
		return nil, l.diags
	}
	r := newPackReader(&edition{calendar: f, files: []*sourceFile{f}}, l, engine.Date{})
	r.readCalendar(node{y: &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: name}, file: f})
	r.makeCalendar()
	found := append(l.diags, r.diagnostics()...)
	if HasErrors(found) {
		return nil, found
	}
	return r.pack.Calendar, found
}
