package web

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kaoping/engine"
	"kaoping/internal/access"
	"kaoping/store"
)

// Who sends requests in the walk over every route. Those after the roles are
// limited to a part: PA01, PB02, another scheme, this scheme, a peer group of it.
const (
	anybody = "anonymous " + loggedIn
	// whoever has an account
	loggedIn = readers + " " + units + " other scheme here group"
	readers  = "editor submitter scorer reviewer approver liaison management tracker hr auditor admin"
	units    = "assessed rectifier"
	// what is about PA01
	aboutPA01 = readers + " " + units + " here group"
	// what is about all units of the scheme
	aboutAll    = readers + " here"
	casesOfPA01 = "editor scorer reviewer approver liaison management tracker hr auditor admin " + units + " here group"
	loaders     = "submitter scorer admin"
	sharers     = "approver liaison admin"
)

// whoMay says for every route who may have an answer. A route that is missing here
// fails the test: whoever adds one says whom it is for.
var whoMay = map[string]string{
	"GET /{$}":                                               loggedIn,
	"GET /go":                                                readers,
	"GET /find":                                              readers,
	"GET /rank/{pack}/{period}":                              aboutAll,
	"GET /rank/{pack}/{period}/file":                         aboutAll,
	"GET /s/{pack}/{period}":                                 aboutAll,
	"GET /compare/{pack}/{period}":                           aboutAll,
	"GET /heat/{pack}/{period}":                              aboutAll,
	"GET /trends/{pack}/{period}":                            aboutAll,
	"GET /downloads/{pack}/{period}":                         aboutAll,
	"GET /s/{pack}/{period}/{subject}":                       aboutPA01,
	"GET /s/{pack}/{period}/{subject}/file":                  aboutPA01,
	"GET /s/{pack}/{period}/{subject}/{item}":                aboutPA01,
	"GET /trend/{pack}/{period}/{subject}":                   aboutPA01,
	"GET /why/{pack}/{period}/{subject}":                     aboutPA01,
	"GET /cases/{pack}/{period}/{subject}/{statistic}/{at}":  casesOfPA01,
	"GET /case/{pack}/{period}/{register}/{key}":             casesOfPA01,
	"POST /cases/{pack}/{period}/{subject}/{statistic}/{at}": "liaison tracker hr admin",
	"POST /case/{pack}/{period}/{register}/{key}":            "liaison tracker hr admin",
	"GET /calendar":                                          loggedIn,
	"GET /playground":                                        readers,
	"GET /help":                                              loggedIn,
	"GET /help/{page}":                                       loggedIn,
	"GET /help/images/{name}":                                loggedIn,
	"GET /rules":                                             readers,
	"GET /rules/{pack}":                                      aboutAll,
	"GET /rules/{pack}/{edition}":                            aboutAll,
	"GET /rules/{pack}/{edition}/file":                       aboutAll,
	"GET /rules/{pack}/edit":                                 "editor admin",
	"POST /rules/{pack}/edit":                                "editor admin",
	"POST /rules/{pack}/edit/look":                           "editor admin",
	"GET /drafts/{pack}/{draft}":                             "editor reviewer approver auditor admin",
	"GET /drafts/{pack}/{draft}/file":                        "editor reviewer approver auditor admin",
	"GET /data":                                              readers,
	"GET /data/{batch}":                                      readers,
	"GET /status":                                            readers,
	"GET /data/sources":                                      loaders,
	"POST /data/sources/load":                                loaders,
	"POST /data/{batch}/undo":                                "submitter admin",
	"GET /load":                                              loaders,
	"POST /load":                                             loaders,
	"GET /load/{token}":                                      loaders,
	"POST /load/{token}":                                     loaders,
	"GET /load/{token}/marked":                               loaders,
	"GET /load/template":                                     loaders,
	"GET /runs":                                              readers,
	"POST /runs":                                             "approver admin",
	"GET /runs/{run}":                                        readers,
	"GET /org":                                               readers,
	"GET /schedules":                                         readers,
	"GET /outbox":                                            "approver liaison auditor admin",
	"GET /links":                                             sharers,
	"POST /links":                                            sharers,
	"POST /links/revoke":                                     sharers,
	"GET /public/{token}":                                    anybody, // whoever has the token
	"GET /public/{token}/file":                               anybody,
	"GET /login":                                             anybody,
	"POST /login":                                            anybody,
	"GET /login/external":                                    anybody,
	"GET /login/return":                                      anybody,
	"GET /join/{ticket}":                                     anybody,
	"POST /join/{ticket}":                                    anybody,
	"POST /logout":                                           loggedIn,
	"GET /account":                                           loggedIn,
	"POST /account":                                          loggedIn,
	"GET /users":                                             "admin",
	"POST /users":                                            "admin",
	"POST /users/change":                                     "admin",
	"GET /audit":                                             "auditor admin",

	"GET /api/v1/openapi.json":                                     readers,
	"GET /api/v1/packs":                                            readers,
	"GET /api/v1/runs":                                             readers,
	"POST /api/v1/runs":                                            "approver admin",
	"GET /api/v1/rank/{pack}/{period}":                             aboutAll,
	"GET /api/v1/s/{pack}/{period}/{subject}":                      aboutPA01,
	"GET /api/v1/s/{pack}/{period}/{subject}/{item}":               aboutPA01,
	"GET /api/v1/trend/{pack}/{period}/{subject}":                  aboutPA01,
	"GET /api/v1/cases/{pack}/{period}/{subject}/{statistic}/{at}": casesOfPA01,
	"GET /api/v1/batches":                                          readers,
	"POST /api/v1/batches":                                         loaders,
	"GET /api/v1/subjects":                                         readers,
	"GET /api/v1/status/{pack}/{period}":                           aboutAll,
	"GET /api/v1/sources":                                          loaders,
	"POST /api/v1/sources/{source}":                                loaders,
}

