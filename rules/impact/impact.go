// Package impact says what a changed rule pack does to results of the past:
// subject by subject the points, ranks and ratings under both editions, and what
// caused each move, so that the causes add up to the move exactly.
package impact

import (
	"fmt"
	"slices"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/rules"
	"kaoping/rules/diff"
)

// Facts gives what an evaluation of a pack may know of the period. It is asked
// once for each edition on the way from the present one to the draft.
type Facts func(*engine.Pack) (*engine.Facts, error)

// Impact is what a draft does to the results of one period.
type Impact struct {
	Period   engine.Period  `json:"period"`
	Pack     string         `json:"pack"`
	Before   Edition        `json:"before"`
	After    Edition        `json:"after"`
	Causes   []Cause        `json:"causes"`
	Groups   []Group        `json:"groups"`   // in the order of the present pack
	Subjects []Subject      `json:"subjects"` // by peer group and present rank; those only the draft assesses last
	Lacking  []Lack         `json:"lacking,omitempty"`
	Results  [2]*Evaluation `json:"-"` // before and after
}

// Evaluation is one side with the pack it was computed by.
type Evaluation struct {
	*engine.Evaluation
	Pack *engine.Pack
}

// Edition names one side.
type Edition struct {
	Edition engine.Date `json:"edition"`
	Status  string      `json:"status"`
	Hash    string      `json:"hash"`
}

// Cause is a step from the present edition to the draft: the changes to one
// rule.
type Cause struct {
	Owner   diff.Owner    `json:"owner"` // of the first change
	Changes []diff.Change `json:"changes"`
}

// Title names the rule that was changed.
func (c Cause) Title() engine.Text { return c.Owner.Title() }

// Standing is a subject's result under one edition.
type Standing struct {
	Status engine.Status `json:"status"` // not assessed if it takes no part
	Reason engine.Text   `json:"reason,omitzero"`
	Value  *exact.Num    `json:"value,omitempty"` // the total, or the figure that the pack ranks; nil unless scored
	Rank   int           `json:"rank,omitempty"`  // 0 if not ranked
	Of     int           `json:"of,omitempty"`
	Tied   bool          `json:"tied,omitempty"`
	Rating string        `json:"rating,omitempty"`
}

// Subject is what becomes of one subject.
type Subject struct {
	Code      string   `json:"code"`
	Name      string   `json:"name"`
	PeerGroup string   `json:"peer_group"`
	Before    Standing `json:"before"`
	After     Standing `json:"after"`
	// Move is After − Before; nil unless both have a value.
	Move *exact.Num `json:"move,omitempty"`
	// Items took part in the move. They add up to Move exactly, as do the shares of
	// each in Because.
	Items []Item `json:"items,omitempty"`
}

// Item is a line of the scorecard that brought more or less.
type Item struct {
	ID   string          `json:"item"`
	Name string          `json:"name"`
	Kind engine.ItemKind `json:"kind"`
	// Adjusts: what a floor, a rounding or the like of a sum did, not the points of
	// a line.
	Adjusts bool      `json:"adjusts,omitempty"`
	Before  exact.Num `json:"before"` // points of the total; 0 if it is not on the scorecard
	After   exact.Num `json:"after"`
	Move    exact.Num `json:"move"`
	Because []Share   `json:"because"`
	Inputs  []Input   `json:"inputs,omitempty"` // what it was computed from and is not the same
}

// Share is how much of a move some causes brought.
type Share struct {
	// Causes are places in Impact.Causes: one, or several where the subject had no
	// value in between.
	Causes []int     `json:"causes"`
	Move   exact.Num `json:"move"`
}

// Input is a figure behind an item that differs between the editions.
type Input struct {
	Name   engine.Text `json:"name"`
	Before engine.Text `json:"before,omitzero"` // with its unit; empty if it was not used
	After  engine.Text `json:"after,omitzero"`
}

// Compute scores a period under both editions and takes the moves apart. before
// is the evaluation of the stored run, with its pack. A draft that is not in force
// in the period is scored all the same.
func Compute(before *Evaluation, editions [2]diff.Edition, facts Facts) (*Impact, error) {
	period := before.Result().Period
	changes := diff.Compare(editions[0], editions[1])
	path, err := walk(before, editions, changes, period, facts)
	if err != nil {
		return nil, err
	}
	after := path[len(path)-1].evaluation
	x := &Impact{
		Period: period, Pack: before.Pack.Name, Before: editionOf(before.Pack), After: editionOf(after.Pack),
		Results: [2]*Evaluation{before, after},
	}
	for _, s := range path[1:] {
		x.Causes = append(x.Causes, s.causes...)
	}
	if x.Subjects, err = x.subjects(path); err != nil {
		return nil, err
	}
	x.Groups = x.groups()
	used, err := facts(after.Pack)
	if err != nil {
		return nil, err
	}
	x.Lacking = lacking(after.Pack, period, used)
	return x, nil
}

