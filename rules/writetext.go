package rules

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"kaoping/engine"
)

// widestExcerpt is how many terminal columns of a source line are shown; of a
// longer one the part around the mistake.
const widestExcerpt = 120

// WriteText prints diagnostics for people: place, code and message, the source
// line with carets below the mistake, hint and clause, and last how many there
// are of each level. It expects them sorted.
func WriteText(w io.Writer, diags []Diagnostic, lang engine.Lang) error {
	out := bufio.NewWriter(w)
	for _, d := range diags {
		writeOne(out, d, lang)
	}
	fmt.Fprintln(out, Count(diags).In(lang))
	return out.Flush()
}

func writeOne(w io.Writer, d Diagnostic, lang engine.Lang) {
	fmt.Fprintf(w, "%s: %s%s: %s\n", visible(position(d)), d.Code, levelNote(d.Level).In(lang), visible(d.Message.In(lang)))
	if d.Source != "" {
		line, caret := excerpt(d)
		fmt.Fprintf(w, "%5d | %s\n      | %s\n", d.Line, line, caret)
	}
	if notes := notes(d, lang); notes != "" {
		fmt.Fprintf(w, "      %s\n", visible(notes))
	}
}

// visible replaces what would move the cursor.
func visible(s string) string { return strings.Map(printable, s) }

// position writes file:line:column, or the file alone.
func position(d Diagnostic) string {
	if d.Line == 0 {
		return d.File
	}
	return fmt.Sprintf("%s:%d:%d", d.File, d.Line, d.Column)
}

// levelNote marks what is not an error.
func levelNote(level string) engine.Text {
	switch level {
	case LevelWarning:
		return text(" (警告)", " (warning)")
	case LevelInfo:
		return text(" (信息)", " (info)")
	}
	return engine.Text{}
}

func notes(d Diagnostic, lang engine.Lang) string {
	var parts []string
	if !d.Hint.IsZero() {
		parts = append(parts, text("提示: ", "hint: ").In(lang)+d.Hint.In(lang))
	}
	if d.Cite != "" {
		parts = append(parts, text("依据: ", "clause: ").In(lang)+d.Cite)
	}
	return strings.Join(parts, "    ")
}

// excerpt returns the source line and a line of carets below the mistake, both
// cut to a readable length.
func excerpt(d Diagnostic) (line, caret string) {
	source := []rune(strings.Map(printable, d.Source))
	from := min(max(d.Column-1, 0), len(source))
	to := min(from+max(d.Width, 1), len(source))
	start, end := window(source, from)
	to = min(to, end)
	lead, tail := "", ""
	if start > 0 {
		lead = "… "
	}
	if end < len(source) {
		tail = " …"
	}
	blank := displayWidth(lead + string(source[start:from]))
	marks := max(displayWidth(string(source[from:to])), 1)
	return strings.TrimRight(lead+string(source[start:end])+tail, " "), strings.Repeat(" ", blank) + strings.Repeat("^", marks)
}

// window picks the part of a long line that holds the character at mark.
func window(source []rune, mark int) (start, end int) {
	if displayWidth(string(source)) <= widestExcerpt {
		return 0, len(source)
	}
	for start = mark; start > 0 && displayWidth(string(source[start-1:mark])) <= widestExcerpt/2; start-- {
	}
	for end = start; end < len(source) && displayWidth(string(source[start:end+1])) <= widestExcerpt; end++ {
	}
	return start, end
}

// Count says how many errors, warnings and notes there are.
func Count(diags []Diagnostic) engine.Text {
	if len(diags) == 0 {
		return text("没有发现问题", "no mistakes found")
	}
	n := map[string]int{}
	for _, d := range diags {
		n[d.Level]++
	}
	e, w, i := n[LevelError], n[LevelWarning], n[LevelInfo]
	return text(
		fmt.Sprintf("错误 %d 个, 警告 %d 个, 信息 %d 条", e, w, i),
		fmt.Sprintf("%s, %s, %s", plural(e, "error"), plural(w, "warning"), plural(i, "note")))
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}
