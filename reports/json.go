package reports

import (
	"encoding/json"
	"io"

	"kaoping/engine"
	"kaoping/engine/exact"
)

// The JSON of a report. Numbers are written with the decimals that people see;
// "exact" beside them holds the number as it was computed.

type documentJSON struct {
	Document  string           `json:"document"` // scorecard or ranking
	Pack      packJSON         `json:"pack"`
	Period    periodJSON       `json:"period"`
	Run       runJSON          `json:"run"`
	Banner    string           `json:"banner,omitempty"`
	PeerGroup *groupJSON       `json:"peer_group,omitempty"` // of a ranking; absent: all
	RankedBy  string           `json:"ranked_by"`
	Direction string           `json:"direction"`
	Mean      *numberJSON      `json:"mean,omitempty"` // of the values ranked by
	Median    *numberJSON      `json:"median,omitempty"`
	Scorecard *cardJSON        `json:"scorecard,omitempty"`
	Ranking   []*cardJSON      `json:"ranking,omitempty"`
	Excluded  []*cardJSON      `json:"not_assessed,omitempty"`
	Notes     []string         `json:"notes,omitempty"`
	Findings  []findingJSON    `json:"findings,omitempty"`
	Penalties []findingJSON    `json:"penalties,omitempty"`
	Past      []engine.PastUse `json:"rests_on,omitempty"`
	OutOfDate []string         `json:"out_of_date,omitempty"`
}

type packJSON struct {
	Name        string   `json:"name"`
	Title       string   `json:"title"`
	Edition     string   `json:"edition"`
	Hash        string   `json:"hash"`
	Status      string   `json:"status"`
	Assumptions []string `json:"open_assumptions,omitempty"`
}

type periodJSON struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	First string `json:"first"`
	Last  string `json:"last"`
}

type runJSON struct {
	ID        string `json:"id"`
	Revision  int    `json:"revision"`
	MadeAt    string `json:"made_at,omitempty"`
	By        string `json:"by,omitempty"`
	AsOf      string `json:"data_as_of,omitempty"`
	Snapshot  string `json:"snapshot"`
	Digest    string `json:"digest"`
	CheckCode string `json:"check_code"`
	Version   string `json:"program_version"`
}

type groupJSON struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

type numberJSON struct {
	Value json.Number `json:"value"` // in the unit
	Unit  string      `json:"unit,omitempty"`
	Exact exact.Num   `json:"exact"` // in base units
}

type cardJSON struct {
	Rank         int                       `json:"rank,omitempty"`
	Of           int                       `json:"of,omitempty"`
	Tied         bool                      `json:"tied,omitempty"`
	Change       string                    `json:"against_last_period"`
	Subject      string                    `json:"subject"`
	Name         string                    `json:"name"`
	PeerGroup    groupJSON                 `json:"peer_group"`
	Status       string                    `json:"status"`
	Reason       string                    `json:"reason,omitempty"`
	Total        *numberJSON               `json:"total,omitempty"`
	RankBy       *numberJSON               `json:"rank_by,omitempty"`
	Merged       []string                  `json:"merged,omitempty"`
	Notes        []string                  `json:"notes,omitempty"`
	Rating       *ratingJSON               `json:"rating,omitempty"`
	Consequences []engine.ConsequenceDrawn `json:"consequences,omitempty"`
	Lines        []lineJSON                `json:"lines,omitempty"`
}

type lineJSON struct {
	Kind       string      `json:"kind"`
	Item       string      `json:"item"`
	Name       string      `json:"name"`
	Parent     string      `json:"parent,omitempty"`
	Status     string      `json:"status"`
	FullPoints *numberJSON `json:"full_points,omitempty"`
	Metric     *numberJSON `json:"metric,omitempty"`
	MetricRank int         `json:"metric_rank,omitempty"`
	PeerMedian *numberJSON `json:"peer_median,omitempty"`
	Cases      int         `json:"cases,omitempty"`
	Uncapped   *numberJSON `json:"uncapped,omitempty"`
	Points     *numberJSON `json:"points,omitempty"`
	Before     *numberJSON `json:"points_last_period,omitempty"`
	Reason     string      `json:"reason,omitempty"`
}

func writeJSON(w io.Writer, d *documentJSON) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(d)
}

