package rules

import (
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"kaoping/engine"
)

// sourceText is a quoted document without white space, with the line of each
// character.
type sourceText struct {
	runes []rune
	text  string
	lines []int
}

// checkQuotes looks every quote up in the text it cites, character by character;
// only white space and line breaks may differ.
func checkQuotes(r *packReader) {
	if r.loader.opt.Sources == nil {
		return
	}
	texts := map[string]*sourceText{}
	for id, s := range r.sources {
		if s.name == "" || s.name == "not supplied" {
			continue
		}
		t, err := readSourceText(r.loader.opt.Sources, s.name)
		if err != nil {
			r.add(s.file.report(CodeMissingFile, text("找不到原文 "+s.name+", 引文没有核对", "the text "+s.name+" is not there; quotes are not compared"), engine.Text{}))
			continue
		}
		texts[id] = t
	}
	for _, q := range r.quotes {
		if r.located == maxLocated {
			return
		}
		if id := r.cited(q.cite); texts[id] != nil {
			r.compareQuote(q, r.sources[id].name, texts[id])
		}
	}
}

// cited returns the source a clause belongs to: the longest id it begins with,
// or the only source there is.
func (r *packReader) cited(cite string) string {
	best := ""
	for id := range r.sources {
		if strings.HasPrefix(cite, id) && len(id) > len(best) {
			best = id
		}
	}
	if best == "" && len(r.sources) == 1 {
		for id := range r.sources {
			return id
		}
	}
	return best
}

// readSourceText reads a text in UTF-8 or GB18030.
func readSourceText(fsys fs.FS, name string) (*sourceText, error) {
	name = path.Clean(name)
	data, err := readBounded(fsys, name, maxSourceSize)
	if err != nil {
		return nil, err
	}
	if len(data) > maxSourceSize {
		return nil, fs.ErrInvalid
	}
	if !utf8.Valid(data) {
		if data, err = simplifiedchinese.GB18030.NewDecoder().Bytes(data); err != nil {
			return nil, err
		}
	}
	t := &sourceText{}
	line := 1
	all := []rune(strings.TrimPrefix(string(data), "\ufeff"))
	for i := 0; i < len(all); i++ {
		if n := pinyin(all, i); n > 0 {
			i += n - 1
			continue
		}
		if c := all[i]; !unicode.IsSpace(c) {
			t.runes, t.lines = append(t.runes, c), append(t.lines, line)
		}
		if all[i] == '\n' {
			line++
		}
	}
	t.text = string(t.runes)
	return t, nil
}

// longestSyllable is the number of letters of the longest one: zhuang.
const longestSyllable = 6

// pinyin returns how many characters at i are a reading put behind a Chinese
// character, as in 保險(xiǎn); 0 if there is none. Converted documents are full of
// them, and nobody quotes them.
func pinyin(all []rune, i int) int {
	if i == 0 || all[i] != '(' || !unicode.Is(unicode.Han, all[i-1]) {
		return 0
	}
	end := i + 1
	for end < len(all) && end-i <= longestSyllable && unicode.Is(unicode.Latin, all[end]) && unicode.IsLower(all[end]) {
		end++
	}
	if end == i+1 || end == len(all) || all[end] != ')' {
		return 0
	}
	return end + 1 - i
}

// compareQuote reports a quote that is not in the text, with the nearest place:
// where the text agrees longest with its beginning or its end.
func (r *packReader) compareQuote(q quoteRef, file string, t *sourceText) {
	var quote []rune
	var offsets []int
	written := []rune(q.at.y.Value)
	for i := 0; i < len(written); i++ {
		if n := pinyin(written, i); n > 0 {
			i += n - 1
		} else if !unicode.IsSpace(written[i]) {
			quote, offsets = append(quote, written[i]), append(offsets, i)
		}
	}
	if len(quote) == 0 || strings.Contains(t.text, string(quote)) {
		return
	}
	r.located++
	head := sort.Search(len(quote), func(n int) bool { return !strings.Contains(t.text, string(quote[:n+1])) })
	tail := sort.Search(len(quote), func(n int) bool { return !strings.Contains(t.text, string(quote[len(quote)-n-1:])) })
	p, hint := q.at.place(), text("原文里没有相近的文字", "nothing in the text is like it")
	switch {
	case head >= 4 && head >= tail:
		p = q.at.part(offsets[head], offsets[len(quote)-1]+1-offsets[head])
		hint = t.goesOn(file, quote[:head])
	case tail >= 4:
		p = q.at.part(offsets[0], offsets[len(quote)-tail-1]+1-offsets[0])
		hint = t.comesBefore(file, quote[len(quote)-tail:])
	}
	r.add(p.report(CodeQuote, text("引文与原文不符", "the quote is not in the text"), hint))
}

// shownContext is how many characters of the text a hint shows.
const shownContext = 16

// goesOn says how the text goes on after the part that agrees.
func (t *sourceText) goesOn(file string, part []rune) engine.Text {
	at := t.index(part) + len(part)
	next := string(t.runes[at:min(at+shownContext, len(t.runes))])
	if at+shownContext < len(t.runes) {
		next += "…"
	}
	line := t.lines[at-1]
	return text(fmt.Sprintf("%s 第 %d 行, 此处原文是“%s”", file, line, next), fmt.Sprintf("%s, line %d: the text goes on “%s”", file, line, next))
}

// comesBefore says what stands in the text before the part that agrees.
func (t *sourceText) comesBefore(file string, part []rune) engine.Text {
	at := t.index(part)
	before := string(t.runes[max(at-shownContext, 0):at])
	if at > shownContext {
		before = "…" + before
	}
	line := t.lines[at]
	return text(fmt.Sprintf("%s 第 %d 行, 此处原文是“%s”", file, line, before), fmt.Sprintf("%s, line %d: the text has “%s” there", file, line, before))
}

// index returns where a part stands in the text, in characters.
func (t *sourceText) index(part []rune) int {
	return utf8.RuneCountInString(t.text[:strings.Index(t.text, string(part))])
}
