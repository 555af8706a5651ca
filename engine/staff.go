package engine

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"kaoping/engine/formula"
)

// staff finds persons by their codes and along the reporting line as it stood on
// a day.
type staff struct {
	rules    *Persons
	set      *caseSet
	versions map[string][]int // rows of a code, first the earliest
	codes    []string
	absent   *formula.Column // nil if nobody is ever absent
	subjects map[string]Subject
}

// everything is a period that holds every day.
var everything = Period{First: Date{Year: 1, Month: 1, Day: 1}, Last: Date{Year: 9999, Month: 12, Day: 31}}

// people reads the staff register, once.
func (f *finder) people() (*staff, error) {
	if f.staff != nil {
		return f.staff, nil
	}
	rules := f.pack.Records.Persons
	if rules == nil {
		rules = &Persons{}
	}
	s := &staff{rules: rules, set: f.table.caseSet(rules.Register, everything), versions: map[string][]int{}, subjects: f.subjects}
	var err error
	if s.absent, err = s.set.eval(rules.Absent); err != nil {
		return nil, err
	}
	for row := range s.set.records {
		code := s.word(row, rules.Code)
		if s.versions[code] == nil {
			s.codes = append(s.codes, code)
		}
		s.versions[code] = append(s.versions[code], row)
	}
	for _, rows := range s.versions {
		slices.SortStableFunc(rows, func(a, b int) int {
			return cmp.Or(s.set.records[a].Date.Compare(s.set.records[b].Date), cmp.Compare(s.set.records[a].Key, s.set.records[b].Key))
		})
	}
	slices.Sort(s.codes)
	f.staff = s
	return s, nil
}

// word reads a text of a person; empty if there is none.
func (s *staff) word(row int, id string) string {
	if id == "" {
		return ""
	}
	c, err := s.set.column(id)
	if err != nil || c.At(row).Status != formula.OK || c.At(row).Null {
		return ""
	}
	return strings.TrimSpace(c.At(row).Text)
}

// on returns the row of a person that holds on a day: the one with the latest day
// not after it, unless it has ended.
func (s *staff) on(code string, day Date) (int, bool) {
	found := -1
	for _, row := range s.versions[code] {
		if s.set.records[row].Date.Compare(day) <= 0 {
			found = row
		}
	}
	if found < 0 || code == "" {
		return -1, false
	}
	if s.rules.Until != "" {
		c, err := s.set.column(s.rules.Until)
		if v := c; err == nil && v.At(found).Status == formula.OK && !v.At(found).Null && dayOf(v.At(found).Num).Compare(day) < 0 {
			return -1, false
		}
	}
	return found, true
}

// unit is where a person works.
func (s *staff) unit(row int) string {
	if s.rules.Unit == "" {
		return s.set.records[row].Subject
	}
	return s.word(row, s.rules.Unit)
}

// name writes a person: 王五(E05), or the code alone.
func (s *staff) name(row int) string {
	name, code := s.word(row, s.rules.Name), s.word(row, s.rules.Code)
	if name == "" {
		return code
	}
	return name + "(" + code + ")"
}

// target is who a measure falls on. Without a row nobody could be found, and gap
// says why.
type target struct {
	row   int
	found bool
	path  []Text // how the person was found
	gap   Text
}

// find looks up who stands in the relation to a case.
func (s *staff) find(w Relation, set *caseSet, row int) (target, error) {
	r := set.records[row]
	if w.Role != "" {
		return s.standIn(s.holder(w.Role, r), r.Date), nil
	}
	c, err := set.column(w.Field)
	if err != nil {
		return target{}, err
	}
	v := c.At(row)
	if v.Status != formula.OK || v.Null || strings.TrimSpace(v.Text) == "" {
		return target{gap: reasonRecord(r, []string{set.fieldName(w.Field)})}, nil
	}
	t := s.known(strings.TrimSpace(v.Text), r.Date)
	if t.found {
		t.path = []Text{{set.fieldName(w.Field) + " " + s.name(t.row), set.fieldName(w.Field) + " " + s.name(t.row)}}
	}
	for range w.Up {
		if t = s.leader(t, r.Date); !t.found {
			break
		}
	}
	return s.standIn(t, r.Date), nil
}

