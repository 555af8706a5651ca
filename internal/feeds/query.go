package feeds

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/csv"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/lib/pq"

	"kaoping/engine"
	"kaoping/ingest"
)

// fetchQuery asks a database, in a transaction that cannot write and with a
// limit on time, and gives the answer as a table in UTF-8. Exact numbers come as
// the database writes them; what is a float there is written with the fewest
// digits that tell it from its neighbours.
func (s *Source) fetchQuery(ctx context.Context, period engine.Period) ([]Delivery, error) {
	address, err := s.secret(s.AddressEnv)
	if err != nil {
		return nil, err
	}
	query, args, err := s.bind(period)
	if err != nil {
		return nil, err
	}
	db, err := s.connect(address)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	limited, cancel := context.WithTimeout(ctx, s.Timeout)
	defer cancel()
	data, err := s.ask(limited, db, query, args)
	var t *Trouble
	switch {
	case err == nil:
		return []Delivery{{Source: ingest.Source{Name: s.Source + ".csv", Data: data, Format: "csv"}}}, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case limited.Err() != nil:
		return nil, temporary(err, "来源 %s:查询 %s 内没有完成,已停止。\n  提示:加上条件或索引,或放宽 timeout。",
			"source %s: the query was not done after %s and was stopped.\n  hint: narrow it, add an index, or allow a longer timeout.", s.Source, s.Timeout)
	case errors.As(err, &t):
		return nil, t
	}
	return nil, s.explain(err)
}

// connect opens the database. No statement goes out yet.
func (s *Source) connect(address string) (*sql.DB, error) {
	malformed := trouble(nil, "来源 %s:环境变量 %s 里的数据库地址写法有误。\n  提示:PostgreSQL 写成 postgres://用户:密码@主机/库,MySQL 写成 用户:密码@tcp(主机:3306)/库。",
		"source %s: the address of the database in %s is malformed.\n  hint: PostgreSQL takes postgres://user:password@host/database, MySQL user:password@tcp(host:3306)/database.", s.Source, s.AddressEnv)
	if s.Kind == Postgres {
		if u, err := url.Parse(address); err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
			return nil, malformed
		}
		connector, err := pq.NewConnector(address)
		if err != nil {
			return nil, malformed // without the cause, which holds the password
		}
		return sql.OpenDB(connector), nil
	}
	config, err := mysql.ParseDSN(address)
	if err != nil {
		return nil, malformed
	}
	config.ParseTime = false // days as the server writes them
	config.AllowAllFiles, config.MultiStatements = false, false
	config.Params = withCharset(config.Params)
	// Our own clock stops the query first, and says so.
	config.Timeout, config.ReadTimeout = 30*time.Second, s.Timeout+10*time.Second
	connector, err := mysql.NewConnector(config)
	if err != nil {
		return nil, malformed
	}
	return sql.OpenDB(connector), nil
}

func withCharset(params map[string]string) map[string]string {
	if params == nil {
		params = map[string]string{}
	}
	if params["charset"] == "" {
		params["charset"] = "utf8mb4"
	}
	return params
}

// bind makes parameters of the placeholders, so that nothing is pasted into the
// query.
func (s *Source) bind(period engine.Period) (string, []any, error) {
	if !needsPeriod(s.Query) {
		return s.Query, nil, nil
	}
	if period.IsZero() {
		return "", nil, s.noPeriod()
	}
	parts := periodParts(period)
	var args []any
	var b strings.Builder
	for rest := s.Query; ; {
		at, which := -1, 0
		for i, p := range placeholders {
			if j := strings.Index(rest, p); j >= 0 && (at < 0 || j < at) {
				at, which = j, i
			}
		}
		if at < 0 {
			b.WriteString(rest)
			return b.String(), args, nil
		}
		args = append(args, parts[which])
		mark := "?"
		if s.Kind == Postgres {
			mark = "$" + strconv.Itoa(len(args))
		}
		b.WriteString(rest[:at] + mark)
		rest = rest[at+len(placeholders[which]):]
	}
}

