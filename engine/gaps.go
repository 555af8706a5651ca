package engine

import (
	"slices"
	"strings"
	"unicode"

	"kaoping/engine/exact"
	"kaoping/engine/formula"
)

// name returns the name of a declared id as people write it.
func (t *table) name(id string) string {
	switch d := t.declared[id].(type) {
	case *Statistic:
		return d.Name
	case *Attribute:
		return d.Name
	case *Metric:
		return d.Name
	case *Benchmark:
		return d.Name
	case *Parameter:
		return d.Name
	}
	if name, ok := builtInNames[id]; ok && t.pack.Title.ZH != "" {
		return name
	}
	return id
}

// builtInNames are the Chinese names of what every pack knows; the ids are the
// English ones.
var builtInNames = map[string]string{
	idPeriodFirstDay: "期初日", idPeriodLastDay: "期末日",
	idAccountingYears: "完整会计年度数", idSubjectType: "机构类型", idOpened: "开业日期",
}

// formulaOf returns the formula behind an id, or nil if it is a plain figure.
func (t *table) formulaOf(id string) *formula.Expr {
	switch d := t.declared[id].(type) {
	case *Attribute:
		return d.Formula
	case *Metric:
		return d.Formula
	case *Benchmark:
		return d.Formula
	}
	return nil
}

func (t *table) metricGap(id string, row int) Text {
	return t.gap(t.formulaOf(id), t.period, row)
}

func (t *table) metricZero(id string, row int) Text {
	return t.zero(t.formulaOf(id), t.period, row)
}

// why says in the assessed period why a formula has no value.
func (t *table) why(e *formula.Expr, s formula.Status, row int) Text {
	switch s {
	case formula.ZeroDenominator:
		return t.zero(e, t.period, row)
	case formula.TooLarge:
		return reasonTooLarge(e.Source())
	}
	return t.gap(e, t.period, row)
}

// gap names the figures whose absence leaves a formula without a value: those
// that are missing, or else those that are 空 and cannot be calculated with.
func (t *table) gap(e *formula.Expr, period Period, row int) Text {
	var found []Text
	t.findGaps(e, period, row, isMissing, &found)
	if len(found) == 0 {
		t.findGaps(e, period, row, isNull, &found)
	}
	if len(found) == 0 {
		return Text{"没有可用的数据", "there is nothing to take it of"}
	}
	return joinTexts(found)
}

func isMissing(v formula.Value) bool { return v.Status == formula.Missing }
func isNull(v formula.Value) bool    { return v.Status == formula.OK && v.Null }

func (t *table) findGaps(e *formula.Expr, period Period, row int, lacks func(formula.Value) bool, found *[]Text) {
	if e == nil {
		return
	}
	refs, words, err := formula.Lacking(e, t.input(period, t.groups), row)
	if err != nil {
		return
	}
	for _, w := range words {
		addGap(Text(w), found)
	}
	for _, ref := range refs {
		at := t.pack.shifted(period, ref)
		if at.IsZero() {
			continue
		}
		c, err := t.column(ref.ID, at)
		if err != nil {
			continue
		}
		if inner := t.formulaOf(ref.ID); inner != nil {
			if isMissing(c.At(row)) {
				t.findGaps(inner, at, row, lacks, found)
			}
			continue
		}
		if !lacks(c.At(row)) {
			continue
		}
		addGap(t.leafGap(ref.ID, at, row), found)
	}
}

// addGap lists a reason once.
func addGap(reason Text, found *[]Text) {
	if !slices.Contains(*found, reason) {
		*found = append(*found, reason)
	}
}

// leafGap says why one figure is missing.
func (t *table) leafGap(id string, period Period, row int) Text {
	if gap, ok := t.scorecardGap(id, period, row); ok {
		return gap
	}
	if isScored(id) {
		name := t.scoredName(id)
		return Text{name.ZH + "没有得分", name.EN + " has no points"}
	}
	if s, ok := t.declared[id].(*Statistic); ok {
		if counts, done := t.counts[columnKey{id, period}]; done && !counts[row].gap.IsZero() {
			return counts[row].gap
		}
		return reasonMissing(s.Name, period)
	}
	return reasonMissing(t.name(id), Period{})
}

// zero names the denominator that is zero.
func (t *table) zero(e *formula.Expr, period Period, row int) Text {
	if e == nil {
		return reasonZero([]string{"?"}, period)
	}
	for _, ref := range e.Refs() {
		at := t.pack.shifted(period, ref)
		if at.IsZero() {
			continue
		}
		c, err := t.column(ref.ID, at)
		if err != nil || c.At(row).Status != formula.ZeroDenominator {
			continue
		}
		if inner := t.formulaOf(ref.ID); inner != nil {
			return t.zero(inner, at, row)
		}
	}
	all := denominators(e.Source())
	var zeros []string
	for _, d := range all {
		if t.isZeroHere(e, d, period, row) {
			zeros = append(zeros, d)
		}
	}
	if len(all) == 0 {
		return reasonZeroWithin(e.Source(), period)
	}
	if len(zeros) == 0 {
		zeros = all
	}
	return reasonZero(zeros, period)
}

// isZeroHere reports whether every figure that a denominator names is zero.
func (t *table) isZeroHere(e *formula.Expr, denominator string, period Period, row int) bool {
	words := identifiers(denominator)
	shifts := slices.ContainsFunc(words, isShiftWord)
	some := false
	for _, ref := range e.Refs() {
		named := slices.Contains(words, ref.ID) || slices.Contains(words, t.name(ref.ID))
		if t.pack.shifted(period, ref).IsZero() || !named || shifts != (ref.Shift != formula.Now) {
			continue
		}
		c, err := t.column(ref.ID, t.pack.shifted(period, ref))
		if err != nil {
			return false
		}
		if v := c.At(row); v.Status != formula.OK || !v.Num.IsZero() {
			return false
		}
		some = true
	}
	return some
}

