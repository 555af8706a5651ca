package engine

import (
	"cmp"
	"fmt"
	"slices"
)

// Evaluation is a pack applied to the facts of a period. It keeps the columns it
// computed, so that any line can be explained afterwards. It must not be used by
// two goroutines at once.
type Evaluation struct {
	pack     *Pack
	period   Period
	facts    *Facts
	table    *table
	scorer   *scorer
	trees    [][]*outcome // by row: sections, then the total
	excluded []Scorecard
	result   *Result
}

// Evaluate scores every subject of the facts in the period. It fails with a
// *Refusal if the edition does not score the period, with ErrConflict if two
// facts contradict each other. A gap in the facts is no error: the line it
// touches says so.
func Evaluate(p *Pack, period Period, f *Facts) (*Evaluation, error) {
	if err := admit(p, period); err != nil {
		return nil, err
	}
	e, err := evaluate(p, period, f)
	if err != nil {
		return nil, fmt.Errorf("evaluate %s for %s: %w", p.Name, period, err)
	}
	return e, nil
}

// admit refuses periods that the edition does not score.
func admit(p *Pack, period Period) error {
	if !p.Effective.Covers(period) {
		return &Refusal{refusalEdition(p, period)}
	}
	if len(p.Periods) > 0 && !slices.ContainsFunc(p.Periods, func(k PeriodKind) bool { return k.Matches(period) }) {
		return &Refusal{refusalKind(p, period)}
	}
	return nil
}

// PeriodsIn lists the periods ending in a year that the edition assesses, by their
// last day, longer ones behind shorter.
func (p *Pack) PeriodsIn(year int) []Period {
	var out []Period
	for last := 1; last <= 12; last++ {
		for _, months := range []int{1, 3, 6, 12} {
			period := monthSpan(year, last-months+1, months)
			if last%months == 0 && admit(p, period) == nil {
				out = append(out, period)
			}
		}
	}
	return out
}

func evaluate(p *Pack, period Period, f *Facts) (*Evaluation, error) {
	e, r, err := begin(p, period, f)
	if err != nil {
		return nil, err
	}
	t := e.table
	if err := e.scoreAll(); err != nil {
		return nil, err
	}
	cards, err := e.cards(r.subjects)
	if err != nil {
		return nil, err
	}
	findings, err := e.findings(r.subjects)
	if err != nil {
		return nil, err
	}
	e.result = &Result{
		Pack: p.Name, Edition: p.Edition, Hash: p.Hash, Status: p.Status,
		Period: period, Snapshot: f.Snapshot,
		Scorecards: e.sorted(cards),
		Excluded:   e.excluded,
		Benchmarks: e.scorer.benchmarks.list(),
		Notes:      unknownSubjects(f, period),
		Findings:   findings,
		Past:       t.pastUses(),
	}
	return e, nil
}

// begin indexes the facts and finds who is assessed; nothing is scored yet.
func begin(p *Pack, period Period, f *Facts) (*Evaluation, *roster, error) {
	index, err := newFactIndex(f)
	if err != nil {
		return nil, nil, err
	}
	r := newRoster(p, period, f.Subjects)
	if err := r.close(index); err != nil {
		return nil, nil, err
	}
	t := newTable(p, period, r.members, index)
	e := &Evaluation{pack: p, period: period, facts: f, table: t, scorer: newScorer(t), excluded: r.sortedExcluded()}
	return e, r, e.scorer.prepare()
}

// Result returns what is stored and printed. The caller must not change it.
func (e *Evaluation) Result() *Result { return e.result }

func (e *Evaluation) scoreAll() error {
	sections, err := e.scorer.sections()
	if err != nil {
		return err
	}
	e.trees = sections
	if e.pack.Total != nil {
		totals, err := e.scorer.totals()
		if err != nil {
			return err
		}
		for row, total := range totals {
			e.trees[row] = append(slices.Clone(total.children), total)
		}
	}
	e.table.metricRanks(e.trees)
	return nil
}

// cards makes the ranked scorecards, in the order of the rows.
func (e *Evaluation) cards(subjects map[string]Subject) ([]Scorecard, error) {
	notes, err := e.table.notes(subjects)
	if err != nil {
		return nil, err
	}
	cards := make([]Scorecard, len(e.table.members))
	for row := range cards {
		card, err := e.card(row)
		if err != nil {
			return nil, err
		}
		card.Notes = notes[row]
		cards[row] = card
	}
	if err := e.rate(cards); err != nil {
		return nil, err
	}
	return cards, e.table.rank(cards)
}

func (e *Evaluation) card(row int) (Scorecard, error) {
	m := &e.table.members[row]
	card := Scorecard{Subject: m.Code, Name: m.Name, PeerGroup: e.groupID(m), Merged: m.merged, Lines: []Line{}}
	for _, o := range e.trees[row] {
		if o.item.Kind != TotalItem {
			card.Lines = e.lines(card.Lines, o, "")
		}
	}
	if e.pack.Total == nil {
		return card, e.metricsOnly(&card, row)
	}
	total := e.trees[row][len(e.trees[row])-1]
	card.Lines = append(card.Lines, e.line(total, ""))
	card.Status, card.Reason = total.status, total.reason
	if total.status == Scored {
		points := total.points
		card.Total, card.unrounded = &points, total.exactly
	}
	return card, nil
}

func (e *Evaluation) groupID(m *member) string {
	if int(m.group) < len(e.pack.PeerGroups) {
		return e.pack.PeerGroups[m.group].ID
	}
	return m.PeerGroup
}

// sorted orders scorecards by peer group, rank and code; those without a rank
// come last in their group.
func (e *Evaluation) sorted(cards []Scorecard) []Scorecard {
	order := func(c Scorecard) int {
		return slices.IndexFunc(e.pack.PeerGroups, func(g PeerGroup) bool { return g.ID == c.PeerGroup })
	}
	last := func(c Scorecard) int {
		if c.Rank == 0 {
			return 1
		}
		return 0
	}
	out := append([]Scorecard{}, cards...)
	slices.SortStableFunc(out, func(a, b Scorecard) int {
		return cmp.Or(cmp.Compare(order(a), order(b)), cmp.Compare(last(a), last(b)),
			cmp.Compare(a.Rank, b.Rank), cmp.Compare(a.Subject, b.Subject))
	})
	return out
}
