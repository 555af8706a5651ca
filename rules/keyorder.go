package rules

import "strings"

// itemKind is a kind of mapping in a rule or test file: the order of its keys,
// and what stands below them.
type itemKind struct {
	// order lists the keys as they should stand. Keys joined by | have one place
	// and stay as the author put them. A key that is not listed stays behind the
	// key that it follows.
	order []string
	below map[string]string // key → "KIND" of the value, or "list KIND", or "names KIND" where the keys are names
}

// rank returns the place of each listed key.
func (k itemKind) rank() map[string]int {
	out := map[string]int{}
	for i, keys := range k.order {
		for _, key := range strings.Split(keys, "|") {
			out[key] = i
		}
	}
	return out
}

// keys splits a list of keys separated by commas: some keys have blanks in them.
func keys(list string) []string { return strings.Split(list, ", ") }

// Kinds that more than one table names.
const (
	kindFile = "file"
	kindTest = "test file"
)

// given is what a test starts from, in the order in which its author tells it.
const given = "given|previous|benchmarks|judged|cases|records|past"

// law ends most items: where it is from.
const law = "cite, quote, assumption|assumptions|example"

// underScore is what stands below a scale, also below one that is made of scales.
var underScore = map[string]string{
	"bands": "list band", "line": "list anchor", "by_rank": "list band", "by_percentile": "list band",
	"table": "table score", "better_of": "list score",
}

// itemKinds is the order of the keys of every kind of item. Neither the top level
// nor what holds names has one: they follow the regulation.
var itemKinds = map[string]itemKind{
	kindFile: {below: map[string]string{
		"effective": "effective", "sources": "names source", "assumptions": "names assumption",
		"periods": "names period", "peer_groups": "names words", "attributes": "names field",
		"registers": "names register", "statistics": "names statistic", "feeds": "names feed",
		"assessed": "assessed", "benchmarks": "names benchmark", "metrics": "names metric",
		"rounding": "rounding", "scales": "names score", "total": "total", "sections": "list item",
		"ranking": "ranking", "official_results": "list official result", "title": "words", "remarks": "list words",
		"parameters": "names parameter", "time_limits": "list time limit", "red_flags": "list red flag", "cross_checks": "list cross-check",
		"samples": "list sample", "penalties": "list penalty", "ratings": "ratings", "then": "list rating step", "consequences": "list consequence",
	}},
	"words":      {order: keys("zh, en")},
	"source":     {order: keys("title, file, last_compared, effective, url")},
	"assumption": {order: keys("says, because, ask, state"), below: map[string]string{"says": "words", "because": "words"}},
	"effective":  {order: keys("from, until, cite, quote, applies_when, assumption")},
	"period":     {order: keys("first_day, last_day, report_due")},
	"assessed":   {order: keys("cite, quote, require, leave_out, count_with_branch, assumption")},
	"rounding":   {order: keys("metrics, points, sections, total, rank, assumption")},
	"ranking": {
		order: keys("by, order, then, within, ties, top, " + law),
		below: map[string]string{"then": "list tie break"},
	},
	"tie break": {order: keys("by, order, only")},

	"register": {
		order: keys("id, from, key, subject, date, times, cite, quote, assumption, fields, derived"),
		below: map[string]string{"fields": "names field", "derived": "names field"},
	},
	"field": {order: keys("id, kind, unit, decimals, one of|may be empty, formula, number_in, " + law)},
	"feed": {
		order: keys("id, from, sheet, subject, subject_name, apart_by, peer_group, code_prefix, period, cite, quote, assumption, columns"),
		below: map[string]string{"columns": "names feed column"},
	},
	"feed column": {order: keys("statistic, unit, peer_group")},
	"statistic":   {order: keys("id, unit, kind, on, count, distinct, sum, last, where, from, note, " + law)},
	"benchmark":   {order: keys("id, take|formula, unit, of, over, among, " + law)},
	"metric":      {order: keys("id, formula, unit, " + law)},
	"parameter":   {order: keys("id, unit, value, by_group, " + law)},

	"score": {
		order: keys("compare_with, in_proportion_to, full_points_at, no_points_at, between, by_rank, by_percentile, bands, line, table, better_of, formula, order, better, " + law),
		below: underScore,
	},
	"band":   {order: keys("when, rating, otherwise, top, from|above, to|below, points")},
	"anchor": {order: keys("at, points")},
	"total":  {order: keys("full_points, not_below, deductions, combine, weights_add_up_to, at_least_scored, " + law)},
	"item": {
		order: keys("section|group|indicator, id, only_for, only_in, applies_when, weight, full_points, cite, quote, assumption|assumptions|example, " +
			"combine, weights_add_up_to, at_least_scored, judged, metric, score, " +
			"if_denominator_zero|if_no_previous|if_missing, indicators, additions, deductions"),
		below: map[string]string{
			"indicators": "list item", "deductions": "list deduction", "additions": "list deduction",
			"judged": "judged", "score": "score",
		},
	},
	"judged": {order: keys("assumption|assumptions, partly, checklist, graded, marked, raters")},
	"deduction": {
		order: keys("deduction|addition, id, only_for, only_in, applies_when, at_most, cite, quote, assumption|assumptions, " +
			"from, register, where, classified_by, points_per_case"),
		below: map[string]string{"points_per_case": "list case"},
	},
	"case": {order: keys("when|otherwise, points")},

	"official result": {
		order: keys("title, file, origin, feed, beside, period, only, why, compare, merge"),
		below: map[string]string{"compare": "list official column", "merge": "list official merge"},
	},
	"official column": {order: keys("column, with, peer_group, decimals, rounding")},
	"official merge":  {order: keys("period, codes, why")},

	"time limit":  {order: keys("limit, id, register, where, from, to, within, target, except_when, " + law)},
	"red flag":    {order: keys("flag, id, register, where, when, same, different, share, at_least, above, " + law)},
	"cross-check": {order: keys("check, id, applies_when, holds, if_broken, " + law)},
	"sample":      {order: keys("sample, id, of, checked, at_least, per, " + law)},
	"penalty": {
		order: keys("penalty, id, register, where, when_several, " + law + ", cases"),
		below: map[string]string{"cases": "list penalty case"},
	},
	"penalty case": {order: keys("when|otherwise, " + law + ", measures")},
	"ratings": {
		order: keys("by, only_for, bands, unless, " + law),
		below: map[string]string{"bands": "list band", "unless": "list rating step"},
	},
	"rating step": {order: keys("when, at_best, at_worst, set, notches, from_register, rating, reason, " + law)},
	"consequence": {order: keys("consequence, only_for, when, measure, " + law)},

	kindTest:     {below: map[string]string{"tables": "list test table", "cards": "list test card", "groups": "list test group"}},
	"test table": {order: keys("indicator|deduction|metric, name, period, insurer|subject, " + given + ", columns, rows")},
	"test card":  {order: keys("name, period, insurer|subject, " + given + ", expect")},
	"test group": {order: keys("name, period, insurer|subject, " + given + ", columns, rows")},
}
