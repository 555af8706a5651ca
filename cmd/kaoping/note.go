package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"kaoping/engine"
	"kaoping/reports"
	"kaoping/rules"
)

// noteRequest is what was asked of explain --as.
type noteRequest struct{ pack, period, as, output string }

// writeNote writes the technical note of one pack.
func (a *app) writeNote(args []string, ask noteRequest, number bool) error {
	if ask.as == "" {
		ask.as = strings.TrimPrefix(filepath.Ext(ask.output), ".")
	}
	if number || !slices.Contains([]string{reports.XLSX, reports.HTML, reports.Markdown}, ask.as) {
		return fail(exitUsage, engine.Text{
			ZH: "口径说明写整个规则包:--as 可写 xlsx、html 或 md,不能与 --subject、--item 同用。",
			EN: "a technical note is about a whole pack: --as is xlsx, html or md, without --subject and --item.",
		})
	}
	p, err := a.onePack(args, ask)
	if err != nil {
		return err
	}
	note := a.note(p)
	if ask.output == "-" {
		return reports.WriteNote(a.stdout, note, ask.as)
	}
	if ask.output == "" {
		ask.output = reports.NoteName(note, ask.as)
	}
	err = createFile(ask.output, func(w io.Writer) error { return reports.WriteNote(w, note, ask.as) })
	if err == nil {
		fmt.Fprintln(a.stdout, ask.output)
	}
	return err
}

// onePack finds the pack that a note is about: the only one, or the one named. An
// argument that is no path is the name of a pack.
func (a *app) onePack(args []string, ask noteRequest) (*engine.Pack, error) {
	if len(args) == 1 && ask.pack == "" && !strings.ContainsAny(args[0], `/\.`) && !exists(args[0]) {
		args, ask.pack = nil, args[0]
	}
	folder, err := a.ruleFiles(args)
	if err != nil {
		return nil, err
	}
	library, diagnostics := rules.Load(folder, rules.Options{})
	if rules.HasErrors(diagnostics) {
		rules.WriteText(a.stderr, onlyErrors(diagnostics), a.lang)
	}
	if ask.period != "" {
		period, err := a.period(ask.period)
		if err != nil {
			return nil, err
		}
		return findPack(library, ask.pack, period)
	}
	var found []*engine.Pack
	var names []string
	for _, p := range library.Packs() {
		if ask.pack == "" || p.Name == ask.pack {
			found, names = append(found, p), append(names, p.Name+" "+p.Edition.String())
		}
	}
	if len(found) == 1 {
		return found[0], nil
	}
	if len(found) == 0 && ask.pack != "" {
		return findPack(library, ask.pack, engine.Period{})
	}
	return nil, fail(exitUsage, engine.Text{
		ZH: fmt.Sprintf("口径说明一次写一个规则包版本,这里有 %d 个:%s。\n  提示:给出规则包的名称或文件;多个版本时加 --period。", len(found), strings.Join(names, "、")),
		EN: fmt.Sprintf("a technical note is about one edition of a pack, here are %d: %s.\n  hint: name the pack or its file; with several editions add --period.", len(found), strings.Join(names, ", ")),
	})
}

// note puts a pack into the words of this invocation's language.
func (a *app) note(p *engine.Pack) *reports.Note {
	told := rules.NoteOf(p, a.lang)
	note := &reports.Note{Pack: p, Lang: a.lang, Version: version()}
	for _, l := range told.Lines {
		note.Lines = append(note.Lines, reports.NoteLine{
			Item: l.Item, Depth: l.Depth, OnlyFor: l.OnlyFor,
			Definition: l.Definition, Sources: l.Sources, Scoring: l.Scoring, Assumption: l.Assumptions,
		})
	}
	for _, c := range told.Cases {
		note.Cases = append(note.Cases, reports.NoteCase{Item: c.Item, When: c.When, Points: c.Line.Points})
	}
	for _, s := range told.Parts {
		note.Parts = append(note.Parts, reports.NotePart{Heading: s.Heading, Text: s.Text, Cite: s.Cite, Quote: s.Quote})
	}
	return note
}

// exists reports whether there is a file or folder of that name.
func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}
