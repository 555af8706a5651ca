package store

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"

	"kaoping/engine/exact"
	"kaoping/engine/formula"
)

// SetLockPatience changes how long writes on PostgreSQL wait for each other.
func SetLockPatience(t *testing.T, d time.Duration) {
	before := lockPatience
	lockPatience = d
	t.Cleanup(func() { lockPatience = before })
}

func TestStoredTimesCompareAsText(t *testing.T) {
	shanghai := time.FixedZone("CST", 8*3600)
	early := time.Date(2025, 7, 20, 23, 59, 59, 999_999_999, shanghai)
	late := time.Date(2025, 7, 20, 16, 0, 0, 0, time.UTC)
	if a, b := stamp(early), stamp(late); a != "2025-07-20T15:59:59.999999Z" || a >= b {
		t.Errorf("%s, %s", a, b)
	}
	back, err := instant(stamp(early))
	if err != nil || !back.Equal(early.Truncate(time.Microsecond)) {
		t.Errorf("%s, %v", back, err)
	}
	if _, err := instant("2025-07-20"); err == nil {
		t.Error("read a day as an instant")
	}
}

func TestProcessesThatAreGone(t *testing.T) {
	here := processStart(os.Getpid())
	if here == "" || !processAlive(os.Getpid(), here) {
		t.Errorf("this process is said to be gone: %q", here)
	}
	if processAlive(1<<22+1, here) {
		t.Error("a process id beyond the largest is said to be alive")
	}
	if processAlive(os.Getpid(), here+"0") {
		t.Error("a process id that was given out again is taken for the old one")
	}
	old := operation{Host: "elsewhere", BeganAt: stamp(time.Now().Add(-25 * time.Hour))}
	fresh := operation{Host: "elsewhere", BeganAt: stamp(time.Now())}
	if old.mayRun("here") || !fresh.mayRun("here") {
		t.Error("operations of other machines are given up after a day, not before")
	}
}

func TestTheAuditTrailCannotBeChanged(t *testing.T) {
	db, err := Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "a.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.sql.MustExec("INSERT INTO audit VALUES (1, '', '', '', '', '', '{}')")
	for _, query := range []string{"UPDATE audit SET actor = 'x'", "DELETE FROM audit"} {
		if _, err := db.sql.Exec(query); err == nil || !strings.Contains(err.Error(), "append-only") {
			t.Errorf("%s: %v", query, err)
		}
	}
}

func TestWhatPostgreSQLSaysIsTranslated(t *testing.T) {
	db := &DB{address: address{postgres: true, shown: "host/name", secrets: []string{"geheim"}}}
	for code, want := range map[pqerror.Code]error{
		"53100": ErrFull, "55P03": ErrLocked, "57P01": ErrLost, "57P03": ErrLost, "08006": ErrLost, "28P01": ErrUnusable, "57014": context.Canceled,
	} {
		err := db.explain("load a.csv", &pq.Error{Code: code, Message: "geheim"})
		if !errors.Is(err, want) || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: %v", code, err)
		}
	}
	other := db.explain("load a.csv", &pq.Error{Code: "42P01", Message: "no table geheim"})
	if strings.Contains(other.Error(), "geheim") || !strings.Contains(other.Error(), "no table ***") {
		t.Errorf("%v", other)
	}
}

func TestAnAlteredResultIsNoticed(t *testing.T) {
	db, err := Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "a.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	row := &runRow{Run: 1, Frame: `{"pack":"p"}`, Digest: "0f"}
	if _, err := db.resultOf(t.Context(), row); err == nil || !strings.Contains(err.Error(), "altered") {
		t.Errorf("error: %v", err)
	}
}

// FuzzValues checks the reader and writer of values against encoding/json.
func FuzzValues(f *testing.F) {
	f.Add("金额", "-25/2", `合同"纠纷\`, true, false, uint8(0))
	f.Add("", "0", "", false, true, uint8(3))
	f.Add("a\nb", "12", "\x01\u2028", true, true, uint8(1))
	f.Fuzz(func(t *testing.T, id, number, text string, yes, null bool, status uint8) {
		n, err := exact.Parse(number)
		if err != nil || !utf8.ValidString(id) || !utf8.ValidString(text) {
			t.Skip()
		}
		values := map[string]formula.Value{
			id + "1": {Num: n}, id + "2": {Text: text}, id + "3": {Bool: yes}, id + "4": {Null: null},
			id: {Num: n, Text: text, Bool: yes, Null: null, Status: formula.Status(status)},
		}
		encoded := encodeValues(values)
		if !json.Valid([]byte(encoded)) {
			t.Fatalf("not JSON: %s", encoded)
		}
		decoded, err := decodeValues(encoded)
		if err != nil || !maps.EqualFunc(decoded, values, sameValue) {
			t.Fatalf("%s came back as %v, %v", encoded, decoded, err)
		}
		if again := encodeValues(decoded); again != encoded {
			t.Fatalf("%s, then %s", encoded, again)
		}
	})
}

func sameValue(a, b formula.Value) bool {
	return a.Num.Equal(b.Num) && a.Text == b.Text && a.Bool == b.Bool && a.Null == b.Null && a.Status == b.Status
}

func TestValuesThatAreNotOurs(t *testing.T) {
	for _, s := range []string{"{", "[]", `{"a":{"n":"x"}}`, `{"a":{"n":"1"}`, `{"a":1}`, `{"a":{"n":"1"}} `[:5], "x"} {
		if v, err := decodeValues(s); err == nil {
			t.Errorf("%s was read as %v", s, v)
		}
	}
}

// StoredTables names all tables that a restore expects to be empty.
func StoredTables() []string { return storedTables() }

// RestoreAsItWas reads a backup and leaves the tables as the program that made it
// had them.
func RestoreAsItWas(t *testing.T, url string, from io.Reader) {
	t.Helper()
	r, err := newDumpReader(from)
	if err != nil {
		t.Fatal(err)
	}
	db, err := openAsItIs(t.Context(), url, true)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.prepareTarget(t.Context(), r.head.Schema); err != nil {
		t.Fatal(err)
	}
	if err := db.fill(t.Context(), r); err != nil {
		t.Fatal(err)
	}
}

// Migrations are the files that make and update the tables.
var Migrations = migrations
