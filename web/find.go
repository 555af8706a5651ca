package web

import (
	"strings"
	"sync"
	"unicode"

	"github.com/mozillazg/go-pinyin"

	"kaoping/engine"
	"kaoping/internal/desk"
)

// sounds remembers how names are read: first letters and whole syllables.
var sounds sync.Map // of [2]string by name

// readings returns the initials and the full reading of a name: 甲财险 is jcx and
// jiacaixian. Letters and digits stay.
func readings(name string) (initials, full string) {
	if known, ok := sounds.Load(name); ok {
		r := known.([2]string)
		return r[0], r[1]
	}
	var first, whole strings.Builder
	args := pinyin.NewArgs()
	for _, r := range strings.ToLower(name) {
		switch syllables := pinyin.SinglePinyin(r, args); {
		case len(syllables) > 0:
			first.WriteString(syllables[0][:1])
			whole.WriteString(syllables[0])
		case unicode.IsLetter(r), unicode.IsDigit(r):
			first.WriteRune(r)
			whole.WriteRune(r)
		}
	}
	sounds.Store(name, [2]string{first.String(), whole.String()})
	return first.String(), whole.String()
}

// matches reports whether a name is what was searched for: a part of it, of its
// reading, or its initials.
func matches(query string, names ...string) bool {
	query = strings.ToLower(strings.TrimSpace(query))
	for _, name := range names {
		if name == "" {
			continue
		}
		if strings.Contains(strings.ToLower(name), query) {
			return true
		}
		initials, full := readings(name)
		plain := strings.ReplaceAll(query, " ", "")
		if isLetters(plain) && (strings.Contains(initials, plain) || strings.Contains(full, plain)) {
			return true
		}
	}
	return false
}

func isLetters(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
}

// namesOf returns every name that a subject is known by in a run: code, name and
// short names, former ones included.
func namesOf(run *desk.Run, c *engine.Scorecard) []string {
	names := []string{c.Subject, c.Name}
	for i := range run.Facts.Subjects {
		if s := &run.Facts.Subjects[i]; s.Code == c.Subject {
			names = append(names, s.ShortName, s.Name)
		}
	}
	return names
}
