package langserver

import (
	"fmt"
	"slices"
	"strings"

	"kaoping/engine"
	"kaoping/engine/formula"
	"kaoping/rules"
)

// hover explains the name, function or key at the cursor.
func (s *server) hover(d *document, p positionParams) (any, error) {
	n := s.namesFor(d)
	if m, ok := n.at(d, p.Position); ok {
		var parts []string
		for _, of := range n.joined(m.Of) {
			parts = append(parts, s.aboutName(n.Declarations[of]))
		}
		r := rangeOf(d.lines, m.At)
		return hover{markdown(strings.Join(parts, "\n\n---\n\n")), &r}, nil
	}
	line := lineAt(d.lines, p.Position.Line)
	column := characters(line, p.Position.Character)
	word, from := wordAround(line, column)
	r := between(d.lines, p.Position.Line, from, from+len([]rune(word)))
	if text := s.hoverKey(d, p.Position.Line, column); text != "" {
		return hover{markdown(text), &r}, nil
	}
	for _, f := range formula.Functions() {
		if word != "" && (f.Name == word || f.Alias == word) && s.inFormula(d, p.Position.Line, column) {
			return hover{markdown(s.aboutFunction(f)), &r}, nil
		}
	}
	return nil, nil
}

// hoverKey explains the key at a character, "" if there is none.
func (s *server) hoverKey(d *document, line, column int) string {
	top := rules.FileKind(d.path)
	if top == nil {
		return ""
	}
	at := placeAt(d.lines, line, column)
	if at.key != "" {
		return ""
	}
	text := []rune(lineAt(d.lines, line))
	end := keyEnd(text, at.from)
	if end < 0 {
		return ""
	}
	name := strings.Trim(string(text[at.from:end]), " \"'")
	at.siblings = append(at.siblings, name)
	keys, _ := at.shapes(top)
	for _, k := range keys {
		if own, ok := k.Key(name); ok {
			return s.aboutKey(k, *own)
		}
	}
	return ""
}

// inFormula reports whether a character stands in a formula.
func (s *server) inFormula(d *document, line, column int) bool {
	top := rules.FileKind(d.path)
	if top == nil {
		return false
	}
	_, values := placeAt(d.lines, line, column).shapes(top)
	return slices.ContainsFunc(values, func(v rules.Shape) bool {
		return v.Form == rules.FormFormula || v.Form == rules.FormCondition
	})
}

// t picks a word in the language of the session.
func (s *server) t(zh, en string) string { return engine.Text{ZH: zh, EN: en}.In(s.opt.Lang) }

// aboutKey explains a key: what it means, and how its value is written.
func (s *server) aboutKey(k *rules.Kind, own rules.Key) string {
	var b strings.Builder
	fmt.Fprintf(&b, "**%s** — %s\n\n", own.Name, own.Doc.In(s.opt.Lang))
	if own.Required {
		b.WriteString(s.t("必填。", "Required. "))
	}
	var ways []string
	for _, v := range own.Shapes {
		ways = append(ways, s.way(v))
	}
	fmt.Fprintf(&b, "%s%s\n\n*%s*", s.t("写法:", "Value: "), strings.Join(ways, s.t(",或 ", ", or ")), k.Doc.In(s.opt.Lang))
	return b.String()
}

// way says in a few words how a value is written.
func (s *server) way(v rules.Shape) string {
	switch v.Form {
	case rules.FormChoice:
		return "`" + strings.Join(v.Options, "` | `") + "`"
	case rules.FormPhrase:
		return s.t("如 ", "such as ") + "`" + strings.Join(v.Options, "` | `") + "`"
	case rules.FormName:
		return s.t("名称,来自 ", "a name from ") + strings.Join(v.Of, ", ")
	case rules.FormMapping:
		return rules.KindOf(v.Of[0]).Doc.In(s.opt.Lang)
	case rules.FormList:
		var items []string
		for _, item := range v.Items {
			items = append(items, s.way(item))
		}
		return s.t("列表:", "a list: ") + strings.Join(items, s.t(" 或 ", " or "))
	}
	return wordsOf[v.Form].In(s.opt.Lang)
}

var wordsOf = map[rules.Form]engine.Text{
	rules.FormText: {ZH: "文字", EN: "words"}, rules.FormTitle: {ZH: "文字或 {zh:, en:}", EN: "words, or {zh:, en:}"},
	rules.FormNumber: {ZH: "数字", EN: "a number"}, rules.FormPoints: {ZH: "分值,或 {日期: 分值}", EN: "points, or {date: points}"},
	rules.FormQuantity: {ZH: "带单位的数", EN: "a number with its unit"}, rules.FormUnit: {ZH: "单位", EN: "a unit"},
	rules.FormFormula: {ZH: "公式", EN: "a formula"}, rules.FormCondition: {ZH: "条件", EN: "a condition"},
	rules.FormDate: {ZH: "日期,如 2025-06-30", EN: "a date such as 2025-06-30"}, rules.FormYesNo: {ZH: "true 或 false", EN: "true or false"},
	rules.FormBound: {ZH: "带单位的数、基准,或 0.5 × 基准", EN: "a number with its unit, a benchmark, or 0.5 × a benchmark"},
	rules.FormAny:   {ZH: "任何值", EN: "any value"},
}

// kindOf says what a name stands for, with its unit.
func (s *server) kindOf(d rules.Declaration) string {
	what := d.Space
	if k := rules.KindOf(d.Kind); k != nil {
		what = k.Doc.In(s.opt.Lang)
	}
	if u := d.Detail("unit"); u != "" {
		what += " · " + u
	}
	return what
}

// aboutName explains a declared name: what it is, its unit, its formula, the
// clause it comes from and the words of that.
func (s *server) aboutName(d rules.Declaration) string {
	var b strings.Builder
	fmt.Fprintf(&b, "**%s**", d.Name)
	if d.ID != "" {
		fmt.Fprintf(&b, " (`%s`)", d.ID)
	}
	fmt.Fprintf(&b, " — %s\n", s.kindOf(d))
	k := rules.KindOf(d.Kind)
	for _, detail := range d.Details {
		if detail.Key == "id" || detail.Key == "unit" || k != nil && detail.Key == k.NameKey {
			continue
		}
		switch {
		case detail.Key == "quote":
			fmt.Fprintf(&b, "\n> %s\n", detail.Value)
		case detail.Key == "":
			fmt.Fprintf(&b, "\n%s\n", detail.Value)
		default:
			fmt.Fprintf(&b, "\n- %s: `%s`", detail.Key, strings.ReplaceAll(detail.Value, "`", "'"))
		}
	}
	if d.Owner != "" {
		fmt.Fprintf(&b, "\n- %s: `%s`", s.t("登记", "register"), d.Owner)
	}
	return b.String()
}

// aboutFunction explains a function.
func (s *server) aboutFunction(f formula.Function) string {
	return fmt.Sprintf("**%s(%s)** / `%s`\n\n%s", f.Name, f.Args, f.Alias, engine.Text{ZH: f.ZH, EN: f.EN}.In(s.opt.Lang))
}
