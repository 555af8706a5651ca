package rules

import (
	"regexp"
	"strings"
)

// archive is a text file that holds several others, in the txtar format: a
// comment, then "-- name --" before each file.
type archive struct {
	comment string
	files   []archived
}

type archived struct {
	name string
	data []byte
}

var archiveHeader = regexp.MustCompile(`(?m)^-- (.+) --\n`)

func parseArchive(data []byte) *archive {
	s := string(data)
	heads := archiveHeader.FindAllStringSubmatchIndex(s, -1)
	if heads == nil {
		return &archive{comment: s}
	}
	a := &archive{comment: s[:heads[0][0]]}
	for i, h := range heads {
		end := len(s)
		if i+1 < len(heads) {
			end = heads[i+1][0]
		}
		a.files = append(a.files, archived{s[h[2]:h[3]], []byte(s[h[1]:end])})
	}
	return a
}

func (a *archive) format() []byte {
	var b strings.Builder
	b.WriteString(a.comment)
	for _, f := range a.files {
		b.WriteString("-- " + f.name + " --\n" + string(f.data))
	}
	return []byte(b.String())
}
