// Package drafts keeps the drafts of rule files that people save in the editor: as
// files of a folder, one folder for each pack, so that every command reads them.
// Nothing that is kept is overwritten, and no pack that is in use is touched.
package drafts

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"

	"kaoping/engine"
)

// Folder is where drafts are kept. Empty: none can be saved.
type Folder string

// Draft is one saved text.
type Draft struct {
	ID     string // name of its file in the pack's folder
	Pack   string // whose file it is to replace
	File   string // name of that file, without its folder
	Author string // as far as a file name can hold it; the audit trail has it in full
	At     time.Time
}

const stampLayout = "20060102T150405.000"

// Path is where the draft lies, below the folder of drafts.
func (d Draft) Path() string { return d.Pack + "/" + d.ID }

// ErrOff says that there is no folder for drafts.
var ErrOff = &off{}

type off struct{}

func (*off) Error() string { return "no folder for drafts is configured" }
func (*off) Unwrap() error { return engine.ErrConflict }

// Message says what to do about it.
func (*off) Message() engine.Text {
	return engine.Text{ZH: "没有配置草稿目录(config.yaml 的 web.drafts),不能保存;可以下载。", EN: "No folder for drafts is configured (web.drafts in config.yaml): nothing can be saved, but the text can be downloaded."}
}

// Save keeps a text as a new draft of a pack's file.
func (f Folder) Save(pack, file, author, text string, at time.Time) (Draft, error) {
	d := Draft{Pack: pack, File: path.Base(file), Author: fitting(author), At: at.UTC().Truncate(time.Millisecond)}
	d.ID = d.At.Format(stampLayout) + "_" + d.Author + "_" + d.File
	if f == "" {
		return d, ErrOff
	}
	if !plainName(pack) || !plainName(d.ID) {
		return d, fmt.Errorf("save a draft of %q: not a name", pack)
	}
	dir := filepath.Join(string(f), pack)
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return d, fmt.Errorf("save a draft: %w", err)
	}
	file = filepath.Join(dir, d.ID)
	out, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o640)
	if err != nil {
		return d, fmt.Errorf("save a draft: %w", err)
	}
	_, err = out.WriteString(text)
	err = errors.Join(err, out.Sync(), out.Close())
	if err != nil {
		os.Remove(file) // a part of a text is no draft
		return d, fmt.Errorf("save a draft: %w", err)
	}
	return d, nil
}

// List returns the drafts of a pack, the newest first.
func (f Folder) List(pack string) ([]Draft, error) {
	if f == "" || !plainName(pack) {
		return nil, nil
	}
	entries, err := os.ReadDir(filepath.Join(string(f), pack))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list drafts: %w", err)
	}
	var out []Draft
	for _, e := range entries {
		if d, ok := parse(pack, e.Name()); ok && e.Type().IsRegular() {
			out = append(out, d)
		}
	}
	slices.SortFunc(out, func(a, b Draft) int { return b.At.Compare(a.At) })
	return out, nil
}

// Find returns a draft with its text. It fails with engine.ErrNotFound.
func (f Folder) Find(pack, id string) (Draft, string, error) {
	d, ok := parse(pack, id)
	if f == "" || !ok || !plainName(pack) {
		return d, "", engine.ErrNotFound
	}
	text, err := os.ReadFile(filepath.Join(string(f), pack, id))
	if errors.Is(err, fs.ErrNotExist) {
		return d, "", engine.ErrNotFound
	}
	if err != nil {
		return d, "", fmt.Errorf("read a draft: %w", err)
	}
	return d, string(text), nil
}

// parse reads what the name of a draft's file says.
func parse(pack, id string) (Draft, bool) {
	parts := strings.SplitN(id, "_", 3)
	if len(parts) != 3 || !plainName(id) {
		return Draft{}, false
	}
	at, err := time.Parse(stampLayout, parts[0])
	return Draft{ID: id, Pack: pack, Author: parts[1], File: parts[2], At: at}, err == nil
}

// plainName reports whether a word names a file in a folder and no other place.
func plainName(s string) bool {
	return s != "" && s == filepath.Base(s) && s[0] != '.' && !strings.ContainsAny(s, "/\\:\x00") && len(s) < 200
}

// fitting keeps of a name what the name of a file can hold.
func fitting(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '.' {
			return r
		}
		return '-'
	}, name)
	if r := []rune(name); len(r) > 20 {
		name = string(r[:20])
	}
	if name == "" {
		return "-"
	}
	return name
}
