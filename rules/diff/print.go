package diff

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"kaoping/engine"
)

// marks stand before a change in a list.
var marks = map[Action]string{Added: "+", Removed: "-", Changed: "~", Moved: ">", Renamed: "="}

// Words returns the effect in words.
func (e Effect) Words() engine.Text {
	switch e {
	case Scores:
		return noun("可改变得分", "can move scores")
	case Findings:
		return noun("可改变处罚、信号或运用", "can change findings")
	case Tests:
		return noun("只改测试", "tests only")
	case Wording:
		return noun("只改文字", "wording only")
	}
	return noun("含义不变", "means the same")
}

// effects are all of them, the weightiest first.
var effects = []Effect{Scores, Findings, Tests, Wording, Neutral}

// Summary counts the changes by what they can do.
func Summary(changes []Change) engine.Text {
	if len(changes) == 0 {
		return noun("两个版本完全相同", "the two editions are the same to the byte")
	}
	count := map[Effect]int{}
	for i := range changes {
		count[changes[i].Effect]++
	}
	var zh, en []string
	for _, e := range effects {
		if n := count[e]; n > 0 {
			w := e.Words()
			zh, en = append(zh, fmt.Sprintf("%s %d 处", w.ZH, n)), append(en, fmt.Sprintf("%s: %d", w.EN, n))
		}
	}
	return engine.Text{ZH: strings.Join(zh, ", "), EN: strings.Join(en, ", ")}
}

// WriteText prints changes for people, those of one rule together.
func WriteText(w io.Writer, changes []Change, lang engine.Lang) error {
	out := bufio.NewWriter(w)
	for i := 0; i < len(changes); {
		end := sameOwner(changes, i)
		x := &changes[i]
		fmt.Fprintf(out, "\n%s%s\n", x.Owner.Title().In(lang), origin(x, lang))
		for j := i; j < end; j++ {
			fmt.Fprintf(out, "  %s %s  [%s]\n", marks[changes[j].Action], changes[j].Text.In(lang), changes[j].Effect.Words().In(lang))
		}
		if said := x.SaidBefore.In(lang); said != "" {
			fmt.Fprintf(out, "      %s%s\n", engine.Text{ZH: "原: ", EN: "was: "}.In(lang), said)
		}
		if said := x.SaidAfter.In(lang); said != "" {
			fmt.Fprintf(out, "      %s%s\n", engine.Text{ZH: "现: ", EN: "is:  "}.In(lang), said)
		}
		i = end
	}
	fmt.Fprintf(out, "\n%s\n", Summary(changes).In(lang))
	return out.Flush()
}

// sameOwner returns where the changes that belong to the owner of the first end.
func sameOwner(changes []Change, from int) int {
	end := from + 1
	for end < len(changes) && changes[end].Owner == changes[from].Owner && (changes[end].Effect == Neutral) == (changes[from].Effect == Neutral) {
		end++
	}
	return end
}

// origin says where a change is written and which clause it belongs to.
func origin(x *Change, lang engine.Lang) string {
	var parts []string
	if x.Cite != "" {
		parts = append(parts, x.Cite)
	}
	switch {
	case x.Was != nil && x.Is != nil && x.Was.Line != x.Is.Line:
		parts = append(parts, fmt.Sprintf(engine.Text{ZH: "第 %d → %d 行", EN: "line %d → %d"}.In(lang), x.Was.Line, x.Is.Line))
	case x.Was != nil && x.Is == nil:
		parts = append(parts, fmt.Sprintf(engine.Text{ZH: "原第 %d 行", EN: "line %d before"}.In(lang), x.Was.Line))
	case x.Is != nil:
		parts = append(parts, fmt.Sprintf(engine.Text{ZH: "第 %d 行", EN: "line %d"}.In(lang), x.Is.Line))
	}
	if len(parts) == 0 {
		return ""
	}
	return "    " + strings.Join(parts, " · ")
}

// WriteMarkdown writes changes as a table for a paper; what means the same is
// only counted.
func WriteMarkdown(w io.Writer, changes []Change, lang engine.Lang) error {
	out := bufio.NewWriter(w)
	head := engine.Text{ZH: "| 规则 | 改动 | 影响 | 原文意 | 现文意 | 依据 |", EN: "| Rule | Change | Effect | Said before | Says now | Clause |"}
	fmt.Fprintf(out, "%s\n|---|---|---|---|---|---|\n", head.In(lang))
	for i := range changes {
		x := &changes[i]
		if x.Effect == Neutral {
			continue
		}
		cells := []string{x.Owner.Title().In(lang), x.Text.In(lang), x.Effect.Words().In(lang), x.SaidBefore.In(lang), x.SaidAfter.In(lang), x.Cite}
		for j := range cells {
			cells[j] = cell(cells[j])
		}
		fmt.Fprintf(out, "| %s |\n", strings.Join(cells, " | "))
	}
	fmt.Fprintf(out, "\n%s\n", Summary(changes).In(lang))
	return out.Flush()
}

// cell keeps a text inside a cell of a Markdown table.
func cell(s string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ", "<", "&lt;", "*", `\*`, "_", `\_`).Replace(s)
}
