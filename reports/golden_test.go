package reports

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kaoping/engine"
)

var update = flag.Bool("update", false, "write the golden files")

// render writes every report of a document in a format, by name.
func render(t testing.TB, d *Document, subject, group, format string) map[string][]byte {
	t.Helper()
	var card, ranking bytes.Buffer
	if err := WriteScorecard(&card, d, subject, format); err != nil {
		t.Fatal(err)
	}
	if err := WriteRanking(&ranking, d, group, format); err != nil {
		t.Fatal(err)
	}
	return map[string][]byte{"scorecard": card.Bytes(), "ranking": ranking.Bytes()}
}

func TestGoldenFiles(t *testing.T) {
	for _, c := range []struct {
		name, subject, group string
		d                    *Document
	}{
		{"scored-zh", "PA01", "property", scoringDocument(t, engine.Chinese)},
		{"scored-en", "PB02", "property", scoringDocument(t, engine.English)},
		{"ranked-zh", "22222", "all", rankingDocument(t, engine.Chinese)},
		{"ranked-en", "33333", "", rankingDocument(t, engine.English)},
	} {
		for _, format := range []string{CSV, JSON, HTML} {
			for kind, got := range render(t, c.d, c.subject, c.group, format) {
				golden(t, filepath.Join("testdata", c.name+"-"+kind+"."+format), got)
			}
		}
	}
}

func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; run go test ./reports -update and read the diff", path)
	}
}

func TestTheSameDocumentGivesTheSameBytes(t *testing.T) {
	for _, format := range []string{XLSX, CSV, JSON, HTML} {
		first := render(t, scoringDocument(t, engine.Chinese), "PA01", "property", format)
		second := render(t, scoringDocument(t, engine.Chinese), "PA01", "property", format)
		for kind := range first {
			if !bytes.Equal(first[kind], second[kind]) {
				t.Errorf("%s as %s differs from one time to the next", kind, format)
			}
		}
	}
}

// A page must need nothing from elsewhere and hold no markup of its data.
func TestThePageIsSelfContained(t *testing.T) {
	for kind, b := range render(t, scoringDocument(t, engine.Chinese), "PB02", "property", HTML) {
		page := string(b)
		for _, bad := range []string{"<b>点我", "<script", "<link", "src=", "url(", "@import", "ZgotmplZ"} {
			if strings.Contains(page, bad) {
				t.Errorf("%s holds %q", kind, bad)
			}
		}
		for _, part := range []string{`<html lang="zh-CN">`, "<caption>", `scope="col"`, `scope="row"`, "&lt;b&gt;点我", "@page { size: A4 landscape", `href="#main"`} {
			if !strings.Contains(page, part) {
				t.Errorf("%s lacks %q", kind, part)
			}
		}
	}
}
