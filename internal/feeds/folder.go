package feeds

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"kaoping/ingest"
)

// mostFiles is how many files of a folder are taken at once; the rest wait for
// the next time.
const mostFiles = 1000

// partial are the ends of the names of files that are still on their way.
var partialEnds = []string{".tmp", ".part", ".partial", ".crdownload", ".filepart", ".swp", "~"}

// passing reports whether a file is none to be taken: hidden, a lock of an open
// workbook, or still on its way.
func passing(name string) bool {
	lower := strings.ToLower(name)
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~$") ||
		slices.ContainsFunc(partialEnds, func(end string) bool { return strings.HasSuffix(lower, end) })
}

// look lists the files of the folder as they are now, by name. Folders, links and
// devices are passed over: nothing outside the folder is ever read or moved.
func (s *Source) look() (map[string]fs.FileInfo, error) {
	entries, err := os.ReadDir(s.Path)
	if err != nil {
		return nil, unreadable(s.Path, err)
	}
	found := map[string]fs.FileInfo{}
	for _, e := range entries {
		if matched, _ := filepath.Match(s.Pattern, e.Name()); !matched || passing(e.Name()) || !e.Type().IsRegular() {
			continue
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // someone else took it
		}
		if err != nil {
			return nil, unreadable(filepath.Join(s.Path, e.Name()), err)
		}
		if found[e.Name()] = info; len(found) == mostFiles {
			break
		}
	}
	return found, nil
}

// settled lists the files that did not change for the settle time, in the order
// in which they came.
func (s *Source) settled(ctx context.Context) ([]string, error) {
	before, err := s.look()
	if err != nil || len(before) == 0 {
		return nil, err
	}
	if err := wait(ctx, s.Settle); err != nil {
		return nil, err
	}
	after, err := s.look()
	if err != nil {
		return nil, err
	}
	var names []string
	for name, was := range before {
		if is, ok := after[name]; ok && os.SameFile(was, is) && sameState(was, is) {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(before[a].ModTime().Compare(before[b].ModTime()), strings.Compare(a, b))
	})
	return names, nil
}

// fetchFolder reads nothing yet: the files are read one after the other, when it
// is their turn.
func (s *Source) fetchFolder(ctx context.Context) ([]Delivery, error) {
	names, err := s.settled(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]Delivery, len(names))
	for i, name := range names {
		list[i] = Delivery{Source: ingest.Source{Name: name, Format: s.Format}, path: filepath.Join(s.Path, name)}
	}
	return list, nil
}

// Read gets the bytes of a file in a folder; what other sources give has been
// read already.
func (d *Delivery) Read(limit int64) {
	if d.path == "" {
		return
	}
	d.Data, d.state, d.Trouble = readFile(d.path, limit)
}

// putAway moves a file that was dealt with into the folder of the day. A file
// that was replaced since it was read stays where it is and is taken next time;
// one that someone else has moved is not missed. It returns where the file went,
// or "".
func (d *Delivery) putAway(folder string, day time.Time) (string, error) {
	if d.path == "" {
		return "", nil
	}
	now, err := os.Lstat(d.path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && (d.state != nil && (!os.SameFile(now, d.state) || !sameState(now, d.state))) {
		return "", nil
	}
	if err != nil {
		return "", unreadable(d.path, err)
	}
	to, err := place(folder, day, filepath.Base(d.path))
	if err != nil {
		return "", err
	}
	err = move(d.path, to)
	if errors.Is(err, fs.ErrNotExist) {
		os.Remove(to) // the place that was kept for it
		return "", nil
	}
	if err != nil {
		return "", trouble(err, "%s 已处理,但移不到 %s:%v", "%s was dealt with and cannot be moved to %s: %v", d.path, to, err)
	}
	return to, nil
}

// place keeps a free name in the folder of the day: a second file of the name
// gets a number, so that nothing in the archive is written over.
func place(folder string, day time.Time, name string) (string, error) {
	folder = filepath.Join(folder, day.Format("2006-01-02"))
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return "", unreadable(folder, err)
	}
	end := filepath.Ext(name)
	for i := 1; ; i++ {
		path := filepath.Join(folder, name)
		if i > 1 {
			path = filepath.Join(folder, fmt.Sprintf("%s-%d%s", strings.TrimSuffix(name, end), i, end))
		}
		f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o640)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return "", unreadable(path, err)
		}
		return path, f.Close()
	}
}

// move renames a file, also onto another disk.
func move(from, to string) error {
	err := os.Rename(from, to)
	if !errors.Is(err, syscall.EXDEV) {
		return err
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_TRUNC, 0o640)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	if err = errors.Join(err, out.Sync(), out.Close()); err != nil {
		return err
	}
	return os.Remove(from)
}
