package feeds

import (
	"fmt"
	"slices"
	"strings"

	"kaoping/engine"
	"kaoping/ingest"
)

// delivery is a table that a pack takes.
type delivery struct{ pack, target, name, source string }

// deliveries lists the feeds and registers of packs with the sources that these
// name, of each pack the edition that comes last.
func deliveries(packs []*engine.Pack) []delivery {
	newest := map[string]*engine.Pack{}
	for _, p := range packs {
		if old := newest[p.Name]; old == nil || p.Edition.Compare(old.Edition) > 0 {
			newest[p.Name] = p
		}
	}
	var list []delivery
	for _, p := range packs {
		if newest[p.Name] != p {
			continue
		}
		for i := range p.Feeds {
			list = append(list, delivery{p.Name, p.Feeds[i].ID, p.Feeds[i].Name, p.Feeds[i].Source})
		}
		for i := range p.Registers {
			list = append(list, delivery{p.Name, p.Registers[i].ID, p.Registers[i].Name, p.Registers[i].Source})
		}
	}
	return list
}

func (d delivery) String() string { return d.pack + " " + d.name }

// Settle says what a source delivers, and to which pack: its own target, or, where
// it has none, the feed or register whose from: names the source. It refuses a
// source whose target and a pack's from: contradict each other.
func Settle(s *Source, packs []*engine.Pack) (*Source, error) {
	var named []delivery
	for _, d := range deliveries(packs) {
		if d.source == s.Source && (s.Pack == "" || s.Pack == d.pack) {
			named = append(named, d)
		}
	}
	if s.Target != "" {
		return s, s.agrees(named)
	}
	if len(named) != 1 {
		return nil, s.unsettled(named)
	}
	c := *s
	c.Pack, c.Target = named[0].pack, named[0].target
	return &c, nil
}

// agrees reports whether what the packs say of the source is what it says itself.
func (s *Source) agrees(named []delivery) error {
	fits := func(d delivery) bool { return d.target == s.Target || d.name == s.Target }
	if len(named) == 0 || slices.ContainsFunc(named, fits) {
		return nil
	}
	return trouble(nil, "来源 %s:config.yaml 里的 target 是 %s,规则包 %s 的 from 却指向它。\n  提示:改其中一处,或删去 config.yaml 里的 target。",
		"source %s: its target in config.yaml is %s, but from: of %s names it.\n  hint: change one of the two, or leave target out of config.yaml.", s.Source, s.Target, named[0])
}

func (s *Source) unsettled(named []delivery) error {
	if len(named) == 0 {
		return trouble(nil, "来源 %s 没有写 target,也没有规则包的 from 指向它。\n  提示:在 config.yaml 写 target,或在规则包的 feed 或 register 写 from: %s。",
			"source %s has no target, and from: of no pack names it.\n  hint: write target in config.yaml, or from: %s in a feed or register of a pack.", s.Source, s.Source)
	}
	var list []string
	for _, d := range named {
		list = append(list, d.String())
	}
	return trouble(nil, "来源 %s 没有写 target,而几处的 from 都指向它:%s。\n  提示:在 config.yaml 用 pack 和 target 写明。",
		"source %s has no target, and from: of several names it: %s.\n  hint: say which with pack and target in config.yaml.", s.Source, strings.Join(list, ", "))
}

// Deliverer finds the source of a target of a pack: the one that the pack's from:
// names, otherwise the only one with that target. The error says what is missing.
func Deliverer(sources []*Source, p *engine.Pack, target string) (*Source, error) {
	id := ingest.TargetID(p, target)
	for _, d := range deliveries([]*engine.Pack{p}) {
		if d.target != id || d.source == "" {
			continue
		}
		if s := Find(sources, d.source); s != nil {
			return s, nil
		}
		return nil, trouble(nil, "规则包 %s 说“%s”由来源“%s”提供,config.yaml 的 sources 里没有它。", "the pack %s says that %s comes from the source %q, which is not under sources in config.yaml.", p.Name, d.name, d.source)
	}
	var found []string
	var only *Source
	for _, s := range sources {
		if s.Target != "" && ingest.TargetID(p, s.Target) == id && (s.Pack == "" || s.Pack == p.Name) {
			found, only = append(found, s.Source), s
		}
	}
	if len(found) == 1 {
		return only, nil
	}
	detail := "0"
	if found != nil {
		detail = fmt.Sprintf("%d: %s", len(found), strings.Join(found, ", "))
	}
	return nil, trouble(nil, "没有写文件,而 config.yaml 的 sources 里能提供“%s”的来源不是恰好一个(%s)。\n  提示:写上文件,用 --source 指明,或在规则包写 from。",
		"no file is named, and not exactly one source in config.yaml delivers %s (%s).\n  hint: name files, or a source with --source, or write from: in the pack.", target, detail)
}
