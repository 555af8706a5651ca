package reports

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"kaoping/engine"
	"kaoping/engine/exact"
)

// outcomeDocument is the example with ratings, consequences, findings, penalties
// and earlier results.
func outcomeDocument(t testing.TB, lang engine.Lang) *Document {
	d := scoringDocument(t, lang)
	law := engine.Law{Cite: "细则 七"}
	d.Pack.Ratings = &engine.Ratings{By: "total", ByName: "总分", Law: law}
	d.Pack.Consequences = []engine.Consequence{{Name: "约谈", Measure: "约见负责人", Law: law}}
	d.Pack.Records = engine.RecordRules{
		TimeLimits: []engine.TimeLimit{{ID: "closing", Name: "办结时限", Register: "events"}},
		Penalties:  []engine.Penalty{{ID: "fine", Name: "罚款", Register: "events"}},
	}
	first := &d.Result.Scorecards[0]
	first.Rating, first.ComputedRating = "B", "A"
	first.RatingReason = engine.Text{ZH: "总分98,不低于80,评为A", EN: "98 is A"}
	first.RatingSteps = []engine.RatingChange{{From: "A", To: "B", Reason: engine.Text{ZH: "=有重大群体性事件:最高评为B", EN: "=a mass event: at best B"}, Cite: "细则 八"}}
	first.Consequences = []engine.ConsequenceDrawn{{Name: "约谈", Measure: "约见负责人", Cite: "细则 九"}}
	d.Result.Scorecards[1].Rating, d.Result.Scorecards[1].ComputedRating = "C", "C"
	d.Result.Findings = []engine.Finding{
		{Kind: engine.TimeLimitFinding, Rule: "closing", Name: "办结时限", State: engine.Late, Subject: "PA01", Register: "events", Records: []string{"E-1"}, Due: "2025-03-05 24:00", Late: ptr(exact.Frac(3, 8)), Reason: engine.Text{ZH: "E-1 超过时限", EN: "E-1 is late"}, Cite: "细则 十"},
		{Kind: engine.RedFlagFinding, Rule: "same", Name: "同一账户", Register: "events", Records: []string{"E-2", "E-3"}, Reason: engine.Text{ZH: "两家公司同一账户", EN: "one account"}},
		{Kind: engine.PenaltyFinding, Rule: "fine", Name: "罚款", Subject: "PA01T", Register: "events", Records: []string{"E-1"}, Person: "E1", Named: "张三", Relation: "责任人", Measure: "提醒", Amount: ptr(exact.Int(50)), Reason: engine.Text{ZH: "E-1:责任人 张三,罚款 50 元", EN: "E-1"}},
		{Kind: engine.PenaltyFinding, Rule: "fine", Name: "罚款", Subject: "PA01", Register: "events", Records: []string{"E-4"}, State: engine.Unknown, Relation: "责任人", Reason: engine.Text{ZH: "查不到责任人", EN: "nobody found"}},
		{Kind: engine.GapFinding, Rule: "events", Name: "事件登记", State: engine.Unknown, Subject: "PC03", Register: "events", Reason: engine.Text{ZH: "没有报全", EN: "not delivered"}},
	}
	d.Result.Past = []engine.PastUse{
		{Use: engine.UseScorecards, Pack: "other", Period: period(t, "2024"), Digest: strings.Repeat("ab", 32)},
		{Use: engine.UseScorecards, Pack: "cn-example", Period: period(t, "2024H1")},
	}
	d.OutOfDate = []engine.Text{{ZH: "已过期:所引用的 other 2024年度的结果后来重新计算过", EN: "out of date: other 2024 was computed again"}}
	return d
}

// sheetText is everything on a sheet, cells set off by bars.
func sheetText(t testing.TB, f *excelize.File, name string) string {
	t.Helper()
	rows, err := f.GetRows(name)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, r := range rows {
		b.WriteString(strings.Join(r, "|") + "\n")
	}
	return b.String()
}

