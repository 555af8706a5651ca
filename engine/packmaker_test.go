package engine

import (
	"testing"

	"kaoping/engine/exact"
	"kaoping/engine/formula"
	"kaoping/engine/unit"
)

// packMaker builds packs for tests the way package rules does from YAML.
type packMaker struct {
	t       testing.TB
	p       *Pack
	symbols []formula.Symbol
}

// newPack begins a pack of one edition that scores half-years, half up to two
// decimals per indicator.
func newPack(t testing.TB) *packMaker {
	t.Helper()
	m := &packMaker{t: t, p: &Pack{
		Name: "test", Edition: day("2020-01-01"), Title: Text{"测试", "test"}, Status: "draft", Hash: "0",
		Effective: Effective{From: day("2020-01-01")},
		Periods: []PeriodKind{
			{ID: "half_year", FirstDay: MonthDay{1, 1}, LastDay: MonthDay{6, 30}},
			{ID: "annual", FirstDay: MonthDay{1, 1}, LastDay: MonthDay{12, 31}},
		},
		PeerGroups: []PeerGroup{{"property", Text{"财产保险公司", "property"}}, {"life", Text{"人身保险公司", "life"}}},
		Rounding:   RoundingRules{Points: Rounding{Decimals: 2, Mode: exact.HalfUp}, RoundPoints: true, Metrics: Rounding{Decimals: 4, Mode: exact.HalfUp}},
		Ranking:    Ranking{By: RankKey{ID: "total"}, Ties: ShareBetter},
	}}
	m.symbols = []formula.Symbol{
		{ID: idPeriodFirstDay, Name: "期初日", Kind: formula.Date},
		{ID: idPeriodLastDay, Name: "期末日", Kind: formula.Date},
		{ID: idAccountingYears, Name: "完整会计年度数", Kind: formula.Number},
		{ID: idSubjectType, Name: "机构类型", Kind: formula.Text},
		{ID: idOpened, Name: "开业日期", Kind: formula.Date},
	}
	return m
}

