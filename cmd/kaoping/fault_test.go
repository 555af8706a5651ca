package main

import (
	"bufio"
	"database/sql"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// makeCases writes a register file with so many cases: cases FILE N.
func makeCases(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	ts.Check(writeCases(ts.MkAbs(args[0]), n))
}

func writeCases(path string, n int) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	fmt.Fprintln(w, "案件编号,被投诉机构,收件日期,险种,来源,转办日期,应反馈日期,反馈日期,转办前撤回")
	for i := range n {
		fmt.Fprintf(w, "BIG-%07d,PA01,2025-%02d-%02d,车险,自收自办,,,,否\n", i, i%6+1, i%28+1)
	}
	return w.Flush()
}

// waitUntilBegun waits until a process has begun a write: begun DATABASE.
func waitUntilBegun(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(begun(ts.MkAbs(args[0])))
}

func begun(database string) error {
	db, err := sql.Open("sqlite", "file:"+database+"?mode=ro&_pragma=busy_timeout(2000)")
	if err != nil {
		return err
	}
	defer db.Close()
	for range 600 {
		var n int
		if db.QueryRow("SELECT count(*) FROM operations WHERE state = 'open'").Scan(&n) == nil && n > 0 {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return fmt.Errorf("nothing was begun in %s", database)
}

// lockDatabase holds the database for the rest of the script: lock DATABASE.
func lockDatabase(ts *testscript.TestScript, _ bool, args []string) {
	db, err := sql.Open("sqlite", "file:"+ts.MkAbs(args[0])+"?_txlock=exclusive")
	ts.Check(err)
	tx, err := db.Begin()
	ts.Check(err)
	ts.Defer(func() {
		tx.Rollback()
		db.Close()
	})
}
