package storetest

import (
	"errors"
	"testing"
	"time"

	"kaoping/engine"
	"kaoping/store"
)

func publicLinks(t *testing.T, url string) {
	db := Open(t, url)
	f := facts(t, db, store.Query{})
	saved := save(t, db, run(f), result(f.Snapshot, "85.5"))
	by, now := store.Actor{Name: "李", Via: "web"}, time.Now()
	want := store.Link{Run: saved.ID, Pack: saved.Pack, Period: saved.Period, Subject: "PA01", Expires: now.Add(time.Hour).UTC().Truncate(time.Microsecond)}
	made, token, err := db.CreateLink(t.Context(), want, by)
	if err != nil || made.ID == "" || len(token) < 26 {
		t.Fatalf("%+v %q %v", made, token, err)
	}
	got, err := Open(t, url).FindLink(t.Context(), token, now)
	if err != nil || got != made || got.Subject != "PA01" || !got.Expires.Equal(want.Expires) {
		t.Errorf("found %+v %v, made %+v", got, err, made)
	}
	for name, c := range map[string]struct {
		token string
		at    time.Time
	}{"another token": {token + "X", now}, "no token": {"", now}, "too late": {token, now.Add(2 * time.Hour)}} {
		if _, err := db.FindLink(t.Context(), c.token, c.at); !errors.Is(err, engine.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for range 2 { // the second time changes nothing
		if err := db.RevokeLink(t.Context(), made.ID, by); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := db.FindLink(t.Context(), token, now); !errors.Is(err, engine.ErrNotFound) {
		t.Errorf("revoked: %v", err)
	}
	list, err := db.Links(t.Context())
	if err != nil || len(list) != 1 || list[0].RevokedBy != "李" || list[0].Good(now) {
		t.Errorf("%+v %v", list, err)
	}
	want.Run = "R-999999"
	if _, _, err := db.CreateLink(t.Context(), want, by); !errors.Is(err, engine.ErrNotFound) {
		t.Errorf("a link to a run that is not there: %v", err)
	}
	if err := db.RevokeLink(t.Context(), "L-000099", by); !errors.Is(err, engine.ErrNotFound) {
		t.Errorf("revoke what is not there: %v", err)
	}
	entries, err := db.Audit(t.Context(), store.AuditQuery{Object: made.ID})
	if err != nil || len(entries) != 2 {
		t.Errorf("audit: %+v %v", entries, err)
	}
}
