package diff

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// Stage is an edition half way between two: with these changes and those of the
// stages before it made.
type Stage struct {
	Changes []Change
	Files   map[string][]byte // as rules.LoadFiles reads them; it may have mistakes
}

// Stages takes the way from one edition to another in steps: those changes that
// can move scores, one rule after the other, in the order of Compare. The last
// stage is the later edition itself, with all that is left. changes are those of
// Compare.
func Stages(before, after Edition, changes []Change) []Stage {
	s := newStager(before, after)
	var out []Stage
	units := unitsOf(changes)
	for i, u := range units {
		if i == len(units)-1 {
			return append(out, Stage{u.changes, after.Files})
		}
		s.apply(u)
		out = append(out, Stage{u.changes, s.files()})
	}
	return out
}

// unit is what is changed in one step: a named rule, or a whole part.
type changedUnit struct {
	top     string
	item    string // id or name of a line of the scorecard; empty if something else is changed
	name    string // of a named entry; empty if the whole part is replaced
	old     string // its name before, if it had another
	changes []Change
}

// unitsOf groups the changes that can move results by the rule they change.
// Lines of the scorecard that come, go or move are one step at the end: their
// sections are replaced.
func unitsOf(changes []Change) []changedUnit {
	var units []changedUnit
	var structure *changedUnit
	for _, x := range changes {
		if x.Effect != Scores && x.Effect != Findings || x.Part == PartFollows {
			continue
		}
		u := unitOf(x)
		if u.top == "sections" && u.item == "" {
			if structure == nil {
				structure = &u
			}
			structure.changes = append(structure.changes, x)
			continue
		}
		if n := len(units); n > 0 && units[n-1].top == u.top && units[n-1].item == u.item && units[n-1].name == u.name {
			units[n-1].changes = append(units[n-1].changes, x)
			continue
		}
		u.changes = []Change{x}
		units = append(units, u)
	}
	if structure != nil {
		units = append(units, *structure)
	}
	return units
}

// namedTops hold their entries under names.
var namedTops = []string{"attributes", "registers", "feeds", "statistics", "parameters", "benchmarks", "metrics", "scales"}

func unitOf(x Change) changedUnit {
	u := changedUnit{top: x.top}
	whole := x.Path == ""
	switch {
	case x.top == "sections" && (x.Action == Changed || !whole):
		u.item = x.Owner.ID
		if u.item == "" {
			u.item = x.Owner.Name
		}
	case slices.Contains(namedTops, x.top):
		u.name = x.Owner.Name
		if whole && x.Action == Renamed {
			u.old = x.Before
		}
	}
	return u
}

// stager builds the editions in between.
type stager struct {
	from, to *tree
	calendar map[string][]byte
	after    Edition
}

func newStager(before, after Edition) *stager {
	s := &stager{from: readTree(before.Files, packFile), to: readTree(after.Files, packFile), calendar: map[string][]byte{}, after: after}
	for name, data := range before.Files {
		if isCalendar(name) {
			s.calendar[name] = data
		}
	}
	// What rules lean on must be there at every stage.
	for _, top := range []string{"assumptions", "sources"} {
		old, now := valueOf(s.from.root, top), valueOf(s.to.root, top)
		switch {
		case old == nil && now != nil:
			setValue(s.from.root, top, now)
		case old != nil && now != nil:
			for _, key := range keysOf(now) {
				setValue(old, key, valueOf(now, key))
			}
		}
	}
	return s
}

// setValue puts a value under a key of a mapping; nil takes the key away.
func setValue(n *yaml.Node, key string, value *yaml.Node) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value != key {
			continue
		}
		if value == nil {
			n.Content = slices.Delete(n.Content, i, i+2)
			return
		}
		n.Content[i+1] = value
		return
	}
	if value != nil {
		n.Content = append(n.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: key}, value)
	}
}

// apply makes the changes of a unit.
func (s *stager) apply(u changedUnit) {
	now := valueOf(s.to.root, u.top)
	switch {
	case u.top == "" || u.top == "years" || u.top == "utc_offset": // of the calendar
		s.calendar = map[string][]byte{}
		for name, data := range s.after.Files {
			if isCalendar(name) {
				s.calendar[name] = data
			}
		}
	case u.item != "":
		s.applyItem(u.item)
	case u.name != "" && valueOf(s.from.root, u.top) != nil:
		old := valueOf(s.from.root, u.top)
		if u.old != "" {
			setValue(old, u.old, nil)
		}
		setValue(old, u.name, valueOf(now, u.name))
	default:
		setValue(s.from.root, u.top, now)
	}
}

// applyItem gives a line of the scorecard what it says itself in the later
// edition; the lines below it stay.
func (s *stager) applyItem(id string) {
	old, now := s.itemIn(s.from, id), s.itemIn(s.to, id)
	if old == nil || now == nil {
		setValue(s.from.root, "sections", valueOf(s.to.root, "sections"))
		return
	}
	for _, key := range merged(keysOf(old.node), keysOf(now.node)) {
		if !slices.Contains(itemLists, key) {
			setValue(old.node, key, valueOf(now.node, key))
		}
	}
}

func (s *stager) itemIn(t *tree, id string) *cardItem {
	for _, it := range cardItems(valueOf(t.root, "sections"), nil) {
		if it.id == id || it.id == "" && it.name == id {
			return it
		}
	}
	return nil
}

// files writes the edition as it stands now.
func (s *stager) files() map[string][]byte {
	out := map[string][]byte{}
	for name, data := range s.calendar {
		out[name] = data
	}
	var b strings.Builder
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if e.Encode(s.from.root) == nil && e.Close() == nil {
		out["edition.yaml"] = []byte(b.String())
	}
	return out
}
