package web

import (
	"encoding/json"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kaoping/internal/langserver"
	"kaoping/rules/packs"
	"kaoping/store"
)

const shanghaiFile = shanghai + "/2022-10-01.yaml"

// shanghaiText is the rule file of the demonstration.
func shanghaiText(t *testing.T) string {
	t.Helper()
	data, err := fs.ReadFile(packs.FS, shanghaiFile)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// swap changes a text in one place that must be there.
func swap(t *testing.T, text, from, to string) string {
	t.Helper()
	if !strings.Contains(text, from) {
		t.Fatalf("%q is not in the file", from)
	}
	return strings.Replace(text, from, to, 1)
}

// look asks what the editor's script asks.
func look(t *testing.T, s http.Handler, ask lookJSON, answer any) int {
	t.Helper()
	ask.Edition, ask.File = "2022-10-01", shanghaiFile
	body, err := json.Marshal(ask)
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest("POST", "/rules/"+shanghai+"/edit/look?lang=zh", strings.NewReader(string(body))))
	if w.Code == http.StatusOK {
		if err := json.Unmarshal(w.Body.Bytes(), answer); err != nil {
			t.Fatal(err)
		}
	}
	return w.Code
}

func TestTheEditorSaysWhatCheckSays(t *testing.T) {
	s := demoServer(t)
	text := shanghaiText(t)
	var good checkedJSON
	if code := look(t, s, lookJSON{Text: text, Want: "check"}, &good); code != 200 || good.Errors != 0 || len(good.Reads) < 100 {
		t.Fatalf("the file as it is: %d, %d errors, %d sentences", code, good.Errors, len(good.Reads))
	}
	at := 1 + strings.Count(text[:strings.Index(text, "id: timely_handling_rate")], "\n")
	if !slices.ContainsFunc(good.Reads, func(r readLine) bool {
		return r.Line >= at-2 && r.Line <= at+12 && strings.Contains(r.Text, "80%")
	}) {
		t.Errorf("nothing near line %d reads as the scale of the timely rate", at)
	}
	remarks := 1 + strings.Count(text[:strings.Index(text, "\nremarks:")], "\n") + 1
	if !slices.ContainsFunc(good.Reads, func(r readLine) bool { return r.Line == remarks }) {
		t.Errorf("the remarks do not stand at line %d", remarks)
	}
	var bad checkedJSON
	look(t, s, lookJSON{Text: swap(t, text, "formula: 车险投诉件数 / 车险保费收入", "formula: 车险投诉件数 / 车险保费"), Want: "check"}, &bad)
	i := slices.IndexFunc(bad.Findings, func(f langserver.Finding) bool { return f.Code == "unknown-name" })
	if i < 0 || bad.Findings[i].Suggestion != "车险保费收入" || bad.Errors == 0 || len(bad.Reads) != 0 {
		t.Errorf("a broken formula: %+v", bad)
	}
	for _, broken := range []string{"", "\t", "a: [", ": :", strings.Repeat("- ", 1000), "pack: x\nedition: 2022-10-01\n", "\x00\xff"} {
		var out checkedJSON
		if code := look(t, s, lookJSON{Text: broken, Want: "check"}, &out); code != 200 || out.Errors == 0 {
			t.Errorf("%.20q: %d, %d errors", broken, code, out.Errors)
		}
	}
}