func (d *Document) jsonHead(kind string) *documentJSON {
	r := d.Result
	return &documentJSON{
		Document: kind,
		Pack:     packJSON{r.Pack, d.in(d.Pack.Title), r.Edition.String(), r.Hash, r.Status, d.openAssumptions()},
		Period:   periodJSON{r.Period.String(), d.in(r.Period.Title()), r.Period.First.String(), r.Period.Last.String()},
		Run: runJSON{
			ID: d.Run.ID, Revision: max(d.Run.Revision, 1), MadeAt: d.Run.MadeAt, By: d.Run.By, AsOf: d.asOf(),
			Snapshot: r.Snapshot, Digest: r.Digest(), CheckCode: CheckCode(d), Version: d.Version,
		},
		Banner: d.banner(), RankedBy: d.Pack.Ranking.By.ID, Direction: direction(d), Notes: d.allIn(r.Notes),
	}
}

func (d *Document) allIn(notes []engine.Text) []string {
	var list []string
	for _, n := range notes {
		list = append(list, d.in(n))
	}
	return list
}

// points writes points with the decimals that are shown.
func (d *Document) points(n *exact.Num) *numberJSON {
	if n == nil {
		return nil
	}
	r := pointsRounding(d.Pack)
	return &numberJSON{Value: json.Number(n.Decimal(r.Decimals, r.Mode)), Exact: *n}
}

// metric writes a metric in its unit.
func (d *Document) metric(item string, n *exact.Num) *numberJSON {
	if n == nil {
		return nil
	}
	u := metricUnit(d.Pack, item)
	if item == d.Pack.Ranking.By.ID {
		u = rankUnit(d.Pack)
	}
	r := d.Pack.MetricRounding(u)
	return &numberJSON{Value: json.Number(u.To(*n).Decimal(r.Decimals, r.Mode)), Unit: u.String(), Exact: *n}
}

// ranked writes the value ranked by.
func (d *Document) ranked(n *exact.Num) *numberJSON {
	if d.scores() && d.Pack.Ranking.By.ID == "total" {
		return d.points(n)
	}
	return d.metric(d.Pack.Ranking.By.ID, n)
}

func (d *Document) jsonCard(c *engine.Scorecard) *cardJSON {
	return &cardJSON{
		Rank: c.Rank, Of: c.Of, Tied: c.Tied, Change: change(d, c), Subject: c.Subject, Name: c.Name,
		PeerGroup: groupJSON{c.PeerGroup, d.groupTitle(c.PeerGroup)}, Status: string(c.Status), Reason: d.in(c.Reason),
		Total: d.points(c.Total), RankBy: d.ranked(c.RankBy), Merged: c.Merged, Notes: d.allIn(c.Notes), Rating: d.jsonRating(c), Consequences: c.Consequences, Lines: d.jsonLines(c),
	}
}

func (d *Document) jsonLines(c *engine.Scorecard) []lineJSON {
	var list []lineJSON
	before, among := findCard(d.Previous, c.Subject), peers(d, population(d, c))
	for i := range c.Lines {
		l := &c.Lines[i]
		j := lineJSON{
			Kind: string(l.Kind), Item: l.Item, Name: l.Name, Parent: l.Parent, Status: string(l.Status),
			Metric: d.metric(l.Item, l.Metric), MetricRank: l.MetricRank, PeerMedian: d.metric(l.Item, median(values(among, pickMetric(l.Item)))),
			Cases: l.Cases, Uncapped: d.points(l.Uncapped), Points: d.points(l.Points), Reason: d.in(l.Reason),
		}
		if l.Kind != engine.MetricItem && !(l.Status == engine.LeftOut && l.FullPoints.IsZero()) {
			j.FullPoints = d.points(&l.FullPoints)
		}
		if before != nil {
			j.Before = d.points(pickPoints(l.Item)(before))
		}
		list = append(list, j)
	}
	return list
}

func (v *cardView) json() *documentJSON {
	j := v.jsonHead("scorecard")
	j.Scorecard = v.jsonCard(v.card)
	return v.jsonOutcome(j, []*engine.Scorecard{v.card}, false)
}

func (v *rankingView) json() *documentJSON {
	j := v.jsonHead("ranking")
	if v.group != "" {
		j.PeerGroup = &groupJSON{v.group, v.groupTitle(v.group)}
	}
	list := values(v.cards, pickRanked)
	j.Mean, j.Median = v.ranked(mean(list)), v.ranked(median(list))
	for _, c := range v.cards {
		j.Ranking = append(j.Ranking, v.jsonCard(c))
	}
	for _, c := range v.excluded {
		j.Excluded = append(j.Excluded, v.jsonCard(c))
	}
	return v.jsonOutcome(j, v.cards, true)
}

// JSONDocument is the shape of the JSON of a scorecard or ranking.
type JSONDocument = documentJSON
