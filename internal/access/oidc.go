package access

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"kaoping/engine"
	"kaoping/store"
)

// How long a provider may take to answer, and how much it may say.
const (
	providerTimeout = 10 * time.Second
	providerBytes   = 1 << 20
)

// OIDC is a provider of OpenID Connect that vouches for people: authorization code
// flow with PKCE, state and nonce. Its other fields must not change once it is used.
type OIDC struct {
	Issuer   string // its address, as its tokens name it
	ClientID string
	Secret   string // of this program at the provider; empty for a public client
	Redirect string // address of /login/return as browsers reach it
	Scopes   []string
	// NameClaim is the claim that becomes the name of the account. People must not
	// be able to choose it themselves.
	NameClaim string
	// GroupClaim is the claim that lists a person's groups at the provider.
	GroupClaim string
	// Groups say which roles members of a group have. If there are any, the
	// provider alone decides on roles: at each login they are set anew, and who is
	// in none of the groups stays out.
	Groups []GroupGrant

	mu       sync.Mutex
	provider *oidc.Provider
}

// GroupGrant gives a role to the members of a group.
type GroupGrant struct {
	Group string
	Grant store.Grant
}

// Attempt is a login under way. The browser that began it keeps it.
type Attempt struct {
	State, Nonce, Verifier string
	Next                   string // where to go afterwards
}

// Identity is a person as the provider knows them.
type Identity struct {
	External string // issuer and subject: what an account is bound to
	Name     string // for the account, in lower case
	Title    string
	Groups   []string
}

// discover asks the provider for its addresses and keys, once it is needed: a
// provider that is down does not keep the program from starting.
func (o *OIDC) discover(ctx context.Context) (context.Context, *oidc.Provider, error) {
	client := &http.Client{Timeout: providerTimeout, Transport: bounded{}}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.provider == nil {
		// The keys are fetched again long after this request.
		p, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), client), o.Issuer)
		if err != nil {
			return ctx, nil, o.unreachable(err)
		}
		o.provider = p
	}
	return oidc.ClientContext(ctx, client), o.provider, nil
}

func (o *OIDC) oauth(p *oidc.Provider) *oauth2.Config {
	return &oauth2.Config{ClientID: o.ClientID, ClientSecret: o.Secret, Endpoint: p.Endpoint(), RedirectURL: o.Redirect,
		Scopes: slices.Concat([]string{oidc.ScopeOpenID}, o.Scopes)}
}

// Begin returns where the browser is sent, and what it has to keep meanwhile.
func (o *OIDC) Begin(ctx context.Context, next string) (string, Attempt, error) {
	_, p, err := o.discover(ctx)
	if err != nil {
		return "", Attempt{}, err
	}
	a := Attempt{State: oauth2.GenerateVerifier(), Nonce: oauth2.GenerateVerifier(), Verifier: oauth2.GenerateVerifier(), Next: next}
	return o.oauth(p).AuthCodeURL(a.State, oidc.Nonce(a.Nonce), oauth2.S256ChallengeOption(a.Verifier)), a, nil
}