func TestTheEditorOffersAndExplains(t *testing.T) {
	s := demoServer(t)
	text := shanghaiText(t)
	line := strings.Count(text[:strings.Index(text, "formula: 车险投诉件数 / 车险保费收入")], "\n")
	own := []rune(strings.Split(text, "\n")[line])
	var out struct{ Offers []langserver.Offer }
	look(t, s, lookJSON{Text: text, Want: "offers", Line: line, Character: len(own)}, &out)
	if !slices.ContainsFunc(out.Offers, func(o langserver.Offer) bool { return o.Label == "车险保费收入" && o.Line == line }) {
		t.Errorf("offers: %+v", out.Offers)
	}
	var about panelJSON
	look(t, s, lookJSON{Text: text, Want: "about", Line: line, Character: len(own) - 1}, &about)
	if !strings.Contains(string(about.HTML), "车险保费收入") || !strings.Contains(string(about.HTML), "<strong>") {
		t.Errorf("about: %s", about.HTML)
	}
	for _, place := range [][2]int{{-1, -1}, {1 << 30, 1 << 30}, {line, 1 << 30}} {
		if code := look(t, s, lookJSON{Text: text, Want: "about", Line: place[0], Character: place[1]}, &about); code != 200 {
			t.Errorf("about %v: %d", place, code)
		}
		if code := look(t, s, lookJSON{Text: text, Want: "offers", Line: place[0], Character: place[1]}, &out); code != 200 {
			t.Errorf("offers at %v: %d", place, code)
		}
	}
	var formatted map[string]string
	if look(t, s, lookJSON{Text: text, Want: "format"}, &formatted); formatted["text"] != text {
		t.Error("a file in order was formatted otherwise")
	}
}

func TestTestsAndImpactStandBesideTheText(t *testing.T) {
	s := demoServer(t)
	text := shanghaiText(t)
	var panel panelJSON
	look(t, s, lookJSON{Text: text, Want: "tests"}, &panel)
	if !strings.Contains(string(panel.HTML), "● 通过") {
		t.Errorf("tests of the file as it is: %.300s", panel.HTML)
	}
	changed := swap(t, text, "          no_points_at: 80%\n          between: straight line\n          assumption: A5", "          no_points_at: 90%\n          between: straight line\n          assumption: A5")
	look(t, s, lookJSON{Text: changed, Want: "tests"}, &panel)
	if !strings.Contains(string(panel.HTML), "▲ 未通过") {
		t.Errorf("tests of a changed scale: %.300s", panel.HTML)
	}
	look(t, s, lookJSON{Text: changed, Want: "impact", Period: "2025H1"}, &panel)
	for _, want := range []string{"甲财险上海分公司", "80% → 90%", "投诉件处理及时率 -", "名次变动"} {
		if !strings.Contains(string(panel.HTML), want) && !strings.Contains(strings.ReplaceAll(string(panel.HTML), "改为", "→"), want) {
			t.Errorf("the impact does not say %q: %.900s", want, panel.HTML)
		}
	}
	look(t, s, lookJSON{Text: text, Want: "impact", Period: "2025H1"}, &panel)
	if !strings.Contains(string(panel.HTML), "没有能改变结果的不同") {
		t.Errorf("the impact of nothing: %.300s", panel.HTML)
	}
	look(t, s, lookJSON{Text: "pack: x", Want: "impact", Period: "2025H1"}, &panel)
	if !strings.Contains(string(panel.HTML), "先改正") {
		t.Errorf("the impact of a broken file: %.300s", panel.HTML)
	}
	for _, period := range []string{"", "x", "1999H1"} {
		if code := look(t, s, lookJSON{Text: text, Want: "impact", Period: period}, &panel); code != 400 && code != 404 {
			t.Errorf("the impact on %q: %d", period, code)
		}
	}
}

