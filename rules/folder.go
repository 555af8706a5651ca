package rules

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"kaoping/engine"
)

// Folder is the tree of files below a folder of the disk. Other than os.DirFS it
// does not follow links that lead out of the folder: a pack from a stranger
// shows no other file of the machine in the lines that diagnostics quote.
type Folder string

// Open opens a file or folder of the tree.
func (f Folder) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	return os.OpenInRoot(string(f), filepath.FromSlash(name))
}

// Stat describes a file without opening it, which would wait for ever on a pipe.
func (f Folder) Stat(name string) (fs.FileInfo, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "stat", Path: name, Err: fs.ErrInvalid}
	}
	root, err := os.OpenRoot(string(f))
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return root.Stat(filepath.FromSlash(name))
}

// whyUnreadable says what the system says, and in both languages what happens to
// links and to what is no file.
func whyUnreadable(err error) (why, what engine.Text) {
	reason := err.Error()
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		reason = pathErr.Err.Error()
	}
	switch {
	case strings.Contains(reason, "path escapes"):
		return text("这个链接指向目录之外, 不读取", "this link leads out of the folder and is not followed"), text("把文件本身放进来", "put the file itself here")
	case reason == notAFile:
		return text("这不是普通文件", "this is not a plain file"), engine.Text{}
	}
	return text("读不到文件: "+reason, "cannot read it: "+reason), engine.Text{}
}

// notAFile is the reason for what is neither a file nor a folder.
const notAFile = "not a plain file"