// Finish exchanges the code that the browser brings back for the identity of its
// owner. Whatever does not fit is a *Refused.
func (o *OIDC) Finish(ctx context.Context, a Attempt, query url.Values) (Identity, error) {
	if a.State == "" || subtle.ConstantTimeCompare([]byte(a.State), []byte(query.Get("state"))) != 1 {
		return Identity{}, &Refused{engine.Text{ZH: "这次登录已过期,或者不是在这个浏览器里开始的,请重新登录。", EN: "This login has expired or was not begun in this browser; log in again."}}
	}
	if e := query.Get("error"); e != "" {
		return Identity{}, o.refused(fmt.Errorf("%.200s: %.200s", e, query.Get("error_description")))
	}
	ctx, p, err := o.discover(ctx)
	if err != nil {
		return Identity{}, err
	}
	token, err := o.oauth(p).Exchange(ctx, query.Get("code"), oauth2.VerifierOption(a.Verifier))
	if said := (*oauth2.RetrieveError)(nil); errors.As(err, &said) {
		return Identity{}, o.refused(err)
	}
	if err != nil {
		return Identity{}, o.unreachable(err)
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := p.VerifierContext(ctx, &oidc.Config{ClientID: o.ClientID}).Verify(ctx, raw)
	if err != nil {
		return Identity{}, o.refused(err)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(a.Nonce)) != 1 {
		return Identity{}, o.refused(errors.New("nonce"))
	}
	return o.identity(id)
}

// identity reads what the account needs out of a token that was verified.
func (o *OIDC) identity(id *oidc.IDToken) (Identity, error) {
	var claims map[string]any
	if err := id.Claims(&claims); err != nil {
		return Identity{}, o.refused(err)
	}
	name, _ := claims[o.NameClaim].(string)
	title, _ := claims["name"].(string)
	who := Identity{External: id.Issuer + " " + id.Subject, Name: strings.ToLower(strings.TrimSpace(name)), Title: strings.TrimSpace(title)}
	if wrong := CheckName(who.Name); wrong != nil {
		return Identity{}, &Refused{engine.Text{
			ZH: fmt.Sprintf("统一登录给出的 %s 是 %.80q,不能用作账号名。%s", o.NameClaim, name, wrong.ZH),
			EN: fmt.Sprintf("The provider says %s is %.80q, which cannot be the name of an account. %s", o.NameClaim, name, wrong.EN),
		}}
	}
	switch groups := claims[o.GroupClaim].(type) {
	case string:
		who.Groups = []string{groups}
	case []any:
		for _, g := range groups {
			if s, ok := g.(string); ok {
				who.Groups = append(who.Groups, s)
			}
		}
	}
	return who, nil
}

// grants are the roles that a person's groups give.
func (o *OIDC) grants(groups []string) []store.Grant {
	var list []store.Grant
	for _, g := range o.Groups {
		if slices.Contains(groups, g.Group) && !slices.Contains(list, g.Grant) {
			list = append(list, g.Grant)
		}
	}
	return list
}

func (o *OIDC) unreachable(err error) error {
	return &Refused{engine.Text{
		ZH: fmt.Sprintf("统一登录服务 %s 没有正常应答:%v。\n请稍后再试;有本地口令的账号仍可用口令登录。", o.Issuer, err),
		EN: fmt.Sprintf("The login service %s does not answer as it should: %v.\nTry again later; accounts with a password can log in with it meanwhile.", o.Issuer, err),
	}}
}

func (o *OIDC) refused(err error) error {
	return &Refused{engine.Text{
		ZH: fmt.Sprintf("统一登录没有成功:%v。请重新登录。", err),
		EN: fmt.Sprintf("Logging in with your organisation failed: %v. Log in again.", err),
	}}
}

// Vouched logs in whom the provider vouches for. An account that waits for its
// first login is bound to the identity; with groups, accounts are made and their
// roles set as the groups say.
func (a *Accounts) Vouched(ctx context.Context, o *OIDC, who Identity, address string) (string, error) {
	by := store.Actor{Name: who.Name, Via: "web", From: address}
	u, err := a.account(ctx, o, who, by)
	if refused := (*Refused)(nil); errors.As(err, &refused) {
		return "", errors.Join(err, a.DB.Note(ctx, by, "failed login", who.Name, map[string]string{"external": who.External}))
	}
	if err != nil {
		return "", err
	}
	return a.Begin(ctx, u.Name, address)
}

// account finds, binds or makes the account of an identity.
func (a *Accounts) account(ctx context.Context, o *OIDC, who Identity, by store.Actor) (store.User, error) {
	grants := o.grants(who.Groups)
	u, err := a.DB.FindExternal(ctx, who.External)
	if errors.Is(err, engine.ErrNotFound) {
		u, err = a.DB.BindExternal(ctx, who.Name, who.External, by)
	}
	switch {
	case err == nil && !u.Good():
		return u, &Refused{engine.Text{ZH: "账号 " + u.Name + " 已停用。", EN: "The account " + u.Name + " is disabled."}}
	case len(o.Groups) > 0 && grants == nil && (err == nil || errors.Is(err, engine.ErrNotFound)):
		return u, &Refused{engine.Text{
			ZH: "您不在任何可以使用本系统的用户组中。请联系管理员。",
			EN: "You are in none of the groups that may use this program. Ask an administrator.",
		}}
	case errors.Is(err, engine.ErrNotFound) && grants != nil:
		u = store.User{Name: who.Name, Title: who.Title, Grants: grants, External: who.External}
		if err := a.DB.CreateUser(ctx, u, by); errors.Is(err, engine.ErrConflict) {
			return u, taken(who.Name)
		} else {
			return u, err
		}
	case errors.Is(err, engine.ErrNotFound):
		return u, &Refused{engine.Text{
			ZH: fmt.Sprintf("没有账号 %s。请管理员执行:kaoping user add %s --oidc --role 角色", who.Name, who.Name),
			EN: fmt.Sprintf("There is no account %s. An administrator makes one with: kaoping user add %s --oidc --role ROLE", who.Name, who.Name),
		}}
	case err != nil || grants == nil || slices.Equal(u.Grants, grants):
		return u, err
	}
	return u, a.DB.SetGrants(ctx, u.Name, grants, by)
}

// taken says that another identity or a local account has the name.
func taken(name string) error {
	return &Refused{engine.Text{
		ZH: fmt.Sprintf("账号名 %s 已被另一个账号占用(口令登录,或绑定了另一个身份)。请联系管理员。", name),
		EN: fmt.Sprintf("The name %s belongs to another account (one with a password, or bound to another identity). Ask an administrator.", name),
	}}
}

// bounded lets no answer of the provider fill the memory.
type bounded struct{}

// RoundTrip implements http.RoundTripper.
func (bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err == nil {
		answer.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(answer.Body, providerBytes), answer.Body}
	}
	return answer, err
}
