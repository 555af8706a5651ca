// Package storetest is the one suite that every database must pass. It lets a
// store be compared, fact by fact, with what was put into it.
package storetest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/engine/formula"
	"kaoping/store"
)

// Exercise runs the suite. fresh makes an empty database and returns its URL.
func Exercise(t *testing.T, fresh func(t *testing.T) string) {
	for _, test := range []struct {
		name string
		run  func(t *testing.T, url string)
	}{
		{"every kind of fact comes back as it was loaded", roundTrip},
		{"a figure of a thousand digits comes back exactly", hugeNumbers},
		{"a number that could not be read back is refused", endlessNumbers},
		{"the same file twice changes nothing", sameFileTwice},
		{"the same file read in another way is another load", sameFileOtherFacts},
		{"an undone file can be loaded again", undoneFileAgain},
		{"a correction is a new version", corrections},
		{"a record that moves to another period leaves the first", movedRecord},
		{"equal records without a key are counted each, but once over all files", recordsWithoutKey},
		{"a fact that two files deliver survives the undoing of either", undoOfEither},
		{"a file in another order confirms every row", confirmedInAnyOrder},
		{"rows that contradict each other are refused", contradiction},
		{"texts that cannot be stored are refused", badText},
		{"packs do not see each other", twoPacks},
		{"loads and undos in any order agree with a simple model", againstModel},
		{"a snapshot gives the same facts for ever", snapshots},
		{"what was live at an instant can be asked later", asOf},
		{"undoing what is not there or is undone already is an error", badUndo},
		{"a run comes back byte for byte", runRoundTrip},
		{"the same result makes no new revision, another one does", revisions},
		{"a run without its snapshot is refused whole", runWithoutSnapshot},
		{"a result that others rest on is found by its digest", byDigest},
		{"two processes save runs at once", concurrentRuns},
		{"two processes load different files at once", concurrentLoads},
		{"two processes load the same file at once", sameFileAtOnce},
		{"processes create the same account at once", sameAccountAtOnce},
		{"a cancelled load leaves nothing", cancelledLoad},
		{"everything is in the audit trail, which cannot be changed", auditTrail},
		{"a job has one holder at a time", oneHolder},
		{"a holder that was taken over can store nothing", takenOver},
		{"a clock that was set back does not keep a job locked or do it twice", clockSetBack},
		{"what a job did comes back, and is in the audit trail", jobHistory},
		{"a public link is found by its token until it expires or is revoked", publicLinks},
		{"a changed, deleted or inserted entry of the audit trail is found", auditChain},
		{"accounts, sessions, one-time links and tokens", accounts},
		{"failed logins are counted until one succeeds", failedLogins},
		{"a recipient is told of an event once", outbox},
		{"a store is opened by several processes at once", openAtOnce},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, fresh(t)) })
	}
}

var liu = store.Actor{Name: "刘", Via: "cli"}

// Open opens a store and closes it at the end of the test.
func Open(t *testing.T, url string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// batch is a load of a file whose content is the name and the facts.
func batch(file string, fill func(*engine.Batch)) *engine.Batch {
	b := &engine.Batch{Pack: "甲办法", Target: "统计数据", File: file, Encoding: "UTF-8"}
	if fill != nil {
		fill(b)
	}
	sum := sha256.Sum256([]byte(file))
	b.Digest = hex.EncodeToString(sum[:])
	b.Rows = len(b.Subjects) + len(b.Figures) + len(b.Records) + len(b.Judgements)
	return b
}

// figures is a load of figures "PA01 保费 2025H1 = 12", one a line, with the
// numbers of the lines as places.
func figures(file string, lines ...string) *engine.Batch {
	return batch(file, func(b *engine.Batch) {
		for i, line := range lines {
			parts := strings.Fields(line)
			b.Figures = append(b.Figures, engine.Figure{
				Subject: parts[0], Statistic: parts[1], Period: period(parts[2]), Value: num(parts[4]),
				Origin: engine.Origin{Row: i + 2, Column: parts[1]},
			})
		}
	})
}

func period(s string) engine.Period {
	p, err := engine.ParsePeriod(s)
	if err != nil {
		panic(err)
	}
	return p
}

func date(s string) engine.Date {
	d, err := engine.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func num(s string) exact.Num {
	n, err := exact.Parse(s)
	if err != nil {
		panic(err)
	}
	return n
}

func load(t *testing.T, db *store.DB, b *engine.Batch) store.BatchInfo {
	t.Helper()
	info, err := db.CreateBatch(t.Context(), b, liu)
	if err != nil {
		t.Fatal(err)
	}
	return info
}

func undo(t *testing.T, db *store.DB, id string) {
	t.Helper()
	if err := db.UndoBatch(t.Context(), id, liu, "重报"); err != nil {
		t.Fatal(err)
	}
}

func facts(t *testing.T, db *store.DB, q store.Query) *engine.Facts {
	t.Helper()
	if q.Pack == "" {
		q.Pack = "甲办法"
	}
	f, err := db.Facts(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// lines writes facts as sorted texts, the places included if asked for.
func lines(f *engine.Facts, places bool) []string {
	var out []string
	put := func(o engine.Origin, format string, args ...any) {
		line := fmt.Sprintf(format, args...)
		if places {
			line += fmt.Sprintf(" @%s %s:%d %s", o.Batch, o.File, o.Row, o.Column)
		}
		out = append(out, line)
	}
	for _, s := range f.Subjects {
		put(s.Origin, "subject %s|%s|%s|%s|%s|%s|%s|%s|%s", s.Code, s.Name, s.ShortName, s.PeerGroup, s.Type, s.Parent, s.Opened, s.ValidFrom, valuesText(s.Attributes))
	}
	for _, x := range f.Figures {
		put(x.Origin, "%s %s %s = %s", x.Subject, x.Statistic, x.Period, x.Value)
	}
	for _, r := range f.Records {
		put(r.Origin, "record %s|%s|%s|%s|%d|%s", r.Register, r.Subject, r.Key, r.Date, r.Times, valuesText(r.Fields))
	}
	for _, j := range f.Judgements {
		put(j.Origin, "judgement %s|%s|%s|%s|%s|%s|%s|%s|%s", j.Subject, j.Period, j.Indicator, j.Line, j.Answer, j.Reason, j.Evidence, j.Scorer, j.Reviewer)
	}
	for _, c := range f.Covered {
		put(engine.Origin{}, "covered %s|%s|%s|%s", c.Register, c.Subject, c.First, c.Last)
	}
	slices.Sort(out)
	return out
}

func valuesText(values map[string]formula.Value) string {
	var out []string
	for id, v := range values {
		out = append(out, fmt.Sprintf("%s:%d/%s/%q/%t/%t", id, v.Status, v.Num, v.Text, v.Bool, v.Null))
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

// given writes what a batch holds as lines does for what comes back.
func given(b *engine.Batch, id string) []string {
	f := &engine.Facts{
		Subjects: slices.Clone(b.Subjects), Figures: slices.Clone(b.Figures),
		Records: slices.Clone(b.Records), Judgements: slices.Clone(b.Judgements), Covered: b.Covered,
	}
	at := func(o *engine.Origin) { o.Batch, o.File = id, b.File }
	for i := range f.Subjects {
		at(&f.Subjects[i].Origin)
	}
	for i := range f.Figures {
		at(&f.Figures[i].Origin)
	}
	for i := range f.Records {
		at(&f.Records[i].Origin)
	}
	for i := range f.Judgements {
		at(&f.Judgements[i].Origin)
	}
	return lines(f, true)
}

func same(t *testing.T, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}
