package reports

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"kaoping/engine"
)

// poppler runs one of its programs on a file. Without it the test is skipped, where
// browsers are asked for it fails.
func poppler(t *testing.T, pdf []byte, program string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		if os.Getenv("KAOPING_REQUIRE_BROWSER") == "1" {
			t.Fatalf("%s is missing (poppler-utils)", program)
		}
		t.Skipf("%s is missing (poppler-utils)", program)
	}
	file := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(path, append(args, file, "-")...).CombinedOutput()
	if program == "pdfinfo" || program == "pdffonts" {
		out, err = exec.Command(path, file).CombinedOutput()
	}
	if err != nil || bytes.Contains(out, []byte("rror")) {
		t.Fatalf("%s: %v\n%s", program, err, out)
	}
	return string(out)
}

// solid leaves out the blanks, which programs that read a PDF guess.
func solid(s string) string { return strings.Join(strings.Fields(s), "") }

func TestPDFsAreReadAgain(t *testing.T) {
	for _, c := range []struct {
		name, subject, group string
		d                    *Document
		says                 []string
		page                 string
	}{
		{"zh", "PA01", "property", scoringDocument(t, engine.Chinese), []string{"校验码"}, "第 %d 页 / 共 %d 页"},
		{"en", "PB02", "property", scoringDocument(t, engine.English), []string{"check code"}, "page %d of %d"},
		{"ranked", "22222", "all", rankingDocument(t, engine.Chinese), []string{"校验码"}, "第 %d 页 / 共 %d 页"},
	} {
		t.Run(c.name, func(t *testing.T) {
			again := render(t, c.d, c.subject, c.group, PDF)
			for kind, pdf := range render(t, c.d, c.subject, c.group, PDF) {
				if !bytes.Equal(pdf, again[kind]) {
					t.Errorf("%s: two files of the same run differ", kind)
				}
				text := poppler(t, pdf, "pdftotext", "-layout")
				pages := strings.Count(text, "\f")
				for _, s := range append(c.says, CheckCode(c.d), fmt.Sprintf(c.page, 1, pages), fmt.Sprintf(c.page, pages, pages)) {
					if !strings.Contains(solid(text), solid(s)) {
						t.Errorf("%s does not say %q", kind, s)
					}
				}
				if strings.ContainsRune(text, unknownGlyph) {
					t.Errorf("%s lacks a character", kind)
				}
				for i, line := range strings.Split(strings.TrimSpace(poppler(t, pdf, "pdffonts")), "\n")[2:] {
					if !strings.Contains(line, "NotoSansSC") || !strings.Contains(line, "yes yes yes") {
						t.Errorf("%s: font %d is not an embedded subset: %s", kind, i, line)
					}
				}
				if info := poppler(t, pdf, "pdfinfo"); !strings.Contains(info, "A4") || !strings.Contains(info, "_v") {
					t.Errorf("%s: %s", kind, info)
				}
				if !bytes.Contains(pdf, []byte("/Outlines")) {
					t.Errorf("%s has no bookmarks", kind)
				}
			}
		})
	}
}

// Every number of the scorecard's page is in the text of the PDF, as printed there.
func TestThePDFSaysWhatTheTablesSay(t *testing.T) {
	d := scoringDocument(t, engine.Chinese)
	v, err := newCardView(d, "PA01")
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := v.book().write(&b, PDF); err != nil {
		t.Fatal(err)
	}
	text := poppler(t, b.Bytes(), "pdftotext", "-layout")
	numbers := 0
	for _, s := range v.book().sheets {
		for _, table := range s.tables {
			for _, r := range table.rows {
				for _, c := range r.cells {
					if c.number != "" {
						numbers++
						if !strings.Contains(text, c.text) {
							t.Errorf("%s: %s is missing", s.name, c.text)
						}
					}
				}
			}
		}
	}
	if numbers < 20 {
		t.Errorf("only %d numbers", numbers)
	}
}

func TestALongTableRepeatsItsHeadings(t *testing.T) {
	long := &table{columns: []column{{title: "序号", width: 8, right: true}, {title: "机构名称", width: 60}}}
	for i := range 100 {
		long.rows = append(long.rows, row{cells: []cell{countCell(i + 1), textCell(strings.Repeat("很长的机构名称", 12))}})
	}
	long.rows = append(long.rows, row{cells: []cell{countCell(101), textCell(strings.Repeat("比一页还长的一段话。", 900))}})
	b := &book{title: "2025H1_v1", sheets: []*sheet{{name: "表", title: "长表", tables: []*table{long}}}}
	var out bytes.Buffer
	if err := writePDF(&out, b); err != nil {
		t.Fatal(err)
	}
	text := poppler(t, out.Bytes(), "pdftotext", "-layout")
	pages := strings.Split(strings.TrimSuffix(text, "\f"), "\f")
	if len(pages) < 5 {
		t.Fatalf("%d pages", len(pages))
	}
	for i, p := range pages {
		if !strings.Contains(p, "机构名称") || !strings.Contains(p, "序号") {
			t.Errorf("page %d has no headings", i+1)
		}
	}
	if n := strings.Count(solid(text), "。"); n != 900 {
		t.Errorf("%d of 900 sentences", n)
	}
}

func BenchmarkScorecardPDF(b *testing.B) {
	d := scoringDocument(b, engine.Chinese)
	for b.Loop() {
		if err := WriteScorecard(&bytes.Buffer{}, d, "PA01", PDF); err != nil {
			b.Fatal(err)
		}
	}
}
