package ingest

import (
	"fmt"
	"strings"

	"kaoping/engine"
)

// The targets every pack has besides its feeds and registers.
const (
	TargetSubjects   = "subjects"   // 机构
	TargetJudgements = "judgements" // 定性评分
)

// Targets lists what can be loaded, by id, in the order in which it is best
// loaded: subjects first, then feeds and registers, judgements last.
func Targets(p *engine.Pack) []string {
	list := []string{TargetSubjects}
	for _, f := range p.Feeds {
		list = append(list, f.ID)
	}
	for _, r := range p.Registers {
		list = append(list, r.ID)
	}
	if hasChecklists(p) {
		list = append(list, TargetJudgements)
	}
	return list
}

// TargetID returns the id of the target that goes by the name, which may be a
// feed's or register's name or id; "" if there is none.
func TargetID(p *engine.Pack, name string) string {
	for _, f := range p.Feeds {
		if f.ID == name || f.Name == name {
			return f.ID
		}
	}
	for _, r := range p.Registers {
		if r.ID == name || r.Name == name {
			return r.ID
		}
	}
	switch strings.ToLower(name) {
	case TargetSubjects, "机构", "机构名录":
		return TargetSubjects
	case TargetJudgements, "定性评分":
		if hasChecklists(p) {
			return TargetJudgements
		}
	}
	return ""
}

// HasTarget reports whether the pack takes files for the target.
func HasTarget(p *engine.Pack, target string) bool { return TargetID(p, target) != "" }

// Read reads a file for a target named by id or name. The batch is nil if the
// file is refused; the report says why. The error wraps engine.ErrNotFound if the
// pack has no such target.
func Read(p *engine.Pack, target string, src Source, opt Options) (*engine.Batch, *Report, error) {
	id := TargetID(p, target)
	switch id {
	case "":
		return nil, nil, fmt.Errorf("pack %s takes no %q: %w", p.Name, target, engine.ErrNotFound)
	case TargetSubjects:
		return ReadSubjects(p, src, opt)
	case TargetJudgements:
		return ReadJudgements(p, src, opt)
	}
	if _, err := findFeed(p, id); err == nil {
		return ReadFeed(p, id, src, opt)
	}
	return ReadRegister(p, id, src, opt)
}
