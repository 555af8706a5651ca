package rules

import (
	"slices"
	"strings"
	"testing"

	"kaoping/engine"
)

// TestNoteOf looks at three lines of the Shanghai pack: judged, deducted, computed.
func TestNoteOf(t *testing.T) {
	name := "cn-shanghai-complaint-handling/2022-10-01.yaml"
	p := loadOne(t, name, shipped(t)[name])
	note := NoteOf(p, engine.Chinese)
	byID := map[string]NoteLine{}
	for _, l := range note.Lines {
		byID[l.Item.ID] = l
	}
	if l := byID["policies"]; len(l.Definition) != 9 || l.Definition[1] != "登记制度: 2 分" || !slices.Equal(l.Scoring, []string{"评审人逐项回答是或否; 部分符合得 50%"}) {
		t.Errorf("checklist: %q %q", l.Definition, l.Scoring)
	}
	l := byID["motor_complaints_per_100m_premium"]
	if l.OnlyFor != "财产保险公司" || !slices.Equal(l.Definition, []string{"车险投诉件数 ÷ 车险保费收入, 件/亿元"}) || !slices.Equal(l.Sources, []string{"投诉案件", "保险统计信息系统"}) {
		t.Errorf("computed: %+v", l)
	}
	if !slices.Equal(l.Assumptions, []string{"A3, 待上海保监局确认", "A6, 待合规部确认"}) || l.Depth != 2 {
		t.Errorf("computed: %+v", l)
	}
	words := ""
	for _, c := range note.Cases {
		words += c.Item.ID + " " + c.When + " " + c.Line.Points.Shortest(2) + "\n"
	}
	for _, want := range []string{"形式 = “群体性事件” 且 人数 ≥ 50 15\n", "其余 0\n", " 投诉问题未整改 3\n"} {
		if !strings.Contains(words, want) {
			t.Errorf("%q is not among\n%s", want, words)
		}
	}
	for _, s := range note.Parts {
		if s.Item == "policies" && s.Heading {
			t.Errorf("the form repeats itself: %v", s)
		}
	}
	if !slices.ContainsFunc(note.Parts, func(s Sentence) bool { return s.Heading && strings.HasPrefix(s.Text, "总分") }) {
		t.Error("the total is not told")
	}
}

// TestCaseWords looks at what results print for conditions.
func TestCaseWords(t *testing.T) {
	name := "cn-shanghai-complaint-handling/2022-10-01.yaml"
	for _, item := range loadOne(t, name, shipped(t)[name]).AllItems() {
		if item.Cases == nil || item.Cases.ClassifiedBy != "" {
			continue
		}
		for _, l := range item.Cases.Lines {
			if !l.Otherwise && (strings.Contains(l.Words.ZH, "==") || strings.Contains(l.Words.EN, ">=") || l.Words.IsZero()) {
				t.Errorf("%s: %q", item.Name, l.Words)
			}
		}
	}
}
