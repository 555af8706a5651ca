package rules

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// citeColumn is the terminal column at which clauses stand, if the sentence
// leaves room.
const citeColumn = 72

// WriteSentences prints sentences for people: headings at the margin with a
// blank line above, what belongs to them indented, the clause to the right.
func WriteSentences(w io.Writer, sentences []Sentence) error {
	out := bufio.NewWriter(w)
	for i, s := range sentences {
		indent := "  "
		if s.Heading {
			indent = ""
			if i > 0 {
				fmt.Fprintln(out)
			}
		}
		fmt.Fprintln(out, beside(indent+s.Text, s.Cite))
	}
	return out.Flush()
}

// beside puts a note to the right of a text, at least four columns away.
func beside(text, note string) string {
	if note == "" {
		return text
	}
	gap := max(citeColumn-displayWidth(text), 4)
	return text + strings.Repeat(" ", gap) + note
}
