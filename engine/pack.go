package engine

import (
	"kaoping/engine/calendar"
	"kaoping/engine/exact"
	"kaoping/engine/formula"
	"kaoping/engine/unit"
	"slices"
)

// Pack is one edition of an assessment method, checked and compiled. Package
// rules makes it from YAML; it never changes afterwards.
type Pack struct {
	Name      string // folder name, for example cn-shanghai-complaint-handling
	Edition   Date   // its first day
	Title     Text
	Regulator string
	Status    string // "draft", "trial" or "in force"
	Hash      string // sha256 over the edition's files, hex

	Sources      []Source
	Effective    Effective
	Periods      []PeriodKind
	Previous     PreviousRule
	PriorFigures PriorFigures
	Assessed     Assessed
	PeerGroups   []PeerGroup
	Attributes   []Attribute
	Feeds        []Feed
	Registers    []Register
	Statistics   []Statistic
	Benchmarks   []Benchmark
	Metrics      []Metric
	Parameters   []Parameter
	Changes      []Change // values that change inside the edition, for people
	Total        *Total   // nil if the pack only ranks a metric
	Sections     []*Item
	Rounding     RoundingRules
	Ranking      Ranking
	Ratings      *Ratings // nil if the pack gives none
	Consequences []Consequence
	CrossChecks  []CrossCheck
	Records      RecordRules
	// Calendar counts working days and office hours; nil if the pack names none.
	Calendar     *calendar.Calendar
	CalendarFile string // where its years are written, for messages
	Assumptions  []Assumption
	Remarks      []Text
	Official     []OfficialResult
}

// Law says where a rule comes from.
type Law struct {
	Cite       string // 细则 四(二)3
	Quote      string // verbatim
	Assumption string // A5; empty if the text settles it
	File       string // the pack file
	Line       int    // 1-based
}

// Source is a document the pack quotes.
type Source struct{ ID, Title, File, LastCompared string }

// Effective says which periods an edition scores.
type Effective struct {
	From, Until Date // both days belong; zero Until means open
	ByFirstDay  bool // the first day of the period decides; otherwise the last
	Law
}

// Covers reports whether the edition scores the period.
func (e Effective) Covers(p Period) bool {
	d := p.Last
	if e.ByFirstDay {
		d = p.First
	}
	return d.Compare(e.From) >= 0 && (e.Until.IsZero() || d.Compare(e.Until) <= 0)
}

// PeriodKind is one of the spans a scheme assesses.
type PeriodKind struct {
	ID                string // half_year, annual
	FirstDay, LastDay MonthDay
	ReportDue         MonthDay // zero if none
	DueNextYear       bool
	// Months is the length of a kind that comes again and again: 1 every month, 3
	// every quarter, 6 every half-year, 12 every year. 0 if FirstDay and LastDay
	// say which span of the year is meant.
	Months int
	DueDay int // of the month after a recurring period; 0 if no report is due
}

// MonthDay is a day of any year.
type MonthDay struct{ Month, Day int }

// Matches reports whether the period is of this kind.
func (k PeriodKind) Matches(p Period) bool {
	if k.Months > 0 {
		return p.months() == k.Months
	}
	return int(p.First.Month) == k.FirstDay.Month && p.First.Day == k.FirstDay.Day &&
		int(p.Last.Month) == k.LastDay.Month && p.Last.Day >= k.LastDay.Day && p.First.Year == p.Last.Year
}

// PreviousRule says what 上期 means.
type PreviousRule uint8

// What 上期 may mean.
const (
	SamePeriodOneYearEarlier PreviousRule = iota
	PeriodJustBefore
)

// PriorFigures says which figures of earlier periods count, where they were
// corrected after the result of their period was stored.
type PriorFigures uint8

// Which figures of earlier periods may count.
const (
	LatestFigures      PriorFigures = iota // the newest there are
	FiguresAsPublished                     // those that the stored result of the period was computed from
)

