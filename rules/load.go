package rules

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"kaoping/engine"
)

// Options tunes Load.
type Options struct {
	// Sources holds the texts that packs quote, by the names under sources: file:.
	// Quotes are compared with them; nil means they are not.
	Sources fs.FS
}

// Load reads all rule files of all folders: *.yaml are packs, *_test.yaml their
// tests (.yml will do). Files with the same pack and edition are one edition. It returns every
// mistake of every file, sorted; editions with errors are in the library only so
// that asking for them says so.
func Load(fsys fs.FS, opt Options) (*Library, []Diagnostic) {
	l := &loader{fsys: fsys, opt: opt}
	l.walk()
	lib := l.library()
	l.diags = append(l.diags, checkEditions(lib)...)
	diags := Sort(l.diags)
	lib.countErrors(diags)
	return lib, limited(Sort(append(diags, lib.checkTests()...)))
}

// LoadFiles reads one edition from the files that Library.Files gave for it, as
// a store keeps them. The pack is nil if there are errors.
func LoadFiles(files map[string][]byte) (*engine.Pack, []Diagnostic) {
	lib, diags := loadFiles(files)
	if lib == nil {
		return nil, diags
	}
	return lib.editions[0].packs[0].pack, diags
}

// LoadFilesFor is LoadFiles for a period: where a value changes inside the
// edition, the one that holds in the period is taken.
func LoadFilesFor(files map[string][]byte, period engine.Period) (*engine.Pack, []Diagnostic) {
	lib, diags := loadFiles(files)
	if lib == nil {
		return nil, diags
	}
	return lib.editions[0].packFor(period), diags
}

// loadFiles returns nil unless the files make one edition without errors.
func loadFiles(files map[string][]byte) (*Library, []Diagnostic) {
	l := &loader{}
	for name, data := range files {
		l.add(name, data)
	}
	slices.SortFunc(l.packs, byName)
	lib := l.library()
	diags := Sort(l.diags)
	if len(lib.editions) != 1 && !HasErrors(diags) {
		diags = append(diags, place{}.report(CodeMissingKey,
			text(fmt.Sprintf("这些文件应是一个版本, 实际有 %d 个", len(lib.editions)), fmt.Sprintf("these files should be one edition, there are %d", len(lib.editions))), engine.Text{}))
	}
	if HasErrors(diags) {
		return nil, diags
	}
	return lib, diags
}

// library builds all editions from the files that were read.
func (l *loader) library() *Library {
	lib := &Library{editions: l.group(), broken: l.broken}
	for _, e := range lib.editions {
		l.findCalendar(e)
		e.readDates()
	}
	l.editions = lib.editions
	for _, e := range lib.editions {
		l.build(e)
	}
	return lib
}

// covered reports whether an edition of the pack scores the period.
func (l *loader) covered(pack string, p engine.Period) bool {
	for _, e := range l.editions {
		if e.name == pack && (e.effective.From.IsZero() || e.effective.Covers(p)) {
			return true
		}
	}
	return false
}

// loader is one call of Load.
type loader struct {
	fsys   fs.FS
	opt    Options
	packs  []*sourceFile
	tests  []*sourceFile
	broken []*sourceFile // could not be read as YAML

	calendars []*sourceFile
	diags     []Diagnostic

	editions []*edition
}

func byName(a, b *sourceFile) int { return cmp.Compare(a.name, b.name) }

// walk reads all YAML files of the tree in the order of their names.
func (l *loader) walk() {
	err := fs.WalkDir(l.fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			l.unreadable(name, err)
			return nil
		case d.IsDir() && name != "." && strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir
		case d.IsDir() || !isYAML(name):
			return nil
		}
		l.read(name)
		return nil
	})
	if err != nil {
		l.unreadable(".", err)
	}
}

func isYAML(name string) bool { return path.Ext(name) == ".yaml" || path.Ext(name) == ".yml" }

// isTest tells test files by their names.
func isTest(name string) bool {
	return strings.HasSuffix(strings.TrimSuffix(name, path.Ext(name)), "_test")
}

func (l *loader) unreadable(name string, err error) {
	why, what := whyUnreadable(err)
	d := place{file: &sourceFile{name: name}}.report(CodeMissingFile, why, what)
	d.Level = LevelError
	l.diags = append(l.diags, d)
}

func (l *loader) read(name string) {
	data, err := readBounded(l.fsys, name, maxFileSize)
	if err != nil {
		l.unreadable(name, err)
		return
	}
	l.add(name, data)
}

// readBounded reads a plain file, and of one that is too long no more than shows
// that it is.
func readBounded(fsys fs.FS, name string, limit int64) ([]byte, error) {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New(notAFile)
	}
	if info.Size() > limit {
		return make([]byte, limit+1), nil
	}
	if own, ok := fsys.(fs.ReadFileFS); ok {
		return own.ReadFile(name)
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, limit+1))
}

