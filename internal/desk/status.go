package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"kaoping/engine"
	"kaoping/internal/assess"
	"kaoping/internal/feeds"
)

// Delivery is an input of a period with how fresh it is and who sends it.
type Delivery struct {
	engine.Input
	At     time.Time // when its newest batch was loaded; zero if there is none
	File   string    // of that batch
	By     string    // who loaded it
	Sender engine.Text
}

// Status is what has been delivered for a period, and what is missing.
type Status struct {
	Pack       *engine.Pack
	Period     engine.Period
	AsOf       string // RFC 3339
	Deliveries []Delivery
	Missing    int // deliveries that are not complete
}

// Status says for each assessed subject, feed or register and period what is there,
// how fresh it is, what is missing and who should send it, as of an instant (zero
// means now). Subjects come from the roster; a pack whose roster is empty has none.
func (d *Desk) Status(ctx context.Context, pack *engine.Pack, period engine.Period, at time.Time, sources []*feeds.Source) (*Status, error) {
	facts, err := assess.Facts(ctx, d.DB, pack, period, at)
	if err != nil {
		return nil, err
	}
	evaluation, err := engine.Evaluate(pack, period, facts)
	if err != nil {
		return nil, err
	}
	batches, err := d.DB.Batches(ctx, pack.Name)
	if err != nil {
		return nil, err
	}
	feeders := d.settled(sources)
	s := &Status{Pack: pack, Period: period, AsOf: facts.AsOf}
	for _, in := range evaluation.Inputs() {
		one := Delivery{Input: in, Sender: senderOf(pack, &in, feeders)}
		for _, b := range batches {
			if b.ID == in.Latest {
				one.At, one.File, one.By = b.At, b.File, b.By
			}
		}
		if !in.Complete() {
			s.Missing++
		}
		s.Deliveries = append(s.Deliveries, one)
	}
	return s, nil
}

// settled are the sources of which it is known what they deliver.
func (d *Desk) settled(sources []*feeds.Source) []*feeds.Source {
	var known []*feeds.Source
	packs := d.Rules().Library.Packs()
	for _, s := range sources {
		if settled, err := feeds.Settle(s, packs); err == nil {
			known = append(known, settled)
		}
	}
	return known
}

// senderOf says who should send an input: whom the pack names, and which source of
// the configuration brings it.
func senderOf(pack *engine.Pack, in *engine.Input, feeders []*feeds.Source) engine.Text {
	names := slices.Clone(in.Senders)
	var sources []string
	for _, f := range feeders {
		target := f.Target == in.Target || f.Target == in.TargetName
		if in.Kind == engine.JudgementInput {
			target = f.Target == string(engine.JudgementInput)
		}
		if target && f.Target != "" && (f.Pack == "" || f.Pack == pack.Name) {
			sources = append(sources, f.Source)
		}
	}
	var t engine.Text
	switch {
	case names != nil:
		t = engine.Text{ZH: strings.Join(names, "、"), EN: strings.Join(names, ", ")}
	case in.Kind == engine.JudgementInput:
		t = engine.Text{ZH: "评分人、复核人", EN: "scorers and reviewers"}
	case sources == nil:
		return unnamedSender(pack, in)
	}
	if sources != nil {
		via := strings.Join(sources, ", ")
		if t.IsZero() {
			return engine.Text{ZH: "来源 " + via, EN: "source " + via}
		}
		t.ZH, t.EN = t.ZH+"(来源 "+via+")", t.EN+" (source "+via+")"
	}
	return t
}

// unnamedSender points at the clause where the pack names nobody.
func unnamedSender(pack *engine.Pack, in *engine.Input) engine.Text {
	for i := range pack.Registers {
		if r := &pack.Registers[i]; in.Kind == engine.RegisterInput && r.ID == in.Target && r.Cite != "" {
			return engine.Text{ZH: "见 " + r.Cite, EN: "see " + r.Cite}
		}
	}
	return engine.Text{ZH: "规则包没有写明(from:)", EN: "the pack does not say (from:)"}
}