// Of returns the previous period of p.
func (r PreviousRule) Of(p Period) Period {
	if r == PeriodJustBefore {
		return p.Preceding()
	}
	return p.YearAgo()
}

// Assessed says who takes part.
type Assessed struct {
	Require         *formula.Expr // over attributes and statistics; nil means everybody
	LeaveOut        []string      // types that take no part
	CountWithParent []string      // types whose figures and records count with their parent
	Law
}

// PeerGroup is a set of subjects that are compared and ranked together.
type PeerGroup struct {
	ID    string
	Title Text
}

// Attribute is a property of subjects. It is delivered with the subject, or
// computed by a formula.
type Attribute struct {
	ID, Name string
	Kind     formula.Kind
	Unit     unit.Unit
	Options  []string
	Formula  *formula.Expr // nil if delivered
	Law
}

// Feed maps the columns of a delivered table to statistics: one row for each
// subject and period.
type Feed struct {
	ID, Name       string
	Subject        string   // heading of the column with the subject's code
	SubjectName    string   // heading; empty if none. With it the feed also makes subjects.
	PeerGroup      string   // heading of the column with the peer group; empty if none
	PeerGroupFixed string   // or the group of all rows
	CodePrefix     string   // heading whose value and ":" are put before the code; empty if none
	Period         string   // heading of the period column; empty if given on the command line
	ApartBy        string   // heading that tells several rows of one subject and period apart, as if they were subjects; empty if there is one row
	Source         string   // entry of sources: in config.yaml that delivers it; empty if the pack names none
	Sheets         []string // names of the sheet of a workbook, whichever is there; empty: all that have the headings
	Columns        []FeedColumn
	Law
}

// FeedColumn is one column of a feed.
type FeedColumn struct {
	Heading   string
	Statistic string    // id
	Unit      unit.Unit // of the figures in the file, for example 万元
	// PeerGroup is the group that the column's figures belong to, in a table with
	// a column for each group: a row is then a subject in each group that has a
	// figure, under the code "group:code". Empty if rows say the group.
	PeerGroup string
}

// ByColumn reports whether the columns say the peer group.
func (f *Feed) ByColumn() bool {
	return slices.ContainsFunc(f.Columns, func(c FeedColumn) bool { return c.PeerGroup != "" })
}

// Register declares the records of a case register.
type Register struct {
	ID, Name string
	Key      string // heading of the key
	Subject  string // heading of the subject's code
	Date     string // heading of the date
	Times    string // heading of the multiplicity; empty if none
	Source   string // entry of sources: in config.yaml that delivers it; empty if the pack names none
	Fields   []Field
	Law
}

// Field is one field of a register; its Name is its heading.
type Field struct {
	ID, Name string
	Kind     formula.Kind
	Clock    bool // of a Date: it has a time of day, the fraction of the number
	Unit     unit.Unit
	Decimals int // most decimals a number may have
	Options  []string
	Nullable bool          // may be empty
	Formula  *formula.Expr // derived from other fields; nil if delivered
	Number   *NumberIn     // or the place of the record among others; nil if not
}

// Statistic is one figure per subject and period.
type Statistic struct {
	ID, Name string
	Unit     unit.Unit
	Stock    bool // stands on one day (stock); otherwise happened during the period (flow)
	// Register is the id of the register it is counted or summed from; empty if
	// it is reported in a feed.
	Register string
	Sum      string        // id of the field that is summed; empty means records are counted
	Distinct string        // id of the field whose different values are counted; empty means records are
	Last     string        // id of the field that the latest record says; empty means records are counted
	Opening  bool          // of Last: on the day before the period starts, not on its last
	Where    *formula.Expr // over the register's fields; nil means all
	From     string        // who reports it, in words
	Note     string
	// Scorecard takes the figure from a result that was stored before; nil if it
	// is reported or counted.
	Scorecard *ScorecardSource
	Law
}

// ScorecardSource names a figure of another scheme's scorecard.
type ScorecardSource struct {
	Pack     string
	Item     string // id; empty for the total
	Take     Taken
	Previous bool // of the previous period; otherwise of the same one
}

