// Package diff compares two editions of a rule pack and says in sentences what
// changed between them: for people who edit rules, and for those who approve
// what was edited.
//
// Two things are compared. The text, key by key, finds every difference, down to
// a comment or a pair of quotes. The compiled packs say what it means: whether a
// change can move a score, or is another way of writing the same.
package diff

import (
	"kaoping/engine"
)

// Edition is one side of a comparison.
type Edition struct {
	// Pack is the edition as it stands on its first day. Without it only the text
	// is compared, and what can change a score is told by the keys.
	Pack  *engine.Pack
	Files map[string][]byte // of the edition by name, the calendar it names included
	// Tests are the files with its tests. They are compared if both sides have some.
	Tests map[string][]byte
}

// Action says what was done to a part of an edition.
type Action string

// The actions.
const (
	Added   Action = "added"
	Removed Action = "removed"
	Changed Action = "changed"
	Moved   Action = "moved"
	Renamed Action = "renamed"
)

// Effect says what a change can do to results.
type Effect string

// The effects, the weightiest first.
const (
	Scores   Effect = "scores"   // it can move points, ranks or ratings
	Findings Effect = "findings" // it can change consequences, penalties, flags and samples, no points
	Tests    Effect = "tests"    // it changes what the pack is tested with
	Wording  Effect = "wording"  // only words, clauses and assumptions
	Neutral  Effect = "neutral"  // another way of writing the same
)

// Part says what kind of rule a change is about.
type Part string

// The parts.
const (
	PartPoints      Part = "points"
	PartWeight      Part = "weight"
	PartScale       Part = "scale"
	PartBound       Part = "bound"
	PartParameter   Part = "parameter"
	PartFormula     Part = "formula"
	PartCondition   Part = "condition"
	PartPolicy      Part = "policy"
	PartRounding    Part = "rounding"
	PartRanking     Part = "ranking"
	PartRating      Part = "rating"
	PartConsequence Part = "consequence"
	PartCap         Part = "cap"
	PartTimeLimit   Part = "time limit"
	PartRedFlag     Part = "red flag"
	PartCrossCheck  Part = "cross-check"
	PartSample      Part = "sample"
	PartPenalty     Part = "penalty"
	PartChecklist   Part = "checklist"
	PartCases       Part = "cases"
	PartData        Part = "data" // registers, statistics, feeds, attributes
	PartUnit        Part = "unit"
	PartBenchmark   Part = "benchmark"
	PartScope       Part = "scope" // dates, periods, who is assessed
	PartCalendar    Part = "calendar"
	PartItem        Part = "item"
	PartName        Part = "name"
	PartTest        Part = "test"
	PartCitation    Part = "citation"
	PartWords       Part = "words"
	PartLayout      Part = "layout"  // comments, order of keys, quotes
	PartFollows     Part = "follows" // nothing changed here, but what it refers to did
)

// Owner is the rule that a change belongs to: an indicator, a metric, a scale, or
// a part of the pack such as the rounding.
type Owner struct {
	Kind string      `json:"kind"`           // indicator, metric, … as in rules.Kinds; or the key of the top level
	ID   string      `json:"id,omitempty"`   // as results call it; empty if it has none
	Name string      `json:"name,omitempty"` // as written
	Noun engine.Text `json:"noun"`           // the kind in words
}

// Title is the kind and the name: 指标 调解成功率.
func (o Owner) Title() engine.Text {
	if o.Name == "" {
		return o.Noun
	}
	return engine.Text{ZH: o.Noun.ZH + " " + o.Name, EN: o.Noun.EN + " " + o.Name}
}

// Place is where something is written.
type Place struct {
	File string `json:"file"`
	Line int    `json:"line"` // 1-based
}

// Change is one difference between two editions.
type Change struct {
	Action Action `json:"action"`
	Part   Part   `json:"part"`
	Effect Effect `json:"effect"`
	Owner  Owner  `json:"owner"`
	Path   string `json:"path"` // of keys below the owner: score › no_points_at; empty if the whole owner is meant

	Before string `json:"before,omitempty"` // as written; empty if there was nothing
	After  string `json:"after,omitempty"`
	// Said is what kaoping explain says of the owner: the sentences that differ.
	SaidBefore engine.Text `json:"said_before,omitzero"`
	SaidAfter  engine.Text `json:"said_after,omitzero"`

	Text engine.Text `json:"text"`           // one sentence, without the owner
	Cite string      `json:"cite,omitempty"` // the clause of the owner, as it is now
	Was  *Place      `json:"was,omitempty"`
	Is   *Place      `json:"is,omitempty"`

	component string // of the compiled pack; empty if there is none
	top       string // the key of the top level it stands under
}

// Compare lists the differences between two editions in the order of the later
// one; what is another way of writing the same comes last. It is empty only if
// the files are the same to the byte.
func Compare(before, after Edition) []Change {
	c := newComparer(before, after)
	c.file(packFile, before.Files, after.Files)
	c.file(calendarFile, before.Files, after.Files)
	if len(before.Tests) > 0 && len(after.Tests) > 0 {
		c.file(testFile, before.Tests, after.Tests)
	}
	c.follow()
	c.layout()
	c.tell()
	return append(c.changes, c.neutral...)
}

// Strongest returns the weightiest effect of some changes; Neutral if there are
// none.
func Strongest(changes []Change) Effect {
	for _, e := range []Effect{Scores, Findings, Tests, Wording} {
		for i := range changes {
			if changes[i].Effect == e {
				return e
			}
		}
	}
	return Neutral
}