// walkers are one account for each role and for each kind of limit.
func walkers() []store.User {
	var list []store.User
	for _, r := range access.Roles() {
		g := store.Grant{Role: string(r)}
		if access.CheckGrant(g) != nil {
			g.Subject = "PA01"
		}
		list = append(list, store.User{Name: string(r), Grants: []store.Grant{g}})
	}
	for name, g := range map[string]store.Grant{
		"other":  {Role: "assessed", Subject: "PB02"},
		"scheme": {Role: "management", Pack: "us-ny-auto-complaint-ranking"},
		"here":   {Role: "management", Pack: shanghai},
		"group":  {Role: "management", Pack: shanghai, PeerGroup: "property"},
	} {
		list = append(list, store.User{Name: name, Grants: []store.Grant{g}})
	}
	return list
}

// demoWithAccounts is the application over a copy of the demonstration.
func demoWithAccounts(t *testing.T, users ...store.User) *Server {
	t.Helper()
	file, err := demoFile()
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	own := filepath.Join(t.TempDir(), "own.db")
	if err := os.WriteFile(own, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return withAccounts(t, "sqlite:"+own, users...)
}

// session logs somebody in without a password.
func session(t *testing.T, s *Server, name string) *http.Cookie {
	t.Helper()
	token, err := s.Accounts.Begin(t.Context(), name, "192.0.2.1")
	if err != nil {
		t.Fatal(err)
	}
	return &http.Cookie{Name: "kaoping_session", Value: token}
}

var pathPart = regexp.MustCompile(`\{[a-z]+\}`)

// example is an address of a route, about PA01.
func example(t *testing.T, s *Server, pattern string) string {
	values := map[string]string{"register": "投诉案件", "key": caseOf(t, s, "PA01"), "batch": "B-999999", "run": "R-999999", "token": "none", "ticket": "none", "edition": "2022-10-01", "draft": "none", "page": "unknown-name", "name": "officer-preview-zh.png"}
	for name, value := range pathExamples {
		values[name] = value
	}
	return pathPart.ReplaceAllStringFunc(strings.TrimSuffix(pattern, "{$}"), func(part string) string {
		return strings.TrimPrefix(address(values[strings.Trim(part, "{}")]), "/")
	})
}

// caseOf is the key of a complaint about a unit.
func caseOf(t *testing.T, s *Server, subject string) string {
	t.Helper()
	period, err := engine.ParsePeriod("2025H1")
	if err != nil {
		t.Fatal(err)
	}
	run, err := s.Desk.Open(t.Context(), shanghai, period, "")
	if err != nil {
		t.Fatal(err)
	}
	for i := range run.Facts.Records {
		if r := &run.Facts.Records[i]; r.Subject == subject && registerName(run.Pack, r.Register) == "投诉案件" {
			return r.Key
		}
	}
	t.Fatal("no case of " + subject)
	return ""
}

func TestEveryRouteAnswersOnlyWhomItIsFor(t *testing.T) {
	s := demoWithAccounts(t, walkers()...)
	// Whether somebody is let in is asked before the page is made. Pages are left
	// out, but for the one that knows only when it has the record whose it is.
	mux := http.NewServeMux()
	for i := range s.routes {
		r := s.routes[i]
		if r.Method == "POST" || !strings.HasPrefix(r.Pattern, "/case/") {
			r.page = func(q *request) error { q.w.WriteHeader(http.StatusNoContent); return nil }
		}
		mux.Handle(r.Method+" "+r.Pattern, s.serve(&r))
	}
	cookies := map[string]*http.Cookie{"anonymous": nil}
	for _, u := range walkers() {
		cookies[u.Name] = session(t, s, u.Name)
	}
	register := registerID(t, s)
	for i := range s.routes {
		name := s.routes[i].Method + " " + s.routes[i].Pattern
		want, listed := whoMay[name]
		if !listed {
			t.Errorf("%s is not in whoMay: say whom it is for", name)
			continue
		}
		at := strings.Replace(example(t, s, s.routes[i].Pattern), address("投诉案件"), address(register), 1)
		for who, cookie := range cookies {
			r := httptest.NewRequest(s.routes[i].Method, at, nil)
			if cookie != nil {
				r.AddCookie(cookie)
			}
			w := httptest.NewRecorder()
			mux.ServeHTTP(w, r)
			may := strings.Contains(" "+want+" ", " "+who+" ")
			refused := w.Code == http.StatusForbidden || w.Code == http.StatusUnauthorized || w.Code == http.StatusSeeOther
			if may == refused || w.Code == http.StatusNotFound || w.Code >= 500 {
				t.Errorf("%s %s (%s): %d, allowed should be %t", who, name, at, w.Code, may)
			}
		}
	}
}

// registerID is how addresses name the register of complaints.
func registerID(t *testing.T, s *Server) string {
	t.Helper()
	pack := s.Desk.Rules().Newest(shanghai)
	for i := range pack.Registers {
		if pack.Registers[i].Name == "投诉案件" {
			return pack.Registers[i].ID
		}
	}
	t.Fatal("no such register")
	return ""
}

// An assessed unit finds nothing about another one in anything that it may open.
func TestAnAssessedUnitLearnsNothingOfOthers(t *testing.T) {
	s := demoWithAccounts(t, walkers()...)
	c := session(t, s, "assessed")
	base := "/" + shanghai + "/2025H1/PA01"
	addresses := []string{"/", "/account", "/calendar", "/s" + base, "/s" + base + "?lang=en", "/why" + base, "/trend" + base, "/s" + base + "/total",
		"/s" + base + "/timely_handling_rate", "/cases" + base + "/" + "投诉件数" + "/2025H1", "/api/v1/s" + base, "/api/v1/s" + base + "/timely_handling_rate", "/api/v1/trend" + base,
		"/api/v1/cases" + base + "/" + "投诉件数" + "/2025H1"}
	for _, format := range fileFormats {
		addresses = append(addresses, "/s"+base+"/file?format="+format)
	}
	for _, at := range addresses {
		w := ask(s, "GET", at, nil, c)
		if w.Code != http.StatusOK {
			t.Errorf("%s: %d", at, w.Code)
			continue
		}
		text := unzipped(t, w.Body.Bytes())
		for _, other := range []string{"乙财险", "丙财险", "丁财险", "己财险", "庚财险", "PB02", "PC03", "PD04", "PE05", "PF06", "PG07"} {
			if i := strings.Index(text, other); i >= 0 {
				t.Errorf("%s tells of %s: …%s…", at, other, text[max(0, i-120):min(len(text), i+60)])
			}
		}
	}
}

// unzipped is the text of an answer; of a workbook that of all its parts.
func unzipped(t *testing.T, data []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return string(data)
	}
	var all strings.Builder
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(&all, r)
		r.Close()
	}
	return all.String()
}