// Taken is what a statistic takes from a scorecard.
type Taken string

// What can be taken.
const (
	TakePoints Taken = "points"
	TakeMetric Taken = "metric"
	TakeRank   Taken = "rank"
	TakeRating Taken = "rating" // a text
)

// Benchmark is a figure of the whole peer group that metrics are compared with.
type Benchmark struct {
	ID, Name string
	// Take and Percentile describe a statistic of the metric being scored: median,
	// mean, percentile, min, max. Empty if Formula is set.
	Take        string
	Percentile  exact.Num     // 0 to 1
	Decimals    int           // of a standard deviation, in the metric's unit
	Among       *formula.Expr // only members for whom this holds; nil means all
	Formula     *formula.Expr // a figure of its own, in Unit
	Unit        unit.Unit
	AllAssessed bool // over all assessed subjects; otherwise over the peer group
	Law
}

// Parameter is a number the method lays down under a name: a threshold, a rate.
type Parameter struct {
	ID, Name string
	Unit     unit.Unit
	Value    exact.Num            // in base units, on the day the pack is read for
	ByGroup  map[string]exact.Num // by peer group id, where it differs; nil if it does not
	Law
}

// Change is a value that is written with the days it holds from.
type Change struct {
	Of     string // the key, or the name it stands under
	Values []DatedValue
	Law
}

// DatedValue is what holds from a day on, as written.
type DatedValue struct {
	From  Date
	Value string
}

// Metric is a computed value (计算值) of a subject.
type Metric struct {
	ID, Name string
	Unit     unit.Unit
	Formula  *formula.Expr
	Law
}

// ItemKind says what a line of the scorecard is.
type ItemKind string

// The kinds of line.
const (
	TotalItem     ItemKind = "total"
	SectionItem   ItemKind = "section"
	GroupItem     ItemKind = "group"
	IndicatorItem ItemKind = "indicator"
	DeductionItem ItemKind = "deduction"
	AdditionItem  ItemKind = "addition" // on a scorecard; in a pack a deduction that Adds
)

// OfCases reports whether a line counts cases: it takes points off, or adds them.
func (k ItemKind) OfCases() bool { return k == DeductionItem || k == AdditionItem }

// Cap bounds what several deductions, or several additions, come to together.
type Cap struct {
	Of     []string // ids; those that come last in the pack give way
	AtMost exact.Num
	Law
}

// AllItems lists the sections with everything below them, in the order of the
// regulation.
func (p *Pack) AllItems() []*Item { return withBelow(nil, p.Sections) }

func withBelow(list, items []*Item) []*Item {
	for _, it := range items {
		list = withBelow(append(list, it), it.Children)
	}
	return list
}

// Item is a section, a group of indicators, an indicator or a deduction, in the
// order of the regulation.
type Item struct {
	Kind     ItemKind
	ID, Name string
	OnlyFor  string        // id of the only peer group it applies to; empty means all
	OnlyIn   []string      // ids of the kinds of period it applies in; empty means all
	When     *formula.Expr // it applies to subjects for whom this holds; nil means all
	WhenText string
	// Weight is what the item counts for in a container that is a weighted mean or
	// sum: a number, or a formula over the subject. Nil means 1.
	Weight        *formula.Expr
	Combine       Combination // how a container's points come from its parts
	AtLeastScored int         // fewer scored indicators give the container no points; 0 means any number
	NotWorse      bool        // never below the points of the previous scorecard
	FullPoints    exact.Num   // 分值; 0 on a deduction
	NotBelow      *exact.Num
	AtMost        *exact.Num // 最高扣, positive; on a deduction
	Adds          bool       // of a deduction: its points are added, not taken off
	Caps          []Cap      // of a section or group
	Children      []*Item    // of a section or group

	// An indicator has one of Metric with Scale, or Checklist.
	Metric            string // id
	Scale             *Scale
	IfMissing         Policy
	IfZeroDenominator Policy
	IfNoPrevious      Policy // missing only for want of an earlier period; Undeclared: as IfMissing
	Checklist         *Checklist

	Cases *CaseTable // of a deduction
	Law
}

