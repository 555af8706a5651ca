package main

import (
	"context"
	"os"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"kaoping/store"
)

// appendFile puts a file behind another one: append TO FROM.
func appendFile(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(ts.ReadFile(args[0])+ts.ReadFile(args[1])), 0o644))
}

// knownSince makes a store know jobs since a day, as if the program had run then
// and been down ever since: knownsince DATABASE DAY JOB….
func knownSince(ts *testscript.TestScript, _ bool, args []string) {
	day, err := time.Parse(time.DateOnly, args[1])
	ts.Check(err)
	ctx := context.Background()
	db, err := store.Open(ctx, "sqlite:"+ts.MkAbs(args[0]))
	ts.Check(err)
	defer db.Close()
	ts.Check(db.KnowJobs(ctx, args[2:], day))
}
