package engine

import (
	"slices"

	"kaoping/engine/exact"
)

// Status is the typed outcome of a line.
type Status string

// The outcomes. Only a Scored line has points.
const (
	Scored        Status = "scored"
	LeftOut       Status = "left out"       // not counted; its points went to the rest of its container
	Held          Status = "held"           // a figure or judgement is missing
	NotAssessed   Status = "not assessed"   // the subject or item takes no part
	NotComputable Status = "not computable" // no value and no policy
)

// Line is one line of a scorecard: total, section, group, indicator or deduction.
type Line struct {
	Kind       ItemKind   `json:"kind"`
	Item       string     `json:"item"` // id
	Name       string     `json:"name"`
	Parent     string     `json:"parent,omitempty"` // id of the section or group
	Status     Status     `json:"status"`
	Metric     *exact.Num `json:"metric,omitempty"`      // in base units, rounded only if the pack rounds metrics first; nil if there is none
	MetricRank int        `json:"metric_rank,omitempty"` // in the peer group; 1 is best; 0 if not ranked
	Points     *exact.Num `json:"points,omitempty"`      // after the declared rounding; negative on a deduction; nil unless Scored
	FullPoints exact.Num  `json:"full_points"`           // in force for this subject, left-out points included
	Uncapped   *exact.Num `json:"uncapped,omitempty"`    // of a deduction or total, before its cap or floor, if that changed it
	Cases      int        `json:"cases,omitempty"`       // of a deduction
	Reason     Text       `json:"reason"`                // one sentence
}

// Scorecard is the result of one subject in one period.
type Scorecard struct {
	Subject   string     `json:"subject"` // code
	Name      string     `json:"name"`
	PeerGroup string     `json:"peer_group"`
	Status    Status     `json:"status"`
	Reason    Text       `json:"reason"`
	Total     *exact.Num `json:"total,omitempty"` // nil unless Scored
	Rank      int        `json:"rank,omitempty"`  // 0 if not ranked
	Of        int        `json:"of,omitempty"`    // how many are ranked
	Tied      bool       `json:"tied,omitempty"`
	RankBy    *exact.Num `json:"rank_by,omitempty"` // the value ranked by
	// Rating is the final one; ComputedRating is what the points alone give, with
	// each step between them in RatingSteps. Empty if the pack gives none.
	Rating         string             `json:"rating,omitempty"`
	ComputedRating string             `json:"computed_rating,omitempty"`
	RatingSteps    []RatingChange     `json:"rating_steps,omitempty"`
	RatingReason   Text               `json:"rating_reason,omitzero"` // how the computed one came about, or why there is none
	Consequences   []ConsequenceDrawn `json:"consequences,omitempty"`
	Merged         []string           `json:"merged,omitempty"` // codes of units counted with it
	Lines          []Line             `json:"lines"`            // in the order of the pack
	Notes          []Text             `json:"notes,omitempty"`  // e.g. small sample, units merged

	unrounded *exact.Num // the total before its own rounding
}

// Line finds a line by the item's id, or else by its name.
func (s *Scorecard) Line(item string) (*Line, bool) {
	i := slices.IndexFunc(s.Lines, func(l Line) bool { return l.Item == item })
	if i < 0 {
		i = slices.IndexFunc(s.Lines, func(l Line) bool { return l.Name == item })
	}
	if i < 0 {
		return nil, false
	}
	return &s.Lines[i], true
}

// Depth is how many containers a line stands in; 0 for a section.
func (s *Scorecard) Depth(l *Line) int {
	n := 0
	for l.Parent != "" && n < len(s.Lines) {
		parent, ok := s.Line(l.Parent)
		if !ok {
			break
		}
		l, n = parent, n+1
	}
	return n
}

// Card finds the scorecard of a subject by its code, those left out included.
func (r *Result) Card(subject string) (*Scorecard, bool) {
	for _, cards := range [][]Scorecard{r.Scorecards, r.Excluded} {
		for i := range cards {
			if cards[i].Subject == subject {
				return &cards[i], true
			}
		}
	}
	return nil, false
}

// BenchmarkValue is a benchmark as it came out for a peer group.
type BenchmarkValue struct {
	Benchmark string     `json:"benchmark"`
	Metric    string     `json:"metric,omitempty"`
	PeerGroup string     `json:"peer_group,omitempty"` // empty: over all assessed
	Value     *exact.Num `json:"value,omitempty"`      // in base units; nil if there was nothing to take it of
	Count     int        `json:"count"`                // subjects that had a value
}

// Result is one evaluation of a pack for a period: what is stored as a run.
type Result struct {
	Pack       string           `json:"pack"`
	Edition    Date             `json:"edition"`
	Hash       string           `json:"hash"`
	Status     string           `json:"pack_status"` // draft, trial, in force
	Period     Period           `json:"period"`
	Snapshot   string           `json:"snapshot"`
	Scorecards []Scorecard      `json:"scorecards"` // by peer group, rank, code
	Excluded   []Scorecard      `json:"excluded"`   // NotAssessed, with the reason and no lines
	Benchmarks []BenchmarkValue `json:"benchmarks"`
	Notes      []Text           `json:"notes,omitempty"`
	Findings   []Finding        `json:"findings,omitempty"` // by rule as in the pack, subject, record, person
	Past       []PastUse        `json:"past,omitempty"`     // stored results that this one rests on, by use, pack and period
}

// Explanation unfolds one line of a scorecard. It is computed anew from the
// facts, never stored.
type Explanation struct {
	Subject, SubjectName string
	Line                 Line
	Title                Text   // heading: company · period · item
	Unit                 string // of the metric
	Formula              string // as in the pack
	Filled               []Text // the calculation with the figures filled in, a step each
	Peers                Text   // peer figures: how many, benchmarks, rank
	PeerValues           []PeerValue
	Scale                Text // the scale in words
	Points               Text // the points with the figures filled in, and the rounding
	Policy               Text // what was done instead, when there is no metric
	Law                  Law
	Assumptions          []Assumption
	Figures              []FigureUsed
	Cases                []Record // the records counted by a deduction, with the points of each in CasePoints
	CasePoints           []exact.Num
	Judgements           []Judgement
	Rating               []Text // of the total: how the rating came about, step by step, and what follows
}

// PeerValue is the metric of one peer.
type PeerValue struct {
	Subject, Name string
	Value         *exact.Num
}

// FigureUsed is one input of an explained line with its origin.
type FigureUsed struct {
	Name   string
	Period Period
	Value  *exact.Num // in base units; nil if missing
	Shown  Text       // with its unit
	// Origins: one place for a reported figure; the records for a counted one
	// (at most the first 200; Count says how many there are).
	Origins []Origin
	Count   int
	Note    Text `json:",omitzero"` // which stored result it comes from, or that it is the one published then; mostly zero
}
