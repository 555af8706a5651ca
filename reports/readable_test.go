package reports

import (
	"testing"

	"kaoping/engine"
)

// leastScale is how much a sheet may be made smaller to fit its paper: letters of
// 10.5 points then stay above 7.5.
const leastScale = 0.72

// Whatever is fitted to the width of the paper must stay easy to read.
func TestSheetsAreNotShrunkTooMuch(t *testing.T) {
	for _, lang := range []engine.Lang{engine.Chinese, engine.English} {
		scored, ranked := scoringDocument(t, lang), rankingDocument(t, lang)
		for name, b := range map[string]*book{
			"scorecard": cardBook(t, scored, "PA01"), "ranking": rankingBook(t, scored, "property"),
			"card without points": cardBook(t, ranked, "22222"), "ranking without points": rankingBook(t, ranked, "all"),
		} {
			for _, s := range b.sheets {
				p := &page{workbook: &workbook{book: b}, sheet: s, width: len(s.tables[0].columns)}
				p.lay()
				if got := p.scale(); got < leastScale {
					t.Errorf("%s of the %s (%s) is printed at %.2f of its size on %d pages, %.0f characters wide", s.name, name, lang, got, p.pages, p.widthOf(p.width))
				}
			}
		}
	}
}

func cardBook(t *testing.T, d *Document, subject string) *book {
	t.Helper()
	v, err := newCardView(d, subject)
	if err != nil {
		t.Fatal(err)
	}
	return v.book()
}

func rankingBook(t *testing.T, d *Document, group string) *book {
	t.Helper()
	v, err := newRankingView(d, group)
	if err != nil {
		t.Fatal(err)
	}
	return v.book()
}

// A table below another begins on a new page only where it would be torn apart, or
// where next to nothing of it fits on the rest of the page.
func TestWhereATableBelowAnotherBegins(t *testing.T) {
	for _, c := range []struct {
		name            string
		already, height float64
		newPage         bool
	}{
		{"fits below", 100, 300, false},
		{"fits exactly", 200, 310, false},
		{"would be torn, little is lost", 400, 300, true},
		{"would be torn, but half of the page would stay empty", 200, 400, false},
		{"longer than a page, begins where it stands", 100, 900, false},
		{"longer than a page, no room for its first rows", 470, 900, true},
		{"at the head of a page", 0, 900, false},
	} {
		if got := startsNewPage(c.already, c.height, 510); got != c.newPage {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