// ask sends the query and writes the answer down.
func (s *Source) ask(ctx context.Context, db *sql.DB, query string, args []any) ([]byte, error) {
	tx, err := db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead})
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	if s.Kind == Postgres {
		for _, set := range []string{fmt.Sprintf("SET LOCAL statement_timeout = %d", s.Timeout.Milliseconds()), "SET LOCAL datestyle = 'ISO'", "SET LOCAL extra_float_digits = 1"} {
			if _, err := tx.ExecContext(ctx, set); err != nil {
				return nil, err
			}
		}
	}
	if s.Kind == MySQL {
		s.limitMySQL(ctx, tx)
	}
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	return s.write(rows)
}

// limitMySQL has the server stop the query too: MySQL and MariaDB each know one
// of the two settings and refuse the other, and our own clock stops it anyway.
func (s *Source) limitMySQL(ctx context.Context, tx *sql.Tx) {
	for _, set := range []string{
		fmt.Sprintf("SET SESSION max_execution_time = %d", s.Timeout.Milliseconds()),
		fmt.Sprintf("SET SESSION max_statement_time = %d", int(s.Timeout.Seconds())+1),
	} {
		tx.ExecContext(ctx, set)
	}
}

// write makes a table of the answer: the names of its columns, then a row each.
// What is null is left blank.
func (s *Source) write(rows *sql.Rows) ([]byte, error) {
	types, err := rows.ColumnTypes()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	b.WriteString("\uFEFF")
	w := csv.NewWriter(&b)
	names := make([]string, len(types))
	cells, into := make([]any, len(types)), make([]any, len(types))
	for i, t := range types {
		names[i], into[i] = t.Name(), &cells[i]
	}
	w.Write(names) // a bytes.Buffer takes everything
	line := make([]string, len(types))
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		for i, c := range cells {
			line[i] = cellText(c, types[i].DatabaseTypeName())
		}
		w.Write(line)
		if w.Flush(); int64(b.Len()) > s.MaxBytes {
			return nil, tooLarge(s.Source, s.MaxBytes)
		}
	}
	w.Flush()
	return b.Bytes(), rows.Err()
}

// cellText writes what the driver gives. Days have no time of day.
func cellText(c any, kind string) string {
	switch v := c.(type) {
	case nil:
		return ""
	case []byte:
		return string(v)
	case string:
		return v
	case int64:
		return strconv.FormatInt(v, 10)
	case uint64:
		return strconv.FormatUint(v, 10)
	case bool:
		if v {
			return "TRUE"
		}
		return "FALSE"
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case float32:
		return strconv.FormatFloat(float64(v), 'f', -1, 32)
	case time.Time:
		if kind == "DATE" {
			return v.Format("2006-01-02")
		}
		return v.Format("2006-01-02 15:04:05.999999")
	}
	return fmt.Sprint(c)
}

// explain says what the database answered, without the address.
func (s *Source) explain(err error) error {
	var p *pq.Error
	if errors.As(err, &p) {
		switch p.Code.Class() {
		case "28":
			return trouble(err, "来源 %s:数据库拒绝登录。\n  提示:检查环境变量 %s 里的用户和密码。",
				"source %s: the database denies the log-in.\n  hint: check user and password in %s.", s.Source, s.AddressEnv)
		case "25":
			return trouble(err, "来源 %s:查询要写数据,来源只读不写。", "source %s: the query writes; a source only reads.", s.Source)
		}
		return trouble(err, "来源 %s:数据库不接受查询:%s", "source %s: the database does not take the query: %s", s.Source, p.Message)
	}
	var m *mysql.MySQLError
	if errors.As(err, &m) {
		switch m.Number {
		case 1045, 1044:
			return trouble(err, "来源 %s:数据库拒绝登录。\n  提示:检查环境变量 %s 里的用户和密码。",
				"source %s: the database denies the log-in.\n  hint: check user and password in %s.", s.Source, s.AddressEnv)
		case 1792:
			return trouble(err, "来源 %s:查询要写数据,来源只读不写。", "source %s: the query writes; a source only reads.", s.Source)
		}
		return trouble(err, "来源 %s:数据库不接受查询:%s", "source %s: the database does not take the query: %s", s.Source, m.Message)
	}
	return temporary(err, "来源 %s:连接不上数据库:%v\n  提示:检查环境变量 %s 里的主机和端口。",
		"source %s: cannot reach the database: %v\n  hint: check host and port in %s.", s.Source, err, s.AddressEnv)
}
