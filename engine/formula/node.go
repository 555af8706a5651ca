package formula

import (
	"slices"
	"sync"

	"kaoping/engine/exact"
	"kaoping/engine/unit"
)

type op uint8

const (
	opConst op = iota
	opRef
	opNull
	opAdd
	opSub
	opMul
	opQuo
	opNeg
	opEqual
	opNotEqual
	opLess
	opLessEqual
	opIn
	opAnd
	opOr
	opNot
	opIf
	opSum
	opMean
	opMedian
	opPercentile
	opLowest
	opHighest
	opVariance
	opSampleVariance
	opDeviation
	opNearestRank
	opExclusive
	opWeightedMean
	opWeightedVariance
	opWeightedSampleVariance
	opRank
	opRankDescending
	opPercentRank
	opShare
	opUnitsSum
	opUnitsMean
	opUnitsWeightedMean
	opUnitsLowest
	opUnitsHighest
	opUnitsCount
	opCount
	opShift
	opAbs
	opMin
	opMax
	opClamp
	opRound
	opTruncate
	opDays
	opFullYears
	opOrElse
	opWindowSum
	opWindowMean
	opYearToDate
	opStreak
	opItem
	opSquareRoot
	opWorkingDays
	opAddWorkingDays
	opWorkingHours
	opHours
	opMinutes
	opSameDay
	opYear
	opMonth
	opContains
	opStartsWith
)

// isGroup reports whether the operation looks at the whole peer group.
func (o op) isGroup() bool { return o >= opSum && o <= opCount }

// ofUnits reports whether a group function looks at the units below a subject.
func (o op) ofUnits() bool { return o >= opUnitsSum && o <= opUnitsCount }

// isWeighted reports whether the second argument of a group function are weights.
func (o op) isWeighted() bool {
	return o >= opWeightedMean && o <= opWeightedSampleVariance || o == opUnitsWeightedMean
}

// usesCalendar reports whether the operation counts working days.
func (o op) usesCalendar() bool { return o >= opWorkingDays && o <= opWorkingHours }

// node is one operation of a checked expression.
type node struct {
	op    op
	kind  Kind
	unit  unit.Unit
	args  []*node
	value Value    // of opConst
	flex  bool     // made of bare numbers: may take the unit of its neighbour
	mixed bool     // its unit was worked out, nobody wrote it: rounding must name one
	ref   Ref      // of opRef
	name  string   // of opRef and of a function, as written
	shown string   // of opConst, as written
	words []string // of opIn
	at    place

	swapped bool // of a comparison: written with > or >=
	cond    bool // of a group function: the last argument says who enters
}

// place is where a node stands in the source, in characters.
type place struct{ offset, length int }

// join returns the place from the beginning of one to the end of the other.
func (p place) join(q place) place {
	from := min(p.offset, q.offset)
	return place{from, max(p.offset+p.length, q.offset+q.length) - from}
}

// Expr is a checked expression. After Want it is immutable and safe for
// concurrent use.
type Expr struct {
	source string
	root   *node
	refs   []Ref
	unit   unit.Unit // in which results are shown

	once  sync.Once
	alone stage // the expression as a program of its own
}

// Source returns the expression as written.
func (e *Expr) Source() string { return e.source }

// Kind returns what the expression yields.
func (e *Expr) Kind() Kind { return e.root.kind }

// Unit returns the unit of the result: the one given to Want, or the one that
// follows from the operands.
func (e *Expr) Unit() unit.Unit { return e.unit }

// Refs lists the inputs, each once, in order of first use.
func (e *Expr) Refs() []Ref { return append([]Ref(nil), e.refs...) }

// UsesCalendar reports whether the expression counts working days or hours, which
// needs Input.Calendar.
func (e *Expr) UsesCalendar() bool { return usesCalendar(e.root) }

func usesCalendar(n *node) bool {
	return n.op.usesCalendar() || slices.ContainsFunc(n.args, usesCalendar)
}

// Want declares the unit in which results are shown. It returns a problem if
// the expression yields another dimension.
func (e *Expr) Want(u unit.Unit) []Problem {
	whole := place{0, len([]rune(e.source))}
	if e.root.kind != Number {
		return []Problem{whole.problem("formula", "这里要一个数", "a number is wanted here", "", "")}
	}
	if e.root.unit.SameDimension(u) || e.root.flex && adaptsTo(u) && u.Scale().Equal(exact.Int(1)) || isZero(e.root) {
		e.unit = u
		return nil
	}
	return []Problem{whole.problem("unit-mismatch",
		"单位不符:公式得到"+nameOf(e.root.unit)+",声明为"+nameOf(u),
		"the formula yields "+nameEN(e.root.unit)+", but "+nameEN(u)+" is declared",
		"量纲要一致;倍数(万、亿)会自动换算", "the dimension must agree; multiples such as 万 and 亿 are converted")}
}

func (p place) problem(code, zh, en, hintZH, hintEN string) Problem {
	return Problem{Offset: p.offset, Length: max(p.length, 1), Code: code, ZH: zh, EN: en, HintZH: hintZH, HintEN: hintEN}
}

func nameOf(u unit.Unit) string {
	if u.Dim() == "" {
		return "无单位的数"
	}
	return "“" + u.String() + "”"
}

func nameEN(u unit.Unit) string {
	if u.Dim() == "" {
		return "a bare number"
	}
	return "“" + u.String() + "”"
}

func isZero(n *node) bool { return n.op == opConst && n.kind == Number && n.value.Num.IsZero() }

func number(x exact.Num) Value { return Value{Num: x} }
