package rules

import (
	"maps"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/engine/formula"
	"kaoping/engine/unit"
)

// setting is what a test says about its subject before any rows: everything that
// tables, cards and groups have in common.
type setting struct {
	r        *testReader
	metric   string // id of the metric under test; empty unless the test is a table
	period   engine.Period
	lenient  bool // who takes part is not what is tested: what the test leaves unsaid is taken as met
	group    string
	kind     string // 机构类型
	parent   string
	opened   engine.Date
	values   map[string]formula.Value // attributes by id
	figures  map[figureOf]exact.Num
	reported map[string]bool // statistics given for the period itself, if only as missing
	given    []engine.GivenBenchmark
	judged   []engine.Judgement
	records  []engine.Record
	explicit map[string]bool // registers whose records the test lists
	asOf     string          // the moment at which data were cut off, RFC 3339; empty if not said
	past     []pastCard
}

// figureOf names a given figure.
type figureOf struct {
	statistic string // id
	period    engine.Period
}

// setting reads the keys that every kind of test may have.
func (r *testReader) setting(m *mapping, metric string) *setting {
	s := &setting{r: r, metric: metric, values: map[string]formula.Value{}, figures: map[figureOf]exact.Num{},
		reported: map[string]bool{}, explicit: map[string]bool{}}
	s.period = r.period(m.get("period"))
	s.subject(m.get("insurer"))
	s.subject(m.get("subject"))
	s.statistics(m.get("given"), formula.Now)
	s.statistics(m.get("previous"), formula.Previous)
	s.benchmarks(m.get("benchmarks"))
	s.judgements(m.get("judged"))
	s.cases(m.get("cases"))
	s.registers(m.get("records"))
	s.cutOff(m.get("as_of"))
	s.readPast(m.get("past"))
	return s
}

// subject reads "property" or {peer_group: property, 完整会计年度数: 8}.
func (s *setting) subject(n node) {
	if n.isScalar() && !n.isNull() {
		s.group = s.r.peerGroup(n)
		return
	}
	m := s.r.mapping(n, text("考评对象", "the subject"))
	for i := range m.pairs {
		p := &m.pairs[i]
		p.taken = true
		switch p.name {
		case "peer_group":
			s.group = s.r.peerGroup(p.value)
		case "type":
			s.kind = s.r.word(p.value)
		case "parent":
			s.parent = s.r.word(p.value)
		case "opened":
			s.opened, _ = s.r.date(p.value)
		default:
			s.attribute(p.key, p.name, p.value)
		}
	}
}

// attribute reads a property of the subject.
func (s *setting) attribute(key node, name string, value node) {
	a, ok := s.r.names.attributes[name]
	if !ok {
		s.r.unknownName(key, name, "考评对象的属性", "a property of a subject",
			append(namesOf(s.r.names.attributes), "peer_group", "type", "opened", "parent"))
		return
	}
	if v, ok := s.r.value(value, a.Kind, a.Unit, a.Options); ok {
		s.values[a.ID] = v
	}
}

// peerGroup reads the id or the title of a peer group.
func (r *testReader) peerGroup(n node) string {
	w := r.word(n)
	id, ok := r.names.groups[w]
	if !ok && w != "" {
		r.unknownName(n, w, "本规则包的同业", "a peer group of this pack", listed(r, r.names.groups))
	}
	return id
}

// statistics reads given figures; the word "missing" in place of them says that
// there are none.
func (s *setting) statistics(n node, at formula.Shift) {
	if n.isScalar() && n.value() == "missing" {
		return
	}
	m := s.r.mapping(n, text("统计数据", "figures"))
	for i := range m.pairs {
		p := &m.pairs[i]
		p.taken = true
		name, sh := shifted(p.name)
		if sh == formula.Now {
			sh = at
		}
		stat, bare, ok := s.r.statistic(name)
		if !ok {
			s.r.unknownName(p.key, p.name, "统计数据", "a statistic", namesOf(s.r.names.statistics))
			continue
		}
		s.figure(p.value, stat, bare, shiftPeriod(s.r.pack, s.period, sh))
	}
}

