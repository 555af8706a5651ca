package engine

import (
	"fmt"
	"slices"

	"kaoping/engine/formula"
)

// Ratings turns a result into a rating (等级), and says what may change it
// afterwards.
type Ratings struct {
	By      string // "total", the id of a metric, or "points " and the id of an item
	ByName  string
	Bands   []RatingBand // the best first
	OnlyFor []string     // ids of the peer groups that are rated; empty means all
	Unless  []RatingStep // first: the one that holds gives its Set and nothing else counts
	Then    []RatingStep // applied in this order
	Law
}

// RatingBand gives a rating to an interval; nil ends are open.
type RatingBand struct {
	Rating           string
	From, To         *Bound
	FromOpen, ToOpen bool
	Otherwise        bool
}

// RatingStep changes a rating. One of AtBest, AtWorst, Set, Notches and Register
// is given.
type RatingStep struct {
	When     *formula.Expr // over everything computed, rating included; nil: always
	WhenText string
	AtBest   string // not better than that (veto, cap)
	AtWorst  string // not worse than that
	Set      string // that, whatever it was
	Notches  int    // -1: one worse; 1: one better; it ends at the best and the worst
	// Register names the register of decisions that change ratings: the latest of
	// the subject in the period counts. RatingField gives the rating, ReasonField
	// why.
	Register, RatingField, ReasonField string
	Law
}

// RatingChange is a step that changed a rating, or would have.
type RatingChange struct {
	From   string `json:"from"`
	To     string `json:"to"`
	Reason Text   `json:"reason"`
	Cite   string `json:"cite,omitempty"`
}

// Consequence is what a result leads to without changing it: reward, reminder,
// coaching.
type Consequence struct {
	Name     string
	When     *formula.Expr // over everything computed, rating included
	WhenText string
	Measure  string
	OnlyFor  string // id of the only peer group; empty means all
	Law
}

// ConsequenceDrawn is a consequence that came about.
type ConsequenceDrawn struct {
	Name    string `json:"name"`
	Measure string `json:"measure"`
	Cite    string `json:"cite,omitempty"`
}

// rated is the rating of one row.
type rated struct {
	computed, final string
	steps           []RatingChange
	reason          Text
	applied         []*RatingStep // that changed it
}