// written writes a report as a workbook and reads it again.
func written(t *testing.T, write func(*bytes.Buffer) error) *excelize.File {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return openBook(t, b.Bytes())
}

func holds(t testing.TB, where, text string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(text, want) {
			t.Errorf("%s has no %q:\n%s", where, want, text)
		}
	}
}

func TestTheScorecardShowsWhatFollows(t *testing.T) {
	d := outcomeDocument(t, engine.Chinese)
	f := written(t, func(b *bytes.Buffer) error { return WriteScorecard(b, d, "PA01", XLSX) })
	if got, want := fmt.Sprint(f.GetSheetList()), "[评分卡 定性明细 定量明细 扣分事件 等级与运用 发现问题 处罚 趋势与同业 说明]"; got != want {
		t.Errorf("sheets %s, want %s", got, want)
	}
	holds(t, "form", sheetText(t, f, "评分卡"), "等级 B(计算等级 A)", "已过期", "A → B:=有重大群体性事件:最高评为B(细则 八)", "发现问题1条", "处罚2条")
	holds(t, "ratings", sheetText(t, f, "等级与运用"), "1|PA01|甲财险上海分公司|A|B|总分98,不低于80,评为A|细则 七", "A|B|=有重大群体性事件:最高评为B|细则 八", "约谈|B|约见负责人|细则 九")
	found := sheetText(t, f, "发现问题")
	holds(t, "findings", found, "1|时限|办结时限|超时|PA01|甲财险上海分公司|E-1|2025-03-05 24:00|0.38|E-1 超过时限|细则 十")
	if strings.Contains(found, "同一账户") || strings.Contains(found, "PC03") {
		t.Errorf("a scorecard shows what is about others:\n%s", found)
	}
	holds(t, "penalties", sheetText(t, f, "处罚"), "E1|张三", "50.00", "未查明", "每人合计", "查不到责任人")
	holds(t, "about", sheetText(t, f, "说明"), "引用的结果", "other(2024)", strings.Repeat("ab", 32), "缺少 cn-example 2024年上半年的评分卡,先执行 kaoping run --pack cn-example --period 2024H1", "已过期")
}

func TestTheRankingShowsWhatFollows(t *testing.T) {
	for _, lang := range []engine.Lang{engine.Chinese, engine.English} {
		d := outcomeDocument(t, lang)
		f := written(t, func(b *bytes.Buffer) error { return WriteRanking(b, d, "property", XLSX) })
		if lang == engine.English {
			holds(t, "sheets", fmt.Sprint(f.GetSheetList()), "Ratings Findings Penalties")
			continue
		}
		holds(t, "ranking", sheetText(t, f, "排名"), "扣分合计|等级|计算等级|结果运用|发现问题(条)|处罚(条)|处罚金额(元)|与中位差", "|B|A|约谈|1|2|50.00|", "|C|C||0|0|—|")
		holds(t, "ratings", sheetText(t, f, "等级与运用"), "|A|B|", "等级调整", "结果运用")
		holds(t, "findings", sheetText(t, f, "发现问题"), "同一账户", "未报数据")
	}
}

