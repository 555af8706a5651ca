package feeds

import (
	"cmp"
	"fmt"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"kaoping/engine"
)

// The kinds of sources.
const (
	File     = "file"
	Folder   = "folder"
	HTTP     = "http"
	Postgres = "postgres"
	MySQL    = "mysql"
)

var kinds = []string{File, Folder, HTTP, Postgres, MySQL}

// formats are what a file may be; without a format it is told by its content.
var formats = []string{"csv", "tsv", "xlsx", "json", "ndjson", "parquet"}

// Bounds and what holds where an entry is silent.
const (
	defaultTimeout = 10 * time.Minute
	defaultIdle    = 30 * time.Second
	defaultSettle  = 5 * time.Second
	defaultRetries = 4
	mostRetries    = 20
	// MaxBytes is what a load reads at most.
	MaxBytes = 1 << 30
)

// Config is one entry of the section sources: of config.yaml. What is secret
// stands in environment variables, of which it has the names.
type Config struct {
	Source  string            `yaml:"source"`  // name
	Pack    string            `yaml:"pack"`    // may be left out if only one has the target
	Target  string            `yaml:"target"`  // feed, register, subjects or judgements; empty: what names the source with from: in a pack
	Kind    string            `yaml:"kind"`    // file, folder, http, postgres or mysql
	Format  string            `yaml:"format"`  // of files; told by the content otherwise
	Sheet   string            `yaml:"sheet"`   // of a workbook
	Columns map[string]string `yaml:"columns"` // heading in the source: heading in the pack
	Period  string            `yaml:"period"`  // of data without a period column
	Partial bool              `yaml:"partial"` // leave bad rows out and load the rest

	Path     string        `yaml:"path"`     // file, folder
	Pattern  string        `yaml:"pattern"`  // folder: of file names, *.csv
	Settle   time.Duration `yaml:"settle"`   // folder: a file that did not change for so long is taken
	Archive  string        `yaml:"archive"`  // folder: where loaded files go
	Rejected string        `yaml:"rejected"` // folder: where refused files go

	URL         string        `yaml:"url"`          // http
	TokenEnv    string        `yaml:"token_env"`    // http: variable with the bearer token
	UserEnv     string        `yaml:"user_env"`     // http: variables for basic
	PasswordEnv string        `yaml:"password_env"` // authentication
	CAFile      string        `yaml:"ca_file"`      // http: certificates to trust besides the system's
	Retries     *int          `yaml:"retries"`      // http
	MaxBytes    int64         `yaml:"max_bytes"`    // largest file that is taken, at most 1 GiB
	Timeout     time.Duration `yaml:"timeout"`      // of the whole fetch
	Idle        time.Duration `yaml:"idle"`         // http: without a byte for so long it hangs

	AddressEnv string `yaml:"address_env"` // postgres, mysql: variable with the address
	Query      string `yaml:"query"`       // may hold {first}, {last} and {period}

	line int // in the file
}

// Problem is something wrong with the section.
type Problem struct {
	Line int // 1-based
	What string
}

func (p Problem) String() string { return fmt.Sprintf("%d: %s", p.Line, p.What) }

// List is the section sources:. It is decoded key by key so that everything
// wrong with it is said at once, with its line.
type List struct {
	Entries  []Config
	problems []Problem
}

// UnmarshalYAML reads the section. It fails only where there is no list.
func (l *List) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind != yaml.SequenceNode {
		return fmt.Errorf("line %d: sources: a list of entries is wanted", node.Line)
	}
	for _, entry := range node.Content {
		l.Entries = append(l.Entries, l.entry(entry))
	}
	return nil
}

func (l *List) add(line int, format string, args ...any) {
	l.problems = append(l.problems, Problem{line, fmt.Sprintf(format, args...)})
}

