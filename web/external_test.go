package web

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"kaoping/internal/access"
	"kaoping/store"
)

// provider speaks the part of OpenID Connect that the code flow needs, and signs
// its tokens.
type provider struct {
	*httptest.Server
	t      *testing.T
	key    *rsa.PrivateKey
	claims map[string]any // of the next token, over the right ones
	signer *rsa.PrivateKey
	// of the login under way
	nonce, challenge string
}

func newProvider(t *testing.T) *provider {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p := &provider{t: t, key: key, signer: key}
	mux := http.NewServeMux()
	answer := func(w http.ResponseWriter, v any) {
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(v); err != nil {
			t.Error(err)
		}
	}
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, map[string]any{"issuer": p.URL, "authorization_endpoint": p.URL + "/auth", "token_endpoint": p.URL + "/token",
			"jwks_uri": p.URL + "/keys", "id_token_signing_alg_values_supported": []string{"RS256"}})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &key.PublicKey, KeyID: "1", Algorithm: "RS256", Use: "sig"}}})
	})
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		id, secret, _ := r.BasicAuth()
		sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
		if id != "kaoping" || secret != "s3cret" || r.PostFormValue("code") != "good code" || base64.RawURLEncoding.EncodeToString(sum[:]) != p.challenge {
			w.WriteHeader(http.StatusBadRequest)
			answer(w, map[string]any{"error": "invalid_grant"})
			return
		}
		answer(w, map[string]any{"access_token": "a", "token_type": "Bearer", "id_token": p.token()})
	})
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

// token is the identity of 王 unless the test says otherwise.
func (p *provider) token() string {
	claims := map[string]any{"iss": p.URL, "sub": "4711", "aud": "kaoping", "nonce": p.nonce, "iat": time.Now().Unix(),
		"exp": time.Now().Add(time.Minute).Unix(), "preferred_username": "Wang", "name": "王", "groups": []string{"staff", "liaison"}}
	maps.Copy(claims, p.claims)
	text, err := json.Marshal(claims)
	if err != nil {
		p.t.Fatal(err)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: p.signer, KeyID: "1"}}, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	signed, err := signer.Sign(text)
	if err != nil {
		p.t.Fatal(err)
	}
	out, err := signed.CompactSerialize()
	if err != nil {
		p.t.Fatal(err)
	}
	return out
}

// with lets people log in at the provider.
func (p *provider) with(s *Server, groups ...access.GroupGrant) {
	s.Provider = &access.OIDC{Issuer: p.URL, ClientID: "kaoping", Secret: "s3cret", Redirect: "http://localhost/login/return",
		Scopes: []string{"profile"}, NameClaim: "preferred_username", GroupClaim: "groups", Groups: groups}
}

// begin goes to the provider; back is the address it would send the browser to.
func (p *provider) begin(s *Server) (attempt *http.Cookie, back string) {
	p.t.Helper()
	w := ask(s, "GET", "/login/external?next=/runs", nil)
	to, err := url.Parse(w.Header().Get("Location"))
	if err != nil || w.Code != http.StatusSeeOther || !strings.HasPrefix(to.String(), p.URL+"/auth?") {
		p.t.Fatalf("begin: %d %s %s", w.Code, w.Header(), w.Body)
	}
	asked := to.Query()
	if asked.Get("scope") != "openid profile" || asked.Get("code_challenge_method") != "S256" || asked.Get("redirect_uri") != "http://localhost/login/return" {
		p.t.Errorf("asks for %s", asked)
	}
	p.nonce, p.challenge = asked.Get("nonce"), asked.Get("code_challenge")
	attempt = w.Result().Cookies()[0]
	if !attempt.HttpOnly || attempt.Path != "/login/return" || attempt.MaxAge != 600 {
		p.t.Errorf("the cookie: %+v", attempt)
	}
	return attempt, "/login/return?code=good+code&state=" + url.QueryEscape(asked.Get("state"))
}

// come is the whole way; the cookie is empty if the login fails.
func (p *provider) come(s *Server) (*httptest.ResponseRecorder, *http.Cookie) {
	p.t.Helper()
	attempt, back := p.begin(s)
	w := ask(s, "GET", back, nil, attempt)
	for _, c := range w.Result().Cookies() {
		if c.Name == "kaoping_session" {
			return w, c
		}
	}
	return w, nil
}

func waiting(name, role string) store.User {
	return store.User{Name: name, Grants: []store.Grant{{Role: role}}, External: store.Expected(name)}
}

func TestAnExpectedAccountIsBoundAtItsFirstLogin(t *testing.T) {
	s := withAccounts(t, emptyStore(t), admin(), waiting("wang", "liaison"))
	p := newProvider(t)
	p.with(s)
	if w := ask(s, "GET", "/login?next=/runs", nil); !strings.Contains(w.Body.String(), `href="/login/external?next=%2Fruns"`) {
		t.Error("the page does not lead to the provider")
	}
	w, c := p.come(s)
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/runs" || c == nil {
		t.Fatalf("login: %d %s", w.Code, w.Body)
	}
	if w := ask(s, "GET", "/account", nil, c); !strings.Contains(w.Body.String(), "监管联络") {
		t.Errorf("account: %d %s", w.Code, w.Body)
	}
	u, err := s.Accounts.DB.FindUser(t.Context(), "wang")
	if err != nil || u.External != p.URL+" 4711" {
		t.Fatalf("bound to %q: %v", u.External, err)
	}
	// Somebody else who calls himself wang at the provider is not wang.
	p.claims = map[string]any{"sub": "4712"}
	if w, c := p.come(s); w.Code != http.StatusUnauthorized || c != nil || !strings.Contains(w.Body.String(), "没有账号 wang") {
		t.Errorf("another subject: %d %s", w.Code, w.Body)
	}
	// The same subject is, whatever it is called now.
	p.claims = map[string]any{"preferred_username": "wang-li"}
	if _, c := p.come(s); c == nil {
		t.Error("renamed at the provider: kept out")
	}
	// A local account is never taken over.
	p.claims = map[string]any{"sub": "1", "preferred_username": "boss"}
	if _, c := p.come(s); c != nil {
		t.Error("took over an account with a password")
	}
	if err := s.Accounts.DB.DisableUser(t.Context(), "wang", true, store.Actor{Name: "boss"}); err != nil {
		t.Fatal(err)
	}
	p.claims = nil
	if w, c := p.come(s); c != nil || !strings.Contains(w.Body.String(), "已停用") {
		t.Errorf("disabled: %d", w.Code)
	}
	if _, bad, err := s.Accounts.DB.VerifyAudit(t.Context(), store.ChainHead{}); err != nil || bad != nil {
		t.Error(bad, err)
	}
}

