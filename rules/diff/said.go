package diff

import (
	"slices"
	"strings"

	"kaoping/engine"
	"kaoping/rules"
)

// telling is what explain says of a pack, by the thing it speaks of.
type telling struct {
	byItem    map[string][2][]string // in Chinese and English
	byHeading map[string][2][]string // sentences without an item, by the heading above them
}

var languages = [2]engine.Lang{engine.Chinese, engine.English}

func tellingOf(p *engine.Pack) *telling {
	t := &telling{map[string][2][]string{}, map[string][2][]string{}}
	if p == nil {
		return t
	}
	for i, lang := range languages {
		heading := ""
		for _, s := range rules.Sentences(p, lang) {
			if s.Heading {
				heading = s.Text
			}
			by, key := t.byItem, s.Item
			if key == "" {
				by, key = t.byHeading, heading
			}
			list := by[key]
			list[i] = append(list[i], s.Text)
			by[key] = list
		}
	}
	return t
}

// headings are how the parts without a name are headed.
var headings = map[string][2]string{
	"assessed": {"考评对象", "Who is assessed"}, "periods": {"统计期间", "Periods"}, "rounding": {"舍入", "Rounding"},
	"ranking": {"排名", "Ranking"}, "ratings": {"等级", "Ratings by"}, "then": {"等级", "Ratings by"},
	"consequence": {"结果的运用", "What results lead to"}, "persons": {"人员名册", "Staff"}, "calendar": {"工作日历", "Working days"},
	"rating band": {"等级", "Ratings by"},
}

// about returns what is said of an owner, in one language.
func (t *telling) about(o Owner, lang int) []string {
	for _, id := range []string{o.ID, o.Name} {
		if list := t.byItem[id][lang]; id != "" && list != nil {
			return list
		}
	}
	if o.Kind == "total" {
		return t.byItem["total"][lang]
	}
	begin, ok := headings[o.Kind]
	if !ok {
		return nil
	}
	for heading, list := range t.byHeading {
		if strings.HasPrefix(heading, begin[lang]) && list[lang] != nil {
			return list[lang]
		}
	}
	return nil
}

// tell adds to each change what is said of its owner before and after.
func (c *comparer) tell() {
	for i := range c.changes {
		x := &c.changes[i]
		if x.Effect == Tests {
			continue
		}
		before, after := x.Owner, x.Owner
		if x.Action == Renamed && x.Path == "" {
			before.Name = x.Before
		}
		var was, is [2]string
		for lang := range languages {
			b, a := c.said[0].about(before, lang), c.said[1].about(after, lang)
			if c.after.Pack == nil || c.before.Pack == nil {
				continue
			}
			was[lang] = strings.Join(missingFrom(b, a), "; ")
			is[lang] = strings.Join(missingFrom(a, b), "; ")
		}
		x.SaidBefore, x.SaidAfter = engine.Text{ZH: was[0], EN: was[1]}, engine.Text{ZH: is[0], EN: is[1]}
	}
}

// missingFrom lists the sentences that the other side does not have.
func missingFrom(list, other []string) []string {
	var out []string
	for _, s := range list {
		if !slices.Contains(other, s) {
			out = append(out, strings.TrimPrefix(s, "- "))
		}
	}
	return out
}
