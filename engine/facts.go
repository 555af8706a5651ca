package engine

import (
	"kaoping/engine/exact"
	"kaoping/engine/formula"
)

// Origin says where a fact came from.
type Origin struct {
	Batch  string `json:"batch,omitempty"`  // the load that brought it, for example B-000012
	File   string `json:"file,omitempty"`   // base name of the file
	Sheet  string `json:"sheet,omitempty"`  // of a workbook
	Row    int    `json:"row,omitempty"`    // 1-based line of the file or row of the sheet; 0 if there is none
	Column string `json:"column,omitempty"` // heading of the column; empty for a record
}

// Subject is whatever is assessed: company, branch, team, person.
type Subject struct {
	Code       string // unique in the pack
	Name       string
	ShortName  string                   // 简称; may be empty
	PeerGroup  string                   // id of the peer group
	Type       string                   // 机构类型, for example 电销中心; may be empty
	Parent     string                   // code of the unit it is counted with; may be empty
	Opened     Date                     // 开业日期; zero if unknown
	ValidFrom  Date                     // this version of the entry holds from that day; zero means always
	Attributes map[string]formula.Value // by attribute id
	Origin     Origin
}

// Figure is one reported statistic of one subject in one period.
type Figure struct {
	Subject   string // code
	Statistic string // id
	Period    Period
	Value     exact.Num // in base units (元, 件)
	Origin    Origin
}

// Record is one row of a register: a complaint, an incident, a mediation.
type Record struct {
	Register string                   // id
	Subject  string                   // code
	Key      string                   // what is counted once; unique in the register
	Date     Date                     // the day that puts it into a period
	Times    int                      // how often it counts; 0 means 1
	Fields   map[string]formula.Value // by field id
	Origin   Origin
}

// Judgement is a reviewer's answer to one line of a checklist.
type Judgement struct {
	Subject   string // code
	Period    Period
	Indicator string // id
	Line      string // the checklist line, as written in the pack
	Answer    Answer
	Reason    string
	Evidence  string
	Scorer    string // 评分人
	Reviewer  string // 复核人; never the scorer
	Origin    Origin
}

// Answer is what a reviewer may say of a checklist line.
type Answer string

// The answers.
const (
	Yes           Answer = "yes"    // 是: full points of the line
	No            Answer = "no"     // 否: none
	Partly        Answer = "partly" // 部分: the share the pack declares
	NotApplicable Answer = "n.a."   // 不适用: counts as yes
)

// Facts is everything one evaluation may know. It holds all periods that the
// pack's formulas look at; what is not in it is missing, never zero.
type Facts struct {
	Snapshot   string // names the set of batches
	AsOf       string // RFC 3339 instant up to which batches were taken; printed
	Subjects   []Subject
	Figures    []Figure
	Records    []Record
	Judgements []Judgement
	// Covered says, for a register, which periods its loads cover: a register
	// with no records in a covered period counts zero, in one that is not covered
	// its statistics are missing.
	Covered []Coverage
	// Counts holds what a database has counted in the registers named in
	// CountedRegisters, whose records are not among Records; see PlanCounts. Scores are
	// the same; what lists records needs them.
	CountedRegisters []string // ids
	Counts           []Count
	// Past holds scorecards that were computed before and that formulas look back
	// at, of this pack and of those that feed it; see PriorResults.
	Past []*Result
	// Published holds the facts that results of earlier periods were computed from,
	// for packs that ask for prior figures as published; see PublishedPeriods.
	Published []Published
	// Given overrides computed benchmarks. Only tests of packs use it.
	Given []GivenBenchmark
}

// Coverage says that a register was delivered for a span of days. A span with
// no subject covers every subject.
type Coverage struct {
	Register    string
	Subject     string
	First, Last Date
}

// GivenBenchmark fixes a benchmark for one metric ("" for a benchmark that has
// its own formula).
type GivenBenchmark struct {
	Benchmark, Metric string
	Value             exact.Num
}

// Batch is one load: whole or not at all. The store gives it an id.
type Batch struct {
	Pack       string // name of the pack the facts belong to
	Target     string // id of the feed or register, or "subjects", "judgements"
	File       string // base name
	Digest     string // sha256 of the file's bytes, hex
	Encoding   string // "UTF-8", "UTF-8 BOM", "GB18030"
	Rows       int    // data rows read
	Refused    int    // rows left out because they are bad (--partial)
	Subjects   []Subject
	Figures    []Figure
	Records    []Record
	Judgements []Judgement
	Covered    []Coverage
}
