package rules

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"gopkg.in/yaml.v3"

	"kaoping/engine"
)

// announced finds how many indicators a text says there are: 各设10个指标,
// 共十一项定量指标, 10 indicators.
var announced = regexp.MustCompile(`(?:设|设置|设有|共|共有|包括|包含|分为)\s*([0-9]{1,3}|[一二三四五六七八九十两百]{1,5})\s*(?:个|项)[^,,。;;、::0-9]{0,6}指标|\b([0-9]{1,3}) indicators\b`)

// checkCounts notes that a quote or remark announces another number of indicators
// than the pack lists. What is listed counts, but somebody should know.
func checkCounts(r *packReader) {
	if r.unsure["sections"] || len(r.sections) == 0 {
		return
	}
	if t := r.totalDraft; t != nil {
		r.announcement(t.m.get("quote"), r.sections)
	}
	r.eachItem(func(d *itemDraft) {
		if d.Kind == engine.SectionItem || d.Kind == engine.GroupItem {
			r.announcement(d.m.get("quote"), []*itemDraft{d})
		}
	})
	for _, f := range r.edition.files {
		remarks := valueOf(f.root, "remarks")
		if remarks == nil || remarks.Kind != yaml.SequenceNode {
			continue
		}
		for _, remark := range remarks.Content { // once for its two languages
			for _, n := range textsBelow(remark) {
				if r.announcement(node{y: n, file: f}, r.sections) {
					break
				}
			}
		}
	}
}

// textsBelow lists the values in lists and mappings.
func textsBelow(n *yaml.Node) []*yaml.Node {
	if n.Kind == yaml.ScalarNode {
		return []*yaml.Node{n}
	}
	var out []*yaml.Node
	for i, c := range n.Content {
		if n.Kind == yaml.SequenceNode || i%2 == 1 {
			out = append(out, textsBelow(c)...)
		}
	}
	return out
}

// announcement compares the number that a text announces with what the
// containers list, and tells whether it said something.
func (r *packReader) announcement(n node, containers []*itemDraft) bool {
	m := announced.FindStringSubmatch(n.value())
	if m == nil {
		return false
	}
	want, ok := chineseNumber(m[1])
	if !ok {
		var err error
		if want, err = strconv.Atoi(m[1] + m[2]); err != nil {
			return false
		}
	}
	var listed []string
	for _, d := range containers {
		counts := r.listed(d, true)
		if slices.Contains(counts, want) || slices.Contains(r.listed(d, false), want) {
			return false
		}
		for _, c := range counts {
			listed = append(listed, fmt.Sprintf("%s %d", d.Name, c))
		}
	}
	if len(listed) == 0 {
		return false
	}
	list := enumerated(listed, ", ")
	r.add(n.report(CodeCounts,
		text(fmt.Sprintf("文字称有 %d 个指标, 列出的是: %s", want, list.ZH), fmt.Sprintf("the words announce %s, listed are: %s", plural(want, "indicator"), list.EN)),
		text("得分按列出的算; 与原文核对是否多列或漏列", "what is listed is scored; compare with the text whether one is missing or too many")))
	return true
}

// listed counts the indicators below a container, with or without the deductions:
// each number that comes about for a peer group in a kind of period, once.
func (r *packReader) listed(d *itemDraft, deductions bool) []int {
	var out []int
	for _, g := range r.groups() {
		for _, kind := range r.kindsOfPeriod() {
			n := 0
			d.walk(func(c *itemDraft) {
				forGroup := c.OnlyFor == "" || c.OnlyFor == g.ID
				switch c.Kind {
				case engine.IndicatorItem:
					if c.appliesTo(g.ID, kind) {
						n++
					}
				case engine.DeductionItem:
					if deductions && forGroup && c.inKind(kind) {
						n++
					}
				}
			})
			if n > 0 && !slices.Contains(out, n) {
				out = append(out, n)
			}
		}
	}
	return out
}
