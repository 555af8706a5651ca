package diff

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/engine/formula"
	"kaoping/engine/unit"
)

// meanings writes what each part of a compiled pack means, by component: names,
// clauses, quotes and spellings left out. It is nil without a pack.
func meanings(p *engine.Pack) map[string]string {
	if p == nil {
		return nil
	}
	out := map[string]string{
		"effective": meaning(p.Effective), "assessed": meaning(p.Assessed), "periods": meaning(p.Periods) + meaning(p.Previous),
		"total": meaning(p.Total), "rounding": meaning(p.Rounding), "ranking": meaning(p.Ranking), "ratings": meaning(p.Ratings),
		"calendar": meaning(p.Calendar) + meaning(p.Records.ClockAhead), "persons": meaning(p.Records.Persons), "changes": meaning(p.Changes),
	}
	for _, g := range p.PeerGroups {
		out["peer_groups"] += g.ID + " "
	}
	each(out, "attributes", p.Attributes, func(x engine.Attribute) string { return x.ID })
	each(out, "feeds", p.Feeds, func(x engine.Feed) string { return x.ID })
	each(out, "registers", p.Registers, func(x engine.Register) string { return x.ID })
	each(out, "statistics", p.Statistics, func(x engine.Statistic) string { return x.ID })
	each(out, "benchmarks", p.Benchmarks, func(x engine.Benchmark) string { return x.ID })
	each(out, "metrics", p.Metrics, func(x engine.Metric) string { return x.ID })
	each(out, "parameters", p.Parameters, func(x engine.Parameter) string { return x.ID })
	each(out, "consequences", p.Consequences, func(x engine.Consequence) string { return x.Name })
	each(out, "time_limits", p.Records.TimeLimits, func(x engine.TimeLimit) string { return x.ID })
	each(out, "red_flags", p.Records.RedFlags, func(x engine.RedFlag) string { return x.ID })
	each(out, "cross_checks", p.CrossChecks, func(x engine.CrossCheck) string { return x.ID })
	each(out, "samples", p.Records.Samples, func(x engine.Sample) string { return x.ID })
	each(out, "penalties", p.Records.Penalties, func(x engine.Penalty) string { return x.ID })
	each(out, "sections", p.AllItems(), func(x *engine.Item) string { return x.ID })
	return out
}

func each[T any](out map[string]string, top string, list []T, id func(T) string) {
	for _, x := range list {
		out[top+"/"+id(x)] = meaning(x)
	}
}

// onlyWords are fields that nobody computes with, by the type they belong to.
var onlyWords = map[reflect.Type][]string{
	reflect.TypeFor[engine.Bound]():       {"Text"},
	reflect.TypeFor[engine.Item]():        {"Name", "WhenText", "Children"},
	reflect.TypeFor[engine.Scale]():       {"Name"},
	reflect.TypeFor[engine.Axis]():        {"Name"},
	reflect.TypeFor[engine.RankKey]():     {"Name"},
	reflect.TypeFor[engine.RatingStep]():  {"WhenText"},
	reflect.TypeFor[engine.Ratings]():     {"ByName"},
	reflect.TypeFor[engine.Consequence](): {"WhenText"},
	reflect.TypeFor[engine.PolicyCase]():  {"WhenText"},
	reflect.TypeFor[engine.PenaltyCase](): {"WhenText"},
	reflect.TypeFor[engine.Relation]():    {"Text"},
	reflect.TypeFor[engine.CaseLine]():    {"WhenText"},
	reflect.TypeFor[engine.CaseTable]():   {"From"},
	reflect.TypeFor[engine.Policy]():      {"Assumption"},
	reflect.TypeFor[engine.Statistic]():   {"Name", "From", "Note"},
	reflect.TypeFor[engine.Benchmark]():   {"Name"},
	reflect.TypeFor[engine.Metric]():      {"Name"},
	reflect.TypeFor[engine.Parameter]():   {"Name"},
	reflect.TypeFor[engine.TimeLimit]():   {"Name"},
	reflect.TypeFor[engine.RedFlag]():     {"Name"},
	reflect.TypeFor[engine.CrossCheck]():  {"Name"},
	reflect.TypeFor[engine.Sample]():      {"Name"},
	reflect.TypeFor[engine.Penalty]():     {"Name"},
}

// skippedTypes say where a rule comes from, or are words.
var skippedTypes = []reflect.Type{reflect.TypeFor[engine.Law](), reflect.TypeFor[engine.Text]()}

// meaning writes a part of a compiled pack so that two parts that mean the same
// are written the same.
func meaning(x any) string {
	var b strings.Builder
	writeMeaning(&b, reflect.ValueOf(x))
	return b.String()
}

func writeMeaning(b *strings.Builder, v reflect.Value) {
	if !v.IsValid() || slices.Contains(skippedTypes, v.Type()) {
		return
	}
	if v.CanInterface() {
		switch x := v.Interface().(type) {
		case exact.Num:
			b.WriteString(x.String())
			return
		case unit.Unit:
			b.WriteString(x.String())
			return
		case *formula.Expr:
			b.WriteString(x.Canonical())
			return
		}
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			b.WriteString("none")
			return
		}
		writeMeaning(b, v.Elem())
	case reflect.Struct:
		writeFields(b, v)
	case reflect.Slice, reflect.Array:
		b.WriteByte('[')
		for i := range v.Len() {
			writeMeaning(b, v.Index(i))
			b.WriteByte(' ')
		}
		b.WriteByte(']')
	case reflect.Map:
		writeMap(b, v)
	default:
		fmt.Fprintf(b, "%q", fmt.Sprint(v))
	}
}

