package feeds

import (
	"database/sql"
	"strings"
	"testing"
	"time"

	"kaoping/engine"
	"kaoping/internal/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// asking makes a source of a query to a real server.
func asking(t *testing.T, query string, timeout time.Duration) *Source {
	t.Helper()
	url := pgtest.URL(t)
	db, err := sql.Open("postgres", url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`CREATE TABLE cases (no text, day date, amount numeric(40,10), note text);
		INSERT INTO cases VALUES ('0001', '2025-03-05', 12345678901234567890.1234567891, E'一,"二"\n三'), ('0002', '2025-07-01', NULL, NULL)`); err != nil {
		t.Fatal(err)
	}
	t.Setenv("FEEDS_TEST_DB", url)
	return compiled(t, Config{Source: "案件", Target: "t", Kind: Postgres, AddressEnv: "FEEDS_TEST_DB", Query: query, Timeout: timeout})
}

func TestPostgresAnswersExactly(t *testing.T) {
	s := asking(t, "SELECT no AS 编号, day AS 日期, amount AS 金额, note AS 备注 FROM cases WHERE day BETWEEN cast({first} AS date) AND cast({last} AS date) ORDER BY no", time.Minute)
	_, err := Fetch(t.Context(), s, engine.Period{})
	explains(t, err, "要指明期间", "needs a period")
	year, err := engine.ParsePeriod("2025")
	if err != nil {
		t.Fatal(err)
	}
	files, err := Fetch(t.Context(), s, year)
	if err != nil {
		t.Fatal(err)
	}
	want := "\uFEFF编号,日期,金额,备注\n0001,2025-03-05,12345678901234567890.1234567891,\"一,\"\"二\"\"\n三\"\n0002,2025-07-01,,\n"
	if got := string(files[0].Data); got != want || files[0].Name != "案件.csv" {
		t.Errorf("%s: got %q\nwant %q", files[0].Name, got, want)
	}
}

func TestPostgresTroubles(t *testing.T) {
	for name, c := range map[string]struct{ query, zh, en string }{
		"writes":     {"DELETE FROM cases RETURNING no", "只读不写", "only reads"},
		"is no SQL":  {"SELEKT", "不接受查询", "does not take the query"},
		"never ends": {"SELECT pg_sleep(60)", "没有完成", "was not done"},
	} {
		t.Run(name, func(t *testing.T) {
			s := asking(t, c.query, 2*time.Second)
			began := time.Now()
			_, err := Fetch(t.Context(), s, engine.Period{})
			explains(t, err, c.zh, c.en)
			if d := time.Since(began); d > 30*time.Second {
				t.Errorf("took %s", d)
			}
		})
	}
}

func TestDatabaseAddressIsNeverShown(t *testing.T) {
	for kind, address := range map[string]string{
		Postgres: "postgres://u:s3cret@127.0.0.1:1/x?sslmode=disable", MySQL: "u:s3cret@tcp(127.0.0.1:1)/x",
	} {
		t.Setenv("FEEDS_TEST_DB", address)
		s := compiled(t, Config{Source: "s", Target: "t", Kind: kind, AddressEnv: "FEEDS_TEST_DB", Query: "SELECT 1"})
		_, err := Fetch(t.Context(), s, engine.Period{})
		explains(t, err, "连接不上数据库", "cannot reach the database")
		if strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %v", kind, err)
		}
		t.Setenv("FEEDS_TEST_DB", "://"+address)
		if _, err = Fetch(t.Context(), s, engine.Period{}); err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

func TestPlaceholdersBecomeParameters(t *testing.T) {
	s := &Source{Config: Config{Kind: MySQL, Query: "SELECT '{x}' FROM t WHERE d >= {first} AND d <= {last} AND p = {period} AND e >= {first}"}}
	year, err := engine.ParsePeriod("2025H1")
	if err != nil {
		t.Fatal(err)
	}
	query, args, err := s.bind(year)
	if err != nil || query != "SELECT '{x}' FROM t WHERE d >= ? AND d <= ? AND p = ? AND e >= ?" || len(args) != 4 || args[2] != "2025H1" {
		t.Errorf("%s %v %v", query, args, err)
	}
}