// Names lists the ratings, the best first; those that only steps give come last.
func (r *Ratings) Names() []string {
	var names []string
	add := func(n string) {
		if n != "" && !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	for _, b := range r.Bands {
		add(b.Rating)
	}
	for _, s := range append(slices.Clone(r.Unless), r.Then...) {
		add(s.Set)
	}
	return names
}

// rate gives each card its rating and consequences.
func (e *Evaluation) rate(cards []Scorecard) error {
	if e.pack.Ratings != nil {
		ratings, err := e.scorer.rateAll()
		if err != nil {
			return err
		}
		for row, r := range ratings {
			c := &cards[row]
			c.Rating, c.ComputedRating, c.RatingSteps, c.RatingReason = r.final, r.computed, r.steps, r.reason
		}
	}
	for i := range e.pack.Consequences {
		if err := e.draw(&e.pack.Consequences[i], cards); err != nil {
			return err
		}
	}
	return nil
}

// draw adds a consequence to the cards it applies to.
func (e *Evaluation) draw(c *Consequence, cards []Scorecard) error {
	column, err := e.table.eval(c.When, e.period)
	if err != nil {
		return err
	}
	for row := range cards {
		if v := column.At(row); v.Status == formula.OK && v.Bool && (c.OnlyFor == "" || cards[row].PeerGroup == c.OnlyFor) {
			cards[row].Consequences = append(cards[row].Consequences, ConsequenceDrawn{c.Name, c.Measure, c.Cite})
		}
	}
	return nil
}

// rateAll rates all rows, once.
func (s *scorer) rateAll() ([]rated, error) {
	if s.ratings != nil {
		return s.ratings, nil
	}
	if err := s.table.enter(idRating + " of the cards"); err != nil {
		return nil, err
	}
	defer s.table.leave()
	rules := s.table.pack.Ratings
	if rules == nil {
		return nil, fmt.Errorf("%w: the pack %s gives no ratings", ErrNotFound, s.table.pack.Name)
	}
	rows, err := s.computedRatings(rules)
	if err != nil {
		return nil, err
	}
	special := make([]bool, len(rows))
	for i := range rules.Unless {
		if err := s.exempt(&rules.Unless[i], rows, special); err != nil {
			return nil, err
		}
	}
	for i := range rules.Then {
		if err := s.step(rules, &rules.Then[i], rows, special); err != nil {
			return nil, err
		}
	}
	s.ratings = rows
	return rows, nil
}

// ratingColumn is the rating as formulas see it: while steps are applied the one
// reached so far, afterwards the final one.
func (s *scorer) ratingColumn() (*formula.Column, error) {
	ratings, err := s.rateAll()
	if err != nil {
		return nil, err
	}
	return ratingsColumn(ratings), nil
}

func ratingsColumn(ratings []rated) *formula.Column {
	values := make([]formula.Value, len(ratings))
	for i, r := range ratings {
		values[i] = formula.Value{Text: r.final}
		if r.final == "" {
			values[i] = formula.Value{Status: formula.Missing}
		}
	}
	return formula.NewColumn(values)
}

// computedRatings reads the ratings off the bands.
func (s *scorer) computedRatings(rules *Ratings) ([]rated, error) {
	column, err := s.ratedBy(rules.By)
	if err != nil {
		return nil, err
	}
	rows := make([]rated, column.Len())
	for row := range rows {
		r := &rows[row]
		if !s.isRated(rules, row) {
			r.reason = reasonUnrated()
			continue
		}
		v := column.At(row)
		if v.Status != formula.OK || v.Null { // left out, or not for the subject: no points, not zero points
			r.reason = reasonNothingToRate(rules.ByName)
			continue
		}
		intervals, without, err := s.ratingIntervals(rules, row)
		if err != nil {
			return nil, err
		}
		if without != "" {
			r.reason = reasonNoBenchmark(without)
			continue
		}
		if hit := bandOf(intervals, v.Num); hit >= 0 {
			r.computed = rules.Bands[hit].Rating
			r.final = r.computed
			r.reason = reasonRated(rules.ByName, s.shownRatedBy(rules, v.Num), rules.Bands[hit])
		} else {
			r.reason = reasonNoBand(rules.ByName)
		}
	}
	return rows, nil
}

func (s *scorer) isRated(rules *Ratings, row int) bool {
	if len(rules.OnlyFor) == 0 {
		return true
	}
	groups := s.table.pack.PeerGroups
	g := int(s.table.groups[row])
	return g < len(groups) && slices.Contains(rules.OnlyFor, groups[g].ID)
}

// ratedBy returns what is rated: metrics as they are scored, rounded where the
// pack rounds them first.
func (s *scorer) ratedBy(id string) (*formula.Column, error) {
	if isScored(id) {
		return s.table.column(id, s.table.period)
	}
	return s.table.scored(id)
}

func (s *scorer) ratingIntervals(rules *Ratings, row int) ([]interval, string, error) {
	metric := rules.By
	if isScored(metric) {
		metric = ""
	}
	r := resolver{scorer: s, item: &Item{Metric: metric}, row: row}
	out := make([]interval, len(rules.Bands))
	for i, b := range rules.Bands {
		out[i] = interval{from: r.optional(b.From), to: r.optional(b.To), fromOpen: b.FromOpen, toOpen: b.ToOpen, otherwise: b.Otherwise}
	}
	return out, r.without, r.err
}

// exempt gives the rows a condition holds for their special rating.
func (s *scorer) exempt(step *RatingStep, rows []rated, special []bool) error {
	column, err := s.table.eval(step.When, s.table.period)
	if err != nil {
		return err
	}
	for row := range rows {
		if v := column.At(row); v.Status != formula.OK || !v.Bool || special[row] || !s.isRated(s.table.pack.Ratings, row) {
			continue
		}
		special[row] = true
		r := &rows[row]
		r.steps = append(r.steps, RatingChange{r.final, step.Set, reasonRatingStep(*step), step.Cite})
		r.applied = append(r.applied, step)
		r.final = step.Set
	}
	return nil
}

// step applies one of the changes to all rows that have a rating.
func (s *scorer) step(rules *Ratings, step *RatingStep, rows []rated, special []bool) error {
	// The condition sees the rating reached so far.
	s.table.columns[columnKey{idRating, s.table.period}] = ratingsColumn(rows)
	defer delete(s.table.columns, columnKey{idRating, s.table.period})
	var holds *formula.Column
	if step.When != nil {
		var err error
		if holds, err = s.table.eval(step.When, s.table.period); err != nil {
			return err
		}
	}
	for row := range rows {
		r := &rows[row]
		if special[row] || r.final == "" {
			continue
		}
		if holds != nil {
			v := holds.At(row)
			if v.Status != formula.OK {
				r.steps = append(r.steps, RatingChange{r.final, r.final, reasonUndecided(*step, s.table.undecided(step.When, row)), step.Cite})
			}
			if v.Status != formula.OK || !v.Bool {
				continue
			}
		}
		to, reason := s.changed(rules, step, r.final, row)
		if to == r.final {
			continue
		}
		r.steps = append(r.steps, RatingChange{r.final, to, reason, step.Cite})
		r.applied = append(r.applied, step)
		r.final = to
	}
	return nil
}

// changed returns the rating after a step, and why.
func (s *scorer) changed(rules *Ratings, step *RatingStep, from string, row int) (string, Text) {
	names := rules.bandNames()
	at := slices.Index(names, from)
	switch {
	case step.Register != "":
		return s.decided(step, from, row)
	case step.Set != "":
		return step.Set, reasonRatingStep(*step)
	case at < 0: // a special rating stays
		return from, Text{}
	case step.AtBest != "":
		return names[max(at, slices.Index(names, step.AtBest))], reasonRatingStep(*step)
	case step.AtWorst != "":
		return names[min(at, slices.Index(names, step.AtWorst))], reasonRatingStep(*step)
	}
	return names[min(max(at-step.Notches, 0), len(names)-1)], reasonRatingStep(*step)
}

// bandNames lists the ratings of the bands, the best first, each once.
func (r *Ratings) bandNames() []string {
	var names []string
	for _, b := range r.Bands {
		if !slices.Contains(names, b.Rating) {
			names = append(names, b.Rating)
		}
	}
	return names
}

// decided takes the rating from the latest decision about the subject in the
// period.
func (s *scorer) decided(step *RatingStep, from string, row int) (string, Text) {
	set := s.table.caseSet(step.Register, s.table.period)
	var latest *Record
	for _, i := range set.rows(&s.table.members[row]) {
		if r := set.records[i]; latest == nil || r.Date.Compare(latest.Date) >= 0 {
			latest = r
		}
	}
	if latest == nil {
		return from, Text{}
	}
	to := latest.Fields[step.RatingField].Text
	if to == "" {
		return from, Text{}
	}
	return to, reasonDecision(set.name(), latest, latest.Fields[step.ReasonField].Text)
}

// name is what the register is called.
func (s *caseSet) name() string {
	if s.decl != nil {
		return s.decl.Name
	}
	return s.register
}
