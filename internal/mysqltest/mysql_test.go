package mysqltest

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	sqle "github.com/dolthub/go-mysql-server"
	"github.com/dolthub/go-mysql-server/memory"
	"github.com/dolthub/go-mysql-server/server"
	"github.com/dolthub/go-mysql-server/sql"
	"github.com/go-sql-driver/mysql"
	"github.com/sirupsen/logrus"

	"kaoping/engine"
	"kaoping/engine/unit"
	"kaoping/ingest"
	"kaoping/internal/feeds"
)

// listen starts a server that speaks MySQL's protocol over a database in memory and
// returns where it listens.
func listen(t *testing.T) string {
	t.Helper()
	db := memory.NewDatabase("业务")
	db.BaseDatabase.EnablePrimaryKeyIndexes()
	provider := memory.NewDBProvider(db)
	engine := sqle.NewDefault(provider)
	session := memory.NewSession(sql.NewBaseSession(), provider)
	ctx := sql.NewContext(context.Background(), sql.WithSession(session))
	ctx.SetCurrentDatabase("业务")
	for _, statement := range []string{
		"CREATE TABLE `保单` (`编号` varchar(10) PRIMARY KEY, `签单日` date, `时刻` datetime(6), `记录` timestamp, `金额` decimal(40,10), `备注` text, `件数` bigint unsigned, `有效` tinyint(1), `比率` double)",
		"INSERT INTO `保单` VALUES ('0001', '2025-03-05', '2025-03-05 09:30:00.000001', '2025-03-05 01:30:00', 123456789012345678901234567890.1234567891, '一,\"二\"\n三𠮷😀', 18446744073709551615, 1, 0.1)",
		"INSERT INTO `保单` VALUES ('0002', '2025-07-01', NULL, NULL, -0.0000000001, NULL, NULL, 0, NULL)",
		"CREATE TABLE `数` (n int PRIMARY KEY)",
	} {
		run(t, engine, ctx, statement)
	}
	var values []string
	for i := range 2000 {
		values = append(values, fmt.Sprintf("(%d)", i))
	}
	run(t, engine, ctx, "INSERT INTO `数` VALUES "+strings.Join(values, ","))
	engine.Analyzer.Catalog.MySQLDb.AddRootAccount() // from now on who asks is looked at
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s, err := server.NewServer(server.Config{Protocol: "tcp", Listener: listener, Address: listener.Addr().String()}, engine, sql.NewContext, memory.NewSessionBuilder(provider), nil)
	if err != nil {
		t.Fatal(err)
	}
	go s.Start()
	t.Cleanup(func() { s.Close() })
	return listener.Addr().String()
}

func run(t *testing.T, e *sqle.Engine, ctx *sql.Context, statement string) {
	t.Helper()
	_, rows, _, err := e.Query(ctx, statement)
	if err == nil {
		_, err = sql.RowIterToRows(ctx, rows)
	}
	if err != nil {
		t.Fatalf("%.60s: %v", statement, err)
	}
}

// asking makes a source of a query.
func asking(t *testing.T, address, query string, timeout time.Duration) *feeds.Source {
	t.Helper()
	t.Setenv("MYSQLTEST_ADDRESS", address)
	list := feeds.List{Entries: []feeds.Config{{Source: "保单", Target: "保单", Kind: feeds.MySQL, AddressEnv: "MYSQLTEST_ADDRESS", Query: query, Timeout: timeout}}}
	sources, problems := list.Compile(func(p string) string { return p })
	if problems != nil {
		t.Fatal(problems)
	}
	return sources[0]
}

func fetch(t *testing.T, s *feeds.Source, period string) (string, error) {
	t.Helper()
	var p engine.Period
	if period != "" {
		var err error
		if p, err = engine.ParsePeriod(period); err != nil {
			t.Fatal(err)
		}
	}
	files, err := feeds.Fetch(t.Context(), s, p)
	if err != nil {
		return "", err
	}
	return strings.TrimPrefix(string(files[0].Data), "\uFEFF"), nil
}

