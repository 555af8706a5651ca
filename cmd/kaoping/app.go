package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"runtime/debug"
	"time"

	"github.com/mattn/go-isatty"

	"kaoping/engine"
	"kaoping/rules"
	"kaoping/rules/packs"
	"kaoping/store"
)

// app is one invocation: what the global flags said and what was opened.
type app struct {
	ctx            context.Context
	stdout, stderr io.Writer
	lang           engine.Lang
	langFlag       string
	configPath     string
	format         string
	errorsTo       string // where ingest writes a bad file back; empty if nowhere
	revision       int    // of a stored run; 0 is the newest
}

// say prints a message for the person at the terminal.
func (a *app) say(zh, en string, args ...any) {
	fmt.Fprintf(a.stderr, engine.Text{ZH: zh, EN: en}.In(a.lang)+"\n", args...)
}

// t picks a word or a heading in the language of this invocation.
func (a *app) t(zh, en string) string { return engine.Text{ZH: zh, EN: en}.In(a.lang) }

// config loads the configuration. A language on the command line wins over it.
func (a *app) config() (Config, error) {
	c, err := loadConfig(a.configPath)
	if err == nil && a.langFlag == "" {
		a.lang = c.Language
	}
	return c, err
}

// packFolder is where the rule packs of the workspace are, or those shipped
// with the program if it has none.
func (a *app) packFolder(c Config) fs.FS {
	if info, err := os.Stat(c.Packs); err == nil && info.IsDir() {
		return rules.Folder(c.Packs)
	}
	return packs.FS
}

// library loads the packs of the workspace. A mistake in any of them is
// printed; the packs without mistakes can still be used.
func (a *app) library(c Config) *rules.Library {
	library, diagnostics := rules.Load(a.packFolder(c), rules.Options{})
	if rules.HasErrors(diagnostics) {
		rules.WriteText(a.stderr, onlyErrors(diagnostics), a.lang)
	}
	return library
}

// pack finds the edition of a pack that scores the period.
func (a *app) pack(c Config, name string, period engine.Period) (*rules.Library, *engine.Pack, error) {
	library := a.library(c)
	p, err := findPack(library, name, period)
	return library, p, err
}

// findPack finds an edition in a library. Asking for one that is not there is a
// mistake on the command line.
func findPack(library *rules.Library, name string, period engine.Period) (*engine.Pack, error) {
	p, err := library.Pack(name, period)
	if s := speaker(nil); errors.As(err, &s) {
		return nil, fail(exitUsage, s.Message())
	}
	return p, err
}

// open opens the store and says what an earlier process left unfinished.
func (a *app) open(c Config) (*store.DB, error) {
	db, err := store.Open(a.ctx, c.Database.URL)
	if err != nil {
		return nil, err
	}
	left, err := db.Unfinished(a.ctx)
	if err != nil {
		db.Close()
		return nil, err
	}
	for _, operation := range left {
		a.say("注意:%s", "note: %s", operation.Text.In(a.lang))
	}
	return db, nil
}

// actor names who does something, for the audit trail.
func actor() store.Actor {
	name := os.Getenv("KAOPING_USER")
	if name == "" {
		if u, err := user.Current(); err == nil {
			name = u.Username
		}
	}
	return store.Actor{Name: name, Via: "cli"}
}

// period reads a period from a flag.
func (a *app) period(s string) (engine.Period, error) {
	p, err := engine.ParsePeriod(s)
	if err != nil {
		return p, fail(exitUsage, engine.Text{
			ZH: fmt.Sprintf("统计期间 %q 写法有误。\n  提示:写成 2025H1(上半年)、2025(全年)、2025Q2 或 2025-06。", s),
			EN: fmt.Sprintf("%q is not a period.\n  hint: write 2025H1, 2025, 2025Q2 or 2025-06.", s),
		})
	}
	return p, nil
}

// asOf reads the instant up to which data count; zero, which means now, if nothing
// is said.
func (a *app) asOf(s string, c Config) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04", time.DateOnly} {
		if at, err := time.ParseInLocation(layout, s, c.location); err == nil {
			if layout == time.DateOnly { // a day counts to its end
				at = at.AddDate(0, 0, 1).Add(-time.Microsecond)
			}
			return at, nil
		}
	}
	return time.Time{}, fail(exitUsage, engine.Text{
		ZH: fmt.Sprintf("--as-of %q 写法有误,写成 2025-07-20 或 2025-07-20T24:00:00+08:00。", s),
		EN: fmt.Sprintf("--as-of %q is not a time; write 2025-07-20 or 2025-07-20T18:00:00+08:00.", s),
	})
}

// terminal reports whether progress may be drawn.
func (a *app) terminal() bool {
	f, ok := a.stderr.(*os.File)
	return ok && isatty.IsTerminal(f.Fd())
}

// createFile makes a file whole or not at all: it is written beside its place
// and moved there when it is complete.
func createFile(path string, write func(io.Writer) error) error {
	return wroteFile(path, writeAside(path, 0o644, write))
}

// wroteFile says what kept a file from being written.
func wroteFile(path string, err error) error {
	var f *failure
	if err == nil || errors.As(err, &f) || errors.Is(err, context.Canceled) {
		return err
	}
	return fail(exitStore, engine.Text{
		ZH: fmt.Sprintf("写不了 %s:%v\n  提示:检查目录的写权限和磁盘空间;原有文件未被改动。", path, cause(err)),
		EN: fmt.Sprintf("cannot write %s: %v\n  hint: check the right to write there and the space on the disk; a file that was there is unchanged.", path, cause(err)),
	})
}

// writeAside writes a file under another name and gives it its own at the end.
func writeAside(path string, mode fs.FileMode, write func(io.Writer) error) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".kaoping-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if err := write(f); err != nil {
		return err
	}
	if err := f.Chmod(mode); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// cause is what the operating system said of a file, without the path that the
// message names anyway.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// version is the program's version as far as the build knows it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return releaseVersion
	}
	return info.Main.Version
}

// releaseVersion is the version this tree will be released as.
const releaseVersion = "0.1.0"
