package formula

import (
	"errors"
	"fmt"
	"slices"

	"kaoping/engine/calendar"
)

var errNotWhole = errors.New("a number of working days is not whole")

// Lacking says what leaves an expression without a value in a row: the inputs that
// are missing or 空 there, each once, and in words what lacks though the inputs are
// there, such as a year of the calendar. What was replaced by 缺则 or stands in
// the branch that was not taken is not among them. For an expression that looks at
// other rows, these are all inputs.
func Lacking(e *Expr, in Input, row int) ([]Ref, []Step, error) {
	if looksAround(e.root) {
		return e.Refs(), nil, nil
	}
	l := &lack{machine: &machine{in: in.only(row), done: map[*node]*Column{}}}
	if _, err := l.machine.column(e.root); err != nil {
		return nil, nil, err
	}
	l.walk(e.root)
	return l.refs, l.words, nil
}

type lack struct {
	machine *machine
	refs    []Ref
	words   []Step
}

func (l *lack) value(n *node) Value { return l.machine.done[n].At(0) }

func (l *lack) walk(n *node) {
	v := l.value(n)
	if v.Status == OK && !v.Null || v.Status == ZeroDenominator || v.Status == TooLarge || n.op == opNull {
		return
	}
	if n.op == opRef {
		if !slices.Contains(l.refs, n.ref) {
			l.refs = append(l.refs, n.ref)
		}
		return
	}
	if n.op == opIf && l.value(n.args[0]).Status == OK {
		l.walk(n.args[0])
		taken := n.args[2]
		if l.value(n.args[0]).Bool {
			taken = n.args[1]
		}
		l.walk(taken)
		return
	}
	if n.op == opYearToDate || n.op == opStreak {
		l.periods(n)
		return
	}
	complete := true
	for _, a := range n.args {
		x := l.value(a)
		complete = complete && x.Status == OK && !x.Null
		l.walk(a)
	}
	if complete {
		l.explain(n)
	}
}

// periods walks the periods that a sum over the year or a streak needs.
func (l *lack) periods(n *node) {
	for i, a := range n.args {
		if i == 0 || l.value(a).Status != OK && n.op == opYearToDate {
			l.walk(a)
		}
	}
}

// explain says why an operation has no value though its arguments have one.
func (l *lack) explain(n *node) {
	switch {
	case n.op == opSquareRoot:
		l.words = append(l.words, Step{"负数没有平方根", "a negative number has no square root"})
	case n.op.usesCalendar():
		v := make([]Value, len(n.args))
		for i, a := range n.args {
			v[i] = l.value(a)
		}
		if _, err := n.counted(v, l.machine.in.Calendar); err != nil {
			l.words = append(l.words, calendarWords(err, l.machine.in.Calendar))
		}
	}
}

// calendarWords says what the calendar lacks.
func calendarWords(err error, c *calendar.Calendar) Step {
	var year *calendar.MissingYear
	var hours *calendar.NoHours
	switch {
	case c == nil:
		return Step{"规则包没有工作日历", "the pack has no working-day calendar"}
	case errors.As(err, &hours):
		return Step{"工作日历没有办公时间", "the working-day calendar has no office hours"}
	case errors.As(err, &year) && year.Year != 0:
		return Step{fmt.Sprintf("缺%d年工作日历", year.Year), fmt.Sprintf("there is no working-day calendar for %d", year.Year)}
	case errors.Is(err, errNotWhole):
		return Step{"工作日数不是整数", "the number of working days is not whole"}
	}
	return Step{"日期超出工作日历", "a date lies beyond every calendar"}
}
