// Package formula compiles expressions in expr syntax to exact programs over
// columns: one value for every subject of a peer group, or for every record of a
// register.
package formula

import (
	"kaoping/engine/exact"
	"kaoping/engine/unit"
)

// Kind is what a value is.
type Kind uint8

// The kinds of value.
const (
	Number Kind = iota
	Text
	Bool
	Date // held as days since 1970-01-01; a time of day is a fraction
)

// Shift says from which period a name is seen.
type Shift uint8

// The shifts a formula may ask for.
const (
	Now       Shift = iota
	Previous        // 上期(x): as the pack's periods.previous says
	Preceding       // 环比(x): the period just before
	YearAgo         // 同比(x): the same period one year earlier
	// 本年累计(x) sums x over the periods of the year up to this one: ThisYear with
	// Times k is the k-th period before, as long as it lies in the same year, and
	// nothing otherwise. Times may be 0.
	ThisYear
	LastYear   // 同比(本年累计(x)): as ThisYear, seen from one year earlier
	LatestYear // 最近年度(x): the last full calendar year that is over when the period ends
	FirstHalf  // 上半年(x): the first half of the year in which the period ends
)

// MaxTimes bounds how often a shift may be applied: 上期(上期(x)) and 近期合计(x, 12).
const MaxTimes = 12

// Ref is one input of a formula: a declared name, seen from a period.
type Ref struct {
	ID    string // the symbol's ID
	Shift Shift
	Times uint8 // how often the shift is applied, 0 to MaxTimes; 0 with Now
}

// Symbol is a name a formula may use.
type Symbol struct {
	ID       string // canonical; two names may share it (投诉件数 and complaints)
	Name     string // as people write it; used when a formula is printed
	Kind     Kind
	Unit     unit.Unit // of a Number
	Options  []string  // the texts a Text may be; empty means any
	Nullable bool      // may be 空
}

// Scope says which names a formula may use.
type Scope interface {
	// Lookup finds a name as written in a formula.
	Lookup(name string) (Symbol, bool)
	// Names lists all names, for suggestions.
	Names() []string
}

// Options bounds what a formula may do.
type Options struct {
	Shifts bool // 上期 环比 同比 are allowed
	Groups bool // 合计 平均 中位数 下级合计 ... are allowed
}

// Problem is one mistake in a formula. Offset and Length count characters of
// the source as written.
type Problem struct {
	Offset, Length int
	Code           string // "unknown-name", "formula", "unit-mismatch"
	ZH, EN         string
	HintZH, HintEN string
}

// Status says whether a lane of a column holds a value, and if not, why.
type Status uint8

// The statuses of a lane. Where several apply the larger one wins.
const (
	OK              Status = iota
	ZeroDenominator        // a division by zero
	TooLarge               // beyond the limit on digits
	Missing                // a figure that is needed is not there
)

// Value is one lane of a column.
type Value struct {
	Status Status
	Num    exact.Num // Number and Date
	Text   string
	Bool   bool
	Null   bool // 空; only where the symbol is Nullable
}