func editionOf(p *engine.Pack) Edition { return Edition{p.Edition, p.Status, p.Hash} }

// step is a stop on the way from the present edition to the draft.
type step struct {
	evaluation *Evaluation
	causes     []Cause // since the step before
	first      int     // place of the first of them
}

// walk evaluates every stage that can be evaluated. The causes of one that
// cannot go to the next.
func walk(before *Evaluation, editions [2]diff.Edition, changes []diff.Change, period engine.Period, facts Facts) ([]step, error) {
	path := []step{{evaluation: before}}
	stages := diff.Stages(editions[0], editions[1], changes)
	if len(stages) == 0 { // nothing that can move a score
		stages = []diff.Stage{{Files: editions[1].Files}}
	}
	var waiting []Cause
	first := 0
	for i, stage := range stages {
		last := i == len(stages)-1
		if len(stage.Changes) > 0 {
			waiting = append(waiting, Cause{stage.Changes[0].Owner, stage.Changes})
		}
		if !last && i >= mostSteps {
			continue
		}
		evaluation, err := evaluate(stage.Files, period, facts)
		switch {
		case err != nil && last:
			return nil, err
		case err != nil:
			continue // with the next stage
		}
		path = append(path, step{evaluation, waiting, first})
		first, waiting = first+len(waiting), nil
	}
	return path, nil
}

// mostSteps bounds the work for a draft that changes everything: what comes later
// is one step.
const mostSteps = 60

func evaluate(files map[string][]byte, period engine.Period, facts Facts) (*Evaluation, error) {
	pack, diagnostics := rules.LoadFilesFor(files, period)
	if pack == nil {
		return nil, fmt.Errorf("an edition between the two has %d mistakes", len(diagnostics))
	}
	f, err := facts(pack)
	if err != nil {
		return nil, err
	}
	e, err := engine.Rehearse(pack, period, f)
	if err != nil {
		return nil, err
	}
	return &Evaluation{e, pack}, nil
}

// subjects lists everybody that either edition knows.
func (x *Impact) subjects(path []step) ([]Subject, error) {
	var out []Subject
	seen := map[string]bool{}
	for _, e := range x.Results {
		r := e.Result()
		for _, cards := range [][]engine.Scorecard{r.Scorecards, r.Excluded} {
			for i := range cards {
				if seen[cards[i].Subject] {
					continue
				}
				seen[cards[i].Subject] = true
				s, err := x.subject(&cards[i], path)
				if err != nil {
					return nil, err
				}
				out = append(out, s)
			}
		}
	}
	// Nobody is listed whom both editions leave out.
	return slices.DeleteFunc(out, func(s Subject) bool {
		return s.Before.Status == engine.NotAssessed && s.After.Status == engine.NotAssessed
	}), nil
}

func (x *Impact) subject(card *engine.Scorecard, path []step) (Subject, error) {
	s := Subject{Code: card.Subject, Name: card.Name, PeerGroup: card.PeerGroup}
	s.Before, s.After = standing(x.Results[0], s.Code), standing(x.Results[1], s.Code)
	if s.Before.Value == nil || s.After.Value == nil {
		return s, nil
	}
	move := s.After.Value.Sub(*s.Before.Value)
	s.Move = &move
	items, err := takeApart(s.Code, path)
	if err != nil {
		return s, err
	}
	s.Items = items
	for i := range s.Items {
		if err := x.inputs(&s, &s.Items[i]); err != nil {
			return s, err
		}
	}
	return s, nil
}

// standing finds what an edition gives a subject.
func standing(e *Evaluation, code string) Standing {
	card := cardOf(e, code)
	if card == nil {
		return Standing{Status: engine.NotAssessed, Reason: excludedFor(e, code)}
	}
	s := Standing{Status: card.Status, Reason: card.Reason, Rank: card.Rank, Of: card.Of, Tied: card.Tied, Rating: card.Rating, Value: card.Total}
	if e.Pack.Total == nil {
		s.Value = card.RankBy
	}
	if s.Status != engine.Scored {
		s.Value = nil
	} else {
		s.Reason = engine.Text{}
	}
	return s
}

func cardOf(e *Evaluation, code string) *engine.Scorecard {
	cards := e.Result().Scorecards
	i := slices.IndexFunc(cards, func(c engine.Scorecard) bool { return c.Subject == code })
	if i < 0 {
		return nil
	}
	return &cards[i]
}

func excludedFor(e *Evaluation, code string) engine.Text {
	for _, c := range e.Result().Excluded {
		if c.Subject == code {
			return c.Reason
		}
	}
	return engine.Text{}
}