func TestATokenCanDoNoMoreThanItsOwnerAndItself(t *testing.T) {
	s := demoWithAccounts(t, walkers()...)
	try := func(owner string, g store.Grant, method, path string) int {
		t.Helper()
		_, secret, err := s.Accounts.DB.CreateToken(t.Context(), store.Token{Name: owner, Grants: []store.Grant{g}, Expires: timeNow().AddDate(0, 0, 1)}, store.Actor{Name: "tester", Via: "cli"})
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest(method, path, strings.NewReader("{}"))
		r.Header.Set("Authorization", "Bearer "+secret)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return w.Code
	}
	ranking, runs := "/api/v1/rank/"+shanghai+"/2025H1", "/api/v1/runs"
	for _, c := range []struct {
		owner  string
		grant  store.Grant
		method string
		path   string
		want   int
	}{
		{"admin", store.Grant{Role: "management"}, "GET", ranking, 200},
		{"admin", store.Grant{Role: "management"}, "POST", runs, 403},
		{"admin", store.Grant{Role: "approver"}, "POST", runs, 400},
		{"management", store.Grant{Role: "admin"}, "POST", runs, 403},
		{"management", store.Grant{Role: "management"}, "GET", ranking, 200},
		{"management", store.Grant{Role: "management"}, "GET", "/rank/" + shanghai + "/2025H1", 303}, // not for pages
		{"admin", store.Grant{Role: "assessed", Subject: "PB02"}, "GET", "/api/v1/s/" + shanghai + "/2025H1/PA01", 403},
		{"admin", store.Grant{Role: "assessed", Subject: "PB02"}, "GET", "/api/v1/s/" + shanghai + "/2025H1/PB02", 200},
		{"other", store.Grant{Role: "admin"}, "GET", "/api/v1/s/" + shanghai + "/2025H1/PA01", 403},
	} {
		if got := try(c.owner, c.grant, c.method, c.path); got != c.want {
			t.Errorf("%s with a token for %+v: %s %s: %d, want %d", c.owner, c.grant, c.method, c.path, got, c.want)
		}
	}
}