// add parses a file and puts it where it belongs.
func (l *loader) add(name string, data []byte) {
	f, diags := readSource(name, data)
	l.diags = append(l.diags, diags...)
	switch {
	case isCalendar(name):
		l.calendars = append(l.calendars, f)
	case f.root == nil:
		l.broken = append(l.broken, f)
	case isTest(name):
		l.tests = append(l.tests, f)
	default:
		l.packs = append(l.packs, f)
	}
}

// header is what joins files to an edition.
type header struct{ pack, edition string }

func headerOf(f *sourceFile) header {
	if f.root == nil {
		return headerOfText(f)
	}
	return header{strings.TrimSpace(rawValue(f.root, "pack")), strings.TrimSpace(rawValue(f.root, "edition"))}
}

// headerOfText guesses the header of a file that is not readable as YAML.
func headerOfText(f *sourceFile) header {
	var h header
	for _, line := range f.lines {
		if v, ok := strings.CutPrefix(line, "pack:"); ok {
			h.pack = strings.TrimSpace(v)
		}
		if v, ok := strings.CutPrefix(line, "edition:"); ok {
			h.edition = strings.TrimSpace(v)
		}
	}
	return h
}

// group joins files to editions. A file without a full header is an edition of
// its own, so that the rest of it is still checked.
func (l *loader) group() []*edition {
	var out []*edition
	byHeader := map[header]*edition{}
	for _, f := range l.packs {
		h := headerOf(f)
		e := byHeader[h]
		if e == nil {
			e = &edition{name: h.pack}
			out = append(out, e)
			if h.pack != "" && h.edition != "" {
				byHeader[h] = e
			}
		}
		e.files = append(e.files, f)
	}
	l.joinTests(out, byHeader)
	l.markIncomplete(out, byHeader)
	return out
}

// joinTests gives each test file to its edition.
func (l *loader) joinTests(editions []*edition, byHeader map[header]*edition) {
	for _, t := range l.tests {
		h := headerOf(t)
		if e := byHeader[h]; e != nil {
			e.tests = append(e.tests, t)
			continue
		}
		if l.isBroken(h, t) || withoutHeader(editions, t) {
			continue
		}
		l.diags = append(l.diags, l.strayTest(t, h, editions))
	}
}

// isBroken reports whether the edition a test belongs to may stand in a file
// that cannot be read.
func (l *loader) isBroken(h header, t *sourceFile) bool {
	for _, f := range l.broken {
		if headerOf(f) == h || headerOf(f).pack == "" && path.Dir(f.name) == path.Dir(t.name) {
			return true
		}
	}
	return false
}

// withoutHeader reports whether a pack beside the test does not say which edition
// it is: the test may belong to it.
func withoutHeader(editions []*edition, t *sourceFile) bool {
	return slices.ContainsFunc(editions, func(e *edition) bool {
		h := headerOf(e.files[0])
		return (h.pack == "" || h.edition == "") && path.Dir(e.files[0].name) == path.Dir(t.name)
	})
}

// strayTest reports a test file that belongs to no edition.
func (l *loader) strayTest(t *sourceFile, h header, editions []*edition) Diagnostic {
	b := &bag{}
	m := b.mapping(node{y: t.root, file: t}, text("测试文件", "a test file"))
	if h.pack == "" {
		return m.node.report(CodeMissingKey, text("测试文件缺少 pack 和 edition", "the test file does not name its pack and edition"), engine.Text{})
	}
	var names []string
	for _, e := range editions {
		if e.name == h.pack {
			return m.get("edition").report(CodeUnknownName,
				text(fmt.Sprintf("%s 没有版本“%s”", h.pack, h.edition), fmt.Sprintf("%s has no edition “%s”", h.pack, h.edition)), engine.Text{})
		}
		names = append(names, e.name)
	}
	return m.get("pack").report(CodeUnknownName,
		text(fmt.Sprintf("没有规则包“%s”", h.pack), fmt.Sprintf("there is no pack “%s”", h.pack)), b.suggestion(h.pack, names, engine.Text{}))
}

// markIncomplete remembers which editions lack a file because it could not be
// read: what such an edition refers to may stand there.
func (l *loader) markIncomplete(editions []*edition, byHeader map[header]*edition) {
	for _, f := range l.broken {
		if isTest(f.name) {
			continue
		}
		if e := byHeader[headerOf(f)]; e != nil {
			e.incomplete = true
			continue
		}
		for _, e := range editions {
			if h := headerOf(f); h.pack == "" && path.Dir(e.files[0].name) == path.Dir(f.name) {
				e.incomplete = true
			}
		}
	}
}

// build reads an edition: once for its first day, and again for each day on
// which a dated value changes.
func (l *loader) build(e *edition) {
	first := newPackReader(e, l, engine.Date{})
	first.read()
	e.effectiveAt = first.effectiveAt
	e.packs = []datedPack{{pack: first.pack}}
	days := first.laterDays()
	l.diags = append(l.diags, first.diagnostics()...)
	for _, day := range days {
		d := newPackReader(e, l, day)
		d.read()
		e.packs = append(e.packs, datedPack{from: day, pack: d.pack})
		l.diags = append(l.diags, d.diagnostics()...)
	}
}
