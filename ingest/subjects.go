package ingest

import (
	"maps"

	"kaoping/engine"
	"kaoping/engine/formula"
)

// subjectLoad reads the list of those who are assessed.
type subjectLoad struct {
	*load
	code, name, short, group, kind, parent, opened, from *column
	attributes                                           []attributeColumn
	seen                                                 map[string]int // code and first day → index in the batch
}

type attributeColumn struct {
	*column
	engine.Attribute
}

// ReadSubjects reads the list of those who are assessed. The batch is nil if the
// file is refused; the report says why. The error is always nil.
func ReadSubjects(p *engine.Pack, src Source, opt Options) (*engine.Batch, *Report, error) {
	l := &subjectLoad{load: open(p, TargetSubjects, src, opt), seen: map[string]int{}}
	l.declare()
	for l.nextTable() {
		for l.next() {
			l.take()
		}
	}
	l.findParents()
	return l.result()
}

func (l *subjectLoad) declare() {
	l.code = l.want(required, "机构编码", "code", "subject")
	l.name = l.want(required, "机构名称", "name")
	l.short = l.want(optional, "简称", "short_name", "short name")
	groups := required
	if len(l.pack.PeerGroups) <= 1 {
		groups = optional
	}
	l.group = l.want(groups, "类别", "peer_group", "peer group")
	l.kind = l.want(optional, "机构类型", "type", "subject_type")
	l.parent = l.want(optional, "上级机构", "parent")
	l.opened = l.want(optional, "开业日期", "opened")
	l.from = l.want(optional, "生效日期", "valid_from", "valid from")
	l.opened.kind, l.from.kind = formula.Date, formula.Date
	l.group.options = groupWords(l.pack)
	attributes := append([]engine.Attribute{{ID: "full_accounting_years", Name: "完整会计年度数", Kind: formula.Number}}, l.pack.Attributes...)
	for _, a := range attributes {
		if a.Formula != nil {
			continue
		}
		c := l.want(optional, a.Name, a.ID)
		c.kind, c.options = a.Kind, a.Options
		if a.Kind == formula.Number {
			c.number(a.Unit)
		}
		l.attributes = append(l.attributes, attributeColumn{c, a})
	}
}

// take reads one row: all its cells, whatever is wrong with the first.
func (l *subjectLoad) take() {
	s := engine.Subject{ShortName: l.text(l.short), Type: l.text(l.kind), Origin: l.origin(nil)}
	s.Code, _ = l.filled(l.code)
	s.Name, _ = l.filled(l.name)
	if l.group.there() {
		s.PeerGroup, _ = l.peerGroup(l.group)
	} else if len(l.pack.PeerGroups) == 1 {
		s.PeerGroup = l.pack.PeerGroups[0].ID
	}
	s.Opened, _ = l.day(l.opened)
	s.ValidFrom, _ = l.day(l.from)
	s.Parent = l.text(l.parent)
	if s.Parent != "" && s.Parent == s.Code {
		l.fault(l.parent.at, s.Parent, ownParent())
	}
	for _, a := range l.attributes {
		if l.text(a.column) == "" {
			continue
		}
		if v, ok := l.value(a.column, a.Kind, a.Options, -1); ok {
			if s.Attributes == nil {
				s.Attributes = map[string]formula.Value{}
			}
			s.Attributes[a.ID] = v
		}
	}
	if !l.bad[l.row.line] {
		l.keep(s)
	}
}

// keep adds an entry; a subject may have one for each day from which it differs.
func (l *subjectLoad) keep(s engine.Subject) {
	key := s.Code + "\x00" + s.ValidFrom.String()
	i, again := l.seen[key]
	if !again {
		l.seen[key] = len(l.batch.Subjects)
		l.batch.Subjects = append(l.batch.Subjects, s)
		return
	}
	first := &l.batch.Subjects[i]
	if sameSubject(first, &s) {
		l.note(l.code.at, s.Code, repeatedRow(l.lineText(first.Origin.Row)))
		return
	}
	l.bad[first.Origin.Row] = true
	l.fault(l.code.at, s.Code, duplicateKey(say("机构编码", "code"), s.Code, l.lineText(first.Origin.Row), ""))
}

func sameSubject(a, b *engine.Subject) bool {
	return a.Name == b.Name && a.ShortName == b.ShortName && a.PeerGroup == b.PeerGroup && a.Type == b.Type &&
		a.Parent == b.Parent && a.Opened == b.Opened && maps.EqualFunc(a.Attributes, b.Attributes, sameValue)
}

func sameValue(a, b formula.Value) bool {
	return a.Null == b.Null && a.Bool == b.Bool && a.Text == b.Text && a.Num.Equal(b.Num)
}

// findParents turns parents into codes. A parent may stand below its unit, so
// this waits for the last row.
func (l *subjectLoad) findParents() {
	d := newDirectory(l.opt)
	for _, s := range l.batch.Subjects {
		d.add(s)
	}
	for i := range l.batch.Subjects {
		s := &l.batch.Subjects[i]
		if s.Parent == "" || d.has(s.Parent) {
			continue
		}
		if codes := d.byName[fold(s.Parent)]; len(codes) == 1 {
			s.Parent = codes[0]
			continue
		}
		l.bad[s.Origin.Row] = true
		l.add(s.Origin.Row, l.at(l.parent, s.Origin.Row), s.Parent, unknownSubject(d.near(s.Parent)), false)
	}
}