// Combination says how the points of a container come from its parts.
type Combination string

// The combinations. What is left out has no weight in a weighted mean.
const (
	PlainSum     Combination = ""
	WeightedMean Combination = "weighted mean"
	WeightedSum  Combination = "weighted sum"
)

// Policy says what a line gets when its metric cannot be computed.
type Policy struct {
	Action     PolicyAction
	Points     exact.Num    // for GivePoints
	Assumption string       // A6; empty if the text settles it
	Value      exact.Num    // for TakeValue, in base units
	Cases      []PolicyCase // for ByCase
}

// PolicyAction is what a Policy does.
type PolicyAction string

// The actions.
const (
	Undeclared PolicyAction = ""          // check has complained; evaluation gives NotComputable
	Hold       PolicyAction = "hold"      // hold the scorecard
	LeaveOutIt PolicyAction = "leave out" // not scored; its points are spread over its container
	FullMarks  PolicyAction = "full points"
	NoMarks    PolicyAction = "no points"
	GivePoints PolicyAction = "points"
)

// ScaleForm is the way a metric becomes points.
type ScaleForm string

// The forms of scale.
const (
	StraightLine ScaleForm = "straight line" // full points at one end, none at the other, clamped
	Bands        ScaleForm = "bands"
	Anchors      ScaleForm = "line"    // any number of anchors joined by straight lines
	ByFormula    ScaleForm = "formula" // the emergency exit
)

// Scale turns a metric into points.
type Scale struct {
	Name         string // if shared
	Form         ScaleForm
	CompareWith  string // id of a benchmark the metric is divided by first; empty if none
	FullAt       *Bound
	NoneAt       *Bound
	LowerBetter  *bool // needed only when the ends come from the data and may coincide
	Bands        []Band
	Anchors      []Anchor
	Formula      *formula.Expr
	Places       []Place  // of ByRank and ByPercentile
	Table        *Table   // of ByTable
	Alternatives []*Scale // of BetterOf
	Law
}

// Bound is a number or a benchmark times a number.
type Bound struct {
	Value     exact.Num // in base units; the factor if Benchmark is set
	Benchmark string    // id; empty for a plain number
	Text      string    // as written: 80%, 同业第20百分位
}

// Band gives points to an interval; nil ends are open.
type Band struct {
	From, To         *Bound
	FromOpen, ToOpen bool // the end itself does not belong
	Points           exact.Num
	Otherwise        bool
}

// Anchor is a corner of a broken line.
type Anchor struct {
	At     Bound
	Points exact.Num
}

// Checklist is judged line by line.
type Checklist struct {
	Lines  []ChecklistLine
	Partly *exact.Num // share of the points for 部分; nil if that answer is not allowed
	Grades []Grade    // answers are one of these, not yes or no
	Marks  *MarkRange // answers are numbers in this range
	// Raters: the lines are groups of raters, each of whom answers; a line earns
	// the mean. Renormalise spreads the weight of groups without an answer.
	Raters      bool
	Renormalise bool
	Law
}

// ChecklistLine is one thing a reviewer looks for.
type ChecklistLine struct {
	Name   string
	Points exact.Num
}

// CaseTable gives points to each case of a deduction.
type CaseTable struct {
	Register     string // id
	Where        *formula.Expr
	From         string     // source in words
	ClassifiedBy string     // id of the field; empty if the lines have conditions
	Lines        []CaseLine // the first line that fits
	Law
}

// CaseLine is one line of a case table.
type CaseLine struct {
	Class     string        // value of ClassifiedBy
	When      *formula.Expr // or a condition
	WhenText  string
	Words     Text // When in words; zero if nobody put it so
	Otherwise bool
	Points    exact.Num     // taken off for each case, not negative
	Formula   *formula.Expr // or worked out from the case; nil if Points says it
}

