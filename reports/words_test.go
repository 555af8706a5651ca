package reports

import (
	"slices"
	"strings"
	"testing"

	"kaoping/engine"
	"kaoping/engine/exact"
)

func TestFileNames(t *testing.T) {
	d := scoringDocument(t, engine.Chinese)
	if got, want := ScorecardName(d, "PA01", "xlsx"), "2025H1_财产保险公司_评分卡_PA01_甲财险上海分公司_v2.xlsx"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got, want := RankingName(d, "property", "csv"), "2025H1_财产保险公司_排名_v2.csv"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got := ScorecardName(d, "PB02", "html"); strings.ContainsAny(got, `/\:*?"<>| `) {
		t.Errorf("%s is no safe name", got)
	}
	d.Result.Scorecards[0].Name = strings.Repeat("很长的名称", 60) + "\u202e../../etc"
	if got := ScorecardName(d, "PA01", "xlsx"); len(got) > 255 || !strings.HasSuffix(got, "_v2.xlsx") || strings.Contains(got, "..") {
		t.Errorf("%s", got)
	}
}

func TestCheckCodeIsTheDigestsBeginning(t *testing.T) {
	d := scoringDocument(t, engine.Chinese)
	code, digest := CheckCode(d), strings.ToUpper(d.Result.Digest())
	if code != digest[:4]+"-"+digest[4:8] {
		t.Errorf("%s of %s", code, digest)
	}
}

func TestTextsOfALine(t *testing.T) {
	p := scoringPack(t)
	card := cardOf(t, "X", "x", 2, true, "7999/2000", "", "40", "0", "-5")
	line := func(item string) *engine.Line {
		l, ok := card.Line(item)
		if !ok {
			t.Fatal(item)
		}
		return l
	}
	for what, c := range map[string]struct{ got, want string }{
		"points":           {PointsText(p, line("volume"), engine.Chinese), "40.00"},
		"points left out":  {PointsText(p, line("timeliness"), engine.Chinese), "不适用"},
		"full points":      {FullPointsText(p, line("volume")), "40.00"},
		"no full points":   {FullPointsText(p, line("late_reports")), "—"},
		"metric":           {MetricText(p, line("volume"), engine.Chinese), "3.9995 件/亿元"},
		"metric left out":  {MetricText(p, line("timeliness"), engine.English), "n/a"},
		"no metric at all": {MetricText(p, line("qualitative"), engine.Chinese), "—"},
		"rank":             {RankText(&card, engine.Chinese), "并列2"},
		"rank in English":  {RankText(&card, engine.English), "tied 2"},
		"value ranked by":  {RankValue(p, &card, engine.Chinese), "65.00"},
		"deductions":       {DeductionsText(p, &card), "-5.00"},
		"answer":           {AnswerText(engine.NotApplicable, engine.Chinese), "不适用"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", what, c.got, c.want)
		}
	}
	us := rankingDocument(t, engine.English)
	if got := RankValue(us.Pack, &us.Result.Scorecards[1], engine.English); got != "0.3333 complaints/USD million" {
		t.Errorf("ratio: %q", got)
	}
}

func TestRunsOfAssumptions(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "A1": "A1", "A1 A2": "A1 A2", "A1 A2 A3": "A1–A3", "A9 A10 A11 B1": "A9–A11 B1", "A1 A3 A4 A5 A7": "A1 A3–A5 A7", "X Y": "X Y",
	} {
		if got := strings.Join(runs(strings.Fields(in)), " "); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}

func TestBannerFollowsThePack(t *testing.T) {
	d := scoringDocument(t, engine.Chinese)
	d.Pack.Assumptions[0].State = "settled"
	if got := d.banner(); got != "" {
		t.Errorf("a settled pack in force has the banner %q", got)
	}
	d.Result.Status = "draft"
	if got := d.banner(); !strings.HasPrefix(got, "草案") {
		t.Errorf("a draft has the banner %q", got)
	}
}

func TestTextsThatLookLikeFormulas(t *testing.T) {
	for in, want := range map[string]string{
		"=1+1": "'=1+1", "+迟报": "'+迟报", "-1 件": "'-1 件", "@x": "'@x", "\tx": "'\tx", "\rx": "x", "＝1": "'＝1", "—": "—", "▲3": "▲3", "a\nb": "a; b", "普通": "普通", "": "",
	} {
		if got := csvText(textCell(in)); got != want {
			t.Errorf("%q is written %q, want %q", in, got, want)
		}
	}
	if got := csvText(decimalCell(exact.Int(-3), engine.Rounding{Decimals: 2})); got != "-3.00" {
		t.Errorf("a negative number is written %q", got)
	}
}

func TestSparklines(t *testing.T) {
	list := func(words ...string) []*exact.Num {
		var out []*exact.Num
		for _, w := range words {
			if w == "" {
				out = append(out, nil)
				continue
			}
			out = append(out, ptr(num(t, w)))
		}
		return out
	}
	for want, in := range map[string][]*exact.Num{
		"▁▅█": list("0", "50", "100"), "▇·█": list("90", "", "100"), "—": list("5", ""), "▁▁": list("0", "0"), "▁█": list("-5", "0"), "█▁█": list("0", "-5", "0"),
	} {
		if got := spark(in); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestARankingOfAllKeepsThePeerGroupsApart(t *testing.T) {
	d := scoringDocument(t, engine.Chinese)
	v, err := newRankingView(d, "")
	if err != nil {
		t.Fatal(err)
	}
	var order []string
	for _, c := range v.cards {
		order = append(order, c.Subject)
	}
	if !slices.Equal(order, []string{"PA01", "PB02", "PC03", "PD04", "PE05", "LA01"}) {
		t.Errorf("%v", order)
	}
}

func BenchmarkScorecardWorkbook(b *testing.B) {
	d := scoringDocument(b, engine.Chinese)
	for b.Loop() {
		render(b, d, "PA01", "property", XLSX)
	}
}
