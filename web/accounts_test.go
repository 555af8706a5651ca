package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kaoping/internal/access"
	"kaoping/internal/desk"
	"kaoping/rules/packs"
	"kaoping/store"
)

const goodPassword = "correct horse battery"

// withAccounts is the application over a store of this test, with accounts.
func withAccounts(t *testing.T, url string, users ...store.User) *Server {
	t.Helper()
	db, err := store.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	for _, u := range users {
		if err := db.CreateUser(t.Context(), u, store.Actor{Name: "tester", Via: "cli"}); err != nil {
			t.Fatal(err)
		}
	}
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(Options{Desk: &desk.Desk{DB: db, Packs: packs.FS, Location: zone, Version: "test"}, Drafts: t.TempDir(), Accounts: &access.Accounts{DB: db}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// ask sends a request with cookies, as a browser with nothing but forms does.
func ask(s *Server, method, address string, form url.Values, cookies ...*http.Cookie) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, address, strings.NewReader(form.Encode()))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, c := range cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

// logIn returns the cookie of a new session.
func logIn(t *testing.T, s *Server, name string) *http.Cookie {
	t.Helper()
	w := ask(s, "POST", "/login", url.Values{"name": {name}, "password": {goodPassword}, "next": {"/runs"}})
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/runs" {
		t.Fatalf("login: %d %s", w.Code, w.Body)
	}
	c := w.Result().Cookies()[0]
	if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || len(c.Value) < 43 {
		t.Errorf("the cookie: %+v", c)
	}
	return c
}

func emptyStore(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "a.db") }

func admin() store.User {
	return store.User{Name: "boss", Password: access.Hash(goodPassword), Grants: []store.Grant{{Role: "admin"}}}
}

func TestLoggingInAndOut(t *testing.T) {
	s := withAccounts(t, emptyStore(t), admin())
	if w := ask(s, "GET", "/runs?pack=x", nil); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/login?next=%2Fruns%3Fpack%3Dx" {
		t.Errorf("without a login: %d %s", w.Code, w.Header())
	}
	if w := ask(s, "GET", "/api/v1/runs", nil); w.Code != http.StatusUnauthorized {
		t.Errorf("the interface without a login: %d", w.Code)
	}
	c := logIn(t, s, "BOSS")
	if w := ask(s, "GET", "/runs", nil, c); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `href="/account"`) {
		t.Errorf("logged in: %d", w.Code)
	}
	if w := ask(s, "GET", "/account", nil, c); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "管理员") {
		t.Errorf("account: %d", w.Code)
	}
	if w := ask(s, "POST", "/logout", nil, c); w.Code != http.StatusSeeOther {
		t.Errorf("logout: %d", w.Code)
	}
	if w := ask(s, "GET", "/runs", nil, c); w.Code != http.StatusSeeOther {
		t.Errorf("the cookie after logging out: %d", w.Code)
	}
	// Another site cannot log anybody in or out.
	r := httptest.NewRequest("POST", "/logout", nil)
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	w := httptest.NewRecorder()
	if s.ServeHTTP(w, r); w.Code != http.StatusForbidden {
		t.Errorf("cross-site: %d", w.Code)
	}
}

func TestAfterFiveWrongPasswordsOneHasToWait(t *testing.T) {
	s := withAccounts(t, emptyStore(t), admin())
	now := time.Now()
	s.Accounts.Now = func() time.Time { return now }
	try := func(name, password string) int {
		return ask(s, "POST", "/login", url.Values{"name": {name}, "password": {password}}).Code
	}
	for range 5 {
		if code := try("boss", "wrong password"); code != http.StatusUnauthorized {
			t.Fatal(code)
		}
	}
	if code := try("Boss", goodPassword); code != http.StatusTooManyRequests {
		t.Errorf("the sixth: %d", code)
	}
	// The count is in the store: another process knows it, and so does this one
	// after a restart.
	s.Accounts = &access.Accounts{DB: s.Accounts.DB, Now: s.Accounts.Now}
	if code := try("boss", goodPassword); code != http.StatusTooManyRequests {
		t.Errorf("after a restart: %d", code)
	}
	now = now.Add(31 * time.Second)
	if code := try("boss", goodPassword); code != http.StatusSeeOther {
		t.Errorf("after waiting: %d", code)
	}
	for i := range 29 {
		try("nobody"+itoa(i), "wrong password")
	}
	if code := try("boss", "wrong password"); code != http.StatusUnauthorized {
		t.Errorf("an address: %d", code)
	}
	if code := try("boss", goodPassword); code != http.StatusTooManyRequests {
		t.Errorf("an address after too many: %d", code)
	}
}

