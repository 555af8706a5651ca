package unit

import (
	"sort"
	"strings"

	"kaoping/engine/exact"
	"kaoping/engine/spell"
)

// class is what a base unit measures; formulas treat literals accordingly.
type class uint8

const (
	count class = iota + 1
	money
	points
	duration
	ratio
)

// base is one unit that others are multiples of.
type base struct {
	dim   string // dimension; empty for a ratio
	class class
	scale exact.Num
	words []string // the first is the name in lists and suggestions
}

var one = exact.Int(1)

// bases is every unit there is. Days and years are bases, so that the formula
// functions that count them need no conversion.
var bases = []base{
	{"件", count, one, []string{"件"}},
	{"张", count, one, []string{"张"}},
	{"人", count, one, []string{"人"}},
	{"人次", count, one, []string{"人次"}},
	{"家", count, one, []string{"家"}},
	{"次", count, one, []string{"次"}},
	{"例", count, one, []string{"例"}},
	{"宗", count, one, []string{"宗"}},
	{"户", count, one, []string{"户"}},
	{"辆", count, one, []string{"辆"}},
	{"笔", count, one, []string{"笔"}},
	{"条", count, one, []string{"条"}},
	{"个", count, one, []string{"个"}},
	{"份", count, one, []string{"份"}},
	{"起", count, one, []string{"起"}},
	{"项", count, one, []string{"项"}},
	{"名", count, one, []string{"名"}},

	{"complaint", count, one, []string{"complaints", "complaint"}},
	{"policy", count, one, []string{"policies", "policy"}},
	{"vehicle", count, one, []string{"vehicles", "vehicle"}},
	{"dwelling", count, one, []string{"dwellings", "dwelling"}},
	{"exposure", count, one, []string{"exposures", "exposure"}},
	{"person", count, one, []string{"persons", "person", "people"}},
	{"case", count, one, []string{"cases", "case"}},
	{"account", count, one, []string{"accounts", "account"}},
	{"claim", count, one, []string{"claims", "claim"}},

	{"points", points, one, []string{"分", "points", "point"}},

	{"元", money, one, []string{"元", "人民币", "人民币元", "cny", "rmb", "yuan"}},
	{"USD", money, one, []string{"美元", "usd", "us dollars", "us dollar"}},
	{"GBP", money, one, []string{"英镑", "gbp", "pounds", "pound"}},
	{"EUR", money, one, []string{"欧元", "eur", "euros", "euro"}},
	{"HKD", money, one, []string{"港元", "hkd", "港币", "hong kong dollars"}},
	{"JPY", money, one, []string{"日元", "jpy", "yen"}},
	{"AUD", money, one, []string{"澳元", "aud"}},
	{"CAD", money, one, []string{"加元", "cad"}},
	{"SGD", money, one, []string{"新加坡元", "sgd"}},

	{"工作日", duration, one, []string{"工作日", "个工作日", "working days", "working day"}},
	{"天", duration, one, []string{"天", "日", "days", "day"}},
	{"天", duration, exact.Frac(1, 24), []string{"小时", "个小时", "hours", "hour"}},
	{"天", duration, exact.Frac(1, 1440), []string{"分钟", "minutes", "minute"}},
	{"年", duration, one, []string{"年", "years", "year"}},
	{"年", duration, exact.Frac(1, 12), []string{"月", "个月", "months", "month"}},

	{"", ratio, exact.Frac(1, 100), []string{"%", "percent"}},
	{"", ratio, exact.Frac(1, 1000), []string{"‰"}},
	{"", ratio, exact.Frac(1, 100), []string{"百分点", "个百分点", "percentage points", "percentage point"}},
}

// magnitudes are the English multipliers.
var magnitudes = map[string]exact.Num{
	"hundred":  exact.Int(100),
	"thousand": exact.Int(1_000),
	"million":  exact.Int(1_000_000),
	"billion":  exact.Int(1_000_000_000),
	"trillion": exact.Int(1_000_000_000_000),
}

// multipliers are the Chinese ones; they may be chained: 百万, 千万, 万亿.
var multipliers = map[rune]exact.Num{
	'十': exact.Int(10),
	'百': exact.Int(100),
	'千': exact.Int(1_000),
	'万': exact.Int(10_000),
	'亿': exact.Int(100_000_000),
}

var (
	byWord  = indexWords()
	classOf = indexClasses()
)

func indexWords() map[string]*base {
	m := map[string]*base{}
	for i := range bases {
		for _, w := range bases[i].words {
			m[w] = &bases[i]
		}
	}
	return m
}

func indexClasses() map[string]class {
	m := map[string]class{}
	for _, b := range bases {
		if b.dim != "" {
			m[b.dim] = b.class
		}
	}
	return m
}

// Words lists the first name of every unit, in the order of their definition.
func Words() []string {
	var list []string
	for _, b := range bases {
		list = append(list, b.words[0])
	}
	return list
}

// nearest returns the known word that is closest to w, or nothing if none is
// close. Chinese units are one or two characters long, so a shared character
// counts as close.
func nearest(w string) string {
	w = strings.ToLower(w)
	best, bestAt := "", 3
	words := make([]string, 0, len(byWord))
	for k := range byWord {
		words = append(words, k)
	}
	sort.Strings(words)
	for _, k := range words {
		limit := max(len([]rune(k)), len([]rune(w))) - 1
		if d := spell.Distance([]rune(w), []rune(k)); d < bestAt && d <= limit {
			best, bestAt = k, d
		}
	}
	return best
}
