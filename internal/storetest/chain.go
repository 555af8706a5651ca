package storetest

import (
	"database/sql"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"kaoping/store"
)

// raw opens the database of a store beside it, as somebody with its password or
// its file could.
func raw(t *testing.T, address string) (*sql.DB, func(query string)) {
	t.Helper()
	driver, dsn := "postgres", address
	if file, ok := strings.CutPrefix(address, "sqlite:"); ok {
		driver, dsn = "sqlite", (&url.URL{Scheme: "file", OmitHost: true, Path: file}).String()
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db, func(query string) {
		t.Helper()
		if _, err := db.Exec(query); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	}
}

func auditChain(t *testing.T, address string) {
	db := Open(t, address)
	for i := range 6 {
		if err := db.Note(t.Context(), liu, "try", fmt.Sprint("o", i), map[string]string{"n": fmt.Sprint(i)}); err != nil {
			t.Fatal(err)
		}
	}
	verify := func(kept store.ChainHead, want ...store.Tampering) store.ChainHead {
		t.Helper()
		head, got, err := db.VerifyAudit(t.Context(), kept)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("found %v %v, want %v", got, err, want)
		}
		return head
	}
	head := verify(store.ChainHead{})
	if head.Number != 6 || len(head.Hash) != 64 {
		t.Fatalf("%+v", head)
	}
	verify(head)
	verify(store.ChainHead{Number: 4, Hash: head.Hash}, store.Tampering{Number: 4, Kind: "changed"})
	verify(store.ChainHead{Number: 7, Hash: head.Hash}, store.Tampering{Number: 7, Kind: "deleted"})

	other, exec := raw(t, address)
	for _, table := range []string{"audit", "audit_chain"} {
		for _, query := range []string{"UPDATE " + table + " SET number = 99 WHERE number = 2", "DELETE FROM " + table + " WHERE number = 2"} {
			if _, err := other.Exec(query); err == nil {
				t.Errorf("%s is not refused", query)
			}
		}
	}
	if strings.HasPrefix(address, "sqlite:") {
		for _, name := range []string{"audit_is_never_changed", "audit_is_never_deleted", "audit_chain_is_never_changed", "audit_chain_is_never_deleted"} {
			exec("DROP TRIGGER " + name)
		}
	} else {
		if _, err := other.Exec("TRUNCATE audit"); err == nil {
			t.Error("TRUNCATE is not refused")
		}
		exec("ALTER TABLE audit DISABLE TRIGGER USER")
		exec("ALTER TABLE audit_chain DISABLE TRIGGER USER")
	}
	exec("UPDATE audit SET actor = '别人' WHERE number = 2")
	verify(head, store.Tampering{Number: 2, Kind: "changed"})
	exec("DELETE FROM audit WHERE number = 4")
	verify(head, store.Tampering{Number: 2, Kind: "changed"}, store.Tampering{Number: 4, Kind: "deleted"})
	exec("DELETE FROM audit_chain WHERE number = 4")
	verify(head, store.Tampering{Number: 2, Kind: "changed"}, store.Tampering{Number: 4, Kind: "deleted"})
	exec("INSERT INTO audit (number, at, actor, via, action, object, details) VALUES (7, '2025-01-01T00:00:00.000000Z', 'x', 'cli', 'load', 'B-1', '{}')")
	verify(head, store.Tampering{Number: 2, Kind: "changed"}, store.Tampering{Number: 4, Kind: "deleted"}, store.Tampering{Number: 7, Kind: "inserted"})
	exec("DELETE FROM audit WHERE number >= 6")
	verify(head, store.Tampering{Number: 2, Kind: "changed"}, store.Tampering{Number: 4, Kind: "deleted"}, store.Tampering{Number: 6, Kind: "deleted"})
}