func TestPersonalDataAreShownToWhoSaysWhy(t *testing.T) {
	s := demoWithAccounts(t, walkers()...)
	at := address("case", shanghai, "2025H1", registerID(t, s), caseOf(t, s, "PA01"))
	liaison := session(t, s, "liaison")
	if w := ask(s, "GET", at, nil, liaison); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `name="reason"`) {
		t.Fatalf("no reason is asked for: %d", w.Code)
	}
	if w := ask(s, "GET", at, nil, session(t, s, "management")); w.Code != http.StatusOK || strings.Contains(w.Body.String(), `name="reason"`) {
		t.Errorf("somebody who may not is asked for a reason: %d", w.Code)
	}
	if w := ask(s, "POST", at, url.Values{"reason": {" "}}, liaison); w.Code != http.StatusBadRequest {
		t.Errorf("without a reason: %d", w.Code)
	}
	w := ask(s, "POST", at, url.Values{"reason": {"回访投诉人"}}, liaison)
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "本页显示个人信息") {
		t.Errorf("with a reason: %d", w.Code)
	}
	entries, err := s.Desk.DB.Audit(t.Context(), store.AuditQuery{Action: "unmask"})
	if err != nil || len(entries) != 1 || entries[0].Actor.Name != "liaison" || entries[0].Details["reason"] != "回访投诉人" || entries[0].Details["page"] == "" {
		t.Errorf("the audit trail: %+v %v", entries, err)
	}
	q := &request{bare: true}
	if q.mask("投诉人姓名", "张三丰") != "张三丰" || (&request{}).mask("投诉人姓名", "张三丰") != "张**" {
		t.Error("the mask does not follow the reason")
	}
}