func TestAOneTimeLinkWorksOnce(t *testing.T) {
	s := withAccounts(t, emptyStore(t))
	token, err := s.Accounts.FirstAdmin(t.Context(), store.Actor{Name: "os", Via: "cli"})
	if err != nil || token == "" {
		t.Fatal(err)
	}
	again, err := s.Accounts.FirstAdmin(t.Context(), store.Actor{Name: "os", Via: "cli"})
	if err != nil || again == "" || again == token {
		t.Fatalf("a second start before anybody came: %q %v", again, err)
	}
	if w := ask(s, "GET", "/join/"+token, nil); w.Code != http.StatusNotFound {
		t.Errorf("the link of the first start: %d", w.Code)
	}
	for range 2 { // looking does not use it up
		if w := ask(s, "GET", "/join/"+again, nil); w.Code != http.StatusOK {
			t.Fatal(w.Code)
		}
	}
	for _, bad := range []url.Values{{"password": {"short"}, "again": {"short"}}, {"password": {goodPassword}, "again": {"other"}}, {"password": {"my-ADMIN-password"}, "again": {"my-ADMIN-password"}}} {
		if w := ask(s, "POST", "/join/"+again, bad); w.Code != http.StatusBadRequest {
			t.Errorf("%v: %d", bad, w.Code)
		}
	}
	good := url.Values{"password": {goodPassword}, "again": {goodPassword}}
	w := ask(s, "POST", "/join/"+again, good)
	if w.Code != http.StatusSeeOther || len(w.Result().Cookies()) == 0 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if got := ask(s, "GET", "/users", nil, w.Result().Cookies()[0]); got.Code != http.StatusOK {
		t.Errorf("the administrator: %d", got.Code)
	}
	if w := ask(s, "POST", "/join/"+again, good); w.Code != http.StatusNotFound {
		t.Errorf("the second time: %d", w.Code)
	}
	if token, err := s.Accounts.FirstAdmin(t.Context(), store.Actor{}); token != "" || err != nil {
		t.Errorf("a start when there is an administrator: %q %v", token, err)
	}
}

func TestAnotherPasswordEndsTheOtherLogins(t *testing.T) {
	s := withAccounts(t, emptyStore(t), admin())
	here, there := logIn(t, s, "boss"), logIn(t, s, "boss")
	w := ask(s, "POST", "/account", url.Values{"old": {goodPassword}, "password": {"another good one"}, "again": {"another good one"}}, here)
	if w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	for name, c := range map[string]*http.Cookie{"this": here, "the other": there} {
		if w := ask(s, "GET", "/account", nil, c); w.Code != http.StatusSeeOther {
			t.Errorf("the %s login of before: %d", name, w.Code)
		}
	}
	if w := ask(s, "GET", "/account", nil, w.Result().Cookies()[0]); w.Code != http.StatusOK {
		t.Errorf("the new login: %d", w.Code)
	}
}

func TestAnAdministratorMakesAndClosesAccounts(t *testing.T) {
	s := withAccounts(t, emptyStore(t), admin())
	c := logIn(t, s, "boss")
	w := ask(s, "POST", "/users", url.Values{"name": {"李四"}, "title": {evil}, "role": {"assessed"}, "subject": {"PA01"}}, c)
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "/join/") || strings.Contains(w.Body.String(), evil) {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	for name, form := range map[string]url.Values{
		"no unit":      {"name": {"a"}, "role": {"assessed"}},
		"no such role": {"name": {"a"}, "role": {"king"}},
		"bad name":     {"name": {"a b"}, "role": {"editor"}},
	} {
		if w := ask(s, "POST", "/users", form, c); w.Code != http.StatusBadRequest {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
	if w := ask(s, "GET", "/audit?action=create+user&from=2000-01-01&to=2999-01-01", nil, c); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "李四") || strings.Contains(w.Body.String(), ">登录</a>") {
		t.Errorf("the audit trail: %d", w.Code)
	}
	for _, do := range []string{"disable", "enable", "link"} {
		if w := ask(s, "POST", "/users/change", url.Values{"name": {"李四"}, "do": {do}}, c); w.Code >= 400 {
			t.Errorf("%s: %d %s", do, w.Code, w.Body)
		}
	}
	if w := ask(s, "POST", "/users/change", url.Values{"name": {"boss"}, "do": {"disable"}}, c); w.Code != http.StatusBadRequest {
		t.Errorf("closing one's own account: %d", w.Code)
	}
}

func TestOnlyOurAddressesFollowALogin(t *testing.T) {
	for in, want := range map[string]string{"/rank/x?y=1": "/rank/x?y=1", "": "/", "//evil.example": "/", "/\\evil.example": "/", "https://evil.example": "/", "/\t/evil.example": "/"} {
		if got := nextAddress(in); got != want {
			t.Errorf("%q leads to %q", in, got)
		}
	}
}