// What names the feed, the register or the answers.
func (d *Delivery) What() engine.Text {
	switch {
	case d.Kind == engine.JudgementInput:
		return engine.Text{ZH: "定性评分", EN: "judgements"}
	case d.TargetName == "":
		return engine.Text{ZH: "统计数据", EN: "figures"}
	}
	return engine.Text{ZH: d.TargetName, EN: d.TargetName}
}

// shownMissing is how many missing figures or lines are named.
const shownMissing = 4

// State says whether it is complete, and if not, what is missing.
func (d *Delivery) State() engine.Text {
	switch {
	case d.Complete() && d.Kind == engine.RegisterInput && d.Latest == "":
		return engine.Text{ZH: "齐,没有记录", EN: "complete, no record"}
	case d.Complete():
		return engine.Text{ZH: "齐", EN: "complete"}
	case d.Kind == engine.RegisterInput:
		return engine.Text{ZH: fmt.Sprintf("%s 起没有报全", d.Gap), EN: fmt.Sprintf("not delivered in full from %s on", d.Gap)}
	case d.There == 0 && d.Kind == engine.JudgementInput:
		return engine.Text{ZH: "还没有评分", EN: "nothing is answered yet"}
	}
	names := d.Missing[:min(len(d.Missing), shownMissing)]
	t := engine.Text{ZH: "缺 " + strings.Join(names, "、"), EN: "lacks " + strings.Join(names, ", ")}
	if more := len(d.Missing) - len(names); more > 0 {
		t.ZH, t.EN = t.ZH+fmt.Sprintf(" 等 %d 项", len(d.Missing)), t.EN+fmt.Sprintf(" and %d more", more)
	}
	return t
}

// StatusDocument is a status as programs read it, complete deliveries too.
type StatusDocument struct {
	Pack       string             `json:"pack"`
	Period     engine.Period      `json:"period"`
	AsOf       string             `json:"as_of"`
	Count      int                `json:"count"`
	Incomplete int                `json:"incomplete"`
	Deliveries []DeliveryDocument `json:"deliveries"`
}

// DeliveryDocument is a delivery as programs read it.
type DeliveryDocument struct {
	Subject  string        `json:"subject"`
	Name     string        `json:"name"`
	Kind     string        `json:"kind"`
	Target   string        `json:"target,omitempty"`
	Period   engine.Period `json:"period"`
	Wanted   int           `json:"wanted"`
	There    int           `json:"there"`
	Missing  []string      `json:"missing,omitempty"`
	Gap      string        `json:"first_day_missing,omitempty"`
	Batch    string        `json:"batch,omitempty"`
	File     string        `json:"file,omitempty"`
	LoadedAt string        `json:"loaded_at,omitempty"` // RFC 3339
	LoadedBy string        `json:"loaded_by,omitempty"`
	Sender   engine.Text   `json:"sender"`
}

// StatusDocument writes a status for programs, instants at the desk's place.
func (d *Desk) StatusDocument(s *Status) StatusDocument {
	doc := StatusDocument{Pack: s.Pack.Name, Period: s.Period, AsOf: s.AsOf, Count: len(s.Deliveries), Incomplete: s.Missing, Deliveries: []DeliveryDocument{}}
	for i := range s.Deliveries {
		one := &s.Deliveries[i]
		row := DeliveryDocument{Subject: one.Subject, Name: one.SubjectName, Kind: string(one.Kind), Target: one.Target, Period: one.Period, Wanted: one.Wanted, There: one.There,
			Missing: one.Missing, Batch: one.Latest, File: one.File, LoadedBy: one.By, Sender: one.Sender}
		if !one.Gap.IsZero() {
			row.Gap = one.Gap.String()
		}
		if !one.At.IsZero() {
			row.LoadedAt = one.At.In(d.Location).Format(time.RFC3339)
		}
		doc.Deliveries = append(doc.Deliveries, row)
	}
	return doc
}

// Of is the part of the status that is about one subject.
func (s *Status) Of(subject string) *Status {
	part := *s
	part.Deliveries, part.Missing = nil, 0
	for _, one := range s.Deliveries {
		if one.Subject != subject {
			continue
		}
		part.Deliveries = append(part.Deliveries, one)
		if !one.Complete() {
			part.Missing++
		}
	}
	return &part
}
