package rules

import (
	"fmt"
	"slices"

	"gopkg.in/yaml.v3"

	"kaoping/engine"
	"kaoping/engine/formula"
)

// readCondition is a condition that was read, with the names it may use.
type readCondition struct {
	at    node
	expr  *formula.Expr
	scope formula.Scope
}

// checkDeadConditions warns about conditions that never hold or always hold.
func checkDeadConditions(r *packReader) {
	for _, c := range r.conditions {
		rows, ok := formula.Outcomes(c.scope, []*formula.Expr{c.expr})
		if !ok {
			continue
		}
		switch {
		case !slices.ContainsFunc(rows, func(row []bool) bool { return row[0] }):
			r.add(c.at.report(CodeDead, text("这个条件永远不成立", "this condition never holds"),
				text("检查界限、字段的取值和 and / or", "look at the bounds, the options of the field, and at and and or")))
		case !slices.ContainsFunc(rows, func(row []bool) bool { return !row[0] }):
			r.add(c.at.report(CodeDead, text("这个条件总是成立", "this condition always holds"),
				text("本意如此时删去条件; 否则检查界限和 and / or", "drop it if that is meant; otherwise look at the bounds, and at and and or")))
		}
	}
}

// checkDeadLines warns about lines of a case table that no case comes to, because
// the lines before it fit first.
func checkDeadLines(r *packReader) {
	r.eachItem(func(d *itemDraft) {
		lines := valueOf(d.m.node.y, "points_per_case")
		if d.Kind == engine.DeductionItem && lines != nil && lines.Kind == yaml.SequenceNode && d.Cases.Register != "" {
			r.deadLines(d, lines)
		}
	})
}

func (r *packReader) deadLines(d *itemDraft, lines *yaml.Node) {
	conditions, at, ok := d.caseConditions(lines)
	if !ok {
		return
	}
	sc := r.fieldScope(d.Cases.Register)
	rows, ok := formula.Outcomes(sc, conditions)
	if !ok {
		return
	}
	for i, line := range at {
		alone, first := false, false
		for _, row := range rows {
			alone = alone || row[i]
			first = first || row[i] && !slices.Contains(row[:i], true)
		}
		if alone && !first {
			r.deadLine(d.m.node.child(line), earlier(rows, at, i))
		}
	}
}

// caseConditions returns the conditions of a case table with their places; false
// if one of them could not be read. Cases that where: leaves out come to no line,
// which changes nothing about which line is behind which.
func (d *itemDraft) caseConditions(lines *yaml.Node) (conditions []*formula.Expr, at []*yaml.Node, ok bool) {
	for i, l := range d.Cases.Lines {
		when := valueOf(lines.Content[i], "when")
		switch {
		case l.Otherwise:
		case l.When == nil || when == nil:
			return nil, nil, false
		default:
			conditions, at = append(conditions, l.When), append(at, when)
		}
	}
	return conditions, at, true
}

// earlier returns the line of the file that holds whenever condition i does; 0 if
// it takes several together.
func earlier(rows [][]bool, at []*yaml.Node, i int) int {
	for j := range at[:i] {
		if !slices.ContainsFunc(rows, func(row []bool) bool { return row[i] && !row[j] }) {
			return at[j].Line
		}
	}
	return 0
}

func (r *packReader) deadLine(when node, line int) {
	message := text("这一行永远用不到: 前面各行已包括它的全部情形", "no case comes to this line: the lines before it fit first")
	if line > 0 {
		message = text(fmt.Sprintf("这一行永远用不到: 第 %d 行已包括它的全部情形", line), fmt.Sprintf("no case comes to this line: line %d fits first", line))
	}
	r.add(when.report(CodeDead, message, text("第一个符合的行算数; 把较窄的条件放在前面", "the first line that fits counts; put the narrower condition before the wider")))
}

// checkDeadBands warns about an otherwise: that no value comes to.
func checkDeadBands(r *packReader) {
	done := map[*scaleDraft]bool{}
	visit := func(s *scaleDraft) {
		if s == nil || done[s] {
			return
		}
		done[s] = true
		list, otherwise, comparable := s.sortedBands()
		if !otherwise || !comparable || !everything(list) {
			return
		}
		for _, b := range s.bands {
			if b.band.Otherwise {
				r.add(b.at.report(CodeDead, text("这一档永远用不到: 其它各档已包括所有的值", "no value comes to this band: the others hold them all"), text("删去这一档", "remove it")))
			}
		}
	}
	for _, s := range r.scales {
		visit(s)
	}
	r.eachItem(func(d *itemDraft) { visit(d.scale) })
}

// everything reports whether bands in order of their lower ends hold every value.
func everything(list []bandDraft) bool {
	if len(list) == 0 || list[0].from != nil {
		return false
	}
	top := &list[0]
	for i := 1; i < len(list) && top.to != nil; i++ {
		b := &list[i]
		c := 1
		if b.from != nil {
			c = top.to.Value.Cmp(b.from.Value)
		}
		if c < 0 || c == 0 && top.band.ToOpen && b.band.FromOpen {
			return false
		}
		if furtherUp(b, top) {
			top = b
		}
	}
	return top.to == nil
}
