package rules

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"slices"
	"strings"

	"kaoping/engine"
)

// Library is a set of packs with all their editions.
type Library struct {
	editions []*edition
	broken   []*sourceFile // could not be read as YAML
}

// edition is one edition of a pack.
type edition struct {
	name        string
	date        engine.Date // its first day; zero if the file does not say
	effective   engine.Effective
	effectiveAt place
	files       []*sourceFile
	calendar    *sourceFile // that the edition names; nil if it names none
	tests       []*sourceFile
	packs       []datedPack // by day; the first holds from the beginning
	incomplete  bool        // a file of it could not be read
	errors      int
}

// datedPack is an edition as it stands from a day on.
type datedPack struct {
	from engine.Date
	pack *engine.Pack
}

// usable reports whether the edition has no errors.
func (e *edition) usable() bool { return e.errors == 0 && !e.incomplete }

// packFor returns the edition as it stands in the period.
func (e *edition) packFor(period engine.Period) *engine.Pack {
	day := period.Last
	if e.effective.ByFirstDay {
		day = period.First
	}
	p := e.packs[0].pack
	for _, d := range e.packs {
		if d.from.Compare(day) <= 0 {
			p = d.pack
		}
	}
	return p
}

// countErrors tells editions how many errors their files have.
func (l *Library) countErrors(diags []Diagnostic) {
	for _, e := range l.editions {
		files := e.files
		if e.calendar != nil {
			files = append(slices.Clone(files), e.calendar)
		}
		for _, f := range files {
			for _, d := range diags {
				if d.Level == LevelError && d.File == f.name {
					e.errors++
				}
			}
		}
	}
}

// checkTests reports the mistakes in the test files of all editions that have
// none themselves. Test runs them; check only reads them.
func (l *Library) checkTests() []Diagnostic {
	var out []Diagnostic
	for _, e := range l.editions {
		if e.usable() {
			_, diags := readTests(e)
			out = append(out, diags...)
		}
	}
	return out
}

// Packs returns all editions without errors, by name and first day.
func (l *Library) Packs() []*engine.Pack {
	var out []*engine.Pack
	for _, e := range l.editions {
		if e.usable() {
			out = append(out, e.packs[0].pack)
		}
	}
	slices.SortFunc(out, func(a, b *engine.Pack) int {
		if c := strings.Compare(a.Name, b.Name); c != 0 {
			return c
		}
		return a.Edition.Compare(b.Edition)
	})
	return out
}

// Pack returns the edition of a pack that scores the period. The errors say in
// both languages which packs and editions there are (Message); they wrap
// engine.ErrNotFound unless the edition is there but has mistakes.
func (l *Library) Pack(name string, period engine.Period) (*engine.Pack, error) {
	var editions []*edition
	for _, e := range l.editions {
		if e.name == name {
			editions = append(editions, e)
		}
	}
	if len(editions) == 0 {
		return nil, l.unknownPack(name)
	}
	for _, e := range editions {
		if !e.effective.Covers(period) {
			continue
		}
		if !e.usable() {
			n := max(e.errors, 1)
			return nil, &noPack{text: text(
				fmt.Sprintf("规则包 %s 的版本 %s 有 %d 处错误;先执行 kaoping check。", name, e.date, n),
				fmt.Sprintf("pack %s, edition %s has %s; run kaoping check first", name, e.date, plural(n, "error")))}
		}
		return e.packFor(period), nil
	}
	return nil, &noPack{engine.ErrNotFound, text(
		fmt.Sprintf("规则包 %s 没有适用于 %s 的版本;现有:%s。", name, period, spans(editions, engine.Chinese)),
		fmt.Sprintf("pack %s has no edition for %s: there is %s", name, period, spans(editions, engine.English)))}
}

// noPack says why there is no pack to be had.
type noPack struct {
	err  error // engine.ErrNotFound, or nil
	text engine.Text
}

func (e *noPack) Error() string        { return e.text.EN }
func (e *noPack) Message() engine.Text { return e.text }
func (e *noPack) Unwrap() error        { return e.err }

func (l *Library) unknownPack(name string) error {
	var names []string
	for _, e := range l.editions {
		if e.name != "" && !slices.Contains(names, e.name) {
			names = append(names, e.name)
		}
	}
	zh, en := "一个也没有", "there are none"
	if s := nearest(name, names); s != "" {
		zh, en = "您是否指 "+s+"?", "did you mean "+s+"?"
	} else if len(names) > 0 {
		zh, en = "现有:"+strings.Join(names, "、"), "there is "+strings.Join(names, ", ")
	}
	return &noPack{engine.ErrNotFound, text(
		fmt.Sprintf("没有规则包“%s”;%s", name, zh),
		fmt.Sprintf("no pack %q, %s", name, en))}
}

// spans lists editions with their dates.
func spans(editions []*edition, lang engine.Lang) string {
	var out []string
	for _, e := range editions {
		out = append(out, e.date.String()+" ("+span(e.effective, lang)+")")
	}
	return strings.Join(out, text("、", ", ").In(lang))
}

// span writes from … until.
func span(e engine.Effective, lang engine.Lang) string {
	if e.Until.IsZero() {
		return text("自 "+e.From.String()+" 起", "from "+e.From.String()).In(lang)
	}
	return text(e.From.String()+" 至 "+e.Until.String(), e.From.String()+" to "+e.Until.String()).In(lang)
}

// Files returns the files of a pack's edition by name, as they were hashed.
func (l *Library) Files(p *engine.Pack) map[string][]byte {
	if e := l.editionOf(p); e != nil {
		return e.contents()
	}
	return nil
}

func (l *Library) editionOf(p *engine.Pack) *edition {
	for _, e := range l.editions {
		for _, d := range e.packs {
			if d.pack == p {
				return e
			}
		}
	}
	return nil
}

// contents returns the edition's files by their names below the folder they
// share.
func (e *edition) contents() map[string][]byte {
	folder := path.Dir(e.files[0].name)
	for _, f := range e.files {
		for folder != "." && !strings.HasPrefix(f.name, folder+"/") {
			folder = path.Dir(folder)
		}
	}
	out := map[string][]byte{}
	for _, f := range e.files {
		out[strings.TrimPrefix(f.name, folder+"/")] = f.data
	}
	if e.calendar != nil {
		out[calendarFolder+"/"+path.Base(e.calendar.name)] = e.calendar.data
	}
	return out
}

// hash identifies the content of an edition: names and bytes of its files, in
// the order of the names. Tests and data are not part of it.
func hash(files map[string][]byte) string {
	h := sha256.New()
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		fmt.Fprintf(h, "%d %s %d ", len(name), name, len(files[name]))
		h.Write(files[name])
	}
	return hex.EncodeToString(h.Sum(nil))
}
