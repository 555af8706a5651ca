package reports

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"kaoping/engine"
	"kaoping/reports/typeface"
)

// printedBook is a workbook with what is known about it on paper.
type printedBook struct {
	name  string
	book  *book
	most  int  // pages
	whole bool // its pages are compared with the stored pictures
}

func printedBooks(t *testing.T) []printedBook {
	t.Helper()
	note := func(lang engine.Lang) *book {
		return exampleNote(t, lang).book()
	}
	zh, en, ranked := scoringDocument(t, engine.Chinese), scoringDocument(t, engine.English), rankingDocument(t, engine.English)
	return []printedBook{
		{"scorecard-zh", cardBook(t, zh, "PA01"), 9, true},
		{"scorecard-en", cardBook(t, en, "PB02"), 9, false},
		{"ranking-zh", rankingBook(t, zh, "property"), 8, true},
		{"ranking-en", rankingBook(t, ranked, "all"), 5, false},
		{"note-zh", note(engine.Chinese), 8, false},
		{"note-en", note(engine.English), 8, false},
		{"listing-zh", longListing().book(), 9, false},
	}
}

// longListing goes over several pages.
func longListing() *Listing {
	l := &Listing{Title: "机构一览", Sheet: "一览", Head: []string{"统计期间:2025H1"}, Columns: []ListingColumn{{Title: "机构名称", Key: true}, {Title: "得分", Right: true}}}
	for i := range 200 {
		l.Rows = append(l.Rows, []string{fmt.Sprintf("第%03d家公司", i+1), fmt.Sprintf("%d.25", 1000+i)})
	}
	return l
}

// Every kind of workbook is opened by LibreOffice and printed to a file, which is
// read again: every number of its tables stands on the paper as the workbook says,
// no column is too narrow, headings are on every page.
func TestWorkbooksInLibreOffice(t *testing.T) {
	books := printedBooks(t)
	folder := printAll(t, books)
	for _, b := range books {
		t.Run(b.name, func(t *testing.T) {
			pdf, err := os.ReadFile(filepath.Join(folder, b.name+".pdf"))
			if err != nil {
				t.Fatal(err)
			}
			pages := strings.Split(strings.TrimSuffix(poppler(t, pdf, "pdftotext", "-layout"), "\f"), "\f")
			if len(pages) < len(b.book.sheets) || len(pages) > b.most {
				t.Errorf("%d pages for %d sheets, at most %d expected", len(pages), len(b.book.sheets), b.most)
			}
			if info := poppler(t, pdf, "pdfinfo"); !strings.Contains(info, "841.") || !strings.Contains(info, "595.") {
				t.Errorf("not A4 landscape: %s", info)
			}
			checkPrinted(t, b.book, pages)
			if b.whole {
				comparePages(t, b.name, pdf)
			}
		})
	}
}

// checkPrinted looks for what the tables hold on the printed pages.
func checkPrinted(t *testing.T, b *book, pages []string) {
	t.Helper()
	text := solid(strings.Join(pages, "\n"))
	for _, bad := range []string{"###", "#VALUE", "#NAME", "Err:5", "#REF"} {
		if strings.Contains(text, bad) {
			t.Errorf("the paper shows %q", bad)
		}
	}
	numbers := 0
	for _, s := range b.sheets {
		for _, table := range s.tables {
			for _, r := range append(table.rows, table.summary...) {
				for _, c := range r.cells {
					if c.number == "" {
						continue
					}
					numbers++
					if !strings.Contains(text, solid(c.text)) {
						t.Errorf("%s: %s is not on the paper", s.name, c.text)
					}
				}
			}
		}
	}
	if numbers < 3 {
		t.Errorf("only %d numbers were looked for", numbers)
	}
	if len(b.sheets) == 1 {
		headingsOnEveryPage(t, b.sheets[0], pages)
	}
	for i, p := range pages {
		if of := fmt.Sprintf("第%d页共%d页", i+1, len(pages)); !strings.Contains(solid(p), of) && !strings.Contains(p, fmt.Sprintf("Page %d of %d", i+1, len(pages))) {
			t.Errorf("page %d has no page number", i+1)
		}
	}
}

// headingsOnEveryPage looks for the headings of a book's only sheet.
func headingsOnEveryPage(t *testing.T, s *sheet, pages []string) {
	t.Helper()
	if len(pages) < 2 {
		t.Errorf("%s is too short to show that headings are repeated", s.name)
	}
	for i, p := range pages {
		for _, c := range s.tables[0].columns {
			if !strings.Contains(solid(p), solid(c.title)) {
				t.Errorf("%s: page %d lacks the heading %q", s.name, i+1, c.title)
			}
		}
	}
}

// printAll converts the workbooks by one run of LibreOffice and returns the folder of
// the PDFs. Without it the test is skipped, where programs are asked for it fails.
func printAll(t *testing.T, books []printedBook) string {
	t.Helper()
	office, err := exec.LookPath("soffice")
	if err != nil {
		if os.Getenv("KAOPING_REQUIRE_BROWSER") == "1" {
			t.Fatal("soffice is missing (libreoffice-calc)")
		}
		t.Skip("soffice is missing (libreoffice-calc)")
	}
	folder := t.TempDir()
	args := []string{"-env:UserInstallation=file://" + filepath.Join(folder, "profile"), "--headless", "--convert-to", "pdf", "--outdir", folder}
	for _, b := range books {
		var out bytes.Buffer
		if err := b.book.write(&out, XLSX); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(folder, b.name+".xlsx")
		if err := os.WriteFile(file, out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, file)
	}
	run := exec.Command(office, args...)
	run.Env = append(os.Environ(), "FONTCONFIG_FILE="+oneFont(t, folder), "SAL_USE_VCLPLUGIN=svp")
	if out, err := run.CombinedOutput(); err != nil {
		t.Fatalf("soffice: %v\n%s", err, out)
	}
	return folder
}