func day(s string) Date {
	d, err := ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func period(s string) Period {
	p, err := ParsePeriod(s)
	if err != nil {
		panic(err)
	}
	return p
}

func num(s string) exact.Num {
	n, err := exact.Parse(s)
	if err != nil {
		panic(err)
	}
	return n
}

func numPtr(s string) *exact.Num {
	n := num(s)
	return &n
}

// quantity reads 10亿元 into base units.
func quantity(s string) exact.Num {
	q, err := unit.ParseQuantity(s)
	if err != nil {
		panic(err)
	}
	return q.Value
}

func (m *packMaker) unit(s string) unit.Unit {
	m.t.Helper()
	u, err := unit.Parse(s)
	if err != nil {
		m.t.Fatalf("unit %q: %v", s, err)
	}
	return u
}

func (m *packMaker) symbol(id, name, u string) {
	m.symbols = append(m.symbols, formula.Symbol{ID: id, Name: name, Kind: formula.Number, Unit: m.unit(u)})
}

// reported declares a statistic whose id is its name.
func (m *packMaker) reported(name, u string) {
	m.symbol(name, name, u)
	m.p.Statistics = append(m.p.Statistics, Statistic{ID: name, Name: name, Unit: m.unit(u)})
}

func (m *packMaker) expr(src string) *formula.Expr {
	m.t.Helper()
	return m.exprOver(src, m.symbols)
}

func (m *packMaker) exprOver(src string, symbols []formula.Symbol) *formula.Expr {
	m.t.Helper()
	e, problems := formula.Check(src, formula.NewScope(symbols...), formula.Options{Shifts: true, Groups: true})
	if len(problems) > 0 {
		m.t.Fatalf("formula %s: %+v", src, problems)
	}
	return e
}

func (m *packMaker) metric(name, u, src string) {
	m.t.Helper()
	e := m.expr(src)
	if problems := e.Want(m.unit(u)); len(problems) > 0 {
		m.t.Fatalf("formula %s: %+v", src, problems)
	}
	m.p.Metrics = append(m.p.Metrics, Metric{ID: name, Name: name, Unit: m.unit(u), Formula: e})
	m.symbol(name, name, u)
}

// register declares a register with a text field 险种, a number 金额 in 元 and a
// date 反馈日期 that may be empty.
func (m *packMaker) register(id string, fields ...Field) []formula.Symbol {
	m.p.Registers = append(m.p.Registers, Register{ID: id, Name: id, Fields: fields})
	var symbols []formula.Symbol
	for _, f := range fields {
		symbols = append(symbols, formula.Symbol{ID: f.ID, Name: f.Name, Kind: f.Kind, Unit: f.Unit, Options: f.Options, Nullable: f.Nullable})
	}
	return symbols
}

// counted declares a statistic that is counted in a register, or summed if sum
// names a field.
func (m *packMaker) counted(name, u, register, sum, where string, fields []formula.Symbol) {
	m.t.Helper()
	s := Statistic{ID: name, Name: name, Unit: m.unit(u), Register: register, Sum: sum}
	if where != "" {
		s.Where = m.exprOver(where, fields)
	}
	m.p.Statistics = append(m.p.Statistics, s)
	m.symbol(name, name, u)
}

func (m *packMaker) section(it *Item) {
	it.Kind = SectionItem
	m.p.Sections = append(m.p.Sections, it)
}

// indicator makes one on a straight line between two numbers with units.
func indicator(metric, points, full, none string) *Item {
	return &Item{
		Kind: IndicatorItem, ID: metric, Name: metric, Metric: metric, FullPoints: num(points),
		Scale:     &Scale{Form: StraightLine, FullAt: bound(full), NoneAt: bound(none)},
		IfMissing: Policy{Action: Hold}, IfZeroDenominator: Policy{Action: FullMarks},
	}
}

func bound(s string) *Bound { return &Bound{Value: quantity(s), Text: s} }

// against makes an indicator between two benchmarks, lower being better.
func against(metric, points, full, none string) *Item {
	it := indicator(metric, points, "0", "0")
	lower := true
	it.Scale = &Scale{
		Form: StraightLine, LowerBetter: &lower,
		FullAt: &Bound{Value: num("1"), Benchmark: full},
		NoneAt: &Bound{Value: num("1"), Benchmark: none},
	}
	it.IfZeroDenominator = Policy{Action: LeaveOutIt}
	return it
}

// factsMaker collects facts of one period.
type factsMaker struct {
	f  *Facts
	at Period
}

func newFacts(at string) *factsMaker {
	return &factsMaker{f: &Facts{Snapshot: "S-test"}, at: period(at)}
}

func (m *factsMaker) subject(code, group string) *Subject {
	m.f.Subjects = append(m.f.Subjects, Subject{Code: code, Name: code + "公司", PeerGroup: group, Opened: day("2001-01-01")})
	return &m.f.Subjects[len(m.f.Subjects)-1]
}

func (m *factsMaker) figure(code, statistic, value string) { m.figureIn(m.at, code, statistic, value) }

func (m *factsMaker) figureIn(at Period, code, statistic, value string) {
	m.f.Figures = append(m.f.Figures, Figure{
		Subject: code, Statistic: statistic, Period: at, Value: quantity(value),
		Origin: Origin{Batch: "B-000001", File: "figures.csv", Row: len(m.f.Figures) + 2, Column: statistic},
	})
}

func (m *factsMaker) cover(register string) {
	m.f.Covered = append(m.f.Covered, Coverage{Register: register, First: m.at.First, Last: m.at.Last})
}

// record adds a case; fields alternate between id and text.
func (m *factsMaker) record(register, code, key, on string, fields ...string) *Record {
	r := Record{
		Register: register, Subject: code, Key: key, Date: day(on), Fields: map[string]formula.Value{},
		Origin: Origin{Batch: "B-000002", File: register + ".csv", Row: len(m.f.Records) + 2},
	}
	for i := 0; i+1 < len(fields); i += 2 {
		r.Fields[fields[i]] = formula.Value{Text: fields[i+1]}
	}
	m.f.Records = append(m.f.Records, r)
	return &m.f.Records[len(m.f.Records)-1]
}

func evaluateIn(t testing.TB, p *Pack, at string, f *Facts) *Evaluation {
	t.Helper()
	e, err := Evaluate(p, period(at), f)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// cardOf returns a subject's scorecard.
func cardOf(t testing.TB, e *Evaluation, code string) *Scorecard {
	t.Helper()
	for i := range e.Result().Scorecards {
		if c := &e.Result().Scorecards[i]; c.Subject == code {
			return c
		}
	}
	t.Fatalf("no scorecard for %s", code)
	return nil
}

func lineOf(t testing.TB, e *Evaluation, code, item string) *Line {
	t.Helper()
	l, ok := cardOf(t, e, code).Line(item)
	if !ok {
		t.Fatalf("no line %s on the card of %s", item, code)
	}
	return l
}

// pointsText writes points with two decimals, or the status.
func pointsText(l *Line) string {
	if l.Points == nil {
		return string(l.Status)
	}
	return l.Points.Decimal(2, exact.HalfUp)
}
