package formula

import (
	"fmt"
	"strings"
	"unicode"

	"kaoping/engine/exact"
)

// Dialect is a database that conditions over stored records can be asked of.
type Dialect uint8

// The dialects.
const (
	SQLite Dialect = iota
	PostgreSQL
)

// SQLField says what a name in a condition over stored records stands for: a
// constant, a formula over other fields, or a field that the record holds.
type SQLField struct {
	Kind     Kind
	Clock    bool // of a Date: with a time of day
	Nullable bool
	Const    *Value
	Formula  *Expr
}

// Predicate is a condition over the fields of a stored record as two conditions
// in SQL. Holds can be relied upon only where Unknown does not hold; there
// neither is ever NULL. Where Unknown holds, the record has to be looked at by
// Eval: something is missing, or written in a way that SQL does not tell apart.
type Predicate struct{ Holds, Unknown string }

// Amount is a number of a stored record in SQL: of SQLite its exact text, of
// PostgreSQL a whole number of 10^-12.
type Amount struct{ Value, Unknown string }

// AmountPlaces is the number of decimals of an Amount of PostgreSQL.
const AmountPlaces = 12

// Odd is the SQL condition that a record holds values for which neither
// predicates nor amounts are meant: those with a status, or with two readings.
func Odd(d Dialect) string {
	if d == SQLite {
		return "exact_odd(fields)" // looking for three texts in one pass through the driver
	}
	return either(d.has(`","`), d.has(`"b":true,"`), d.has(`"status":`))
}

// SQL compiles a condition over the fields of stored records. An error says, for
// people who look into it, what has no equal in SQL; such a condition is left
// to Eval.
func (e *Expr) SQL(d Dialect, field func(id string) (SQLField, bool)) (Predicate, error) {
	c := sqlCompiler{dialect: d, field: field}
	p, err := c.condition(e.root)
	if err == nil && len(p.Holds)+len(p.Unknown) > longestPredicate {
		err = errNoSQL("the condition is too long")
	}
	return p, err
}

// SQLAmount compiles a field that is summed.
func SQLAmount(d Dialect, id string, f SQLField) (Amount, error) {
	c := sqlCompiler{dialect: d, field: func(string) (SQLField, bool) { return f, true }}
	x, err := c.ref(&node{op: opRef, kind: Number, ref: Ref{ID: id}})
	if err != nil {
		return Amount{}, err
	}
	a := Amount{Value: x.num, Unknown: either(x.unknown, x.null)}
	if d == PostgreSQL {
		const one = "1000000000000"
		a.Value = x.num + " * (" + one + " / " + x.den + ")"
		a.Unknown = either(a.Unknown, one+" % "+x.den+" <> 0")
	}
	return a, nil
}

// longestPredicate bounds the text that one condition may grow to.
const longestPredicate = 20_000

// maxDerivedSQL bounds how deep derived fields may rest on others.
const maxDerivedSQL = 20

type errNoSQL string

func (e errNoSQL) Error() string { return string(e) }

type sqlCompiler struct {
	dialect Dialect
	field   func(id string) (SQLField, bool)
	depth   int
}

// term is a value in SQL. Its parts can be relied upon only where unknown does
// not hold, and num and den only where null does not.
type term struct {
	unknown, null string
	holds         string // of a Bool
	id            string // of a Text that the record holds
	num, den      string // of a number or date; SQLite has its text in num
	day           string // PostgreSQL, of a date without a time: eight digits, which compare as text
}

// condition compiles what yields yes or no.
func (c *sqlCompiler) condition(n *node) (Predicate, error) {
	switch n.op {
	case opAnd, opOr:
		return c.both(n)
	case opNot:
		p, err := c.condition(n.args[0])
		return Predicate{not(p.Holds), p.Unknown}, err
	case opConst:
		return Predicate{sqlTruth(n.value.Bool), sqlTruth(n.value.Status != OK)}, nil
	case opRef:
		t, err := c.ref(n)
		return Predicate{t.holds, t.unknown}, err
	case opIn, opStartsWith:
		return c.words(n)
	case opEqual, opNotEqual, opLess, opLessEqual:
		return c.comparison(n)
	}
	return Predicate{}, errNoSQL(fmt.Sprintf("operation %d has no equal in SQL", n.op))
}