func TestTheEditorWorksWithoutScripts(t *testing.T) {
	s := demoServer(t)
	text := shanghaiText(t)
	page := mustGet(t, s, "/rules/"+shanghai+"/edit")
	if !strings.Contains(page, "<textarea") || !strings.Contains(page, "读作") || strings.Contains(mustGet(t, s, "/"), "editor.") {
		t.Error("no text to edit, nothing read back, or the first page loads the editor")
	}
	at := "/rules/" + shanghai + "/edit"
	broken := strings.ReplaceAll(swap(t, text, "formula: 车险投诉件数 / 车险保费收入", "formula: 车险投诉件数 / 车险保费"), "\n", "\r\n")
	form := func(do, text string) url.Values {
		return url.Values{"edition": {"2022-10-01"}, "file": {shanghaiFile}, "text": {text}, "do": {do}, "period": {"2025H1"}}
	}
	for do, want := range map[string]string{"check": "/help/unknown-name", "test": "先改正再测试", "impact": "先改正再看影响"} {
		w := ask(s, "POST", at, form(do, broken))
		if w.Code != 200 || !strings.Contains(w.Body.String(), want) || !strings.Contains(w.Body.String(), "车险投诉件数 / 车险保费\n") {
			t.Errorf("%s: %d, without %q or without the text", do, w.Code, want)
		}
	}
	if w := ask(s, "POST", at, form("download", text)); w.Body.String() != text || !strings.Contains(w.Header().Get("Content-Disposition"), "2022-10-01.yaml") {
		t.Error("the download is not the text")
	}
	if w := ask(s, "POST", at, form("check", strings.Repeat("x", longestText+1))); w.Code != 413 {
		t.Errorf("a text that is too long: %d", w.Code)
	}
	if w := ask(s, "POST", "/rules/nowhere/edit", form("check", text)); w.Code != 404 {
		t.Errorf("a pack that is not there: %d", w.Code)
	}
}

func TestADraftIsKeptWithItsAuthorAndChangesNothing(t *testing.T) {
	s := demoWithAccounts(t, walkers()...)
	text := shanghaiText(t)
	changed := swap(t, text, "          no_points_at: 80%\n          between: straight line\n          assumption: A5", "          no_points_at: 85%\n          between: straight line\n          assumption: A5")
	before := s.Desk.Rules().Newest(shanghai).Hash
	editor := session(t, s, "editor")
	w := ask(s, "POST", "/rules/"+shanghai+"/edit", url.Values{"edition": {"2022-10-01"}, "file": {shanghaiFile}, "text": {changed}, "do": {"save"}}, editor)
	where := w.Header().Get("Location")
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(where, "/drafts/"+shanghai+"/") {
		t.Fatalf("save: %d %q", w.Code, where)
	}
	entries, err := s.Desk.DB.Audit(t.Context(), store.AuditQuery{Action: "save draft"})
	if err != nil || len(entries) != 1 || entries[0].Actor.Name != "editor" || entries[0].Details["sha256"] != sum256(changed) {
		t.Errorf("the audit trail: %+v %v", entries, err)
	}
	files, err := filepath.Glob(filepath.Join(s.Drafts, shanghai, "*_editor_2022-10-01.yaml"))
	if err != nil || len(files) != 1 {
		t.Fatalf("files: %v %v", files, err)
	}
	if data, err := os.ReadFile(files[0]); err != nil || string(data) != changed {
		t.Errorf("the file is not what was written: %v", err)
	}
	for _, who := range []string{"editor", "approver"} {
		page := ask(s, "GET", where, nil, session(t, s, who)).Body.String()
		for _, want := range []string{"与现行规则相比", "80%", "85%", "kaoping impact", "可改变得分"} {
			if !strings.Contains(page, want) {
				t.Errorf("%s: the draft's page does not say %q", who, want)
			}
		}
		if strings.Contains(page, "继续编辑") != (who == "editor") {
			t.Errorf("%s is offered to edit, or not", who)
		}
	}
	again := ask(s, "GET", "/rules/"+shanghai+"/edit?draft="+filepath.Base(files[0]), nil, editor).Body.String()
	if !strings.Contains(again, "no_points_at: 85%") {
		t.Error("the draft is not opened again")
	}
	if got := s.Desk.Rules().Newest(shanghai).Hash; got != before {
		t.Error("the rules in use have changed")
	}
	if w := ask(s, "GET", where+"/file", nil, editor); w.Body.String() != changed {
		t.Error("the draft is downloaded otherwise")
	}
	s.Drafts = ""
	if w := ask(s, "POST", "/rules/"+shanghai+"/edit", url.Values{"edition": {"2022-10-01"}, "file": {shanghaiFile}, "text": {changed}, "do": {"save"}}, editor); w.Code != http.StatusConflict {
		t.Errorf("saving without a folder: %d", w.Code)
	}
}
