package rules

import (
	"fmt"
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"

	"kaoping/engine"
)

// compared is a comparison with a number: > 50, <=20万元.
var compared = regexp.MustCompile(`(>=|<=|>|<)\s*([0-9][0-9.,]*)`)

// Words that say whether a bound belongs, with the number as %s. 以上, 以下 and
// 以内 include it in Chinese law.
const (
	wordsAtLeast = `(?:不低于|不少于|不小于|至少)%[1]s(?:[^0-9.]|$)|(?:^|[^0-9.])%[1]s[^0-9.,,;;。]{0,4}?(?:[((]含[^))]{0,4}[))])?[及含]?以上`
	wordsMore    = `(?:^|[^不])(?:超过|大于|高于|多于)%[1]s(?:[^0-9.]|$)`
	wordsAtMost  = `(?:不超过|不大于|不高于|不多于)%[1]s(?:[^0-9.]|$)|(?:^|[^0-9.])%[1]s[^0-9.,,;;。]{0,4}?(?:[((]含[^))]{0,4}[))])?[及含]?以[下内]`
	wordsLess    = `(?:不足|(?:^|[^不])(?:少于|低于|小于))%[1]s(?:[^0-9.]|$)`
)

// strictness pairs a comparison with the words that speak against it and the
// words that bear it out, and with what it should probably be.
var strictness = map[string]struct{ against, bears, instead string }{
	">":  {wordsAtLeast, wordsMore, ">="},
	">=": {wordsMore, wordsAtLeast, ">"},
	"<":  {wordsAtMost, wordsLess, "<="},
	"<=": {wordsLess, wordsAtMost, "<"},
}

// checkStrictBounds warns where a case line, or the condition of a statistic,
// leaves out a bound that the quoted words include, or includes one that they
// leave out. The words are the quote and the remark behind the line.
func checkStrictBounds(r *packReader) {
	r.eachItem(func(d *itemDraft) {
		lines := valueOf(d.m.node.y, "points_per_case")
		if d.Kind != engine.DeductionItem || lines == nil || lines.Kind != yaml.SequenceNode {
			return
		}
		for _, c := range lines.Content {
			if when := valueOf(c, "when"); when != nil && when.Kind == yaml.ScalarNode {
				n := d.m.node.child(when)
				n.cite = d.Cite
				r.strictBound(n, d.Quote+"\n"+remarkOf(c))
			}
		}
	})
	for _, f := range r.edition.files {
		if statistics := valueOf(f.root, "statistics"); statistics != nil {
			r.strictStatistics(node{y: statistics, file: f})
		}
	}
}

// strictStatistics does the same for where: of statistics.
func (r *packReader) strictStatistics(n node) {
	for i, s := range n.y.Content {
		if where := valueOf(s, "where"); i%2 == 1 && n.isMap() && where != nil && where.Kind == yaml.ScalarNode {
			at := n.child(where)
			at.cite = rawValue(s, "cite")
			r.strictBound(at, rawValue(s, "quote")+"\n"+remarkOf(s))
		}
	}
}

// remarkOf returns the remark on the same line as a mapping.
func remarkOf(n *yaml.Node) string {
	remark := n.LineComment
	for _, c := range n.Content {
		remark += "\n" + c.LineComment
	}
	return remark
}

func (r *packReader) strictBound(when node, words string) {
	words = strings.ReplaceAll(words, " ", "")
	for _, m := range compared.FindAllStringSubmatch(when.y.Value, -1) {
		sign, number := m[1], m[2]
		s := strictness[sign]
		against := saying(s.against, number).FindString(words)
		if against == "" || saying(s.bears, number).MatchString(words) {
			continue
		}
		against = strings.Trim(against, "#\n,;()。、\uff0c\uff1b\uff08\uff09")
		r.add(when.report(CodeStrictBound,
			text(fmt.Sprintf("条件“%s %s”与原文“%s”不一致", sign, number, against), fmt.Sprintf("“%s %s” does not agree with the words “%s”", sign, number, against)),
			text(fmt.Sprintf("是否应为 %s %s?", s.instead, number), fmt.Sprintf("should it be %s %s?", s.instead, number))))
	}
}

func saying(words, number string) *regexp.Regexp {
	return regexp.MustCompile(fmt.Sprintf(words, regexp.QuoteMeta(number)))
}
