package reports

import (
	"github.com/xuri/excelize/v2"

	"kaoping/engine"
)

// part is what a cell is a part of; it decides the look.
type part uint8

const (
	dataPart part = iota
	sectionPart
	totalPart
	headerPart
	bandPart
	titlePart
	headPart
	bannerPart
	captionPart
	signPart
	notePart
)

func partOf(k rowKind) part {
	switch k {
	case sectionRow:
		return sectionPart
	case totalRow:
		return totalPart
	}
	return dataPart
}

// look is everything that makes one style differ from another.
type look struct {
	part   part
	format string
	indent int
	right  bool
	center bool
	bad    bool
	quote  bool // the text would be a formula if it were typed in
}

// Colours have a contrast of at least 4.5 to 1 on their background.
const (
	headerFill  = "D9E2F3"
	sectionFill = "F2F2F2"
	totalFill   = "E2EFDA"
	bannerFill  = "FFF2CC"
	bannerInk   = "7F4F00"
	badInk      = "C62828"
	quietInk    = "595959"
	lineColour  = "808080"
)

// style returns the id of the look, which it makes once.
func (x *workbook) style(l look) (int, error) {
	if id, ok := x.styles[l]; ok {
		return id, nil
	}
	s := &excelize.Style{Font: x.font(l), Alignment: alignment(l), Fill: fill(l.part)}
	if l.part <= bandPart {
		for _, side := range []string{"left", "right", "top", "bottom"} {
			s.Border = append(s.Border, excelize.Border{Type: side, Color: lineColour, Style: 1})
		}
	}
	if l.format != "" {
		s.CustomNumFmt = &l.format
	}
	id, err := x.file.NewStyle(s)
	if err != nil {
		return 0, err
	}
	if l.quote {
		id, err = x.quoted(s)
	}
	x.styles[l] = id
	return id, err
}

// quoted makes a style that keeps a text a text even when somebody edits the
// cell. Excelize has no option for it and reuses equal styles, so the style is
// first made different from all others.
func (x *workbook) quoted(s *excelize.Style) (int, error) {
	s.Alignment.RelativeIndent = 1
	id, err := x.file.NewStyle(s)
	if err != nil {
		return 0, err
	}
	yes := true
	xf := &x.file.Styles.CellXfs.Xf[id]
	xf.QuotePrefix = &yes
	xf.Alignment.RelativeIndent = 0
	return id, nil
}

func (x *workbook) font(l look) *excelize.Font {
	body, head := "宋体", "黑体"
	if x.book.lang == engine.English {
		body, head = "Arial", "Arial"
	}
	f := &excelize.Font{Family: body, Size: 10.5}
	switch l.part {
	case titlePart:
		f.Family, f.Size = head, 18
	case headerPart, captionPart:
		f.Family, f.Bold = head, true
	case sectionPart, totalPart, bandPart:
		f.Bold = true
	case bannerPart:
		f.Bold, f.Color = true, bannerInk
	case notePart:
		f.Size, f.Color = 9, quietInk
	}
	if l.bad {
		f.Color = badInk
	}
	return f
}

func alignment(l look) *excelize.Alignment {
	a := &excelize.Alignment{Vertical: "center", WrapText: !l.right, Horizontal: "left", Indent: l.indent}
	switch {
	case l.part == titlePart || l.part == headerPart || l.center:
		a.Horizontal = "center"
	case l.right:
		a.Horizontal = "right"
	}
	return a
}

func fill(p part) excelize.Fill {
	colour := map[part]string{headerPart: headerFill, sectionPart: sectionFill, bandPart: sectionFill, totalPart: totalFill, bannerPart: bannerFill}[p]
	if colour == "" {
		return excelize.Fill{}
	}
	return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}}
}
