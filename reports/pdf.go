package reports

import (
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/signintech/gopdf"

	"kaoping/engine"
)

// A4 landscape in points, and what is left of it within margins of 15 mm. The running
// head and foot stand in the margins.
const (
	paperWidth  = 841.89
	paperHeight = 595.28
	paperMargin = 42.52
	printWidth  = paperWidth - 2*paperMargin
	printBottom = paperHeight - paperMargin
)

const (
	blackInk = "000000"
)

// writePDF lays a book out on A4: a sheet begins on a new page, headings are repeated
// on each, and the file carries the characters that it shows and no others.
func writePDF(w io.Writer, b *book) error {
	faces, err := openFaces()
	if err != nil {
		return err
	}
	l := &layout{faces: faces, book: b}
	for _, s := range b.sheets {
		l.addSheet(s)
	}
	p := &gopdf.GoPdf{}
	p.Start(gopdf.Config{PageSize: gopdf.Rect{W: paperWidth, H: paperHeight}})
	p.SetInfo(gopdf.PdfInfo{Title: clean(b.title), Subject: clean(b.marks), Creator: "kaoping", Producer: "kaoping", CreationDate: madeAt(b.made)})
	for _, f := range []*face{faces.regular, faces.bold} {
		if err := p.AddTTFFontFromFontContainer(f.family, &faces.shelf); err != nil {
			return err
		}
	}
	for i := range l.leaves {
		if err := l.draw(p, i); err != nil {
			return fmt.Errorf("page %d: %w", i+1, err)
		}
	}
	_, err = p.WriteTo(w)
	return err
}

// madeAt is when the run was made; files carry no time of their own, so that the same
// run gives the same bytes.
func madeAt(made string) time.Time {
	for _, layout := range []string{time.RFC3339, time.DateTime} {
		if t, err := time.Parse(layout, made); err == nil {
			return t.UTC()
		}
	}
	return time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
}

// leaf is one page.
type leaf struct {
	sheet     *sheet
	marks     []mark
	bookmarks []bookmark
}

// mark is a text on its base line, or a box whose corner is at the top left.
type mark struct {
	x, y   float64
	text   string
	face   *face
	size   float64
	colour string

	w, h float64
	fill string // of a box; empty if it has only a border
	line bool   // the box has a border
}

type bookmark struct {
	title string
	y     float64
}

// draw puts a page on paper, with the head and foot that run through the file.
func (l *layout) draw(p *gopdf.GoPdf, i int) error {
	page := &l.leaves[i]
	p.AddPage()
	p.SetLineWidth(0.4)
	if err := setColour(p.SetStrokeColor, lineColour); err != nil {
		return err
	}
	for _, b := range page.bookmarks {
		p.SetXY(paperMargin, b.y)
		p.AddOutlineWithPosition(b.title)
	}
	for _, m := range append(page.marks, l.running(page, i)...) {
		if err := m.draw(p); err != nil {
			return err
		}
	}
	return nil
}

func (m *mark) draw(p *gopdf.GoPdf) error {
	if m.face == nil {
		style := "D"
		if m.fill != "" {
			if style = "F"; m.line {
				style = "FD"
			}
			if err := setColour(p.SetFillColor, m.fill); err != nil {
				return err
			}
		}
		p.RectFromUpperLeftWithStyle(m.x, m.y, m.w, m.h, style)
		return nil
	}
	if err := p.SetFont(m.face.family, "", m.size); err != nil {
		return err
	}
	if err := setColour(p.SetTextColor, m.colour); err != nil {
		return err
	}
	p.SetXY(m.x, m.y)
	return p.Text(m.text)
}

// setColour gives a colour written RRGGBB to whatever takes one.
func setColour(set func(r, g, b uint8), colour string) error {
	n, err := strconv.ParseUint(colour, 16, 32)
	set(uint8(n>>16), uint8(n>>8), uint8(n))
	return err
}

// running is the head and the foot of a page.
func (l *layout) running(page *leaf, i int) []mark {
	number := fmt.Sprintf("第 %d 页 / 共 %d 页", i+1, len(l.leaves))
	if l.book.lang == engine.English {
		number = fmt.Sprintf("page %d of %d", i+1, len(l.leaves))
	}
	const size, above, below = 7.5, paperMargin - 14, paperHeight - paperMargin + 18
	return []mark{
		l.runningText(l.book.title, size, above, 0),
		l.runningText(page.sheet.name, size, above, 1),
		l.runningText(l.book.footer, size, below, 0),
		l.runningText(number, size, below, 1),
	}
}

// runningText stands at the left (0) or at the right (1); a title that is too long
// for the line is cut.
func (l *layout) runningText(s string, size, y, side float64) mark {
	f, text := l.pick(clean(s), false)
	if lines := f.breakLines(text, printWidth*0.75/size); len(lines) > 1 {
		text = lines[0] + "…"
	}
	return mark{x: paperMargin + side*(printWidth-f.width(text)*size), y: y, text: text, face: f, size: size, colour: quietInk}
}
