package engine

import (
	"kaoping/engine/exact"
	"kaoping/engine/formula"
)

// RecordRules are the rules that look at single records and end in findings
// instead of points.
type RecordRules struct {
	ClockAhead int // minutes the clock of the pack's calendar is ahead of UTC
	TimeLimits []TimeLimit
	RedFlags   []RedFlag
	Samples    []Sample
	Persons    *Persons // nil if the pack has no staff register
	Penalties  []Penalty
}

// NumberIn gives a record its place among the records of the same subject that
// agree in some fields, by day: the first, second, third complaint of a customer.
// A record that counts several times takes as many places and has the last.
type NumberIn struct {
	Same  []string // ids of fields
	By    string   // id of the field that orders records of one day; empty: by key
	Since Since    // which records are counted
}

// Since says from when records are counted.
type Since string

// From when on.
const (
	SinceEver   Since = "the first record"
	SinceYear   Since = "the start of the year" // the calendar year of the record
	SincePeriod Since = "the start of the period"
)

// TimeLimit is a time within which something must be done with each record. It
// gives the register yes/no names that conditions can use; see the Suffix
// constants.
type TimeLimit struct {
	ID, Name   string
	Register   string        // id
	Where      *formula.Expr // which records it holds for; nil means all
	From, To   string        // ids of the fields where the clock starts and stops; From empty: the record's day
	Within     Span
	Target     *Span         // stricter, missed without being late; nil if there is none
	ExceptWhen *formula.Expr // records to which it does not apply after all; nil means none
	AtCutOff   bool          // open records are judged at the moment the data were cut off, not at the end of the period
	Law
}

// What is put behind the id of a time limit to name the other things it says of a
// record. The id itself is yes for a record that was handled in time.
const (
	SuffixLate    = "_late"    // handled after the limit, or still open after it
	SuffixOverdue = "_overdue" // still open, and the limit has passed
	SuffixOpen    = "_open"    // still open, and the limit has not passed
	SuffixTarget  = "_target"  // handled within the target
)

// SpanUnit is what a span of time is counted in.
type SpanUnit string

// The units of time.
const (
	SameDay      SpanUnit = "same day"
	CalendarDays SpanUnit = "days"
	WorkingDays  SpanUnit = "working days"
	ClockHours   SpanUnit = "hours"
	OfficeHours  SpanUnit = "working hours"
	ClockMinutes SpanUnit = "minutes"
)

// Span is a length of time as a rule states it.
type Span struct {
	N    int64 // 0 on the same day
	Unit SpanUnit
}

// RedFlag is a sign that something is wrong, seen in one record or in several.
// One of When, Same and Share is set.
type RedFlag struct {
	ID, Name  string
	Register  string        // id
	Where     *formula.Expr // which records are looked at; nil means all
	When      *formula.Expr // each record for which it holds is a finding
	Same      []string      // ids of fields: records that agree in them belong together
	Different string        // id: so many different values of it; empty: so many records
	AtLeast   int64         // of Same
	Share     *formula.Expr // the records for which it holds, as a share of all
	Bound     exact.Num     // of Share, 0 to 1
	Reached   bool          // the bound itself is a finding
	Per       []string      // of Share: ids of fields; each set of values is looked at by itself
	All       bool          // records of different subjects belong together
	Law
}

// Sample is how many of some records must have been checked.
type Sample struct {
	ID, Name string
	Register string        // id
	Where    *formula.Expr // the records there are; nil means all
	Checked  *formula.Expr // those that were checked
	Share    *exact.Num    // at least so large a part, 0 to 1; nil if Count is set
	Count    int64         // at least so many, or all if there are fewer
	Per      []string      // ids of fields; each set of values is looked at by itself
	Law
}

// Persons says how a register lists the staff. A person may have several records:
// each holds from its day until the day before the next, or until Until.
type Persons struct {
	Register string   // id
	Code     string   // ids of fields, as are the next
	Name     string   // may be empty
	Leader   string   // the code of the direct leader; may be empty
	Unit     string   // may be empty: the subject of the record
	Role     string   // may be empty
	Deputy   string   // the code of who stands in; may be empty
	Until    string   // the last day; may be empty
	Roles    []string // that penalties may name
	Absent   *formula.Expr
	Law
}

// Penalty is a table of what follows for persons from a case.
type Penalty struct {
	ID, Name string
	Register string        // id
	Where    *formula.Expr // the cases it is about; nil means all
	Cases    []PenaltyCase
	Several  SeveralRule
	Law
}

// SeveralRule says what happens when several lines fit one case.
type SeveralRule string

// The rules for several lines.
const (
	Highest   SeveralRule = "highest"    // of the amounts for one person in one relation the highest; measures without an amount each once
	AddUp     SeveralRule = "add up"     // all of them
	FirstLine SeveralRule = "first line" // only the first line that fits
)

// PenaltyCase is one line of a penalty.
type PenaltyCase struct {
	When     *formula.Expr // nil fits every case
	WhenText string
	Measures []Measure
	Law
}

// Measure is what happens to one person: an amount or a measure without one.
type Measure struct {
	Who  Relation
	What string        // 提醒; empty if there is an amount only
	Yuan *formula.Expr // over the fields of the case, in 元; nil if there is none
}

// Relation says how a person is found from a case.
type Relation struct {
	Text  string // as written: 责任人的直接领导
	Field string // id of the field with a person's code; empty if Role is set
	Up    int    // so many steps up the reporting line
	Role  string // who holds it in the unit of the case, or in a unit above it
}

// LooksBack reports whether a pack's rules look at records from before its
// periods: the staff, a customer's earlier complaints, the latest entry of a list.
func (p *Pack) LooksBack() bool {
	if p.Records.Persons != nil {
		return true
	}
	for _, r := range p.Registers {
		for _, f := range r.Fields {
			if f.Number != nil && f.Number.Since != SincePeriod {
				return true
			}
		}
	}
	for _, s := range p.Statistics {
		if s.Last != "" {
			return true
		}
	}
	return false
}
