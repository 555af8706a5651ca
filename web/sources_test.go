package web

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"kaoping/internal/feeds"
	"kaoping/store"
)

// withSources is an application of its own with a source of the roster; it returns
// the file.
func withSources(t *testing.T) (*Server, string) {
	t.Helper()
	s := ownServer(t)
	path := filepath.Join(t.TempDir(), "名录.csv")
	list := feeds.List{Entries: []feeds.Config{
		{Source: "名录", Pack: shanghai, Target: "subjects", Kind: feeds.File, Path: path},
		{Source: "谁都可能", Target: "subjects", Kind: feeds.File, Path: path},
	}}
	var problems []feeds.Problem
	if s.Sources, problems = list.Compile(func(p string) string { return p }); problems != nil {
		t.Fatal(problems)
	}
	return s, path
}

const rosterHead = "机构编码,机构名称,类别,机构类型,开业日期\n"

func TestASourceIsLoadedByTheButton(t *testing.T) {
	s, path := withSources(t)
	press := func(source string) string {
		t.Helper()
		w := send(t, s, "/data/sources/load", map[string]string{"source": source}, "", "")
		if w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/data/sources") {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		return mustGet(t, s, w.Header().Get("Location"))
	}
	if page := mustGet(t, s, "/data/sources"); !strings.Contains(page, "现在导入") || !strings.Contains(page, path) {
		t.Errorf("the page:\n%s", page)
	}
	if !strings.Contains(mustGet(t, s, "/data"), `href="/data/sources"`) {
		t.Error("the data page does not lead to the sources")
	}
	if page := press("名录"); !strings.Contains(page, "失败") || !strings.Contains(page, "没有文件") {
		t.Errorf("a file that is not there:\n%s", page)
	}
	must(t, os.WriteFile(path, []byte(rosterHead+"PZ99,新财险,火星公司,省级分公司,2001-01-01\n"), 0o600))
	if page := press("名录"); !strings.Contains(page, "有文件未入库") || !strings.Contains(page, "1 行有误") {
		t.Errorf("a file with mistakes:\n%s", page)
	}
	must(t, os.WriteFile(path, []byte(rosterHead+"PZ99,新财险上海分公司,财产保险公司,省级分公司,2001-01-01\n"), 0o600))
	if page := press("名录"); !strings.Contains(page, "已入库") || !strings.Contains(page, `href="/data/B-`) {
		t.Errorf("a good file:\n%s", page)
	}
	if !strings.Contains(mustGet(t, s, "/org?pack="+shanghai), "PZ99") {
		t.Error("what was loaded is not on the roster")
	}
	if page := mustGet(t, s, "/data/sources?lang=en"); !strings.Contains(page, "Load now") || !strings.Contains(page, "1 added") {
		t.Errorf("in English:\n%s", page)
	}
	if page := press("谁都可能"); !strings.Contains(page, "在 sources 里用 pack 写明") {
		t.Errorf("a source whose scheme is not clear:\n%s", page)
	}
	if w := send(t, s, "/data/sources/load", map[string]string{"source": "别的"}, "", ""); w.Code != http.StatusNotFound {
		t.Errorf("a source that is not there: %d", w.Code)
	}
	if w := send(t, s, "/data/sources/load", map[string]string{"source": "名录", "period": "半年"}, "", ""); w.Code != http.StatusBadRequest {
		t.Errorf("a bad period: %d", w.Code)
	}
	entries, err := s.Desk.DB.Audit(t.Context(), store.AuditQuery{})
	must(t, err)
	states := ""
	for _, e := range entries {
		if e.Action == "load source" {
			states += e.Object + " " + e.Details["state"] + "; "
		}
	}
	if states != "谁都可能 failed; 名录 loaded; 名录 refused; 名录 failed; " {
		t.Errorf("the audit trail says %q", states)
	}
	r := httptest.NewRequest(http.MethodPost, "/data/sources/load", strings.NewReader("source=名录"))
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	w := httptest.NewRecorder()
	if s.ServeHTTP(w, r); w.Code != http.StatusForbidden {
		t.Errorf("a form of another site: %d", w.Code)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// A load that takes its time is shown as under way, and a second one is not begun.
func TestASourceIsNotLoadedTwiceAtOnce(t *testing.T) {
	s, path := withSources(t)
	load, err := s.sourceLoads.begin("名录", "x")
	must(t, err)
	must(t, os.WriteFile(path, []byte(rosterHead), 0o600))
	w := send(t, s, "/data/sources/load", map[string]string{"source": "名录"}, "", "")
	if page := mustGet(t, s, w.Header().Get("Location")); !strings.Contains(page, "正在导入") || !strings.Contains(page, `href="/data/sources"`) {
		t.Errorf("%d\n%s", w.Code, page)
	}
	if code, _ := post(t, s, "名录", "{}"); code != http.StatusConflict {
		t.Errorf("a second one by the interface: %d", code)
	}
	s.sourceLoads.end(load, nil, syscall.ECONNRESET)
	if page := mustGet(t, s, "/data/sources"); !strings.Contains(page, "失败") || strings.Contains(page, "正在导入,") {
		t.Errorf("after its end:\n%s", page)
	}
}

func post(t *testing.T, s *Server, source, body string) (int, sourceJSON) {
	t.Helper()
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/api/v1/sources/"+source, strings.NewReader(body)))
	var out sourceJSON
	json.Unmarshal(w.Body.Bytes(), &out)
	return w.Code, out
}

func TestASourceIsLoadedByTheInterface(t *testing.T) {
	s, path := withSources(t)
	if code, out := post(t, s, "名录", `{"period": "2025H1"}`); code != http.StatusBadGateway || out.State != "failed" || out.Outcome.EN == "" {
		t.Errorf("a file that is not there: %d %+v", code, out)
	}
	must(t, os.WriteFile(path, []byte(rosterHead+"PZ99,新财险上海分公司,火星公司,省级分公司,2001-01-01\n"), 0o600))
	if code, out := post(t, s, "名录", ""); code != http.StatusUnprocessableEntity || out.State != "refused" {
		t.Errorf("a bad file: %d %+v", code, out)
	}
	must(t, os.WriteFile(path, []byte(rosterHead+"PZ99,新财险上海分公司,财产保险公司,省级分公司,2001-01-01\n"), 0o600))
	code, out := post(t, s, "名录", "{}")
	if code != http.StatusOK || out.State != "loaded" || len(out.Batches) != 1 || out.Ended == nil || time.Since(*out.Ended) > time.Minute {
		t.Errorf("a good file: %d %+v", code, out)
	}
	for body, want := range map[string]int{`{"period":"x"}`: 400, `{"other":1}`: 400, `[`: 400} {
		if code, _ := post(t, s, "名录", body); code != want {
			t.Errorf("%s: %d", body, code)
		}
	}
	if code, _ := post(t, s, "nothing", "{}"); code != http.StatusNotFound {
		t.Errorf("a source that is not there: %d", code)
	}
	if page := mustGet(t, s, "/api/v1/sources"); !strings.Contains(page, `"state": "loaded"`) || !strings.Contains(page, out.Batches[0]) {
		t.Error(page)
	}
}
