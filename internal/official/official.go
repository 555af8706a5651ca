package official

import (
	"context"
	"fmt"
	"io/fs"
	"strings"

	"kaoping/engine"
	"kaoping/rules"
)

// Seed makes the order in which rows are shuffled before they are ranked, the
// same in every run. Published tables are often in rank order; a ranking that
// only kept the order of its input would agree with them.
const Seed = 20090101

// Report is the comparison of all tables.
type Report struct {
	Seed   uint64
	Tables []Table
}

// Table is the comparison of one published table.
type Table struct {
	Pack, Title, File, Origin string
	Rows                      int    // in the file
	Compared                  int    // rows that can be recomputed
	Why                       string // why the others cannot
	Periods                   []engine.Period
	Columns                   []Column
}

// Column is the comparison of one published column.
type Column struct {
	Heading string
	With    string // "rank" or the metric it is compared with
	Of      int    // rows compared
	Agree   int    // rows that agree, those of ByRule included
	ByRule  []Row  // rows that agree under a stated rule only, or that need a word
	Differ  []Row
}

// Kind says why a row is listed.
type Kind string

// The reasons for listing a row.
const (
	Tie           Kind = "tie"            // agrees: nothing tells the subjects apart, the set of ranks is the same
	Merged        Kind = "merged"         // agrees: two codes are one subject
	Order         Kind = "order"          // agrees: parts of the list are not there, the order is the same
	RoundedInput  Kind = "rounded-input"  // differs: the printed input is rounded, and that accounts for it
	RoundedTwice  Kind = "rounded-twice"  // differs: accounted for if the input was rounded twice
	OtherDecimals Kind = "other-decimals" // differs: printed with another number of decimals than the rest
	Unexplained   Kind = "unexplained"    // differs
)

// Row is one row of a published table that needs a word.
type Row struct {
	Line                int // of the file
	Period              engine.Period
	Subject, Name       string
	Published, Computed string
	Kind                Kind
	Reason              engine.Text
}

// Unexplained counts rows that differ without a reason that accounts for it.
func (r *Report) Unexplained() int {
	n := 0
	for _, t := range r.Tables {
		for _, c := range t.Columns {
			for _, row := range c.Differ {
				if row.Kind == Unexplained {
					n++
				}
			}
		}
	}
	return n
}

// Verify loads the packs below fsys and compares the published tables of one, or
// of all that have any if packName is empty. The error is for what cannot be
// compared at all: an unknown pack, a pack with mistakes, an unreadable table.
func Verify(ctx context.Context, fsys fs.FS, packName string) (*Report, error) {
	lib, diagnostics := rules.Load(fsys, rules.Options{})
	for _, d := range diagnostics {
		concerned := packName == "" || strings.Contains("/"+d.File, "/"+packName+"/")
		if d.Level == rules.LevelError && concerned {
			return nil, fmt.Errorf("%s:%d has a mistake (%s); run check first", d.File, d.Line, d.Code)
		}
	}
	return VerifyLibrary(ctx, lib, fsys, packName)
}

// VerifyLibrary is Verify for packs that are loaded already. The tables are read
// from fsys, from which the packs were loaded.
func VerifyLibrary(ctx context.Context, lib *rules.Library, fsys fs.FS, packName string) (*Report, error) {
	report := &Report{Seed: Seed}
	for _, p := range lib.Packs() {
		if packName != "" && p.Name != packName {
			continue
		}
		for i := range p.Official {
			t, err := compareTable(ctx, lib, fsys, p, &p.Official[i])
			if err != nil {
				return nil, fmt.Errorf("compare %s of %s: %w", p.Official[i].File, p.Name, err)
			}
			report.Tables = append(report.Tables, *t)
		}
	}
	if packName != "" && len(report.Tables) == 0 {
		return nil, nothingToCompare(lib, packName)
	}
	return report, nil
}

// nothingToCompare says whether the pack is unknown or only names no table.
func nothingToCompare(lib *rules.Library, name string) error {
	for _, p := range lib.Packs() {
		if p.Name == name {
			return fmt.Errorf("pack %s names no official results: %w", name, engine.ErrNotFound)
		}
	}
	_, err := lib.Pack(name, engine.Period{})
	return err
}