// entry decodes each key by itself: one that is wrong does not hide the others.
func (l *List) entry(node *yaml.Node) Config {
	c := Config{line: node.Line}
	if node.Kind != yaml.MappingNode {
		l.add(node.Line, "sources: an entry has the form {source: …, target: …, kind: …}")
		return c
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		if seen[key.Value] {
			l.add(key.Line, "sources: %s: twice", key.Value)
		}
		seen[key.Value] = true
		if !slices.Contains(keysOf, key.Value) {
			l.add(key.Line, "sources: unknown key %q (%s)", key.Value, strings.Join(keysOf, ", "))
			continue
		}
		one := yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Content: []*yaml.Node{key, value}}
		if err := one.Decode(&c); err != nil {
			l.add(value.Line, "sources: %s: %q", key.Value, value.Value)
		}
	}
	return c
}

// keysOf are the keys of an entry.
var keysOf = []string{
	"source", "pack", "target", "kind", "format", "sheet", "columns", "period", "partial",
	"path", "pattern", "settle", "archive", "rejected",
	"url", "token_env", "user_env", "password_env", "ca_file", "retries", "max_bytes", "timeout", "idle",
	"address_env", "query",
}

// only says which kinds a key is for; a key that is not listed is for all.
var only = map[string][]string{
	"path": {File, Folder}, "format": {File, Folder, HTTP}, "sheet": {File, Folder, HTTP},
	"pattern": {Folder}, "settle": {Folder}, "archive": {Folder}, "rejected": {Folder},
	"url": {HTTP}, "token_env": {HTTP}, "user_env": {HTTP}, "password_env": {HTTP}, "ca_file": {HTTP}, "retries": {HTTP}, "idle": {HTTP},
	"timeout": {HTTP, Postgres, MySQL}, "address_env": {Postgres, MySQL}, "query": {Postgres, MySQL},
}

// given lists the keys of an entry that say something.
func (c *Config) given() map[string]bool {
	return map[string]bool{
		"path": c.Path != "", "format": c.Format != "", "sheet": c.Sheet != "",
		"pattern": c.Pattern != "", "settle": c.Settle != 0, "archive": c.Archive != "", "rejected": c.Rejected != "",
		"url": c.URL != "", "token_env": c.TokenEnv != "", "user_env": c.UserEnv != "", "password_env": c.PasswordEnv != "",
		"ca_file": c.CAFile != "", "retries": c.Retries != nil, "idle": c.Idle != 0,
		"timeout": c.Timeout != 0, "address_env": c.AddressEnv != "", "query": c.Query != "",
	}
}

// Source is an entry that was checked, with nothing left open and paths absolute.
type Source struct {
	Config
	period engine.Period
}

