package main

import (
	"fmt"
	"io"

	"github.com/jedib0t/go-pretty/v6/text"
)

// progress is one line on the terminal that says what is being done. Where
// there is no terminal it says nothing.
type progress struct {
	w     io.Writer
	width int // of the line drawn last
}

func (a *app) newProgress() *progress {
	if !a.terminal() {
		return &progress{}
	}
	return &progress{w: a.stderr}
}

// step replaces the line.
func (p *progress) step(doing, what string) {
	if p.w == nil {
		return
	}
	line := text.Trim(doing+" "+what, 70)
	p.clear()
	fmt.Fprint(p.w, line)
	p.width = text.StringWidthWithoutEscSequences(line)
}

// clear removes the line, before something else is printed.
func (p *progress) clear() {
	if p.w != nil && p.width > 0 {
		fmt.Fprintf(p.w, "\r%*s\r", p.width, "")
		p.width = 0
	}
}