// statistic finds a statistic by its heading; a unit in brackets behind it is
// that of bare numbers: 保费收入(万元).
func (r *testReader) statistic(heading string) (*engine.Statistic, unit.Unit, bool) {
	if s, ok := r.names.statistics[heading]; ok {
		return s, s.Unit, true
	}
	name, inner, ok := cutBrackets(heading)
	if !ok {
		return nil, unit.Unit{}, false
	}
	s, known := r.names.statistics[name]
	u, err := unit.Parse(inner)
	if !known || err != nil || !u.SameDimension(s.Unit) {
		return nil, unit.Unit{}, false
	}
	return s, u, true
}

// figure reads the value of a statistic in a period.
func (s *setting) figure(n node, stat *engine.Statistic, bare unit.Unit, period engine.Period) {
	if period == s.period {
		s.reported[stat.ID] = true
	}
	if n.isScalar() && n.value() == "missing" {
		return
	}
	if x, ok := s.r.measured(n, bare); ok {
		s.figures[figureOf{stat.ID, period}] = x
	}
}

// benchmarks reads given benchmarks: one value, or one for each metric.
func (s *setting) benchmarks(n node) {
	m := s.r.mapping(n, text("比较基准", "benchmarks"))
	for i := range m.pairs {
		p := &m.pairs[i]
		p.taken = true
		b, ok := s.r.names.benchmarks[p.name]
		switch {
		case !ok:
			s.r.unknownName(p.key, p.name, "比较基准", "a benchmark", namesOf(s.r.names.benchmarks))
		case p.value.isMap():
			s.benchmarkByMetric(p.value, b)
		default:
			s.benchmark(p.value, b)
		}
	}
}

// benchmark reads one value for a benchmark: for the metric under test, or for
// every metric of its dimension.
func (s *setting) benchmark(n node, b *engine.Benchmark) {
	if b.Formula != nil {
		s.giveBenchmark(n, b, "", b.Unit)
		return
	}
	if m := s.r.names.metrics[s.metric]; m != nil {
		s.giveBenchmark(n, b, m.ID, m.Unit)
		return
	}
	q, ok := s.r.quantity(n)
	if !ok {
		return
	}
	for _, m := range s.r.pack.Metrics {
		if m.Unit.SameDimension(q.Unit) {
			s.given = append(s.given, engine.GivenBenchmark{Benchmark: b.ID, Metric: m.ID, Value: q.Value})
		}
	}
}

func (s *setting) giveBenchmark(n node, b *engine.Benchmark, metric string, u unit.Unit) {
	if x, ok := s.r.measured(n, u); ok {
		s.given = append(s.given, engine.GivenBenchmark{Benchmark: b.ID, Metric: metric, Value: x})
	}
}

func (s *setting) benchmarkByMetric(n node, b *engine.Benchmark) {
	m := s.r.mapping(n, text("各指标的基准", "a benchmark for each metric"))
	for i := range m.pairs {
		p := &m.pairs[i]
		p.taken = true
		metric := s.r.metricNamed(p.name)
		if metric == nil {
			s.r.unknownName(p.key, p.name, "计算值", "a metric", namesOf(s.r.names.metrics))
			continue
		}
		s.giveBenchmark(p.value, b, metric.ID, metric.Unit)
	}
}

// metricNamed finds a metric by its own name or by that of its indicator.
func (r *testReader) metricNamed(name string) *engine.Metric {
	if m, ok := r.names.metrics[name]; ok {
		return m
	}
	if it, ok := r.names.items[name]; ok {
		return r.metricOfItem(it)
	}
	return nil
}

// clone copies a setting so that each row of a table has its own.
func (s *setting) clone() *setting {
	c := *s
	c.values, c.figures = maps.Clone(s.values), maps.Clone(s.figures)
	c.reported, c.explicit = maps.Clone(s.reported), maps.Clone(s.explicit)
	c.given = append([]engine.GivenBenchmark(nil), s.given...)
	c.judged = append([]engine.Judgement(nil), s.judged...)
	c.records = append([]engine.Record(nil), s.records...)
	return &c
}
