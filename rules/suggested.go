package rules

import (
	"regexp"
	"strings"
)

var (
	suggestedName   = regexp.MustCompile(`^did you mean (.+?)(?: \((?:.+, line \d+|built in)\))?\?$`)
	suggestedNumber = regexp.MustCompile(`^write (-?[0-9]+(?:\.[0-9]+)?)$`)
)

// Suggestion returns what may be put in the place of the characters that the
// diagnostic underlines, "" if it is no matter of replacing them.
func (d Diagnostic) Suggestion() string {
	if m := suggestedName.FindStringSubmatch(d.Hint.EN); m != nil {
		return strings.TrimSpace(m[1])
	}
	if m := suggestedNumber.FindStringSubmatch(d.Hint.EN); m != nil && d.Code == CodeTrap {
		return m[1]
	}
	if d.Code != CodeFullWidth || d.Width != 1 {
		return ""
	}
	for want, hint := range map[string]string{": ": fullWidthHint(":").EN, ", ": fullWidthHint(",").EN} {
		if d.Hint.EN == hint && strings.Contains(d.Message.EN, "YAML needs "+strings.TrimSpace(want)) {
			return want
		}
	}
	return ""
}