func isShiftWord(w string) bool {
	return slices.Contains([]string{"上期", "previous", "环比", "preceding", "同比", "year_ago"}, w)
}

// denominators cuts what stands behind each division sign out of a formula: a
// name, a call or a group in brackets (the brackets themselves go).
func denominators(source string) []string {
	runes := []rune(source)
	var out []string
	for i, r := range runes {
		if r == '/' || r == '÷' || r == '／' {
			if d := operand(runes[i+1:]); d != "" && !slices.Contains(out, d) {
				out = append(out, d)
			}
		}
	}
	return out
}

func operand(runes []rune) string {
	start := 0
	for start < len(runes) && unicode.IsSpace(runes[start]) {
		start++
	}
	end, depth := start, 0
	for ; end < len(runes); end++ {
		r := runes[end]
		switch {
		case r == '(' || r == '（':
			depth++
		case r == ')' || r == '）':
			depth--
		}
		if depth < 0 || depth == 0 && !wordRune(r) && r != ')' && r != '）' {
			break
		}
	}
	text := strings.TrimSpace(string(runes[start:end]))
	if strings.HasPrefix(text, "(") && strings.HasSuffix(text, ")") {
		text = strings.TrimSpace(text[1 : len(text)-1])
	}
	return text
}

func identifiers(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return !wordRune(r) })
}

func wordRune(r rune) bool {
	return r == '_' || r == '.' || unicode.IsLetter(r) || unicode.IsDigit(r)
}

// filled names the figures of a condition with their values: 完整会计年度数 = 0.
func (t *table) filled(e *formula.Expr, row int) Text {
	var parts []Text
	for _, ref := range e.Refs() {
		at := t.pack.shifted(t.period, ref)
		if at.IsZero() {
			continue
		}
		c, err := t.column(ref.ID, at)
		if err != nil || c.At(row).Status != formula.OK {
			continue
		}
		shown := t.show(ref, c.At(row))
		parts = append(parts, Text{t.name(ref.ID) + " = " + shown.ZH, t.name(ref.ID) + " = " + shown.EN})
	}
	return joinTexts(parts)
}

// recordGap says which field of a record leaves a condition without a value.
func (s *caseSet) recordGap(e *formula.Expr, row int) Text {
	var names []string
	var words []Text
	if e != nil {
		words = s.words(e, row, 0)
		for _, ref := range e.Refs() {
			if l, _ := s.table.pack.limitOf(s.register, ref.ID); l != nil && s.lacks(ref.ID, row) {
				return s.limits[l.ID][row].gap
			}
			if f := s.field(ref.ID); f != nil && s.lacks(ref.ID, row) {
				names = append(names, f.Name)
			}
		}
	}
	if len(words) > 0 {
		return reasonRecordWords(s.records[row], joinTexts(words))
	}
	if len(names) == 0 && e != nil { // then it is an empty field that was reckoned with
		for _, ref := range e.Refs() {
			if c, err := s.column(ref.ID); err == nil && c.At(row).Null {
				names = append(names, s.fieldName(ref.ID))
			}
		}
	}
	return reasonRecord(s.records[row], names)
}

// maxDerived bounds how deep derived fields are searched for a reason.
const maxDerived = 20

// words says what a condition lacks although its fields are there, such as a year
// of the calendar; derived fields are looked into.
func (s *caseSet) words(e *formula.Expr, row, depth int) []Text {
	refs, steps, err := formula.Lacking(e, s.input(), row)
	if err != nil || depth > maxDerived {
		return nil
	}
	var found []Text
	for _, w := range steps {
		addGap(Text(w), &found)
	}
	for _, ref := range refs {
		if f := s.field(ref.ID); f != nil && f.Formula != nil {
			for _, w := range s.words(f.Formula, row, depth+1) {
				addGap(w, &found)
			}
		}
	}
	return found
}

func (s *caseSet) lacks(id string, row int) bool {
	c, err := s.column(id)
	return err == nil && c.At(row).Status != formula.OK
}

// lineGap says why the condition or class of a line cannot be told for a case.
func (s *caseSet) lineGap(c *CaseTable, line, row int) Text {
	if when := c.Lines[line].When; when != nil {
		return s.recordGap(when, row)
	}
	return reasonRecord(s.records[row], []string{s.fieldName(c.ClassifiedBy)})
}

// noLine says that no line of the table fits a case.
func (s *caseSet) noLine(c *CaseTable, row int) Text {
	if c.ClassifiedBy == "" {
		return reasonNoCaseLine(s.records[row])
	}
	class := ""
	if classes, err := s.column(c.ClassifiedBy); err == nil {
		class = classes.At(row).Text
	}
	return reasonNoClass(s.records[row], s.fieldName(c.ClassifiedBy), class)
}

func (s *caseSet) fieldName(id string) string {
	if f := s.field(id); f != nil {
		return f.Name
	}
	return id
}

// roundIn rounds a number of base units as it is shown in the unit.
func roundIn(u interface {
	To(exact.Num) exact.Num
	From(exact.Num) exact.Num
}, n exact.Num, r Rounding) exact.Num {
	return u.From(u.To(n).Round(r.Decimals, r.Mode))
}