// both compiles and, or: the second side counts only where the first does not
// decide.
func (c *sqlCompiler) both(n *node) (Predicate, error) {
	a, err := c.condition(n.args[0])
	if err != nil {
		return a, err
	}
	b, err := c.condition(n.args[1])
	if n.op == opAnd {
		return Predicate{all(a.Holds, b.Holds), either(a.Unknown, all(a.Holds, b.Unknown))}, err
	}
	return Predicate{either(a.Holds, b.Holds), either(a.Unknown, all(not(a.Holds), b.Unknown))}, err
}

// words compiles comparisons of a field's text with texts that are written down.
func (c *sqlCompiler) words(n *node) (Predicate, error) {
	t, err := c.value(n.args[0])
	if err != nil {
		return Predicate{}, err
	}
	words := n.words
	if n.op == opStartsWith {
		if n.args[1].op != opConst {
			return Predicate{}, errNoSQL("the beginning of a text is not written down")
		}
		words = []string{n.args[1].value.Text}
	}
	if t.id == "" {
		return Predicate{}, errNoSQL("a text is not that of a field")
	}
	holds := sqlTruth(false)
	for _, w := range words {
		match, err := c.text(t.id, w, n.op == opStartsWith)
		if err != nil {
			return Predicate{}, err
		}
		holds = either(holds, match)
	}
	return Predicate{all(not(t.null), holds), t.unknown}, nil
}

func (c *sqlCompiler) comparison(n *node) (Predicate, error) {
	a, b := n.args[0], n.args[1]
	if a.op == opNull || b.op == opNull {
		if n.op != opEqual {
			return Predicate{}, errNoSQL("空 is compared otherwise than by ==")
		}
		if a.op == opNull {
			a = b
		}
		t, err := c.value(a)
		return Predicate{t.null, t.unknown}, err
	}
	x, err := c.value(a)
	if err != nil {
		return Predicate{}, err
	}
	y, err := c.value(b)
	if err != nil {
		return Predicate{}, err
	}
	holds, err := c.compare(n, x, y)
	return Predicate{all(not(x.null), not(y.null), holds), either(x.unknown, y.unknown)}, err
}

func (c *sqlCompiler) compare(n *node, x, y term) (string, error) {
	switch a, b := n.args[0], n.args[1]; a.kind {
	case Text:
		if x.id == "" {
			x, b = y, a
		}
		if x.id == "" || b.op != opConst {
			return "", errNoSQL("two texts are compared that are not a field and a word")
		}
		match, err := c.text(x.id, b.value.Text, false)
		if n.op == opNotEqual {
			match = not(match)
		}
		return match, err
	case Bool:
		same := either(all(x.holds, y.holds), all(not(x.holds), not(y.holds)))
		if n.op == opNotEqual {
			same = not(same)
		}
		return same, nil
	}
	op := map[op]string{opEqual: "=", opNotEqual: "<>", opLess: "<", opLessEqual: "<="}[n.op]
	switch {
	case c.dialect == SQLite:
		return "exact_cmp(" + x.num + ", " + y.num + ") " + op + " 0", nil
	case x.day != "" && y.day != "":
		return x.day + " " + op + " " + y.day, nil
	}
	return x.num + " * " + y.den + " " + op + " " + y.num + " * " + x.den, nil
}

// value compiles what a comparison compares.
func (c *sqlCompiler) value(n *node) (term, error) {
	switch n.op {
	case opConst:
		return c.constant(n.value, n.kind), nil
	case opRef:
		return c.ref(n)
	case opAdd, opSub, opMul:
		return c.arithmetic(n)
	case opNeg: // a negative number that is written down
		if n.args[0].op == opConst {
			return c.constant(Value{Num: n.args[0].value.Num.Neg()}, n.kind), nil
		}
	}
	if n.kind == Bool {
		p, err := c.condition(n)
		return term{holds: p.Holds, unknown: p.Unknown, null: sqlTruth(false)}, err
	}
	return term{}, errNoSQL(fmt.Sprintf("operation %d has no equal in SQL", n.op))
}