// Compile checks the entries; abs makes a path absolute. There are no sources if
// there is a problem; the problems come in the order of their lines.
func (l *List) Compile(abs func(string) string) ([]*Source, []Problem) {
	names := map[string]bool{}
	var sources []*Source
	for _, c := range l.Entries {
		if names[c.Source] && c.Source != "" {
			l.add(c.line, "sources: source: %q is used twice", c.Source)
		}
		names[c.Source] = true
		sources = append(sources, l.compile(c, abs))
	}
	if l.problems != nil {
		slices.SortStableFunc(l.problems, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
		return nil, l.problems
	}
	return sources, nil
}

func (l *List) compile(c Config, abs func(string) string) *Source {
	wrong := func(format string, args ...any) {
		l.add(c.line, "sources: %s: %s", cmp.Or(c.Source, "?"), fmt.Sprintf(format, args...))
	}
	c.checkKeys(wrong)
	c.checkValues(wrong)
	s := &Source{Config: c}
	if c.Period != "" {
		var err error
		if s.period, err = engine.ParsePeriod(c.Period); err != nil {
			wrong("period: %q", c.Period)
		}
	}
	s.complete(abs)
	return s
}

// checkKeys says which keys are missing and which are for another kind.
func (c *Config) checkKeys(wrong func(string, ...any)) {
	if c.Source == "" {
		wrong("source: ?")
	}
	if !slices.Contains(kinds, c.Kind) {
		wrong("kind: %q (%s)", c.Kind, strings.Join(kinds, " | "))
		return
	}
	given := c.given()
	for _, key := range keysOf {
		if may := only[key]; given[key] && may != nil && !slices.Contains(may, c.Kind) {
			wrong("%s: only for kind: %s", key, strings.Join(may, ", "))
		}
	}
	needs := map[string][]string{File: {"path"}, Folder: {"path"}, HTTP: {"url"}, Postgres: {"address_env", "query"}, MySQL: {"address_env", "query"}}
	for _, key := range needs[c.Kind] {
		if !given[key] {
			wrong("%s: ?", key)
		}
	}
}

var variable = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// checkValues says which values cannot be.
func (c *Config) checkValues(wrong func(string, ...any)) {
	if strings.ContainsAny(c.Source, "/\\\x00") || strings.HasPrefix(c.Source, ".") {
		wrong("source: %q", c.Source) // it becomes the name of a file
	}
	if c.Format != "" && !slices.Contains(formats, c.Format) {
		wrong("format: %q (%s)", c.Format, strings.Join(formats, " | "))
	}
	if _, err := filepath.Match(c.Pattern, ""); err != nil {
		wrong("pattern: %q", c.Pattern)
	}
	for key, name := range map[string]string{"token_env": c.TokenEnv, "user_env": c.UserEnv, "password_env": c.PasswordEnv, "address_env": c.AddressEnv} {
		if name != "" && !variable.MatchString(name) {
			wrong("%s: the name of an environment variable is wanted, not the secret itself", key)
		}
	}
	if (c.UserEnv == "") != (c.PasswordEnv == "") {
		wrong("user_env, password_env: both or none")
	}
	if c.UserEnv != "" && c.TokenEnv != "" {
		wrong("token_env, user_env: one of the two")
	}
	if c.URL != "" {
		u, err := url.Parse(c.URL)
		switch {
		case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
			wrong("url: https://…")
		case u.User != nil:
			wrong("url: no user and password in it; name variables with user_env and password_env")
		}
	}
	if c.MaxBytes < 0 || c.MaxBytes > MaxBytes {
		wrong("max_bytes: %d (1 to %d)", c.MaxBytes, int64(MaxBytes))
	}
	for key, d := range map[string]time.Duration{"timeout": c.Timeout, "idle": c.Idle, "settle": c.Settle} {
		if d < 0 || d > 24*time.Hour {
			wrong("%s: %s", key, d)
		}
	}
	if c.Retries != nil && (*c.Retries < 0 || *c.Retries > mostRetries) {
		wrong("retries: %d (0 to %d)", *c.Retries, mostRetries)
	}
}

// complete fills in what the entry leaves open.
func (s *Source) complete(abs func(string) string) {
	s.Timeout, s.Idle, s.Settle = cmp.Or(s.Timeout, defaultTimeout), cmp.Or(s.Idle, defaultIdle), cmp.Or(s.Settle, defaultSettle)
	s.MaxBytes = cmp.Or(s.MaxBytes, MaxBytes)
	if s.Retries == nil {
		n := defaultRetries
		s.Retries = &n
	}
	if s.Path != "" {
		s.Path = abs(s.Path)
	}
	if s.CAFile != "" {
		s.CAFile = abs(s.CAFile)
	}
	if s.Kind != Folder {
		return
	}
	s.Pattern = cmp.Or(s.Pattern, "*")
	for dir, name := range map[*string]string{&s.Archive: "archive", &s.Rejected: "rejected"} {
		if *dir == "" {
			*dir = filepath.Join(s.Path, name)
		} else {
			*dir = abs(*dir)
		}
	}
}

// Where is what a person is shown as the place the data come from; it holds no
// secret.
func (s *Source) Where() string {
	switch s.Kind {
	case HTTP:
		return s.URL
	case Postgres, MySQL:
		return "$" + s.AddressEnv
	}
	return s.Path
}

// Find returns the source of a name, or nil.
func Find(list []*Source, name string) *Source {
	for _, s := range list {
		if s.Source == name {
			return s
		}
	}
	return nil
}
