package storetest

import (
	"errors"
	"slices"
	"testing"
	"time"

	"kaoping/engine"
	"kaoping/store"
)

func accounts(t *testing.T, url string) {
	db, ctx, now := Open(t, url), t.Context(), time.Now().UTC()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	gone := func(what string, err error) {
		t.Helper()
		if !errors.Is(err, engine.ErrNotFound) {
			t.Errorf("%s: %v", what, err)
		}
	}
	grants := []store.Grant{{Role: "assessed", Pack: "p", Subject: "PA01"}, {Role: "editor"}}
	must(db.CreateUser(ctx, store.User{Name: "Wang", Title: "王", Grants: grants}, liu))
	if err := db.CreateUser(ctx, store.User{Name: "wang"}, liu); !errors.Is(err, engine.ErrConflict) {
		t.Errorf("the same name in another case: %v", err)
	}
	u, err := db.FindUser(ctx, "WANG")
	if err != nil || u.Name != "wang" || u.Title != "王" || !slices.Equal(u.Grants, grants) || !u.Good() {
		t.Fatalf("%+v %v", u, err)
	}
	_, err = db.FindUser(ctx, "nobody")
	gone("an account that is not there", err)
	_, err = db.FindExternal(ctx, "")
	gone("no external identity", err)

	// An account that waits for its first login by OpenID Connect is bound once.
	_, err = db.BindExternal(ctx, "wang", "https://login 1", liu)
	gone("binding a local account", err)
	must(db.CreateUser(ctx, store.User{Name: "Li", External: store.Expected("Li")}, liu))
	bound, err := db.BindExternal(ctx, "LI", "https://login 1", liu)
	if err != nil || bound.Name != "li" || bound.External != "https://login 1" {
		t.Errorf("%+v %v", bound, err)
	}
	_, err = db.BindExternal(ctx, "li", "https://login 2", liu)
	gone("binding twice", err)
	if bound, err = db.FindExternal(ctx, "https://login 1"); err != nil || bound.Name != "li" {
		t.Errorf("%+v %v", bound, err)
	}
	if err := db.CreateUser(ctx, store.User{Name: "other", External: "https://login 1"}, liu); !errors.Is(err, engine.ErrConflict) {
		t.Errorf("an identity that is bound already: %v", err)
	}
	must(db.ExpectExternal(ctx, "li", liu))
	_, err = db.FindExternal(ctx, "https://login 1")
	gone("an identity that was forgotten", err)

	// One-time links: the newer one replaces the older one and works once.
	old, err := db.CreateTicket(ctx, "wang", now.Add(time.Hour), liu)
	must(err)
	ticket, err := db.CreateTicket(ctx, "wang", now.Add(time.Hour), liu)
	must(err)
	_, err = db.FindTicket(ctx, old, now)
	gone("a replaced link", err)
	_, err = db.FindTicket(ctx, ticket, now.Add(time.Hour))
	gone("a link that has expired", err)
	name, err := db.FindTicket(ctx, ticket, now)
	if err != nil || name != "wang" {
		t.Fatal(name, err)
	}
	_, err = db.UseTicket(ctx, ticket, "hash1", now.Add(2*time.Hour), liu)
	gone("using an expired link", err)
	if name, err = db.UseTicket(ctx, ticket, "hash1", now, liu); err != nil || name != "wang" {
		t.Fatal(name, err)
	}
	_, err = db.UseTicket(ctx, ticket, "hash2", now, liu)
	gone("using a link twice", err)

	// Sessions end by time, by idleness, by logging out, by another password and
	// with the account.
	login := func() string {
		t.Helper()
		token, err := db.CreateSession(ctx, "wang", now, now.Add(10*time.Hour), store.Actor{Name: "wang", Via: "web", From: "10.0.0.1"})
		must(err)
		return token
	}
	session := func(token string, at time.Time) error {
		_, err := db.FindSession(ctx, token, at, time.Hour)
		return err
	}
	token := login()
	must(session(token, now.Add(30*time.Minute)))
	must(session(token, now.Add(80*time.Minute)))
	gone("an idle session", session(token, now.Add(141*time.Minute)))
	for at := 2 * time.Hour; at < 10*time.Hour; at += 20 * time.Minute {
		must(session(token, now.Add(at)))
	}
	gone("an old session", session(token, now.Add(10*time.Hour)))
	gone("another token", session(token+"x", now))
	must(db.EndSession(ctx, token, liu))
	gone("after logging out", session(token, now))
	token = login()
	must(db.UpgradePassword(ctx, "wang", "hash1", "hash1b"))
	must(session(token, now))
	must(db.SetPassword(ctx, "wang", "hash2", liu))
	gone("after another password", session(token, now))
	must(db.UpgradePassword(ctx, "wang", "hash1b", "stale"))
	if u, err = db.FindUser(ctx, "wang"); err != nil || u.Password != "hash2" {
		t.Errorf("an upgrade undid a change: %q %v", u.Password, err)
	}

	made, secret, err := db.CreateToken(ctx, store.Token{Name: "wang", Purpose: "试", Grants: grants[:1], Expires: now.Add(time.Hour)}, liu)
	must(err)
	got, owner, err := db.FindToken(ctx, secret, now)
	if err != nil || got.ID() != made.ID() || !slices.Equal(got.Grants, grants[:1]) || owner.Name != "wang" {
		t.Errorf("%+v %+v %v", got, owner, err)
	}
	_, _, err = db.FindToken(ctx, secret, now.Add(time.Hour))
	gone("an expired token", err)
	token = login()
	must(db.DisableUser(ctx, "wang", true, liu))
	gone("a disabled account's session", session(token, now))
	_, _, err = db.FindToken(ctx, secret, now)
	gone("a disabled account's token", err)
	must(db.DisableUser(ctx, "wang", false, liu))
	gone("the session of before", session(token, now))
	must(db.RevokeToken(ctx, made.ID(), liu))
	must(db.RevokeToken(ctx, made.ID(), liu))
	_, _, err = db.FindToken(ctx, secret, now)
	gone("a revoked token", err)
	gone("a token that is not there", db.RevokeToken(ctx, "T-000099", liu))
	must(db.SetGrants(ctx, "wang", nil, liu))
	if u, err = db.FindUser(ctx, "wang"); err != nil || len(u.Grants) != 0 {
		t.Errorf("%+v %v", u, err)
	}
	entries, err := db.Audit(ctx, store.AuditQuery{Object: "wang"})
	must(err)
	for _, want := range []string{"create user", "make one-time link", "set password", "log in", "change roles", "disable user", "enable user", "create token"} {
		if !slices.ContainsFunc(entries, func(e store.AuditEntry) bool { return e.Action == want }) {
			t.Errorf("%q is not in the audit trail", want)
		}
	}
}

func failedLogins(t *testing.T, url string) {
	db, ctx, now := Open(t, url), t.Context(), time.Now().UTC()
	for i := range 3 {
		if err := db.CountFailure(ctx, "account wang", now, now.Add(-time.Hour)); err != nil {
			t.Fatal(err)
		}
		if n, last, err := Open(t, url).Failures(ctx, "account wang"); n != i+1 || err != nil || last.IsZero() {
			t.Errorf("%d %v %v", n, last, err)
		}
	}
	// What is long past does not count any more.
	if err := db.CountFailure(ctx, "account wang", now.Add(2*time.Hour), now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if n, _, err := db.Failures(ctx, "account wang"); n != 1 || err != nil {
		t.Error(n, err)
	}
	if err := db.ForgetFailures(ctx, "account wang"); err != nil {
		t.Fatal(err)
	}
	if n, _, err := db.Failures(ctx, "account wang"); n != 0 || err != nil {
		t.Error(n, err)
	}
}
