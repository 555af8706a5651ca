package rules

import (
	"fmt"
	"slices"
	"strings"

	"kaoping/engine"
)

// checkAssumptions reports assumptions that are used but not registered, and
// registered but not used. A mention in a comment is a use.
func checkAssumptions(r *packReader) {
	used := map[string]bool{}
	var known []string
	for id := range r.assumptions {
		known = append(known, id)
	}
	for _, u := range r.uses {
		used[u.id] = true
		if _, ok := r.assumptions[u.id]; !ok && !r.unsure["assumptions"] {
			r.add(u.at.report(CodeUnknownAssumed,
				text(fmt.Sprintf("假设 %s 没有登记", clip(u.id)), fmt.Sprintf("assumption %s is not registered", clip(u.id))),
				text("在 assumptions 里登记: 内容、由谁确认", "register it under assumptions: what it says and who can settle it")))
		}
	}
	for _, f := range r.edition.files {
		for _, comment := range f.comments {
			for _, id := range mentioned.FindAllString(comment, -1) {
				used[id] = true
			}
		}
	}
	for _, id := range known {
		if !used[id] && len(r.unsure) == 0 {
			r.add(r.assumptions[id].report(CodeUnusedAssumed,
				text(fmt.Sprintf("假设 %s 没有被使用", id), fmt.Sprintf("assumption %s is not used", id)),
				text("写到依据它的那一行: assumption: "+id+", 或删去", "name it where it applies, assumption: "+id+", or remove it")))
		}
	}
}

// checkOpenAssumptions refuses "in force" while questions are open, and counts
// them otherwise.
func checkOpenAssumptions(r *packReader) {
	var open []string
	for _, a := range r.pack.Assumptions {
		if a.State == "open" {
			open = append(open, a.ID)
		}
	}
	if len(open) == 0 {
		return
	}
	zh, en := listOf(open)
	if r.pack.Status == "in force" {
		d := r.statusAt.report(CodeOpenAssumption,
			text("还有假设待确认, 不能写 in force: "+zh, "“in force” is refused while "+en+areOpen(open)),
			text("先确认并改为 state: settled, 或用 status: draft 或 trial", "settle them (state: settled), or say status: draft or trial"))
		d.Level = LevelError
		r.add(d)
		return
	}
	r.add(r.keys["assumptions"].report(CodeOpenAssumption,
		text(fmt.Sprintf("有 %d 条假设待确认: %s", len(open), zh), fmt.Sprintf("%s open: %s", plural(len(open), "assumption"), en)), engine.Text{}))
}

// areOpen is the verb.
func areOpen(ids []string) string {
	if len(ids) == 1 {
		return " is open"
	}
	return " are open"
}

// listOf names up to three and counts the rest.
func listOf(ids []string) (zh, en string) {
	slices.SortFunc(ids, func(a, b string) int {
		if len(a) != len(b) {
			return len(a) - len(b)
		}
		return strings.Compare(a, b)
	})
	if len(ids) <= 4 {
		return strings.Join(ids, "、"), strings.Join(ids, ", ")
	}
	rest := len(ids) - 3
	return fmt.Sprintf("%s 等 %d 条", strings.Join(ids[:3], "、"), len(ids)), fmt.Sprintf("%s and %d others", strings.Join(ids[:3], ", "), rest)
}
