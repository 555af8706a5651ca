package ingest

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/engine/formula"
	"kaoping/engine/unit"
)

// text returns the cell of a column in the current row without outer blanks,
// empty if the file has no such column. Spreadsheets write ="0012" to keep the
// zeros of a code; the wrapping is removed.
func (l *load) text(c *column) string {
	if !c.there() || c.at >= len(l.row.cells) {
		return ""
	}
	s := trim(l.row.cells[c.at])
	if strings.HasPrefix(s, `="`) && strings.HasSuffix(s, `"`) && len(s) > 2 {
		return s[2 : len(s)-1]
	}
	return s
}

// filled is text of a cell that must not be empty.
func (l *load) filled(c *column) (string, bool) {
	s := l.text(c)
	if s == "" {
		l.fault(c.at, "", emptyCell())
	}
	return s, s != ""
}

// figure reads a number in the column's unit and returns it in base units. There
// is none if the cell is empty or bad; what is bad is reported.
func (l *load) figure(c *column) (exact.Num, bool) {
	s := l.text(c)
	if s == "" {
		return exact.Num{}, false
	}
	x, problem := number(s, c.unit)
	if share, ok := l.share(c, s); ok {
		x, problem = share, nil
	}
	if problem == nil && c.unit.IsCount() && x.Sign() < 0 {
		problem = pointer(negativeCount())
	}
	if problem == nil && !storable(x) {
		problem = pointer(outOfRange())
	}
	if problem != nil {
		l.fault(c.at, s, *problem)
		return exact.Num{}, false
	}
	if c.unit.IsCount() && !x.IsInt() {
		l.note(c.at, s, fractionalCount())
	}
	if c.unit.IsMoney() && x.Sign() < 0 {
		l.note(c.at, s, negativeAmount())
	}
	return x, true
}

// share reads a figure that a spreadsheet shows as a percentage: whatever the
// column's own scale, 98.5% is 0.985.
func (l *load) share(c *column, s string) (exact.Num, bool) {
	if l.row.kind(c.at) != percentCell {
		return exact.Num{}, false
	}
	q, err := unit.ParseQuantity(s)
	return q.Value, err == nil && q.Unit.SameDimension(c.unit)
}

// number reads what a person writes in a column of the unit.
func number(s string, u unit.Unit) (exact.Num, *finding) {
	if plainNumber(s) {
		x, err := exact.Parse(s)
		if err != nil {
			return x, pointer(notNumber(err, u))
		}
		return u.From(x), nil
	}
	body, negative := s, false
	if inner, ok := bracketed(s); ok {
		body, negative = inner, true
	}
	q, err := unit.ParseQuantity(body)
	if err != nil {
		return q.Value, pointer(notNumber(err, u))
	}
	if negative {
		q.Value = q.Value.Neg()
	}
	switch {
	case !hasWords(body):
		return u.From(q.Value), nil
	case q.Unit.SameDimension(u) && q.Unit.Scale().Equal(u.Scale()) && !q.Unit.IsBare():
		return q.Value, nil
	}
	return q.Value, pointer(figureWithUnit(u, converted(q, u)))
}

// converted writes a quantity in the column's unit. A bare amount such as 3.2亿 is
// taken in the base unit: 3.2亿元.
func converted(q unit.Quantity, u unit.Unit) string {
	if !q.Unit.SameDimension(u) && !q.Unit.IsBare() {
		return ""
	}
	return u.To(q.Value).Shortest(9)
}

// plainNumber reports whether s is -12.50 in ASCII, which needs no more care.
func plainNumber(s string) bool {
	digits, points := 0, 0
	for i := range len(s) {
		switch {
		case s[i] >= '0' && s[i] <= '9':
			digits++
		case s[i] == '.':
			points++
		case s[i] != '-' || i > 0:
			return false
		}
	}
	return digits > 0 && points <= 1
}

// bracketed reads the accountants' negative: (1,234).
func bracketed(s string) (inner string, ok bool) {
	if inner, ok = strings.CutPrefix(s, "("); !ok {
		inner, ok = strings.CutPrefix(s, "\uFF08")
	}
	if !ok {
		return "", false
	}
	if inner, ok = strings.CutSuffix(inner, ")"); !ok {
		inner, ok = strings.CutSuffix(inner, "\uFF09")
	}
	return trim(inner), ok && trim(inner) != "" && !strings.ContainsAny(inner, signs)
}

// signs are the signs of a number in all their forms.
const signs = "-\u2212\uFF0D\uFE63+\uFF0B\uFE62"

// hasWords reports whether anything but the number itself is written.
func hasWords(s string) bool {
	rest := strings.Trim(norm.NFKC.String(s), "0123456789,. \t"+signs)
	return rest != ""
}

// storable reports whether x fits a fraction of 64-bit integers.
func storable(x exact.Num) bool {
	_, _, ok := x.Small()
	return ok
}

// value reads the cell of a register's field or of an attribute.
func (l *load) value(c *column, kind formula.Kind, options []string, decimals int) (formula.Value, bool) {
	s := l.text(c)
	switch kind {
	case formula.Number:
		x, ok := l.figure(c)
		if !ok {
			return formula.Value{}, false
		}
		if decimals >= 0 && !c.unit.To(x).Round(decimals, exact.Down).Equal(c.unit.To(x)) {
			l.fault(c.at, s, tooManyDecimals(decimals))
			return formula.Value{}, false
		}
		return formula.Value{Num: x}, true
	case formula.Date:
		if c.clock {
			x, ok := l.moment(c)
			return formula.Value{Num: x}, ok
		}
		d, ok := l.day(c)
		return formula.Value{Num: exact.Int(d.DayNumber())}, ok
	case formula.Bool:
		b, known := yesNo[s]
		if !known {
			b, known = yesNo[fold(s)]
		}
		if !known {
			l.fault(c.at, s, notYesNo())
		}
		return formula.Value{Bool: b}, known
	}
	if len(options) == 0 {
		return formula.Value{Text: s}, true
	}
	word, ok := oneOf(s, options)
	if !ok {
		l.fault(c.at, s, notOneOf(options, nearest(s, options)))
	}
	return formula.Value{Text: word}, ok
}

// oneOf finds the option that is written; full-width letters, case and blanks do
// not count.
func oneOf(s string, options []string) (string, bool) {
	if slices.Contains(options, s) {
		return s, true
	}
	for _, o := range options {
		if fold(o) == fold(s) {
			return o, true
		}
	}
	return "", false
}

var yesNo = map[string]bool{
	"是": true, "yes": true, "y": true, "true": true, "1": true, "√": true,
	"否": false, "no": false, "n": false, "false": false, "0": false, "×": false,
}

// day reads a date; there is none if the cell is empty or bad.
func (l *load) day(c *column) (engine.Date, bool) {
	s := l.text(c)
	if s == "" {
		return engine.Date{}, false
	}
	d, problem := parseDay(s)
	if problem != nil && l.bookKind(c.at) == numberCell {
		if serial, ok := serialDay(s, l.book.since04); ok && serialForm.MatchString(s) {
			return serial, true
		}
	}
	if problem != nil {
		l.fault(c.at, s, *problem)
		return engine.Date{}, false
	}
	return d, true
}

// filledDay is day of a cell that must not be empty.
func (l *load) filledDay(c *column) (engine.Date, bool) {
	if _, ok := l.filled(c); !ok {
		return engine.Date{}, false
	}
	return l.day(c)
}
