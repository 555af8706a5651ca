package rules

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"kaoping/engine"
)

// TestReport is what came of the tests of all packs.
type TestReport struct {
	Packs       []PackTests  `json:"packs"`
	Diagnostics []Diagnostic `json:"diagnostics,omitempty"` // mistakes in the test files themselves
}

// PackTests is what came of the tests of one edition. A test is a row of a
// table, a card or a group; it may expect several values.
type PackTests struct {
	Pack     string        `json:"pack"`
	Edition  engine.Date   `json:"edition"`
	Tests    int           `json:"tests"`
	Failed   int           `json:"failed"`
	Mistakes int           `json:"mistakes,omitempty"` // errors in its test files; such tests are not run
	Failures []TestFailure `json:"failures,omitempty"`
	Took     time.Duration `json:"took_ns,omitempty"`
	Coverage *Coverage     `json:"coverage,omitempty"` // if it was asked for
}

// TestFailure is one value that came out otherwise than a test expects.
type TestFailure struct {
	File     string        `json:"file"`
	Line     int           `json:"line"`   // 1-based
	Column   int           `json:"column"` // 1-based, in characters
	Test     engine.Text   `json:"test"`
	Item     string        `json:"item,omitempty"`
	What     engine.Text   `json:"what"` // points, metric, rank …
	Want     engine.Text   `json:"want"`
	Got      engine.Text   `json:"got"`
	Steps    []engine.Text `json:"steps,omitempty"` // the calculation with the figures filled in
	RuleFile string        `json:"rule_file,omitempty"`
	RuleLine int           `json:"rule_line,omitempty"`
	Cite     string        `json:"cite,omitempty"`
}

// Failed counts the tests that failed and the mistakes in test files; 0 means
// that all is well.
func (r *TestReport) Failed() int {
	n := 0
	for _, p := range r.Packs {
		n += p.Failed
	}
	for _, d := range r.Diagnostics {
		if d.Level == LevelError {
			n++
		}
	}
	return n
}

// WriteJSON writes the report as one JSON document in both languages.
func (r *TestReport) WriteJSON(w io.Writer) error { return writeIndented(w, r) }

// Write prints the report for people: mistakes in test files, then a line for
// each edition with what failed below it, then the sum.
func (r *TestReport) Write(w io.Writer, lang engine.Lang) error {
	out := bufio.NewWriter(w)
	if len(r.Diagnostics) > 0 {
		if err := WriteText(out, r.Diagnostics, lang); err != nil {
			return err
		}
	}
	passed, total := 0, 0
	for _, p := range r.Packs {
		p.write(out, lang)
		passed, total = passed+p.Tests-p.Failed, total+p.Tests
	}
	sum := text(fmt.Sprintf("共 %d 个版本, %d/%d 通过", len(r.Packs), passed, total),
		fmt.Sprintf("%s, %d of %d tests passed", plural(len(r.Packs), "edition"), passed, total))
	fmt.Fprintln(out, sum.In(lang))
	return out.Flush()
}

func (p PackTests) write(w io.Writer, lang engine.Lang) {
	fmt.Fprintf(w, "%s %s %s   %s\n", p.verdict(), p.Pack, p.Edition, p.count(lang))
	for i, f := range p.Failures {
		if i > 0 && slices.Equal(f.Steps, p.Failures[i-1].Steps) {
			f.Steps = nil // the same line again: its calculation has just been printed
		}
		f.write(w, lang)
	}
}

// verdict is PASS, FAIL, or NONE where there is no test.
func (p PackTests) verdict() string {
	switch {
	case p.Failed > 0 || p.Mistakes > 0:
		return "FAIL"
	case p.Tests == 0:
		return "NONE"
	}
	return "PASS"
}

func (p PackTests) count(lang engine.Lang) string {
	if p.Tests == 0 && p.Mistakes == 0 {
		return text("没有测试", "no tests").In(lang)
	}
	s := fmt.Sprintf("%d/%d", p.Tests-p.Failed, p.Tests)
	if p.Took > 0 {
		s += fmt.Sprintf("   %.2fs", p.Took.Seconds())
	}
	if p.Mistakes > 0 {
		s += "   " + text(fmt.Sprintf("测试文件有 %d 处错误", p.Mistakes), plural(p.Mistakes, "mistake")+" in the test files").In(lang)
	}
	return s
}

func (f TestFailure) write(w io.Writer, lang engine.Lang) {
	subject := joinDots(f.Test.In(lang), f.Item, f.What.In(lang))
	fmt.Fprintf(w, "  %s:%d:%d: %s\n", f.File, f.Line, f.Column, subject)
	if f.Want.IsZero() {
		fmt.Fprintf(w, "      %s\n", f.Got.In(lang))
	} else {
		fmt.Fprintf(w, "      %s %s   %s %s\n", text("期望", "want").In(lang), f.Want.In(lang), text("实际", "got").In(lang), f.Got.In(lang))
	}
	for _, s := range f.Steps {
		fmt.Fprintf(w, "        %s\n", s.In(lang))
	}
	if notes := f.rule(lang); notes != "" {
		fmt.Fprintf(w, "      %s\n", notes)
	}
}

// joinDots joins what is not empty and has not been said: 甲财险 · 总分.
func joinDots(parts ...string) string {
	out := ""
	for _, p := range parts {
		switch {
		case p == "" || strings.HasPrefix(out, p):
		case out == "":
			out = p
		default:
			out += " · " + p
		}
	}
	return out
}

// rule names the line of the pack that was tested, and its clause.
func (f TestFailure) rule(lang engine.Lang) string {
	var parts []string
	if f.RuleFile != "" {
		parts = append(parts, fmt.Sprintf("%s%s:%d", text("规则: ", "rule: ").In(lang), f.RuleFile, f.RuleLine))
	}
	if f.Cite != "" {
		parts = append(parts, text("依据: ", "clause: ").In(lang)+f.Cite)
	}
	return strings.Join(parts, "    ")
}

// words names an aspect for people.
func (a aspect) words() engine.Text {
	switch a {
	case metricOf:
		return text("计算值", "metric")
	case fullPointsOf:
		return text("分值", "full points")
	case rankOf:
		return text("名次", "rank")
	case casesOf:
		return text("件数", "cases")
	case statusOf:
		return text("状态", "status")
	case findingsOf:
		return text("发现的问题", "findings")
	case penaltiesOf:
		return text("处罚", "penalties")
	case consequencesOf:
		return text("结果运用", "consequences")
	case ratingOf:
		return text("等级", "rating")
	case computedOf:
		return text("按分数的等级", "computed rating")
	}
	return text("得分", "points")
}

// words writes the expected value as the officer wrote it; a status in both
// languages.
func (w expectation) words() engine.Text {
	switch {
	case w.status != "":
		return statusText(w.status, engine.Text{})
	case w.none:
		return text("无", "none")
	}
	return text(w.text, w.text)
}

// statusText writes a status with its reason.
func statusText(s engine.Status, reason engine.Text) engine.Text {
	zh := map[engine.Status]string{
		engine.Scored: "已评分", engine.LeftOut: "不计此项", engine.Held: "暂缓",
		engine.NotAssessed: "不参加考评", engine.NotComputable: "无法计算",
	}[s]
	t := text(zh, string(s))
	if !reason.IsZero() {
		t.ZH += " (" + reason.ZH + ")"
		t.EN += " (" + reason.EN + ")"
	}
	return t
}
