package web

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
)

// send posts a form and returns the answer.
func send(t *testing.T, s *Server, path string, fields map[string]string, file, content string) *httptest.ResponseRecorder {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range fields {
		form.WriteField(name, value)
	}
	if file != "" {
		part, err := form.CreateFormFile("file", file)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(part, content)
	}
	form.Close()
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

// ownServer is the application over a store of this test alone.
func ownServer(t *testing.T) *Server {
	t.Helper()
	url := "sqlite:" + filepath.Join(t.TempDir(), "own.db")
	if err := fill(url); err != nil {
		t.Fatal(err)
	}
	return serverOver(t, url)
}

func TestALoadIsPreviewedThenStoredThenUndone(t *testing.T) {
	s := ownServer(t)
	roster := "机构编码,机构名称,类别,机构类型,开业日期\nPZ99,新财险上海分公司,财产保险公司,省级分公司,2001-01-01\n"
	w := send(t, s, "/load", map[string]string{"pack": shanghai, "target": "subjects"}, "新机构.csv", roster)
	if w.Code != http.StatusSeeOther {
		t.Fatalf("preview: %d %s", w.Code, w.Body)
	}
	preview := w.Header().Get("Location")
	page := mustGet(t, s, preview)
	if !strings.Contains(page, "确认入库") {
		t.Fatalf("the preview offers no commit:\n%s", page)
	}
	if strings.Contains(mustGet(t, s, "/org?pack="+shanghai), "PZ99") {
		t.Fatal("a preview stored something")
	}
	w = send(t, s, preview, nil, "", "")
	batch := w.Header().Get("Location")
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(batch, "/data/B-") {
		t.Fatalf("commit: %d %s %s", w.Code, batch, w.Body)
	}
	if !strings.Contains(mustGet(t, s, "/org?pack="+shanghai), "PZ99") {
		t.Error("what was loaded is not on the roster")
	}
	if w = send(t, s, preview, nil, "", ""); w.Code != http.StatusNotFound {
		t.Errorf("a second commit: %d", w.Code)
	}
	if w = send(t, s, batch+"/undo", nil, "", ""); w.Code != http.StatusBadRequest {
		t.Errorf("undo without a reason: %d", w.Code)
	}
	if w = send(t, s, batch+"/undo", map[string]string{"reason": "误导入"}, "", ""); w.Code != http.StatusSeeOther {
		t.Errorf("undo: %d %s", w.Code, w.Body)
	}
	if page := mustGet(t, s, batch); !strings.Contains(page, "误导入") || !strings.Contains(page, "已撤销") {
		t.Errorf("the batch does not say that it was undone:\n%s", page)
	}
	if strings.Contains(mustGet(t, s, "/org?pack="+shanghai), "PZ99") {
		t.Error("an undone batch still counts")
	}
}

func TestAFileWithMistakesIsShownAndNotStored(t *testing.T) {
	s := ownServer(t)
	roster := "机构编码,机构名称,类别,机构类型,开业日期\nPZ99,新财险,火星公司,省级分公司,2001-13-01\n"
	w := send(t, s, "/load", map[string]string{"pack": shanghai, "target": "机构"}, "坏.csv", roster)
	preview := w.Header().Get("Location")
	page := mustGet(t, s, preview)
	for _, want := range []string{"火星公司", "2001-13-01", "整个文件不能入库", "/marked"} {
		if !strings.Contains(page, want) {
			t.Errorf("the preview lacks %q:\n%s", want, page)
		}
	}
	if strings.Contains(page, "确认入库") {
		t.Error("a file with mistakes can be committed")
	}
	if w = send(t, s, preview, nil, "", ""); w.Code != http.StatusConflict {
		t.Errorf("commit of a bad file: %d", w.Code)
	}
	marked := httptest.NewRecorder()
	s.ServeHTTP(marked, httptest.NewRequest(http.MethodGet, preview+"/marked", nil))
	if !bytes.HasPrefix(marked.Body.Bytes(), []byte("PK")) {
		t.Errorf("no workbook came back: %d %.80s", marked.Code, marked.Body)
	}
}

func TestAPeriodIsScoredFromTheBrowser(t *testing.T) {
	s := ownServer(t)
	w := send(t, s, "/runs", map[string]string{"pack": shanghai, "period": "2024"}, "", "")
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/runs/R-") {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if page := mustGet(t, s, w.Header().Get("Location")); !strings.Contains(page, "2024年度") {
		t.Errorf("the run's page:\n%s", page)
	}
	if w = send(t, s, "/runs", map[string]string{"pack": shanghai, "period": "半年"}, "", ""); w.Code != http.StatusBadRequest {
		t.Errorf("a period that is none: %d", w.Code)
	}
	if w = send(t, s, "/runs", map[string]string{"pack": "nowhere", "period": "2024"}, "", ""); w.Code != http.StatusNotFound {
		t.Errorf("a scheme that is none: %d %s", w.Code, w.Body)
	}
}
