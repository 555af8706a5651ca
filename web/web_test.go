package web

import (
	"context"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"kaoping/engine"
	"kaoping/ingest"
	"kaoping/internal/assess"
	"kaoping/internal/desk"
	"kaoping/rules"
	"kaoping/rules/packs"
	"kaoping/store"
)

const shanghai = "cn-shanghai-complaint-handling"

// evil is a name that must never come out as markup.
const evil = `<script>alert("名")</script>`

// demoFile is a store with the demonstration's data, made once for all tests.
var demoFile = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "kaoping-web-")
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, "demo.db")
	return file, fill("sqlite:" + file)
})

// fill loads the demonstration into an empty store and scores it. One company has
// a name that a careless page would run.
func fill(url string) error {
	ctx := context.Background()
	db, err := store.Open(ctx, url)
	if err != nil {
		return err
	}
	defer db.Close()
	library, _ := rules.Load(packs.FS, rules.Options{})
	period, err := engine.ParsePeriod("2025H1")
	if err != nil {
		return err
	}
	pack, err := library.Pack(shanghai, period)
	if err != nil {
		return err
	}
	who := store.Actor{Name: "tester", Via: "cli"}
	for _, l := range []struct{ target, file string }{
		{"subjects", "机构.csv"}, {"业务统计", "业务统计.csv"}, {"投诉案件", "投诉案件.csv"}, {"调解案件", "调解案件.csv"},
		{"日常工作记录", "日常工作记录.csv"}, {"舆情监测", "舆情监测.csv"}, {"judgements", "定性评分.csv"},
	} {
		data, err := fs.ReadFile(packs.FS, shanghai+"/data/"+l.file)
		if err != nil {
			return err
		}
		subjects, err := db.Subjects(ctx, shanghai)
		if err != nil {
			return err
		}
		batch, _, err := ingest.Read(pack, ingest.TargetID(pack, l.target), ingest.Source{Name: l.file, Data: data}, ingest.Options{Subjects: subjects})
		if err != nil {
			return err
		}
		for i := range batch.Subjects {
			if batch.Subjects[i].Code == "PE05" {
				batch.Subjects[i].Name = evil
			}
		}
		if _, err := db.CreateBatch(ctx, batch, who); err != nil {
			return err
		}
	}
	for _, text := range []string{"2024H1", "2025H1"} {
		if err := score(ctx, db, library, text); err != nil {
			return err
		}
	}
	return nil
}

func score(ctx context.Context, db *store.DB, library *rules.Library, text string) error {
	period, err := engine.ParsePeriod(text)
	if err != nil {
		return err
	}
	pack, err := library.Pack(shanghai, period)
	if err != nil {
		return err
	}
	_, _, err = assess.Score(ctx, db, pack, library.Files(pack), period, time.Now(), store.Actor{Name: "tester", Via: "cli"})
	return err
}

func TestMain(m *testing.M) {
	code := m.Run()
	if file, err := demoFile(); err == nil {
		os.RemoveAll(filepath.Dir(file))
	}
	os.Exit(code)
}

// demoServer is the application over the demonstration.
func demoServer(t *testing.T) *Server {
	t.Helper()
	file, err := demoFile()
	if err != nil {
		t.Fatal(err)
	}
	return serverOver(t, "sqlite:"+file)
}

func serverOver(t *testing.T, url string) *Server {
	t.Helper()
	db, err := store.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(Options{Desk: &desk.Desk{DB: db, Packs: packs.FS, Location: zone, Version: "test"}, Drafts: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// get asks for an address.
func get(t *testing.T, s http.Handler, address string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest("GET", address, nil))
	return w
}

// mustGet asks for an address that must answer with a page.
func mustGet(t *testing.T, s http.Handler, address string) string {
	t.Helper()
	w := get(t, s, address)
	if w.Code != http.StatusOK {
		t.Fatalf("GET %s: %d\n%.600s", address, w.Code, w.Body.String())
	}
	return w.Body.String()
}

func TestTheRankingShowsTheWorkedExample(t *testing.T) {
	s := demoServer(t)
	page := mustGet(t, s, "/rank/"+shanghai+"/2025H1")
	for _, want := range []string{"甲财险上海分公司", "90.26", "数据截止", "校验码", `scope="col"`, "<caption"} {
		if !strings.Contains(page, want) {
			t.Errorf("the ranking does not say %q", want)
		}
	}
	english := mustGet(t, s, "/rank/"+shanghai+"/2025H1?lang=en")
	if !strings.Contains(english, `<html lang="en">`) || !strings.Contains(english, "Ranking") {
		t.Error("the English page is not English")
	}
}

func TestSearchFindsByInitials(t *testing.T) {
	s := demoServer(t)
	for query, want := range map[string]string{"jcx": "PA01 PF06", "jiacaixian": "PA01", "甲财": "PA01", "pa01": "PA01", "wcx": "PE05", "nobody": ""} {
		page := mustGet(t, s, "/rank/"+shanghai+"/2025H1?q="+query)
		var found []string
		for _, code := range []string{"PA01", "PB02", "PC03", "PD04", "PE05", "PF06", "PG07", "PH08"} {
			if strings.Contains(page, `id="row-`+code+`"`) {
				found = append(found, code)
			}
		}
		if got := strings.Join(found, " "); got != want {
			t.Errorf("%s finds %q, want %q", query, got, want)
		}
	}
}

func TestNamesNeverBecomeMarkup(t *testing.T) {
	s := demoServer(t)
	for _, address := range []string{"/rank/" + shanghai + "/2025H1", "/s/" + shanghai + "/2025H1/PE05", "/rank/" + shanghai + "/2025H1/file?format=html"} {
		if page := mustGet(t, s, address); strings.Contains(page, evil) {
			t.Errorf("%s shows a name unescaped", address)
		}
	}
}

func TestSecurityHeadersStandOnEveryAnswer(t *testing.T) {
	s := demoServer(t)
	for _, address := range []string{"/", "/nowhere", "/api/v1/runs", "/assets/nothing.css"} {
		h := get(t, s, address).Header()
		if !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'") || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("X-Frame-Options") != "DENY" {
			t.Errorf("%s lacks security headers: %v", address, h)
		}
	}
}

func TestAnExportHoldsWhatTheTableShows(t *testing.T) {
	s := demoServer(t)
	w := get(t, s, "/rank/"+shanghai+"/2025H1?q=jiacaixian&export=csv&table=ranking")
	lines := strings.Split(strings.TrimSpace(w.Body.String()), "\r\n")
	if w.Code != 200 || len(lines) != 2 || !strings.Contains(lines[1], "90.26") {
		t.Errorf("the file has %d lines: %q", len(lines), lines)
	}
}

func TestEveryRouteAsksForItsPermission(t *testing.T) {
	s := demoServer(t)
	asked := map[Permission]bool{}
	s.Guard = func(_ *http.Request, need Permission) (Identity, error) {
		asked[need] = true
		return Identity{}, ErrForbidden
	}
	for _, r := range s.routes {
		if r.Needs == "" {
			t.Errorf("%s %s needs no permission", r.Method, r.Pattern)
		}
	}
	if code := get(t, s, "/rank/"+shanghai+"/2025H1").Code; code != http.StatusForbidden || !asked[ReadResults] {
		t.Errorf("a forbidden page answered %d", code)
	}
}
