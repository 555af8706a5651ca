package storetest

import (
	"bytes"
	"errors"
	"testing"

	"kaoping/engine"
	"kaoping/store"
)

// byDigest finds a result that others rest on again after its period was run
// once more.
func byDigest(t *testing.T, url string) {
	db := Open(t, url)
	f := facts(t, db, store.Query{})
	if _, there, err := db.Newest(t.Context(), "甲办法", period("2025H1")); err != nil || there {
		t.Errorf("before any run: %t, %v", there, err)
	}
	want := result(f.Snapshot, "80")
	want.Past = []engine.PastUse{
		{Use: engine.UseScorecards, Pack: "乙办法", Period: period("2024"), Digest: "ab"},
		{Use: engine.UseFigures, Pack: "甲办法", Period: period("2024H1")},
	}
	first := save(t, db, run(f), want)
	second := save(t, db, run(f), result(f.Snapshot, "81"))
	found, got, err := db.FindDigest(t.Context(), "甲办法", period("2025H1"), first.Digest)
	if err != nil || found != first || !bytes.Equal(got.Canonical(), want.Canonical()) {
		t.Errorf("found %+v, %v", found, err)
	}
	if newest, there, err := db.Newest(t.Context(), "甲办法", period("2025H1")); err != nil || !there || newest != second {
		t.Errorf("newest %+v, %t, %v", newest, there, err)
	}
	third := save(t, db, run(f), want) // the same result once more: the newest of the two counts
	if found, _, err := db.FindDigest(t.Context(), "甲办法", period("2025H1"), first.Digest); err != nil || found != third {
		t.Errorf("found %+v, %v", found, err)
	}
	for _, wrong := range []struct{ pack, period, digest string }{
		{"乙办法", "2025H1", first.Digest}, {"甲办法", "2025", first.Digest}, {"甲办法", "2025H1", "00"},
	} {
		if _, _, err := db.FindDigest(t.Context(), wrong.pack, period(wrong.period), wrong.digest); !errors.Is(err, engine.ErrNotFound) {
			t.Errorf("%v: %v", wrong, err)
		}
	}
}
