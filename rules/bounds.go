package rules

import (
	"fmt"
	"strings"

	"kaoping/engine"
)

// Limits that keep the work on a hostile pack within bounds: what a person writes
// by hand stays far below them.
const (
	maxLineLength  = 10_000   // characters
	maxPeerGroups  = 200      // of an edition
	maxDatedDays   = 100      // days on which values of an edition change
	maxDiagnostics = 1_000    // of a file
	maxCompared    = 200_000  // names looked at for suggestions, in one edition
	maxListed      = 12       // names in a hint
	maxLocated     = 100      // quotes for which the nearest place is looked up
	maxSourceSize  = 16 << 20 // bytes of a quoted text
)

// tooMany reports the things of a kind that are more than a limit.
func (b *bag) tooMany(n node, limit int, what engine.Text) {
	b.add(n.report(CodeYAML,
		text(fmt.Sprintf("%s超过 %d 个", what.ZH, limit), fmt.Sprintf("there are more than %d %s", limit, what.EN)),
		text("请拆成几个规则包", "make several packs of it")))
}

// limited keeps the first diagnostics of each file and says how many more there
// are. It expects them sorted.
func limited(diags []Diagnostic) []Diagnostic {
	var out []Diagnostic
	for start := 0; start < len(diags); {
		end := start
		for end < len(diags) && diags[end].File == diags[start].File {
			end++
		}
		out = append(out, diags[start:min(end, start+maxDiagnostics)]...)
		if rest := end - start - maxDiagnostics; rest > 0 {
			last := diags[start+maxDiagnostics-1]
			out = append(out, Diagnostic{File: last.File, Line: last.Line, Column: last.Column, Width: 1, Code: CodeYAML, Level: LevelError, Source: last.Source,
				Message: text(fmt.Sprintf("还有 %d 个问题没有列出", rest), fmt.Sprintf("%d more are not listed", rest)),
				Hint:    text("先改正以上各处", "mend these first")})
		}
		start = end
	}
	return out
}

// enumerated lists names for a hint: the first few, and how many there are.
func enumerated(names []string, separator string) engine.Text {
	if len(names) <= maxListed {
		list := strings.Join(names, separator)
		return text(list, list)
	}
	list := strings.Join(names[:maxListed], separator)
	return text(fmt.Sprintf("%s 等 %d 个", list, len(names)), fmt.Sprintf("%s and %d others", list, len(names)-maxListed))
}
