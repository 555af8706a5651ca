package feeds

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"kaoping/ingest"
)

// ReadFile reads a file of at most limit bytes. A larger one is refused by its
// size before anything is read, and one that changes while it is read is refused,
// so that no half of a file is loaded.
func ReadFile(path string, limit int64) ([]byte, error) {
	data, _, err := readFile(path, limit)
	return data, err
}

// readFile returns also what the file was when it was read.
func readFile(path string, limit int64) ([]byte, fs.FileInfo, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, unreadable(path, err)
	}
	defer f.Close()
	before, err := f.Stat()
	if err != nil {
		return nil, nil, unreadable(path, err)
	}
	if before.IsDir() {
		return nil, nil, trouble(syscall.EISDIR, "读不了 %s:是文件夹,不是文件。\n  提示:逐个列出文件,或在 sources 中用 kind: folder。",
			"cannot read %s: it is a folder, not a file.\n  hint: name the files, or use kind: folder in sources.", path)
	}
	data, err := readAll(f, before.Size(), limit, path)
	if err != nil {
		return nil, nil, err
	}
	if before.Mode().IsRegular() {
		err = unchanged(path, f, before, int64(len(data)))
	}
	return data, before, err
}

// readAll reads to the end; size is what the file says of itself, 0 for a pipe.
func readAll(r io.Reader, size, limit int64, name string) ([]byte, error) {
	if size > limit {
		return nil, tooLarge(name, limit)
	}
	var b bytes.Buffer
	b.Grow(int(size) + bytes.MinRead)
	n, err := b.ReadFrom(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, unreadable(name, err)
	}
	if n > limit {
		return nil, tooLarge(name, limit)
	}
	return b.Bytes(), nil
}

// unchanged reports a file that was written or replaced while it was read.
func unchanged(path string, f *os.File, before fs.FileInfo, read int64) error {
	after, err := f.Stat()
	if err != nil {
		return unreadable(path, err)
	}
	now, err := os.Stat(path)
	if err != nil || !os.SameFile(now, before) || !sameState(before, after) || read != before.Size() {
		return temporary(err, "%s 在读取过程中被改写或替换,未导入。\n  提示:等写完后重试;让对方先写成临时文件名,写完再改名。",
			"%s was written or replaced while it was read; nothing was loaded.\n  hint: try again when it is complete; have the sender write under another name and rename it when done.", path)
	}
	return nil
}

func sameState(a, b fs.FileInfo) bool {
	return a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}

func tooLarge(name string, limit int64) error {
	return trouble(nil, "%s 超过 %s,请分成几个文件。", "%s is larger than %s; split it.", name, size(limit))
}

func unreadable(path string, err error) error {
	why := err
	var p *fs.PathError
	if errors.As(err, &p) {
		why = p.Err
	}
	if errors.Is(err, fs.ErrNotExist) {
		return trouble(err, "没有文件 %s。", "there is no file %s.", path)
	}
	return trouble(err, "读不了文件 %s:%v\n  提示:检查路径和读取权限。", "cannot read %s: %v\n  hint: check the path and the right to read it.", path, why)
}

// fetchFile reads the file of the source. A pipe or a device is refused unopened:
// it could keep a schedule waiting for ever.
func (s *Source) fetchFile() ([]Delivery, error) {
	if info, err := os.Stat(s.Path); err == nil && !info.IsDir() && !info.Mode().IsRegular() {
		return nil, trouble(nil, "来源 %s:%s 不是普通文件,没有读取。\n  提示:让对方先写成文件;管道用 kaoping ingest。",
			"source %s: %s is no regular file and was not read.\n  hint: have the sender write a file; kaoping ingest takes pipes.", s.Source, s.Path)
	}
	data, _, err := readFile(s.Path, s.MaxBytes)
	if err != nil {
		return nil, err
	}
	return []Delivery{{Source: ingest.Source{Name: filepath.Base(s.Path), Data: data, Format: s.Format}}}, nil
}
