package web

import (
	"fmt"
	"html/template"
	"strings"

	"kaoping/engine/exact"
)

// Charts are drawn on the server as SVG. Places are computed exactly and written
// with one decimal; nothing but the drawing is rounded.

// scale maps values to places on a line.
type scale struct {
	low, high exact.Num // values
	from, to  int64     // places
}

func (s scale) at(v exact.Num) string {
	if s.high.Equal(s.low) {
		return exact.Int((s.from+s.to)/2).Decimal(1, exact.HalfUp)
	}
	share := v.Sub(s.low).Quo(s.high.Sub(s.low))
	return exact.Int(s.from).Add(share.Mul(exact.Int(s.to-s.from))).Decimal(1, exact.HalfUp)
}

// span is the least and the greatest of the values that are there.
func span(lists ...[]*exact.Num) (low, high exact.Num, known int) {
	for _, list := range lists {
		for _, v := range list {
			if v == nil {
				continue
			}
			if known == 0 {
				low, high = *v, *v
			}
			low, high, known = exact.Min(low, *v), exact.Max(high, *v), known+1
		}
	}
	return low, high, known
}

// spark is a small line of a series. What it shows stands in words beside it, so
// it is hidden from those who listen.
func spark(list []*exact.Num) template.HTML {
	low, high, known := span(list)
	if known < 2 {
		return ""
	}
	x := scale{exact.Int(0), exact.Int(int64(len(list) - 1)), 3, 69}
	y := scale{low, high, 17, 3}
	var b strings.Builder
	b.WriteString(`<svg class="spark" width="72" height="20" viewBox="0 0 72 20" aria-hidden="true" focusable="false">`)
	b.WriteString(polylines(list, x, y, "#24507f", "1.5"))
	for i := len(list) - 1; i >= 0; i-- {
		if list[i] != nil {
			fmt.Fprintf(&b, `<circle cx="%s" cy="%s" r="2.4" fill="#9c1f1f"/>`, x.at(exact.Int(int64(i))), y.at(*list[i]))
			break
		}
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String())
}

// polylines joins neighbouring values; a gap breaks the line.
func polylines(list []*exact.Num, x, y scale, colour, width string) string {
	var b strings.Builder
	var points []string
	flush := func() {
		if len(points) > 1 {
			fmt.Fprintf(&b, `<polyline points="%s" fill="none" stroke="%s" stroke-width="%s" stroke-linejoin="round"/>`, strings.Join(points, " "), colour, width)
		}
		points = nil
	}
	for i, v := range list {
		if v == nil {
			flush()
			continue
		}
		points = append(points, x.at(exact.Int(int64(i)))+","+y.at(*v))
	}
	flush()
	return b.String()
}

// text is a label in a drawing.
func label(x, y, anchor, size, words string) string {
	return fmt.Sprintf(`<text x="%s" y="%s" text-anchor="%s" font-size="%s">%s</text>`, x, y, anchor, size, template.HTMLEscapeString(words))
}