// Every value comes as the server writes it: decimals to the last digit, days
// without a time, no value as a blank, Chinese of four bytes whole.
func TestEveryValueComesExactly(t *testing.T) {
	at := listen(t)
	s := asking(t, "root:@tcp("+at+")/业务", "SELECT * FROM `保单` WHERE `签单日` BETWEEN {first} AND {last} ORDER BY `编号`", time.Minute)
	got, err := fetch(t, s, "2025")
	if err != nil {
		t.Fatal(err)
	}
	want := "编号,签单日,时刻,记录,金额,备注,件数,有效,比率\n" +
		"0001,2025-03-05,2025-03-05 09:30:00.000001,2025-03-05 01:30:00,123456789012345678901234567890.1234567891,\"一,\"\"二\"\"\n三𠮷😀\",18446744073709551615,1,0.1\n" +
		"0002,2025-07-01,,,-0.0000000001,,,0,\n"
	if got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if got, err := fetch(t, s, "2025H1"); err != nil || strings.Count(got, "\n") != 3 {
		t.Errorf("half a year: %q, %v", got, err)
	}
}

// What the server gives is read as a register or feed reads any table.
func TestTheAnswerIsReadAsAFeed(t *testing.T) {
	at := listen(t)
	yuan, err := unit.Parse("元")
	if err != nil {
		t.Fatal(err)
	}
	pack := &engine.Pack{
		Name: "p", Statistics: []engine.Statistic{{ID: "premium", Name: "保费", Unit: yuan}},
		Feeds: []engine.Feed{{ID: "f", Name: "f", Subject: "机构", Law: engine.Law{Line: 1}, Columns: []engine.FeedColumn{{Heading: "保费", Statistic: "premium", Unit: yuan}}}},
	}
	files, err := feeds.Fetch(t.Context(), asking(t, "root:@tcp("+at+")/业务", "SELECT n AS `机构`, cast(n AS decimal(10,2)) * 1.01 AS `保费` FROM `数` WHERE n IN (1, 12) ORDER BY n", time.Minute), engine.Period{})
	if err != nil {
		t.Fatal(err)
	}
	period, err := engine.ParsePeriod("2025H1")
	if err != nil {
		t.Fatal(err)
	}
	batch, report, err := ingest.ReadFeed(pack, "f", files[0].Source, ingest.Options{Period: period})
	if err != nil || batch == nil || len(batch.Figures) != 2 || batch.Figures[1].Value.String() != "303/25" {
		t.Errorf("%+v, %+v, %v", batch, report, err)
	}
}

// The time zone of this machine changes nothing of what a column holds.
func TestTheTimeZoneHereDoesNotMatter(t *testing.T) {
	at := listen(t)
	said := map[string]bool{}
	for _, zone := range []string{"Asia/Shanghai", "America/New_York", "UTC"} {
		place, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		before := time.Local
		time.Local = place
		got, err := fetch(t, asking(t, "root:@tcp("+at+")/业务?loc=Local&parseTime=true", "SELECT `签单日`, `时刻`, `记录` FROM `保单` ORDER BY `编号`", time.Minute), "")
		time.Local = before
		if err != nil {
			t.Fatal(err)
		}
		said[got] = true
	}
	if len(said) != 1 || !said["签单日,时刻,记录\n2025-03-05,2025-03-05 09:30:00.000001,2025-03-05 01:30:00\n2025-07-01,,\n"] {
		t.Errorf("%v", said)
	}
}

// A TIMESTAMP is a moment: which day it falls on is a matter of the session's zone,
// and the address may say which.
func TestAMomentInTheZoneOfTheAddress(t *testing.T) {
	at := listen(t)
	got, err := fetch(t, asking(t, "root:@tcp("+at+")/业务?time_zone=%27%2B08%3A00%27", "SELECT @@session.time_zone AS z", time.Minute), "")
	if err != nil || got != "z\n+08:00\n" {
		t.Errorf("%q, %v", got, err)
	}
}

