package reports

import (
	"strings"
	"sync"
	"unicode"

	"github.com/signintech/gopdf"

	"kaoping/reports/typeface"
)

// face is one weight of the font. Its widths are measured once for all files.
type face struct {
	family string
	font   gopdf.SubsetFontObj
	mu     sync.Mutex
	widths map[rune]float64 // in ems; negative: the font lacks it
}

// faces are the two weights, read once.
type faces struct {
	shelf         gopdf.FontContainer
	regular, bold *face
}

var openFaces = sync.OnceValues(func() (*faces, error) {
	f := &faces{}
	for _, one := range []struct {
		family string
		read   func() ([]byte, error)
		to     **face
	}{{"KPREGU+NotoSansSC-Regular", typeface.Regular, &f.regular}, {"KPBOLD+NotoSansSC-Bold", typeface.Bold, &f.bold}} {
		data, err := one.read()
		if err != nil {
			return nil, err
		}
		if err := f.shelf.AddTTFFontData(one.family, data); err != nil {
			return nil, err
		}
		*one.to = &face{family: one.family, widths: map[rune]float64{}}
		if err := (*one.to).font.SetTTFData(data); err != nil {
			return nil, err
		}
	}
	return f, nil
})

// rune measures a character; false if the font lacks it.
func (f *face) rune(r rune) (float64, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	w, known := f.widths[r]
	if !known {
		w = -1
		if glyph, err := f.font.CharCodeToGlyphIndex(r); err == nil && glyph != 0 {
			w = float64(f.font.GlyphIndexToPdfWidth(glyph)) / 1000
		}
		f.widths[r] = w
	}
	return max(w, 0), w >= 0
}

// width measures a text that the font has, in ems.
func (f *face) width(s string) float64 {
	sum := 0.0
	for _, r := range s {
		w, _ := f.rune(r)
		sum += w
	}
	return sum
}

func (f *face) has(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		_, ok := f.rune(r)
		return !ok && r != '\n'
	})
}

// unknownGlyph stands where no font has the character, as printers have always done it.
const unknownGlyph = '〓'

// pick chooses the face for a text, and replaces what neither has.
func (f *faces) pick(s string, bold bool) (*face, string) {
	if bold && f.bold.has(s) {
		return f.bold, s
	}
	if f.regular.has(s) {
		return f.regular, s
	}
	return f.regular, strings.Map(func(r rune) rune {
		if _, ok := f.regular.rune(r); ok || r == '\n' {
			return r
		}
		return unknownGlyph
	}, s)
}

// Characters that do not begin a line, and those that do not end one.
const (
	notFirst = ",。、;:!?)》」』】〕”’…—%％,.;:!?)]}°℃·／/~～"
	notLast  = "(《「『【〔“‘([{¥$#+−"
)

// wide reports whether a line may break on both sides of the character.
func wide(r rune) bool {
	return unicode.Is(unicode.Han, r) || r >= 0x3000 && r < 0x3100 || r >= 0xff00 && r < 0xfff0
}

// breakLines cuts a text into lines no wider than the width, in ems: between Chinese
// characters, at blanks, and within a word that is too long by itself. No character
// is lost but the blanks at a break.
func (f *face) breakLines(s string, width float64) []string {
	var out []string
	for _, paragraph := range strings.Split(s, "\n") {
		out = append(out, f.breakParagraph([]rune(strings.TrimRight(paragraph, " ")), width)...)
	}
	return out
}

func (f *face) breakParagraph(text []rune, width float64) []string {
	var out []string
	for {
		end := f.lineEnd(text, width)
		if end == len(text) {
			return append(out, string(text))
		}
		out = append(out, strings.TrimRight(string(text[:end]), " "))
		for end < len(text) && text[end] == ' ' {
			end++
		}
		text = text[end:]
	}
}

// lineEnd is where the first line of the text ends; at least one character is on it.
func (f *face) lineEnd(text []rune, width float64) int {
	used, fits := 0.0, 0
	for fits < len(text) {
		w, _ := f.rune(text[fits])
		if used += w; used > width && fits > 0 && text[fits] != ' ' {
			break
		}
		fits++
	}
	if fits == len(text) {
		return fits
	}
	for end := fits; end > 0; end-- {
		if mayBreak(text, end) {
			return end
		}
	}
	return fits
}

// mayBreak reports whether a line may end before the character at i.
func mayBreak(text []rune, i int) bool {
	before, after := text[i-1], text[i]
	switch {
	case before == ' ':
		return true
	case after == ' ' || strings.ContainsRune(notFirst, after) || strings.ContainsRune(notLast, before):
		return false
	}
	return wide(before) || wide(after) || before == '-' || before == '_'
}
