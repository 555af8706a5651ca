package langserver

import (
	"io"
	"io/fs"
	"net/url"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"kaoping/rules"
)

// Limits on the folder that is read along with an open file.
const (
	maxEntries   = 5000
	maxFiles     = 500
	maxDepth     = 4
	maxFileBytes = 1 << 20
)

// pathOf returns the file a URI names; ok is false if it is not on this machine.
func pathOf(uri string) (name string, ok bool) {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "file" || u.Path == "" {
		return "", false
	}
	name = filepath.FromSlash(u.Path)
	if runtime.GOOS == "windows" {
		name = strings.TrimPrefix(name, `\`)
	}
	return filepath.Clean(name), true
}

// uriOf returns the URI of a file.
func uriOf(name string) string {
	name = filepath.ToSlash(name)
	if !strings.HasPrefix(name, "/") {
		name = "/" + name
	}
	return (&url.URL{Scheme: "file", Path: name}).String()
}

// isRuleFile tells the files of the language from other YAML by the key that all
// of them begin with.
func isRuleFile(text string) bool {
	return strings.HasPrefix(text, "pack:") || strings.Contains(text, "\npack:") || strings.HasPrefix(text, "\ufeffpack:")
}

func isYAML(name string) bool {
	ext := filepath.Ext(name)
	return ext == ".yaml" || ext == ".yml"
}

// folder is what stands beside an open file: the rule files of a folder and those
// below it, with the open texts in the place of what is on the disk. It is a file
// system for the checker, which sees no other YAML in it.
type folder struct {
	root  string
	disk  fs.FS
	files map[string][]byte // by their names in the folder, with slashes
	dirs  map[string][]fs.DirEntry
	seen  int
}

// readFolder gathers the rule files of a folder. open holds the texts of open
// files by their paths.
func readFolder(root string, open map[string]string) *folder {
	return readTree(root, rules.Folder(root), open)
}

// around gathers what stands beside an open file: on the disk, or in the tree of a
// server that has one.
func (s *server) around(d *document) *folder {
	if s.tree != nil {
		return readTree("/", s.tree, s.openTexts())
	}
	return readFolder(s.rootOf(d.path), s.openTexts())
}

func readTree(root string, disk fs.FS, open map[string]string) *folder {
	f := &folder{root: root, disk: disk, files: map[string][]byte{}, dirs: map[string][]fs.DirEntry{}}
	f.gather(".", 0)
	for name, text := range open {
		if rel, err := filepath.Rel(root, name); err == nil && !strings.HasPrefix(rel, "..") && isYAML(name) && isRuleFile(text) {
			f.put(filepath.ToSlash(rel), []byte(text))
		}
	}
	return f
}

// gather reads the folder dir as far as the limits go.
func (f *folder) gather(dir string, depth int) {
	f.dirs[dir] = nil
	entries, _ := fs.ReadDir(f.disk, dir) // a folder that cannot be read has no files
	for _, e := range entries {
		name := e.Name()
		if dir != "." {
			name = dir + "/" + name
		}
		f.seen++
		switch {
		case f.seen > maxEntries || len(f.files) >= maxFiles || strings.HasPrefix(e.Name(), "."):
		case e.IsDir() && depth < maxDepth && e.Name() != "node_modules":
			f.gather(name, depth+1)
		case e.Type().IsRegular() && isYAML(name):
			if data, err := f.read(name); err == nil && (isRuleFile(string(data)) || strings.Contains("/"+name, "/calendars/")) {
				f.put(name, data)
			}
		}
	}
}

// read reads a file, but not more of it than a rule file may have.
func (f *folder) read(name string) ([]byte, error) {
	file, err := f.disk.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, maxFileBytes+1))
}

// put adds a file and the folders that lead to it.
func (f *folder) put(name string, data []byte) {
	if _, there := f.files[name]; !there {
		f.link(name, false)
	}
	f.files[name] = data
}

func (f *folder) link(name string, isDir bool) {
	dir, base := ".", name
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		dir, base = name[:i], name[i+1:]
	}
	entries := f.dirs[dir]
	if slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == base }) {
		return
	}
	entries = append(entries, fs.FileInfoToDirEntry(info{name: base, dir: isDir}))
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	f.dirs[dir] = entries
	if dir != "." {
		f.link(dir, true)
	}
}

// path returns where a file of the folder is on the disk.
func (f *folder) path(name string) string { return filepath.Join(f.root, filepath.FromSlash(name)) }

// name returns the name of a path in the folder.
func (f *folder) name(path string) string {
	rel, err := filepath.Rel(f.root, path)
	if err != nil {
		return ""
	}
	return filepath.ToSlash(rel)
}

// Open opens what is on the disk.
func (f *folder) Open(name string) (fs.File, error) { return f.disk.Open(name) }

// ReadDir lists the rule files and the folders that lead to them.
func (f *folder) ReadDir(name string) ([]fs.DirEntry, error) { return f.dirs[name], nil }

// ReadFile returns the open text of a file, or what is on the disk.
func (f *folder) ReadFile(name string) ([]byte, error) {
	if data, ok := f.files[name]; ok {
		return data, nil
	}
	return f.read(name)
}

// Stat describes a file as ReadFile gives it.
func (f *folder) Stat(name string) (fs.FileInfo, error) {
	if data, ok := f.files[name]; ok {
		return info{name: name, size: int64(len(data))}, nil
	}
	if _, ok := f.dirs[name]; ok {
		return info{name: name, dir: true}, nil
	}
	return fs.Stat(f.disk, name)
}

// info describes a text that need not be on the disk.
type info struct {
	name string
	size int64
	dir  bool
}

func (i info) Name() string       { return i.name }
func (i info) Size() int64        { return i.size }
func (i info) ModTime() time.Time { return time.Time{} }
func (i info) IsDir() bool        { return i.dir }
func (i info) Sys() any           { return nil }
func (i info) Mode() fs.FileMode {
	if i.dir {
		return fs.ModeDir
	}
	return 0
}

// readable is a folder of which nothing has been read yet.
func readable(root string) *folder { return &folder{root: root, disk: rules.Folder(root)} }
