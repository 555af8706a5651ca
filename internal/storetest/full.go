package storetest

import (
	"fmt"
	"strings"
	"testing"

	"kaoping/engine"
	"kaoping/store"
)

// Fill puts something of every kind into an empty store, with corrections, an undo
// and texts that databases and files like to change.
func Fill(t *testing.T, db *store.DB) {
	t.Helper()
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	load(t, db, everything())
	load(t, db, figures("更正.csv", "PA01 保费收入 2025H1 = 7", "PA02 ratio 2025-06 = 0"))
	undone := load(t, db, figures("误报.csv", "PA01 保费收入 2025H1 = 999"))
	save(t, db, run(facts(t, db, store.Query{})), result(facts(t, db, store.Query{}).Snapshot, "85.5"))
	undo(t, db, undone.ID)
	f := facts(t, db, store.Query{})
	saved := save(t, db, run(f), result(f.Snapshot, "1/3"))

	_, _, err := db.CreateLink(ctx, store.Link{Run: saved.ID, Pack: saved.Pack, Period: saved.Period, Subject: "PA01", Expires: july.AddDate(9, 0, 0)}, liu)
	must(err)
	must(db.CreateUser(ctx, store.User{Name: "wang", Title: "王\u2028<a>&'\"\\\x1f\t", Grants: []store.Grant{{Role: "editor"}}}, liu))
	must(db.SetPassword(ctx, "wang", "$argon2id$v=19$m=1,t=1,p=1$c2FsdA$aGFzaA", liu))
	_, _, err = db.CreateToken(ctx, store.Token{Name: "wang", Purpose: "夜间取数", Grants: []store.Grant{{Role: "editor"}}, Expires: july.AddDate(9, 0, 0)}, liu)
	must(err)
	_, err = db.CreateSession(ctx, "wang", july, july.AddDate(9, 0, 0), liu)
	must(err)
	_, err = db.Post(ctx, []store.Message{{Event: "run R-000001", Channel: "mail", Recipient: "a@example.com", Subject: "结果", Body: "一\r\n二\\N"}}, scheduler, july)
	must(err)
	know(t, db, "半年考评")
	lease := take(t, db, "半年考评", july)
	endRun(t, db, lease, beginRun(t, db, lease, "2025H1", july), store.JobDone)
	must(db.ReleaseJob(ctx, lease))
}

// Listing says everything a store can be asked, once a line, with the bytes of each
// result and the hash over the audit trail. What is asked for does not change it.
func Listing(t *testing.T, db *store.DB) []string {
	t.Helper()
	ctx := t.Context()
	var out []string
	put := func(what string, values ...any) {
		out = append(out, what+" "+strings.TrimSuffix(fmt.Sprintf(strings.Repeat("%+v | ", len(values)), values...), " | "))
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	batches, err := db.Batches(ctx, "")
	must(err)
	packs := map[string]bool{}
	for _, b := range batches {
		put("batch", b)
		if !packs[b.Pack] {
			packs[b.Pack] = true
			for _, line := range lines(facts(t, db, store.Query{Pack: b.Pack}), true) {
				put("live", line)
			}
		}
	}
	runs, err := db.Runs(ctx, "", engine.Period{})
	must(err)
	for _, r := range runs {
		found, result, err := db.FindRun(ctx, r.Pack, r.Period, r.Revision) // checks the digest
		must(err)
		put("run", found, string(result.Canonical()))
		then, err := db.FactsOf(ctx, r.Snapshot, store.Query{Pack: r.Pack})
		must(err)
		for _, line := range lines(then, true) {
			put("fact of "+r.ID, line)
		}
		files, err := db.PackFiles(ctx, r.Hash)
		must(err)
		put("files", files)
	}
	users, err := db.Users(ctx)
	must(err)
	links, err := db.Links(ctx)
	must(err)
	tokens, err := db.Tokens(ctx)
	must(err)
	messages, err := db.Messages(ctx, 1000)
	must(err)
	jobs, err := db.Jobs(ctx)
	must(err)
	put("others", users, links, tokens, messages, jobs)
	for job := range jobs {
		done, err := db.JobRuns(ctx, job, 1000)
		must(err)
		put("job", job, done)
	}
	entries, err := db.Audit(ctx, store.AuditQuery{})
	must(err)
	for _, e := range entries {
		put("audit", e)
	}
	head, wrong, err := db.VerifyAudit(ctx, store.ChainHead{})
	must(err)
	put("chain", head, wrong)
	return out
}

// Same compares two listings line by line.
func Same(t *testing.T, got, want []string) {
	t.Helper()
	for i := range max(len(got), len(want)) {
		switch {
		case i >= len(got):
			t.Errorf("lacks %s", want[i])
		case i >= len(want):
			t.Errorf("has too much: %s", got[i])
		case got[i] != want[i]:
			t.Errorf("got  %s\nwant %s", got[i], want[i])
		}
	}
}