func TestTablesOfDataCarryWhatFollows(t *testing.T) {
	d := outcomeDocument(t, engine.Chinese)
	var card, ranking, js bytes.Buffer
	if err := WriteScorecard(&card, d, "PA01", CSV); err != nil {
		t.Fatal(err)
	}
	holds(t, "CSV", card.String(), "计算等级,computed_rating,计算等级,,,A", "等级调整,rating_step,A→B", "等级,rating,等级,,,B", "结果运用,consequence,约谈", "时限,closing,办结时限,,,E-1", "处罚,fine,罚款,,,50.00,元")
	width := -1
	for i, line := range strings.Split(strings.TrimSpace(card.String()), "\r\n") {
		if n := strings.Count(line, ","); i == 0 {
			width = n
		} else if n != width && !strings.Contains(line, `"`) {
			t.Errorf("line %d has %d columns, not %d: %s", i, n, width, line)
		}
	}
	if err := WriteRanking(&ranking, d, "property", CSV); err != nil {
		t.Fatal(err)
	}
	holds(t, "CSV", ranking.String(), "等级,计算等级,等级调整,结果运用,发现问题(条),处罚(条),处罚金额(元),备注", "B,A,A→B:=有重大群体性事件:最高评为B,约谈,1,2,50.00,")
	if err := WriteScorecard(&js, d, "PA01", JSON); err != nil {
		t.Fatal(err)
	}
	var read struct {
		Scorecard struct {
			Rating       ratingJSON
			Consequences []engine.ConsequenceDrawn
		}
		Findings, Penalties []findingJSON
		Past                []engine.PastUse `json:"rests_on"`
		OutOfDate           []string         `json:"out_of_date"`
	}
	if err := json.Unmarshal(js.Bytes(), &read); err != nil {
		t.Fatal(err)
	}
	if read.Scorecard.Rating.Final != "B" || read.Scorecard.Rating.Computed != "A" || len(read.Scorecard.Rating.Steps) != 1 || len(read.Scorecard.Consequences) != 1 ||
		len(read.Findings) != 1 || len(read.Penalties) != 2 || len(read.Past) != 2 || len(read.OutOfDate) != 1 {
		t.Errorf("%+v", read)
	}
}

// Long lists of columns go over pages beside each other, with names on each.
func TestWideSheetsGoAcrossPages(t *testing.T) {
	d := scoringDocument(t, engine.Chinese)
	for i := range 12 {
		it := &engine.Item{Kind: engine.DeductionItem, ID: fmt.Sprint("d", i), Name: fmt.Sprint("扣分项", i)}
		d.Pack.Sections[0].Children = append(d.Pack.Sections[0].Children, it)
		c := &d.Result.Scorecards[0]
		c.Lines = append(c.Lines, engine.Line{Kind: engine.DeductionItem, Item: it.ID, Name: it.Name, Status: engine.Scored, Points: ptr(exact.Int(0))})
	}
	f := written(t, func(b *bytes.Buffer) error { return WriteRanking(b, d, "property", XLSX) })
	titles := ""
	for _, n := range f.GetDefinedName() {
		if n.Name == "_xlnm.Print_Titles" && n.Scope == "扣分汇总" {
			titles = n.RefersTo
		}
	}
	if !strings.Contains(titles, "'扣分汇总'!$A:$D,'扣分汇总'!$") {
		t.Errorf("repeated: %s", titles)
	}
	for sheet, want := range map[string]int{"扣分汇总": 4, "排名": 1, "指标值": 1} {
		layout, err := f.GetPageLayout(sheet)
		if err != nil || layout.FitToWidth == nil || *layout.FitToWidth != want || *layout.FitToHeight != 0 {
			t.Errorf("%s: %+v, %v", sheet, layout, err)
		}
	}
}

// A short table below another one stays on its page; a long one begins a page.
func TestShortTablesShareAPage(t *testing.T) {
	d := scoringDocument(t, engine.Chinese)
	if n := breaks(t, d, "PB02"); n != 0 {
		t.Errorf("%d page breaks between short tables", n)
	}
	explain := d.Explain
	d.Explain = func(subject, item string) (*engine.Explanation, error) {
		e, err := explain(subject, item)
		for range 60 {
			if err == nil && item == "late_reports" {
				e.Cases, e.CasePoints = append(e.Cases, e.Cases[0]), append(e.CasePoints, exact.Int(2))
			}
		}
		return e, err
	}
	if n := breaks(t, d, "PB02"); n != 1 {
		t.Errorf("%d page breaks after a long table, want 1", n)
	}
}

// breaks counts the manual page breaks of a scorecard.
func breaks(t *testing.T, d *Document, subject string) int {
	t.Helper()
	var b bytes.Buffer
	if err := WriteScorecard(&b, d, subject, XLSX); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, part := range z.File {
		if strings.HasPrefix(part.Name, "xl/worksheets/sheet") {
			n += strings.Count(readPart(t, part), "<brk ")
		}
	}
	return n
}
