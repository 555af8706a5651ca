package desk

import (
	"context"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"kaoping/engine"
	"kaoping/internal/assess"
	"kaoping/rules"
	"kaoping/rules/diff"
	"kaoping/rules/impact"
)

// Draft is a rule file, or a test file, as somebody is writing it, read in the
// place of the one that the workspace has. Nothing of the workspace changes.
type Draft struct {
	Name        string // of the file in the tree of packs
	Text        string
	Tree        fs.FS              // the pack's folder with the text in it
	Edition     *rules.Edition     // the file belongs to; nil if it says no longer which
	Diagnostics []rules.Diagnostic // of the edition's files and tests

	library *rules.Library
}

// Draft reads a text in the place of a file of an edition.
func (d *Desk) Draft(base *rules.Edition, name, text string) *Draft {
	tree := d.Tree(base, name, text)
	out := &Draft{Name: name, Text: text, Tree: tree}
	var found []rules.Diagnostic
	out.library, found = rules.Load(tree, rules.Options{})
	all := out.library.Editions()
	for i := range all {
		_, rule := all[i].Files[name]
		if _, test := all[i].Tests[name]; rule || test {
			out.Edition = &all[i]
		}
	}
	for _, f := range found {
		if out.concerns(f.File) {
			out.Diagnostics = append(out.Diagnostics, f)
		}
	}
	return out
}

// Tree is the folder of an edition with a text in the place of one of its files.
func (d *Desk) Tree(base *rules.Edition, name, text string) fs.FS {
	return overlay{FS: d.Packs, folder: base.Folder(), name: name, data: []byte(text)}
}

// concerns reports whether a file belongs to the draft's edition.
func (t *Draft) concerns(file string) bool {
	if file == t.Name {
		return true
	}
	if t.Edition == nil {
		return false
	}
	_, rule := t.Edition.Files[file]
	_, test := t.Edition.Tests[file]
	return rule || test
}

// Pack is the edition compiled; nil if it has mistakes.
func (t *Draft) Pack() *engine.Pack {
	if t.Edition == nil {
		return nil
	}
	return t.Edition.Pack
}

// Tests runs the tests of the draft's edition, with what they reach; nil if it has
// mistakes.
func (t *Draft) Tests() *rules.PackTests {
	p := t.Pack()
	if p == nil {
		return nil
	}
	report := rules.Test(t.library, rules.TestOptions{Pack: p.Name, Now: time.Now, Cover: true})
	i := slices.IndexFunc(report.Packs, func(own rules.PackTests) bool { return own.Edition == p.Edition })
	if i < 0 {
		return nil
	}
	return &report.Packs[i]
}

// side is the draft as one side of a comparison.
func (t *Draft) side() diff.Edition {
	return diff.Edition{Pack: t.Pack(), Files: t.library.Files(t.Pack()), Tests: t.library.TestFiles(t.Pack())}
}

// Changes compares the draft with the edition that the workspace has: what changed
// and what that can do to results. Without a compiled pack the text is compared.
func (d *Desk) Changes(base *rules.Edition, t *Draft) []diff.Change {
	library := d.Rules().Library
	before := diff.Edition{Files: inFolder(base.Files), Tests: inFolder(base.Tests)}
	after := diff.Edition{Files: inFolder(base.Files), Tests: inFolder(base.Tests)}
	if base.Pack != nil && t.Pack() != nil {
		before, after = diff.Edition{Pack: base.Pack, Files: library.Files(base.Pack), Tests: library.TestFiles(base.Pack)}, t.side()
	} else if own := path.Base(t.Name); after.Files[own] != nil {
		after.Files[own] = []byte(t.Text)
	} else {
		after.Tests[own] = []byte(t.Text)
	}
	return diff.Compare(before, after)
}

// Between compares two editions without mistakes.
func (d *Desk) Between(before, after *rules.Edition) []diff.Change {
	library := d.Rules().Library
	side := func(e *rules.Edition) diff.Edition {
		return diff.Edition{Pack: e.Pack, Files: library.Files(e.Pack), Tests: library.TestFiles(e.Pack)}
	}
	return diff.Compare(side(before), side(after))
}

// inFolder names files without their folder, as both sides of a comparison do.
func inFolder(files map[string][]byte) map[string][]byte {
	out := map[string][]byte{}
	for name, data := range files {
		out[path.Base(name)] = data
	}
	return out
}

// Impact says what a draft without mistakes does to a stored run.
func (d *Desk) Impact(ctx context.Context, r *Run, t *Draft) (*impact.Impact, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return assess.Impact(ctx, d.DB, &assess.Assessment{Run: r.Stored, Pack: r.Pack, Result: r.Result, Facts: r.Facts, Evaluation: r.evaluation}, t.side())
}

// overlay shows of a tree one folder and the calendars, with another text in the
// place of one file.
type overlay struct {
	fs.FS
	folder, name string
	data         []byte
}

// calendars is the folder of working-day calendars, at the top or in a pack.
const calendars = "calendars"

// shows reports whether something leads to the folder or lies in it.
func (o overlay) shows(name string) bool {
	return o.folder == "." || name == calendars || strings.HasPrefix(name, calendars+"/") ||
		name == o.folder || strings.HasPrefix(name, o.folder+"/") || strings.HasPrefix(o.folder, name+"/")
}

// ReadDir lists what is shown.
func (o overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(o.FS, name)
	return slices.DeleteFunc(slices.Clone(entries), func(e fs.DirEntry) bool { return !o.shows(path.Join(name, e.Name())) }), err
}

// ReadFile returns the text in its place, and every other file as it is.
func (o overlay) ReadFile(name string) ([]byte, error) {
	if name == o.name {
		return o.data, nil
	}
	return fs.ReadFile(o.FS, name)
}

// Stat describes a file as ReadFile gives it.
func (o overlay) Stat(name string) (fs.FileInfo, error) {
	info, err := fs.Stat(o.FS, name)
	if err != nil || name != o.name {
		return info, err
	}
	return resized{info, int64(len(o.data))}, nil
}

type resized struct {
	fs.FileInfo
	size int64
}

// Size is that of the text in the file's place.
func (r resized) Size() int64 { return r.size }