func (c *sqlCompiler) constant(v Value, k Kind) term {
	t := term{unknown: sqlTruth(v.Status != OK), null: sqlTruth(v.Null), holds: sqlTruth(v.Bool)}
	if k != Number && k != Date {
		return t
	}
	t.num, t.den = "'"+v.Num.String()+"'", "1"
	if c.dialect == PostgreSQL {
		numerator, denominator, _ := strings.Cut(v.Num.String(), "/")
		t.num = "cast('" + numerator + "' AS numeric)"
		if denominator != "" {
			t.den = "cast('" + denominator + "' AS numeric)"
		}
		if whole, ok := v.Num.Int64(); ok && k == Date && whole > 0 && whole < 100_000_000 {
			t.day = fmt.Sprintf("'%08d'", whole)
		}
	}
	return t
}

// longestOperand is how many digits a number may have that is reckoned with, so
// that no result comes near the limit of Eval.
const longestOperand = 60

// arithmetic compiles sums and products of fields and constants, exactly. A
// number that is 空 leaves the result unknown.
func (c *sqlCompiler) arithmetic(n *node) (term, error) {
	x, err := c.value(n.args[0])
	if err != nil {
		return x, err
	}
	y, err := c.value(n.args[1])
	if err != nil {
		return y, err
	}
	if n.kind != Number || x.num == "" || y.num == "" {
		return x, errNoSQL("dates are reckoned with")
	}
	t := term{unknown: either(x.unknown, y.unknown, x.null, y.null), null: sqlTruth(false), holds: sqlTruth(false)}
	sign := map[op]string{opAdd: "+", opSub: "-", opMul: "*"}[n.op]
	if c.dialect == SQLite {
		t.num = "exact_op('" + sign + "', " + x.num + ", " + y.num + ")"
		t.unknown = either(t.unknown, fmt.Sprintf("length(%s) > %d", x.num, longestOperand), fmt.Sprintf("length(%s) > %d", y.num, longestOperand))
		return t, nil
	}
	limit := "1e" + fmt.Sprint(longestOperand)
	for _, part := range []string{x.num, x.den, y.num, y.den} {
		t.unknown = either(t.unknown, "abs("+part+") > "+limit)
	}
	if t.den = "(" + x.den + " * " + y.den + ")"; n.op == opMul {
		t.num = "(" + x.num + " * " + y.num + ")"
	} else {
		t.num = "(" + x.num + " * " + y.den + " " + sign + " " + y.num + " * " + x.den + ")"
	}
	if len(t.num)+len(t.unknown) > longestPredicate {
		return t, errNoSQL("the formula is too long")
	}
	return t, nil
}

// ref compiles a name.
func (c *sqlCompiler) ref(n *node) (term, error) {
	f, ok := c.field(n.ref.ID)
	switch {
	case !ok || n.ref.Shift != Now:
		return term{}, errNoSQL(n.ref.ID + " is not a field of the record")
	case f.Const != nil:
		return c.constant(*f.Const, f.Kind), nil
	case f.Formula != nil:
		if c.depth++; c.depth > maxDerivedSQL {
			return term{}, errNoSQL("derived fields rest on each other")
		}
		t, err := c.value(f.Formula.root)
		c.depth--
		return t, err
	case !plainID(n.ref.ID):
		return term{}, errNoSQL("the id " + n.ref.ID + " has signs that SQL does not find again")
	}
	return c.stored(n.ref.ID, f), nil
}

