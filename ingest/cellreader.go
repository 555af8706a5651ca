package ingest

import (
	"math/bits"
	"time"
	"unicode/utf8"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/engine/formula"
)

// readKind is how a column of a file is read that is counted row by row.
type readKind uint8

const (
	unread readKind = iota
	plainKey
	subjectCode
	plainDate
	plainTimes
	wholeNumber // with a fixed number of decimals
	yesOrNo
	oneWord // of some
	anyText
)

// cellReader reads what most cells of a column are written like, without a detour.
// Whatever is written otherwise is left to the reader of single cells.
type cellReader struct {
	kind     readKind
	at       int // place among the cells of a row
	nullable bool
	places   int       // decimals of a number
	scale    exact.Num // of a number
	count    bool      // negative numbers and fractions are worth a word
	money    bool      // so are negative amounts
	words    []string
}

// unlimited is how many decimals are read of a number for which the pack says
// nothing.
const unlimited = 6

func readerOf(f fieldColumn) (cellReader, formula.RowField, error) {
	r := cellReader{nullable: f.Nullable}
	field := formula.RowField{Kind: f.Field.Kind, Scale: exact.Int(1)}
	switch f.Field.Kind {
	case formula.Number:
		r.kind, r.places, r.count, r.money = wholeNumber, f.Decimals, f.unit.IsCount(), f.unit.IsMoney()
		if r.places < 0 || r.places > unlimited {
			r.places = unlimited
		}
		power := exact.Int(1)
		for range r.places {
			power = power.Mul(exact.Int(10))
		}
		r.scale = power.Quo(f.unit.From(exact.Int(1)))
		field.Scale = r.scale
	case formula.Date:
		if f.Field.Clock {
			return r, field, notStreamed("%s has a time of day", f.Name)
		}
		r.kind = plainDate
	case formula.Bool:
		r.kind = yesOrNo
	default:
		r.kind, r.words = anyText, f.Options
		if len(f.Options) > 0 {
			r.kind = oneWord
		}
	}
	return r, field, nil
}

// read reads a cell; false if it is not written plainly.
func (r *cellReader) read(to *formula.Cell, cell []byte) bool {
	if len(cell) == 0 {
		to.Null = true
		return r.nullable || r.kind == plainTimes
	}
	to.Null = false
	var ok bool
	switch r.kind {
	case wholeNumber:
		to.Num, ok = r.number(cell)
	case plainTimes:
		to.Num, ok = plainInt(cell)
		ok = ok && to.Num >= 1 && to.Num <= 1_000_000
	case yesOrNo:
		to.Num, ok = plainYesNo(cell)
	case oneWord:
		for _, w := range r.words {
			if string(cell) == w {
				to.Text = cell
				return true
			}
		}
	default:
		to.Text, ok = cell, plainText(cell)
	}
	return ok
}

// take puts a value that was read with care into a cell; false if it does not fit.
func (r *cellReader) take(to *formula.Cell, v formula.Value) bool {
	*to = formula.Cell{Null: v.Null}
	switch r.kind {
	case wholeNumber:
		n, whole := v.Num.Mul(r.scale).Int64()
		to.Num = n
		return whole && n < 1e18 && n > -1e18
	case plainDate:
		to.Num, _ = v.Num.Int64() // days are whole
	case yesOrNo:
		if v.Bool {
			to.Num = 1
		}
	default:
		to.Text = []byte(v.Text)
	}
	return true
}

// number reads 1234.56 as 123456 where two decimals are kept.
func (r *cellReader) number(cell []byte) (int64, bool) {
	if len(cell) > 15 {
		return 0, false
	}
	n, after, point := int64(0), 0, false
	digits := cell
	negative := cell[0] == '-'
	if negative {
		digits = cell[1:]
	}
	for _, c := range digits {
		switch {
		case c >= '0' && c <= '9':
			n = n*10 + int64(c-'0')
			if point {
				after++
			}
		case c == '.' && !point:
			point = true
		default:
			return 0, false
		}
	}
	if after > r.places || len(digits) == 0 || point && (after == 0 || len(digits) == after+1) || r.count && (negative || after > 0) || r.money && negative {
		return 0, false
	}
	for ; after < r.places; after++ {
		if high, _ := bits.Mul64(uint64(n), 10); high > 0 || n > 1e17 {
			return 0, false
		}
		n *= 10
	}
	if negative {
		n = -n
	}
	return n, true
}

func plainInt(cell []byte) (n int64, ok bool) {
	if len(cell) > 9 {
		return 0, false
	}
	for _, c := range cell {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return n, true
}

func plainYesNo(cell []byte) (int64, bool) {
	switch string(cell) {
	case "是":
		return 1, true
	case "否":
		return 0, true
	}
	b, known := yesNo[string(cell)]
	if b {
		return 1, known
	}
	return 0, known
}

// plainText reports that nothing need be cut off a text and no sign in it is
// broken.
func plainText(cell []byte) bool {
	if len(cell) == 0 || !edge(cell[0]) {
		return false
	}
	ascii := true
	for _, c := range cell {
		if c < ' ' {
			return false
		}
		ascii = ascii && c < utf8.RuneSelf
	}
	if ascii {
		return cell[len(cell)-1] != ' ' && cell[0] != '='
	}
	last, _ := utf8.DecodeLastRune(cell)
	return utf8.Valid(cell) && (last > ' ' && last < 0x7f || last >= 0x3400 && last <= 0x9fff) && string(cell) != "\ufffd" && !damagedBytes(cell)
}

// edge reports that a sign, by its first byte, is a visible one of ASCII or one of
// the common Chinese.
func edge(b byte) bool { return b > ' ' && b < 0x7f || b >= 0xe4 && b <= 0xe9 }

func damagedBytes(cell []byte) bool { return damaged(string(cell)) }

// month is what the days of a month are reckoned from.
type month struct {
	before int64 // number of the day before the first
	days   int
}

// plainMonth reads the month of 2025-07-20.
func plainMonth(c []byte) (month, bool) {
	if c[4] != '-' || c[7] != '-' {
		return month{}, false
	}
	year, ok1 := plainInt(c[:4])
	number, ok2 := plainInt(c[5:7])
	if !ok1 || !ok2 || year < firstYear || year > lastYear || number < 1 || number > 12 {
		return month{}, false
	}
	first := engine.Date{Year: int(year), Month: time.Month(number), Day: 1}
	return month{first.DayNumber() - 1, daysIn(first.Year, first.Month)}, true
}
