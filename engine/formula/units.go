package formula

import (
	"strings"

	"kaoping/engine/exact"
	"kaoping/engine/unit"
)

// adaptsTo reports whether a bare number may stand for so many of the unit:
// 人数 >= 50, 完整会计年度数 >= 1. Money and compound units must be written.
func adaptsTo(u unit.Unit) bool { return !u.IsMoney() && u.Dim() != "" && !isCompound(u) }

// isCompound reports whether a unit is a product or a quotient: 件/亿元.
func isCompound(u unit.Unit) bool {
	return u.Dim() != "" && (!strings.HasSuffix(u.Dim(), "^1") || strings.Contains(u.Dim(), "·"))
}

// mixed reports whether the unit of a sum, or of a choice, is not one that
// somebody wrote: a part has none, or two parts count in different multiples.
func mixed(nodes ...*node) bool {
	var first *node
	for _, n := range nodes {
		switch {
		case n.flex || isZero(n):
		case n.mixed:
			return true
		case first == nil:
			first = n
		case !n.unit.Scale().Equal(first.unit.Scale()):
			return true
		}
	}
	return false
}

// unify finds the common unit of operands and brings bare numbers to it. It
// reports the first that does not fit.
func (c *checker) unify(at place, nodes ...*node) (unit.Unit, bool) {
	chosen := nodes[0]
	for _, n := range nodes {
		if chosen.flex && !n.flex || isZero(chosen) && !isZero(n) && !n.flex {
			chosen = n
		}
	}
	for _, n := range nodes {
		if isZero(n) && n.flex || !n.flex && n.unit.SameDimension(chosen.unit) || chosen.unit.Dim() == "" && n.flex {
			continue
		}
		if !n.flex || !adaptsTo(chosen.unit) || !n.adapt(chosen.unit) {
			c.mismatch(at, n, chosen)
			return unit.Unit{}, false
		}
	}
	return chosen.unit, true
}

// adapt makes a bare number count in a unit: beside 万张, 5 is 5万张. Only a
// number as written can be brought to a multiple.
func (n *node) adapt(u unit.Unit) bool {
	if u.Scale().Equal(exact.Int(1)) {
		return true
	}
	if n.op != opConst {
		return false
	}
	n.value.Num = u.From(n.value.Num)
	n.shown += u.String()
	n.unit, n.flex = u, false
	return true
}

func (c *checker) mismatch(at place, n, chosen *node) {
	hintZH, hintEN := "同类的量才能相加或比较", "only like quantities can be added or compared"
	if n.flex && n.op == opConst && chosen.unit.Dim() != "" {
		hintZH, hintEN = "在数字后写上单位,例如 "+n.shown+chosen.unit.String(), "write the unit after the number, as in "+n.shown+" "+chosen.unit.String()
	}
	c.complain(at, "unit-mismatch", "单位不符:"+nameOf(n.unit)+"与"+nameOf(chosen.unit), nameEN(n.unit)+" does not go with "+nameEN(chosen.unit), hintZH, hintEN)
}