// stored compiles a field that the record holds. A record holds its values as
// JSON in one spelling only, and no text inside it can hold a quotation mark, so
// what stands there is found as text.
func (c *sqlCompiler) stored(id string, f SQLField) term {
	open := `"` + id + `":{`
	form := map[Kind]string{Bool: `"b":true}`, Text: `"t":`}[f.Kind]
	if form == "" {
		form = `"n":`
	}
	// What most records hold is looked for first: the rest is then left out.
	absent := not(either(c.dialect.has(open+form), c.dialect.has(open+"}")))
	t := term{unknown: absent, null: sqlTruth(false), holds: sqlTruth(false)}
	if f.Nullable {
		// A value of another kind, from before the pack was changed, is not 空.
		t.unknown, t.null = all(absent, c.dialect.has(open), not(c.dialect.has(open+`"null":true}`))), absent
	}
	switch f.Kind {
	case Bool:
		t.holds = c.dialect.has(open + `"b":true}`)
	case Text:
		t.id = id
	default:
		c.digits(&t, id, f)
	}
	return t
}

func (c *sqlCompiler) digits(t *term, id string, f SQLField) {
	if c.dialect == SQLite {
		t.num = "exact_field(fields, '" + id + "')"
		return
	}
	// Not by a pattern: those cost ten times as much.
	open := `"` + id + `":{"n":"`
	digits := `split_part(split_part(fields, '` + open + `', 2), '"', 1)`
	if f.Kind == Date && !f.Clock {
		// As text, so that postgres_fdw can hand it on: a cast cannot be.
		t.day = "lpad(" + digits + ", 8, '0')"
		odd := either(digits+" = ''", "length("+digits+") > 8", "translate("+digits+", '0123456789', '') <> ''")
		t.unknown = either(t.unknown, all(not(t.null), odd))
	}
	t.num = "(CASE WHEN " + c.dialect.has(open) + " THEN cast(split_part(" + digits + ", '/', 1) AS numeric) ELSE 0 END)"
	t.den = "(CASE WHEN strpos(" + digits + ", '/') > 0 THEN cast(split_part(" + digits + ", '/', 2) AS numeric) ELSE 1 END)"
}

// text says that a field has a text, or one that begins so.
func (c *sqlCompiler) text(id, word string, begins bool) (string, error) {
	open := `"` + id + `":{`
	if strings.ContainsFunc(word, func(r rune) bool { return r < ' ' || strings.ContainsRune("\"\\<>&\u2028\u2029\ufffd", r) }) {
		return "", errNoSQL("a word has signs that are stored in more than one spelling")
	}
	switch {
	case begins && word == "":
		return sqlTruth(true), nil
	case begins:
		return c.dialect.has(open + `"t":"` + word), nil
	case word == "":
		return c.dialect.has(open + "}"), nil
	}
	return c.dialect.has(open + `"t":"` + word + `"}`), nil
}

// plainID reports whether an id stands in JSON and in a pattern as it is.
func plainID(id string) bool {
	return id != "status" && id != "" && !strings.ContainsFunc(id, func(r rune) bool {
		return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) || r == unicode.ReplacementChar
	})
}

// has says that the record's values hold a text.
func (d Dialect) has(text string) string {
	name := "instr"
	if d == PostgreSQL {
		name = "strpos"
	}
	return name + "(fields, '" + strings.ReplaceAll(text, "'", "''") + "') > 0"
}

const yes, no = "1 = 1", "1 = 0"

func sqlTruth(b bool) string {
	if b {
		return yes
	}
	return no
}

func not(s string) string {
	switch s {
	case yes:
		return no
	case no:
		return yes
	}
	return "NOT (" + s + ")"
}

func all(parts ...string) string    { return joinSQL(parts, " AND ", yes, no) }
func either(parts ...string) string { return joinSQL(parts, " OR ", no, yes) }

// joinSQL joins conditions; neutral ones are left out, and a decisive one stands
// for all.
func joinSQL(parts []string, with, neutral, decisive string) string {
	var kept []string
	for _, p := range parts {
		switch p {
		case decisive:
			return decisive
		case neutral:
		default:
			kept = append(kept, p)
		}
	}
	switch len(kept) {
	case 0:
		return neutral
	case 1:
		return kept[0]
	}
	return "(" + strings.Join(kept, with) + ")"
}

// ExactOp is what the function exact_op does in SQLite.
func ExactOp(sign string, x, y exact.Num) exact.Num {
	switch sign {
	case "+":
		return x.Add(y)
	case "-":
		return x.Sub(y)
	}
	return x.Mul(y)
}
