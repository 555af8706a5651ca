package intake

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kaoping/engine"
	"kaoping/engine/formula"
	"kaoping/ingest"
	"kaoping/internal/storetest"
	"kaoping/store"
)

var cases = &engine.Pack{
	Name: "p",
	Registers: []engine.Register{{ID: "cases", Name: "投诉", Key: "编号", Subject: "机构", Date: "日期", Fields: []engine.Field{
		{ID: "line", Name: "险种", Kind: formula.Text, Options: []string{"车险", "非车险"}},
	}}},
}

func TestALargeRegisterIsLoadedRowByRow(t *testing.T) {
	large = 0
	defer func() { large = 1 << 20 }()
	db := storetest.Open(t, "sqlite:"+filepath.Join(t.TempDir(), "a.db"))
	by := store.Actor{Name: "刘", Via: "cli"}
	load := func(text string) (Loaded, error) {
		t.Helper()
		path := filepath.Join(t.TempDir(), "f.csv")
		if err := os.WriteFile(path, []byte("编号,机构,日期,险种\n"+text), 0o644); err != nil {
			t.Fatal(err)
		}
		return Register(t.Context(), db, cases, "投诉", path, ingest.Options{}, by)
	}
	first, err := load("1,S1,2025-03-01,车险\n2,S2,2025-03-02,非车险\n1,S1,2025-03-01,车险\n")
	if err != nil || first.Info.Added != 2 || first.Info.Rows != 3 || len(first.Covered) != 1 {
		t.Fatalf("%+v %v", first, err)
	}
	// More cases are added, the same file changes nothing.
	if more, err := load("3,S1,2025-03-01,车险\n"); err != nil || more.Info.Added != 1 {
		t.Errorf("%+v %v", more, err)
	}
	if same, err := load("3,S1,2025-03-01,车险\n"); err != nil || !same.Info.Duplicate {
		t.Errorf("%+v %v", same, err)
	}
	// A file that is wrong is refused with its report.
	wrong, err := load("4,S1,2025-02-30,车险\n")
	if err != nil || wrong.Info.ID != "" || wrong.Report.Errors() != 1 {
		t.Errorf("%+v %v", wrong, err)
	}
	// A correction is left to whoever reads the whole file, and nothing is stored.
	if _, err := load("5,S1,2025-03-05,车险\n2,S2,2025-03-02,车险\n"); !errors.Is(err, ErrReadWhole) {
		t.Errorf("%v", err)
	}
	// An undone batch may come again row by row.
	if err := db.UndoBatch(t.Context(), first.Info.ID, by, ""); err != nil {
		t.Fatal(err)
	}
	if again, err := load("2,S2,2025-03-02,车险\n"); err != nil || again.Info.Added != 1 {
		t.Errorf("%+v %v", again, err)
	}
	facts, err := db.Facts(t.Context(), store.Query{Pack: "p"})
	if err != nil || len(facts.Records) != 2 {
		t.Errorf("%+v %v", facts, err)
	}
}

func TestWhatIsReadWhole(t *testing.T) {
	db := storetest.Open(t, "sqlite:"+filepath.Join(t.TempDir(), "a.db"))
	path := filepath.Join(t.TempDir(), "f.csv")
	text := "编号,机构,日期,险种\n" + strings.Repeat("1,S1,2025-03-01,车险\n", 100)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, target := range []string{"投诉", "subjects", "none"} { // small, no register, unknown
		if _, err := Register(t.Context(), db, cases, target, path, ingest.Options{}, store.Actor{}); !errors.Is(err, ErrReadWhole) {
			t.Errorf("%s: %v", target, err)
		}
	}
}
