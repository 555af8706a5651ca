package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"kaoping/engine"
)

const totalID = "total"

// testReader reads the test files of one edition into cases that can be run. A
// test with a mistake in it is reported and not run.
type testReader struct {
	bag
	pack    *engine.Pack
	packFor func(engine.Period) *engine.Pack // the edition as it stands in a period
	names   *testNames
	cases   []testCase
}

// readTests reads the test files of an edition.
func readTests(e *edition) ([]testCase, []Diagnostic) {
	r := &testReader{pack: e.packs[0].pack, packFor: e.packFor, names: newTestNames(e.packs[0].pack)}
	for _, f := range e.tests {
		if f.root != nil {
			r.file(node{y: f.root, file: f})
		}
	}
	slices.SortStableFunc(r.cases, func(a, b testCase) int {
		return cmp.Or(strings.Compare(a.place.file.name, b.place.file.name), cmp.Compare(a.place.line, b.place.line))
	})
	return r.cases, r.diags
}

// file reads one test file. Its header has been used to find the edition.
func (r *testReader) file(n node) {
	m := r.mapping(n, text("一个测试文件", "a test file"))
	m.get("pack")
	m.get("edition")
	for _, t := range r.list(m.get("tables"), text("一个列表", "a list")) {
		r.table(t)
	}
	for _, c := range r.list(m.get("cards"), text("一个列表", "a list")) {
		r.card(c)
	}
	for _, g := range r.list(m.get("groups"), text("一个列表", "a list")) {
		r.group(g)
	}
	m.done()
}

// errors counts the mistakes found so far.
func (r *testReader) errors() int {
	n := 0
	for _, d := range r.diags {
		if d.Level == LevelError {
			n++
		}
	}
	return n
}

// table reads one line of the scorecard with many rows of values. Each row is a
// test of its own.
func (r *testReader) table(n node) {
	before := r.errors()
	m := r.mapping(n, text("一张表", "a table"))
	name := m.word("name")
	subject := r.tableItem(m)
	base := r.setting(m, subject.metric)
	base.lenient = true
	if base.group == "" {
		base.group = subject.group
	}
	columns := r.columns(m.need("columns", text("列名", "the columns")), func(c node) cellReader { return r.tableColumn(c, subject) })
	rows := r.list(m.need("rows", text("各行的值", "the rows")), text("一个列表", "a list"))
	m.done()
	if name == "" {
		name = subject.name
	}
	sound := r.errors() == before
	for i, row := range rows {
		d := base.trial(row.place(), numbered(name, i+1))
		d.addSubject(d.only())
		if r.row(row, columns, d) && sound {
			r.cases = append(r.cases, d.finish())
		}
	}
}

// numbered names a row of a table.
func numbered(name string, i int) engine.Text {
	return text(fmt.Sprintf("%s 第 %d 行", name, i), fmt.Sprintf("%s row %d", name, i))
}

// cellReader reads one cell into a trial.
type cellReader func(d *trial, cell node)

// columns reads the headings of a table. A heading that is not understood is
// reported and read as nothing.
func (r *testReader) columns(n node, read func(node) cellReader) []cellReader {
	var out []cellReader
	for _, c := range r.list(n, text("一个列表", "a list")) {
		out = append(out, read(c))
	}
	return out
}

// row reads the cells of a row; false if one of them is wrong.
func (r *testReader) row(n node, columns []cellReader, d *trial) bool {
	before := r.errors()
	cells := r.list(n, text("一行的值, 写在 [ ] 里", "the values of a row inside [ ]"))
	if len(cells) != len(columns) && n.isList() {
		r.add(n.report(CodeWrongType,
			text(fmt.Sprintf("这一行有 %d 个值, 表有 %d 列", len(cells), len(columns)),
				fmt.Sprintf("this row has %d values, the table has %d columns", len(cells), len(columns))),
			text("千位分隔的数要放进引号: \"1,234\"", "a number with commas goes into quotes: \"1,234\"")))
		return false
	}
	for i, c := range cells {
		if columns[i] != nil {
			columns[i](d, c)
		}
	}
	return r.errors() == before
}

// card reads one subject with its whole scorecard.
func (r *testReader) card(n node) {
	before := r.errors()
	m := r.mapping(n, text("一张评分卡", "a card"))
	name := m.word("name")
	base := r.setting(m, "")
	if base.group == "" {
		base.group = r.onlyGroup(m)
	}
	expect := r.mapping(m.need("expect", text("期望的结果", "what must come out")), text("期望的结果", "what must come out"))
	d := base.trial(n.place(), text(name, name))
	d.addSubject(d.only())
	r.expectations(expect, d)
	m.done()
	if r.errors() == before {
		r.cases = append(r.cases, d.finish())
	}
}

// onlyGroup is the peer group of a card that names none: right where the pack
// has only one.
func (r *testReader) onlyGroup(m *mapping) string {
	switch len(r.pack.PeerGroups) {
	case 0:
		return ""
	case 1:
		return r.pack.PeerGroups[0].ID
	}
	r.add(m.node.report(CodeMissingKey,
		text("没有写明考评对象属于哪个同业", "nothing says to which peer group the subject belongs"),
		text("加一行 insurer: {peer_group: …}", "add a line insurer: {peer_group: …}")))
	return ""
}

// group reads several subjects that are compared with each other. The group is
// one test.
func (r *testReader) group(n node) {
	before := r.errors()
	m := r.mapping(n, text("一组考评对象", "a group of subjects"))
	name := m.word("name")
	base := r.setting(m, "")
	base.lenient = true
	if base.group == "" && len(r.pack.PeerGroups) == 1 {
		base.group = r.pack.PeerGroups[0].ID
	}
	heads := m.need("columns", text("列名", "the columns"))
	columns := r.columns(heads, r.groupColumn)
	rows := r.list(m.need("rows", text("各行的值", "the rows")), text("一个列表", "a list"))
	m.done()
	if name == "" {
		name = n.file.name
	}
	d := base.trial(n.place(), text(name, name))
	for i, row := range rows {
		d.addSubject(engine.Subject{Code: strconv.Itoa(i + 1)})
		r.row(row, columns, d)
	}
	if r.errors() == before {
		r.cases = append(r.cases, d.finish())
	}
}