// Total is the sum of the sections.
type Total struct {
	FullPoints exact.Num
	NotBelow   *exact.Num
	// DeductionsFromTotal: deductions come off the total; otherwise each comes off
	// its section.
	DeductionsFromTotal bool
	Combine             Combination
	AtLeastScored       int
	// BetterOf lists computations of the total; the largest counts. Empty means
	// one, with everything.
	BetterOf []Variant
	Law
}

// Variant is one of several computations of the total.
type Variant struct {
	Without []string // ids of the items it leaves out; empty means none
}

// RoundingRules says where numbers are rounded.
type RoundingRules struct {
	Points         Rounding
	PointsAtTotal  bool      // only the total is rounded; otherwise each indicator before adding up
	RoundPoints    bool      // false: points are never rounded
	Metrics        Rounding  // how metrics are shown
	MetricsShown   bool      // the pack says how; otherwise with four decimals
	MetricsRounded bool      // metrics are rounded before scoring and ranking
	Sections       *Rounding // of each section's sum; nil: not rounded
	Total          *Rounding // of the total, besides what Points says; nil: not rounded
	RankUnrounded  bool      // the total is ranked before its own rounding
	Law
}

// Rounding is a number of decimals, or a step, and a mode.
type Rounding struct {
	Decimals int
	Step     exact.Num // 0.5 rounds to whole and half points; zero means Decimals counts
	Mode     exact.Mode
}

// Of rounds a number.
func (r Rounding) Of(n exact.Num) exact.Num {
	if r.Step.IsZero() {
		return n.Round(r.Decimals, r.Mode)
	}
	return n.Quo(r.Step).Round(0, r.Mode).Mul(r.Step)
}

// Ranking says who stands before whom.
type Ranking struct {
	By          RankKey
	Then        []RankKey // ties are broken by these, in order
	AllAssessed bool      // one ranking of all; otherwise one in each peer group
	Ties        TieRule
	Top         int // the published list ends there (longer on a tie); 0 means all
	Law
}

// Lists reports whether a ranked scorecard is on the published list: all are, or
// the first Top with everybody who shares the last place.
func (r *Ranking) Lists(c *Scorecard) bool {
	return c.Rank > 0 && (r.Top == 0 || c.Rank <= r.Top)
}

// RankKey is a value to rank by, best first.
type RankKey struct {
	ID        string // "total", or the id of a metric or statistic
	Name      string
	Ascending bool // the smallest is best
	ZeroOnly  bool // as a tie-break: applies only among subjects whose By value is zero
}

// TieRule says what equal subjects get.
type TieRule string

// The tie rules.
const (
	ShareBetter TieRule = "share the better rank" // 1, 1, 3
	Dense       TieRule = "share, no gaps"        // 1, 1, 2
)

// Assumption is an answer to a question the text leaves open.
type Assumption struct {
	ID            string
	Says, Because Text
	Ask           string
	State         string // "open" or "settled"
	Law
}

// OfficialResult names a published table that the pack must reproduce.
type OfficialResult struct {
	Title   string
	File    string // in the pack's folder
	Origin  string
	Feed    string   // id of the feed that reads its inputs
	Beside  []string // ids of other feeds that read inputs from the same file
	Period  string   // of all rows, if no column says it
	Compare []OfficialColumn
	Merge   []OfficialMerge
	Only    string // "year = study_year - 1": a condition of the form COLUMN = COLUMN ± N; rows that do not meet it are not compared
	Why     string // why rows are left out
}

// OfficialColumn compares a column with a computed value.
type OfficialColumn struct {
	Column    string
	With      string         // "rank" or the id of a metric
	PeerGroup string         // of the subjects, where the feed's columns say it
	Decimals  []DecimalsFrom // how the column is printed; empty: exactly
	Mode      exact.Mode
}

// DecimalsFrom gives the decimals printed from a year on.
type DecimalsFrom struct{ Year, Decimals int }

// OfficialMerge says that several codes are one subject in a period.
type OfficialMerge struct {
	Period string
	Codes  []string
	Why    string
}