func explains(t *testing.T, err error, zh, en string) {
	t.Helper()
	var said interface{ Message() engine.Text }
	if s, ok := err.(interface{ Message() engine.Text }); ok {
		said = s
	}
	if said == nil || !strings.Contains(said.Message().ZH, zh) || !strings.Contains(said.Message().EN, en) {
		t.Errorf("%v lacks %q, %q", err, zh, en)
	}
	if err != nil && strings.Contains(err.Error(), "s3cret") {
		t.Errorf("the password is shown: %v", err)
	}
}

func TestTroubles(t *testing.T) {
	at := listen(t)
	for name, c := range map[string]struct{ address, query, zh, en string }{
		"no SQL":       {"root:@tcp(" + at + ")/业务", "SELEKT", "不接受查询", "does not take the query"},
		"no table":     {"root:@tcp(" + at + ")/业务", "SELECT * FROM `别的`", "不接受查询", "does not take the query"},
		"no such user": {"root:s3cret@tcp(" + at + ")/业务", "SELECT 1", "拒绝登录", "denies the log-in"},
		"it writes":    {"root:@tcp(" + at + ")/业务", "LOCK TABLES `保单` WRITE", "只读不写", "only reads"},
		"never ends":   {"root:@tcp(" + at + ")/业务", "SELECT sleep(60)", "没有完成", "was not done"},
		"two at once":  {"root:@tcp(" + at + ")/业务", "SELECT 1; DELETE FROM `保单`", "不接受查询", "does not take the query"},
	} {
		t.Run(name, func(t *testing.T) {
			began := time.Now()
			_, err := fetch(t, asking(t, c.address, c.query, 2*time.Second), "")
			explains(t, err, c.zh, c.en)
			if d := time.Since(began); d > 20*time.Second {
				t.Errorf("took %s", d)
			}
		})
	}
	if got, err := fetch(t, asking(t, "root:@tcp("+at+")/业务", "SELECT count(*) AS n FROM `保单`", time.Minute), ""); err != nil || got != "n\n2\n" {
		t.Errorf("something was deleted: %q, %v", got, err)
	}
}

// cut passes a connection on and ends it when the server has answered so many
// bytes.
func cut(t *testing.T, to string, after int64) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	var left atomic.Int64
	left.Store(after)
	go func() {
		for {
			here, err := listener.Accept()
			if err != nil {
				return
			}
			there, err := net.Dial("tcp", to)
			if err != nil {
				here.Close()
				return
			}
			go io.Copy(there, here)
			go func() {
				io.CopyN(here, there, left.Load())
				here.Close()
				there.Close()
			}()
		}
	}()
	return listener.Addr().String()
}

// A connection that is lost in the middle of the answer gives nothing, not half.
func TestAConnectionLostInTheMiddle(t *testing.T) {
	at := listen(t)
	query := "SELECT a.n, b.n AS m, '一二三四五六七八九十' AS s FROM `数` a JOIN `数` b ON b.n < 20 ORDER BY a.n, b.n"
	if got, err := fetch(t, asking(t, "root:@tcp("+at+")/业务", query, time.Minute), ""); err != nil || strings.Count(got, "\n") != 40001 {
		t.Fatalf("whole: %d lines, %v", strings.Count(got, "\n"), err)
	}
	for _, after := range []int64{20, 300, 5_000, 1_000_000} {
		got, err := fetch(t, asking(t, "root:@tcp("+cut(t, at, after)+")/业务", query, time.Minute), "")
		if err == nil {
			t.Fatalf("cut after %d bytes: %d lines were taken for the whole", after, strings.Count(got, "\n"))
		}
		explains(t, err, "连接不上数据库", "cannot reach the database")
	}
}

func TestMain(m *testing.M) {
	logrus.SetOutput(io.Discard) // what the server has to say about the faults made here
	mysql.SetLogger(log.New(io.Discard, "", 0))
	os.Exit(m.Run())
}