func TestGroupsOfTheProviderGiveRoles(t *testing.T) {
	s := withAccounts(t, emptyStore(t), admin())
	p := newProvider(t)
	p.with(s, access.GroupGrant{Group: "liaison", Grant: store.Grant{Role: "liaison"}}, access.GroupGrant{Group: "board", Grant: store.Grant{Role: "management"}})
	roles := func() string {
		u, err := s.Accounts.DB.FindUser(t.Context(), "wang")
		if err != nil {
			return "none"
		}
		var out []string
		for _, g := range u.Grants {
			out = append(out, g.Role)
		}
		return strings.Join(out, " ")
	}
	for _, step := range []struct {
		groups any
		in     bool
		roles  string
	}{
		{[]string{"staff"}, false, "none"},
		{[]string{"staff", "liaison"}, true, "liaison"},
		{[]string{"liaison", "board"}, true, "liaison management"},
		{"board", true, "management"},
		{[]string{}, false, "management"},
		{nil, false, "management"},
	} {
		p.claims = map[string]any{"groups": step.groups}
		if w, c := p.come(s); (c != nil) != step.in {
			t.Errorf("%v: %d", step.groups, w.Code)
		}
		if got := roles(); got != step.roles {
			t.Errorf("%v: roles %s, want %s", step.groups, got, step.roles)
		}
	}
	p.claims = map[string]any{"sub": "1", "preferred_username": "boss", "groups": "board"}
	if w, c := p.come(s); c != nil || !strings.Contains(w.Body.String(), "占用") {
		t.Errorf("the name of a local account: %d", w.Code)
	}
}

func TestTokensThatDoNotFitAreRefused(t *testing.T) {
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(p *provider){
		"nonce of another login": func(p *provider) { p.claims = map[string]any{"nonce": "x"} },
		"no nonce":               func(p *provider) { p.claims = map[string]any{"nonce": nil} },
		"for another program":    func(p *provider) { p.claims = map[string]any{"aud": "other"} },
		"of another provider":    func(p *provider) { p.claims = map[string]any{"iss": "https://evil.example"} },
		"expired":                func(p *provider) { p.claims = map[string]any{"exp": time.Now().Add(-time.Hour).Unix()} },
		"signed by another":      func(p *provider) { p.signer = other },
		"no name":                func(p *provider) { p.claims = map[string]any{"preferred_username": nil} },
		"a name with markup":     func(p *provider) { p.claims = map[string]any{"preferred_username": "<b>wang"} },
	} {
		t.Run(name, func(t *testing.T) {
			s := withAccounts(t, emptyStore(t), waiting("wang", "liaison"))
			p := newProvider(t)
			p.with(s)
			change(p)
			w, c := p.come(s)
			if w.Code != http.StatusUnauthorized || c != nil || !strings.Contains(w.Body.String(), `role="alert"`) || strings.Contains(w.Body.String(), "<b>") {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		})
	}
}

func TestALoginComesBackToTheBrowserThatBeganIt(t *testing.T) {
	s := withAccounts(t, emptyStore(t), waiting("wang", "liaison"))
	p := newProvider(t)
	p.with(s)
	attempt, back := p.begin(s)
	otherAttempt, _ := p.begin(s)
	p.begin(s) // the provider knows only the last one's challenge
	for name, w := range map[string]*httptest.ResponseRecorder{
		"no cookie":         ask(s, "GET", back, nil),
		"another's cookie":  ask(s, "GET", back, nil, otherAttempt),
		"no state":          ask(s, "GET", "/login/return?code=good+code", nil, attempt),
		"not a cookie":      ask(s, "GET", back, nil, &http.Cookie{Name: attempt.Name, Value: "x"}),
		"another challenge": ask(s, "GET", back, nil, attempt),
		"said no":           ask(s, "GET", back+"&error=access_denied", nil, attempt),
	} {
		if w.Code != http.StatusUnauthorized || strings.Contains(w.Header().Get("Set-Cookie"), "kaoping_session") {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
}

func TestAProviderThatIsDownIsSaidPlainly(t *testing.T) {
	s := withAccounts(t, emptyStore(t), admin())
	p := newProvider(t)
	p.with(s)
	p.Close()
	w := ask(s, "GET", "/login/external", nil)
	if w.Code != http.StatusUnauthorized || !strings.Contains(w.Body.String(), "没有正常应答") || !strings.Contains(w.Body.String(), `name="password"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	logIn(t, s, "boss")
	s.Provider = nil
	if w := ask(s, "GET", "/login/external", nil); w.Code != http.StatusNotFound {
		t.Errorf("none configured: %d", w.Code)
	}
}