// oneFont sets up the program's own font as the only one, so that widths and breaks
// do not depend on what is installed, and returns the file that says so.
func oneFont(t *testing.T, folder string) string {
	t.Helper()
	fonts := filepath.Join(folder, "fonts")
	if err := os.Mkdir(fonts, 0o755); err != nil {
		t.Fatal(err)
	}
	font, err := typeface.Regular()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(fonts, "own.ttf"), font, 0o600); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(fonts, "fonts.conf")
	said := "<?xml version=\"1.0\"?><fontconfig><dir>" + fonts + "</dir><cachedir>" + filepath.Join(folder, "cache") + "</cachedir></fontconfig>"
	if err := os.WriteFile(file, []byte(said), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// The look of a page is compared coarsely: at 12 dots an inch, in blocks, so that
// other versions of the programs pass, a lost table or a shrunken sheet does not.
const (
	dotsPerInch = "12"
	square      = 9  // dots on each side
	blockOff    = 60 // of 255, at most in one block
	pageOff     = 6  // of 255, at most in the mean of all blocks
)

// comparePages compares the first two pages with the stored ones.
func comparePages(t *testing.T, name string, pdf []byte) {
	t.Helper()
	for i := range 2 {
		got := rendered(t, pdf, i+1)
		file := filepath.Join("testdata", "pages", fmt.Sprintf("%s-%d.png", name, i+1))
		if *update {
			writePicture(t, file, got)
			continue
		}
		if off := unlike(got, readPicture(t, file)); off != "" {
			kept := filepath.Join(os.TempDir(), filepath.Base(file))
			writePicture(t, kept, got)
			t.Errorf("page %d does not look like %s: %s; see %s, and go test ./reports -update if it is meant", i+1, file, off, kept)
		}
	}
}

// rendered draws one page in grey.
func rendered(t *testing.T, pdf []byte, page int) image.Image {
	t.Helper()
	program, err := exec.LookPath("pdftoppm")
	if err != nil {
		t.Skip("pdftoppm is missing (poppler-utils)")
	}
	folder := t.TempDir()
	file := filepath.Join(folder, "a.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	n := fmt.Sprint(page)
	out, err := exec.Command(program, "-png", "-gray", "-r", dotsPerInch, "-f", n, "-l", n, "-singlefile", file, filepath.Join(folder, "a")).CombinedOutput()
	if err != nil {
		t.Fatalf("pdftoppm: %v\n%s", err, out)
	}
	return readPicture(t, filepath.Join(folder, "a.png"))
}

func readPicture(t *testing.T, file string) image.Image {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return picture
}

func writePicture(t *testing.T, file string, picture image.Image) {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// unlike says how two pictures differ; it is empty if they look alike.
func unlike(a, b image.Image) string {
	if d := a.Bounds().Size().Sub(b.Bounds().Size()); max(d.X, -d.X, d.Y, -d.Y) > 1 {
		return fmt.Sprintf("sizes %v and %v", a.Bounds().Size(), b.Bounds().Size())
	}
	sum, blocks := 0, 0
	for y := 0; y+square <= a.Bounds().Dy(); y += square {
		for x := 0; x+square <= a.Bounds().Dx(); x += square {
			off := grey(a, x, y) - grey(b, x, y)
			off = max(off, -off)
			if off > blockOff {
				return fmt.Sprintf("at %d, %d it is %d of 255 off", x, y, off)
			}
			sum, blocks = sum+off, blocks+1
		}
	}
	if sum > pageOff*blocks {
		return fmt.Sprintf("on the whole it is %d of 255 off", sum/blocks)
	}
	return ""
}

// grey is the mean of a block.
func grey(picture image.Image, x, y int) int {
	sum := 0
	for dy := range square {
		for dx := range square {
			sum += int(color.GrayModel.Convert(picture.At(x+dx, y+dy)).(color.Gray).Y)
		}
	}
	return sum / (square * square)
}

// A comparison that lets everything pass would prove nothing.
func TestPicturesOfOtherPagesAreUnlike(t *testing.T) {
	read := func(name string) image.Image { return readPicture(t, filepath.Join("testdata", "pages", name)) }
	first := read("scorecard-zh-1.png")
	if off := unlike(first, first); off != "" {
		t.Errorf("a picture is unlike itself: %s", off)
	}
	for _, other := range []string{"scorecard-zh-2.png", "ranking-zh-1.png", "ranking-zh-2.png"} {
		if unlike(first, read(other)) == "" {
			t.Errorf("%s passes for the scorecard", other)
		}
	}
}

// Our own PDFs carry their fonts, so their pages look the same everywhere.
func TestPDFPagesLookAsStored(t *testing.T) {
	for kind, pdf := range render(t, scoringDocument(t, engine.Chinese), "PA01", "property", PDF) {
		comparePages(t, "pdf-"+kind, pdf)
	}
}
