package rules

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/engine/unit"
)

var (
	leadingZero = regexp.MustCompile(`^[-+]?0[0-9]+(\.[0-9]+)?$`)
	underscored = regexp.MustCompile(`^[-+]?[0-9]+(_[0-9]+)+$`)
	exponent    = regexp.MustCompile(`^[-+]?[0-9.]+[eE][-+]?[0-9]+$`)
	otherBase   = regexp.MustCompile(`^0[xob][0-9a-fA-F_]+$`)
	notANumber  = regexp.MustCompile(`^[-+]?\.(inf|Inf|INF|nan|NaN|NAN)$`)
)

// trap reports a number in a notation that YAML tools read in different ways,
// and says how to write it.
func (b *bag) trap(n node) bool {
	v := n.value()
	if n.y == nil || n.y.Style != 0 {
		return false
	}
	var why, how engine.Text
	switch {
	case leadingZero.MatchString(v):
		how := strings.TrimLeft(v, "0+-")
		return b.reportTrap(n, text("开头的 0 使有些 YAML 程序按八进制读", "a leading zero makes some programs read it in base 8"), "写成 ", "write ", how)
	case underscored.MatchString(v):
		return b.reportTrap(n, text("数字里不能有下划线", "no underscores in numbers"), "写成 ", "write ", strings.ReplaceAll(v, "_", ""))
	case exponent.MatchString(v):
		why, how = text("不能用科学记数法", "no powers of ten in numbers"), text("把数字写全, 或用 万、亿", "write the number in full")
	case otherBase.MatchString(v):
		why, how = text("不能用其他进制", "decimal numbers only"), text("写成十进制", "write it in decimal")
	case notANumber.MatchString(v):
		why, how = text("这不是一个数", "this is not a number"), text("写出数字", "write a number")
	default:
		return false
	}
	b.add(n.report(CodeTrap, text("“"+v+"”: "+why.ZH, "“"+v+"”: "+why.EN), how))
	return true
}

func (b *bag) reportTrap(n node, why engine.Text, zh, en, how string) bool {
	if how == "" {
		how = "0"
	}
	v := n.value()
	b.add(n.report(CodeTrap, text("“"+v+"”: "+why.ZH, "“"+v+"”: "+why.EN), text(zh+how, en+how)))
	return true
}

// otherText finds unquoted texts that YAML programs read as something else than
// the characters that stand there: the answers of YAML 1.1, and numbers whose
// last digits are lost.
var otherText = regexp.MustCompile(`^(?i:yes|no|on|off|true|false|y|n)$|^[-+]?[0-9]+\.[0-9]*0$|^[-+]?0[0-9]+$|^[-+]?[0-9.]+[eE][-+]?[0-9]+$`)

// freeText reads words that people write as they like, and reports those that
// other YAML programs would not read as words.
func (b *bag) freeText(n node) string {
	w := b.word(n)
	if w != "" && n.y.Style == 0 && otherText.MatchString(w) {
		b.add(n.report(CodeTrap,
			text(fmt.Sprintf("“%s”没有引号, 有些 YAML 程序不当文字读", w), fmt.Sprintf("“%s” without quotes: some programs do not read it as text", w)),
			text(fmt.Sprintf("写成 %q", w), fmt.Sprintf("write %q", w))))
	}
	return w
}

// quantity reads a number with or without a unit.
func (b *bag) quantity(n node) (unit.Quantity, bool) {
	if n.absent() {
		return unit.Quantity{}, false
	}
	if !n.isScalar() || n.isNull() {
		b.wrongType(n, text("一个数字", "a number"), engine.Text{})
		return unit.Quantity{}, false
	}
	if b.trap(n) {
		return unit.Quantity{}, false
	}
	q, err := unit.ParseQuantity(n.y.Value)
	if err != nil {
		if b.quoteMark(n) {
			return unit.Quantity{}, false
		}
		message, hint := errorText(err)
		if hint.IsZero() {
			hint = numberHint(n.value())
		}
		b.add(n.report(CodeWrongType, message, hint))
		return unit.Quantity{}, false
	}
	return q, true
}

// errorText takes the bilingual sentence out of an error of package unit.
func errorText(err error) (message, hint engine.Text) {
	var e *unit.Error
	if errors.As(err, &e) {
		return text(e.ZH, e.EN), text(e.HintZH, e.HintEN)
	}
	return text(err.Error(), err.Error()), engine.Text{}
}