func writeFields(b *strings.Builder, v reflect.Value) {
	t := v.Type()
	b.WriteByte('{')
	for i := range t.NumField() {
		if slices.Contains(onlyWords[t], t.Field(i).Name) {
			continue
		}
		b.WriteString(t.Field(i).Name + ":")
		writeMeaning(b, v.Field(i))
		b.WriteByte(' ')
	}
	b.WriteByte('}')
}

func writeMap(b *strings.Builder, v reflect.Value) {
	var entries []string
	for _, k := range v.MapKeys() {
		var e strings.Builder
		writeMeaning(&e, k)
		e.WriteByte('=')
		writeMeaning(&e, v.MapIndex(k))
		entries = append(entries, e.String())
	}
	slices.Sort(entries)
	b.WriteString("map[" + strings.Join(entries, " ") + "]")
}

// component names the part of the compiled pack that an owner stands for; empty
// if it is none of its own.
func component(o Owner, top string) string {
	switch top {
	case "", "scales", "defaults", "sources", "assumptions", "remarks", "title", "regulator", "status", "pack", "edition", "official_results":
		return ""
	case "then":
		return "ratings"
	case "office_hours":
		return "calendar"
	case "years", "utc_offset": // of a calendar
		return "calendar"
	}
	id := o.ID
	if id == "" {
		id = o.Name
	}
	if id == "" || top == "ratings" || top == "periods" || top == "peer_groups" || top == "sections" && o.Kind == "sections" {
		return top
	}
	return top + "/" + id
}

// same reports whether a component means the same in both packs, and whether
// that is known.
func (c *comparer) same(component string) (same, known bool) {
	b, inBefore := c.meaning[0][component]
	a, inAfter := c.meaning[1][component]
	return b == a, component != "" && inBefore && inAfter
}

// follow reports components that mean something else although nothing was
// changed in them: what they refer to was. It also reports what leans on another
// assumption now.
func (c *comparer) follow() {
	touched := map[string]bool{}
	for _, x := range c.changes {
		touched[x.component] = true
	}
	for _, it := range c.order() {
		if same, known := c.same(it.component); known && !same && !touched[it.component] {
			c.put(Change{
				Action: Changed, Part: PartFollows, Effect: Scores, Owner: it.owner, component: it.component,
				Text: engine.Text{ZH: "随所引用的内容而变", EN: "follows what it refers to"},
			})
		}
	}
	c.assumptions(touched)
}

// known is a component of the later pack with its owner.
type known struct {
	component string
	owner     Owner
	law       string // the assumptions it leans on
}

// order lists the components that changes elsewhere can reach.
func (c *comparer) order() []known { return components(c.after.Pack) }

func components(p *engine.Pack) []known {
	if p == nil {
		return nil
	}
	var out []known
	put := func(top, kind, id, name, law string) {
		out = append(out, known{top + "/" + id, Owner{Kind: kind, ID: id, Name: name, Noun: nouns[kind]}, law})
	}
	for _, x := range p.Statistics {
		put("statistics", "statistic", x.ID, x.Name, x.Assumption)
	}
	for _, x := range p.Benchmarks {
		put("benchmarks", "benchmark", x.ID, x.Name, x.Assumption)
	}
	for _, x := range p.Metrics {
		put("metrics", "metric", x.ID, x.Name, x.Assumption)
	}
	for _, x := range p.AllItems() {
		kind := string(x.Kind)
		if x.Adds {
			kind = "addition"
		}
		put("sections", kind, x.ID, x.Name, strings.Join(assumptionsOf(x), ", "))
	}
	for _, top := range []string{"rounding", "ranking", "ratings", "assessed", "periods", "total"} {
		out = append(out, known{top, Owner{Kind: top, Noun: topNouns[top]}, ""})
	}
	return out
}

// assumptionsOf lists the assumptions an item leans on, those of its policies
// and of what scores it included.
func assumptionsOf(it *engine.Item) []string {
	list := []string{it.Assumption, it.IfMissing.Assumption, it.IfZeroDenominator.Assumption, it.IfNoPrevious.Assumption}
	if it.Scale != nil {
		list = append(list, it.Scale.Assumption)
	}
	if it.Checklist != nil {
		list = append(list, it.Checklist.Assumption)
	}
	var out []string
	for _, a := range list {
		if a != "" && !slices.Contains(out, a) {
			out = append(out, a)
		}
	}
	return out
}

// assumptions reports what leans on other assumptions than before, where only a
// comment says so.
func (c *comparer) assumptions(touched map[string]bool) {
	before := map[string]string{}
	for _, k := range components(c.before.Pack) {
		before[k.component] = k.law
	}
	for _, k := range c.order() {
		if was, there := before[k.component]; there && was != k.law && !touched[k.component] {
			c.put(Change{
				Action: Changed, Part: PartCitation, Effect: Wording, Owner: k.owner, Before: was, After: k.law, component: k.component,
				Text: engine.Text{
					ZH: "所依据的假设由 " + orNone(was, "无") + " 改为 " + orNone(k.law, "无"),
					EN: "leans on " + orNone(k.law, "no assumption") + " instead of " + orNone(was, "no assumption"),
				},
			})
		}
	}
}

func orNone(s, none string) string {
	if s == "" {
		return none
	}
	return s
}