func (s *staff) known(code string, day Date) target {
	if row, ok := s.on(code, day); ok {
		return target{row: row, found: true}
	}
	return target{gap: Text{
		fmt.Sprintf("人员名册中没有 %s 在 %s 的记录", code, day),
		fmt.Sprintf("the staff register has nobody with the code %s on %s", code, day),
	}}
}

// leader goes one step up the reporting line as it stood on the day.
func (s *staff) leader(t target, day Date) target {
	if !t.found {
		return t
	}
	code := s.word(t.row, s.rules.Leader)
	if code == "" {
		name := s.name(t.row)
		return target{path: t.path, gap: Text{
			fmt.Sprintf("人员名册没有写明 %s 在 %s 的直接领导", name, day),
			fmt.Sprintf("the staff register names no leader of %s on %s", name, day),
		}}
	}
	up := s.known(code, day)
	up.path = t.path
	if up.found {
		up.path = append(slices.Clone(t.path), Text{"直接领导 " + s.name(up.row), "leader " + s.name(up.row)})
	}
	return up
}

// standIn hands a measure to the deputy of a person who is away on the day.
func (s *staff) standIn(t target, day Date) target {
	if !t.found || s.absent == nil {
		return t
	}
	v := s.absent.At(t.row)
	if v.Status == formula.OK && !v.Bool {
		return t
	}
	name := s.name(t.row)
	if v.Status != formula.OK {
		return target{path: t.path, gap: Text{
			fmt.Sprintf("不能判断 %s 在 %s 是否在岗", name, day), fmt.Sprintf("it cannot be told whether %s was there on %s", name, day),
		}}
	}
	deputy, ok := s.on(s.word(t.row, s.rules.Deputy), day)
	if !ok || s.absent.At(deputy).Status != formula.OK || s.absent.At(deputy).Bool {
		return target{path: t.path, gap: Text{
			fmt.Sprintf("%s 在 %s 不在岗,也没有在岗的代理人", name, day), fmt.Sprintf("%s was away on %s and nobody stood in", name, day),
		}}
	}
	path := append(slices.Clone(t.path), Text{"代理人 " + s.name(deputy), "deputy " + s.name(deputy)})
	return target{row: deputy, found: true, path: path}
}

// holder finds who has a role in the unit of a case, or else in the nearest unit
// above it. Two of them are one too many to choose from.
func (s *staff) holder(role string, r *Record) target {
	seen := map[string]bool{}
	for code := r.Subject; !seen[code]; code = s.subjects[code].Parent {
		seen[code] = true
		var rows []int
		for _, person := range s.codes {
			if row, ok := s.on(person, r.Date); ok && s.unit(row) == code && s.word(row, s.rules.Role) == role {
				rows = append(rows, row)
			}
		}
		if len(rows) > 1 {
			names := make([]string, len(rows))
			for i, row := range rows {
				names[i] = s.name(row)
			}
			list := strings.Join(names, "、")
			return target{gap: Text{
				fmt.Sprintf("%s 在 %s 有几位%s:%s", code, r.Date, role, list),
				fmt.Sprintf("%s has several %s on %s: %s", code, role, r.Date, strings.Join(names, ", ")),
			}}
		}
		if len(rows) == 1 {
			return target{row: rows[0], found: true, path: []Text{{role + " " + s.name(rows[0]), role + " " + s.name(rows[0])}}}
		}
		if s.subjects[code].Parent == "" {
			break
		}
	}
	return target{gap: Text{
		fmt.Sprintf("%s 及其上级机构在 %s 没有%s", r.Subject, r.Date, role),
		fmt.Sprintf("neither %s nor a unit above it has a %s on %s", r.Subject, role, r.Date),
	}}
}