// number reads a bare number.
func (b *bag) number(n node) (exact.Num, bool) {
	q, ok := b.quantity(n)
	if ok && q.Unit.Dim() != "" && !q.Unit.IsPoints() {
		b.add(n.report(CodeWrongType,
			text(fmt.Sprintf("这里应为不带单位的数字, 实际为“%s”", clip(n.value())), fmt.Sprintf("expected a number without a unit, got “%s”", clip(n.value()))), engine.Text{}))
		return exact.Num{}, false
	}
	return q.Value, ok
}

// points reads a number of points, which is not negative. A share is no number of
// points: 10% would count as a tenth of one.
func (b *bag) points(n node) (exact.Num, bool) {
	q, ok := b.quantity(n)
	if ok && !q.Unit.IsBare() && !q.Unit.IsPoints() {
		b.add(n.report(CodeWrongType,
			text(fmt.Sprintf("这里应为分值, 实际为“%s”", clip(n.value())), fmt.Sprintf("expected a number of points, got “%s”", clip(n.value()))),
			text("写成不带单位的数, 例如 10", "write a number without a unit, for example 10")))
		return exact.Num{}, false
	}
	x := q.Value
	if ok && x.Sign() < 0 {
		b.add(n.report(CodeWrongType, text("分值不能是负数", "points are not negative"), text("扣分也写正数", "what is taken off is written without a sign too")))
		return exact.Num{}, false
	}
	return x, ok
}

// whole reads a whole number between two bounds.
func (b *bag) whole(n node, low, high int) (int, bool) {
	x, ok := b.number(n)
	if !ok {
		return 0, false
	}
	v, _, small := x.Small()
	if !small || !x.IsInt() || v < int64(low) || v > int64(high) {
		b.add(n.report(CodeWrongType,
			text(fmt.Sprintf("这里应为 %d 到 %d 的整数", low, high), fmt.Sprintf("expected a whole number from %d to %d", low, high)), engine.Text{}))
		return 0, false
	}
	return int(v), true
}

// date reads a day.
func (b *bag) date(n node) (engine.Date, bool) {
	w := b.word(n)
	if w == "" {
		return engine.Date{}, false
	}
	d, err := engine.ParseDate(w)
	if err != nil {
		if b.quoteMark(n) {
			return engine.Date{}, false
		}
		message, hint := text(fmt.Sprintf("“%s”不是日期", clip(w)), fmt.Sprintf("“%s” is no date", clip(w))), text("写成 2025-06-30", "write 2025-06-30")
		if dateForm.MatchString(w) {
			message, hint = text(fmt.Sprintf("没有 %s 这一天", w), fmt.Sprintf("there is no such day as %s", w)), text("核对月和日", "look at the month and the day")
		}
		b.add(n.report(CodeWrongType, message, hint))
		return engine.Date{}, false
	}
	return d, true
}

var dateForm = regexp.MustCompile(`^\d{4}-\d\d-\d\d$`)

// unit reads a unit of measure.
func (b *bag) unit(n node) (unit.Unit, bool) {
	w := b.word(n)
	if w == "" {
		return unit.Unit{}, false
	}
	u, err := unit.Parse(w)
	if err != nil {
		if b.quoteMark(n) {
			return unit.Unit{}, false
		}
		message, _ := errorText(err)
		b.add(n.report(CodeUnit, message, b.suggestion(w, unit.Words(), text("例如 件, 元, 亿元, %, 件/亿元", "for example 件, 元, 亿元, %, complaints/USD million"))))
		return unit.Unit{}, false
	}
	return u, true
}

// yesNo reads true or false in any of the ways people write it.
func (b *bag) yesNo(n node) bool {
	switch w := b.word(n); strings.ToLower(w) {
	case "", "no", "false", "否":
		return false
	case "yes", "true", "是":
		return true
	default:
		b.wrongType(n, text("是或否", "yes or no"), text("写 true 或 false", "write true or false"))
		return false
	}
}

// titles reads a list of texts, each in one language or both; a single one counts
// as a list of one.
func (b *bag) titles(n node) []engine.Text {
	if n.isMap() || n.isScalar() && !n.isNull() {
		return []engine.Text{b.title(n)}
	}
	var out []engine.Text
	for _, c := range b.list(n, text("一个列表", "a list")) {
		if t := b.title(c); !t.IsZero() {
			out = append(out, t)
		}
	}
	return out
}

// title reads a text, or one in both languages.
func (b *bag) title(n node) engine.Text {
	if !n.isMap() {
		return engine.Text{ZH: b.freeText(n)}
	}
	m := b.mapping(n, text("文字", "a text"))
	t := engine.Text{ZH: b.freeText(m.get("zh")), EN: b.freeText(m.get("en"))}
	m.done()
	return t
}
