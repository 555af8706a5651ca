package store

import (
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"kaoping/engine"
)

// address is a database URL taken apart.
type address struct {
	postgres bool
	dsn      string   // what the driver is opened with; may hold a password
	shown    string   // what people may see: a path, or a host and a name
	memory   bool     // SQLite in memory: gone when it is closed
	secrets  []string // what must never be printed
}

// parseAddress reads "sqlite:/path/file.db" or a postgres URL. An error never
// shows the URL, which may hold a password.
func parseAddress(raw string) (address, error) {
	scheme, rest, _ := strings.Cut(raw, ":")
	switch scheme {
	case "sqlite":
		return sqliteAddress(rest)
	case "postgres", "postgresql":
		return postgresAddress(raw)
	}
	return address{}, &Problem{
		Text: engine.Text{
			ZH: "数据库地址无法识别;写成 sqlite:文件路径 或 postgres://用户@主机/库名?sslmode=verify-full。",
			EN: "the address of the database is not understood; write sqlite:PATH or postgres://user@host/name?sslmode=verify-full.",
		},
		kind: ErrAddress,
	}
}

// sqliteAddress reads a path with the options busy_timeout (milliseconds to
// wait for another writer) and max_page_count (limit on the file, in pages).
func sqliteAddress(rest string) (address, error) {
	path, query, _ := strings.Cut(rest, "?")
	pragmas := map[string]int{"busy_timeout": 10000}
	values, err := url.ParseQuery(query)
	if err != nil || path == "" {
		return address{}, badSQLiteAddress(rest)
	}
	for name, v := range values {
		n, err := strconv.Atoi(v[0])
		if err != nil || n < 0 || !slices.Contains([]string{"busy_timeout", "max_page_count"}, name) {
			return address{}, badSQLiteAddress(rest)
		}
		pragmas[name] = n
	}
	a := address{shown: path, memory: path == ":memory:"}
	a.dsn = sqliteFile(path, a.memory) + "?_txlock=immediate&_pragma=foreign_keys(1)&_pragma=journal_mode(WAL)"
	// The driver applies busy_timeout before all others.
	for name, n := range pragmas {
		a.dsn += fmt.Sprintf("&_pragma=%s(%d)", name, n)
	}
	return a, nil
}

// sqliteFile writes a path as the file URI that SQLite reads.
func sqliteFile(path string, memory bool) string {
	if memory {
		return "file::memory:"
	}
	parts := strings.Split(filepath.ToSlash(path), "/")
	for i := range parts {
		parts[i] = url.PathEscape(parts[i])
	}
	path = strings.Join(parts, "/")
	if filepath.VolumeName(path) != "" {
		path = "/" + path
	}
	return "file:" + path
}

func badSQLiteAddress(rest string) error {
	return &Problem{
		Text: engine.Text{
			ZH: fmt.Sprintf("数据库地址 sqlite:%s 有误;写成 sqlite:文件路径,可加 ?busy_timeout=毫秒&max_page_count=页数。", rest),
			EN: fmt.Sprintf("the address sqlite:%s is not understood; write sqlite:PATH, if need be with ?busy_timeout=MILLISECONDS&max_page_count=PAGES.", rest),
		},
		kind: ErrAddress,
	}
}

func postgresAddress(raw string) (address, error) {
	u, err := url.Parse(raw)
	if err != nil {
		// url.Error shows the whole URL, so it is not passed on.
		return address{}, &Problem{
			Text: engine.Text{
				ZH: "PostgreSQL 地址写法有误;写成 postgres://用户@主机/库名?sslmode=verify-full,密码中的特殊字符用 %XX 表示。",
				EN: "the PostgreSQL address is malformed; write postgres://user@host/name?sslmode=verify-full, with %XX for special characters of a password.",
			},
			kind: ErrAddress,
		}
	}
	q := u.Query()
	a := address{postgres: true}
	if password, ok := u.User.Password(); ok && password != "" {
		a.secrets = append(a.secrets, password, url.QueryEscape(password), url.PathEscape(password))
	}
	if password := q.Get("password"); password != "" {
		a.secrets = append(a.secrets, password, url.QueryEscape(password))
	}
	host := u.Host
	if host == "" {
		host = q.Get("host")
	}
	a.shown = strings.TrimSuffix(host+"/"+strings.TrimPrefix(u.Path, "/"), "/")
	// The driver may change its defaults, so what matters is said here.
	for name, value := range map[string]string{"sslmode": "require", "connect_timeout": "10", "application_name": "kaoping"} {
		if !q.Has(name) {
			q.Set(name, value)
		}
	}
	u.RawQuery = q.Encode()
	a.dsn = u.String()
	return a, nil
}

// redact takes passwords out of a message.
func (a address) redact(message string) string {
	for _, s := range a.secrets {
		message = strings.ReplaceAll(message, s, "***")
	}
	return message
}
