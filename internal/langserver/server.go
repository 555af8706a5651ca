package langserver

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/sourcegraph/jsonrpc2"

	"kaoping/engine"
	"kaoping/rules"
)

// Options tunes Serve.
type Options struct {
	Lang    engine.Lang   // of messages and descriptions
	Version string        // of the program
	Delay   time.Duration // after the last change until the files are checked
}

// ErrNoShutdown says that the client left without asking for shutdown first.
var ErrNoShutdown = errors.New("the client left without shutdown")

// Serve speaks the protocol until the client says exit, closes the stream, or ctx
// ends.
func Serve(ctx context.Context, in io.Reader, out io.Writer, opt Options) error {
	s := &server{opt: opt, documents: map[string]*document{}, pending: map[string]*time.Timer{}, published: map[string]map[string]bool{}, done: make(chan struct{})}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s.conn = jsonrpc2.NewConn(ctx, newStream(in, out), jsonrpc2.HandlerWithError(s.handle), jsonrpc2.SetLogger(log.New(io.Discard, "", 0)))
	select {
	case <-s.conn.DisconnectNotify():
	case <-s.done:
	case <-ctx.Done():
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, timer := range s.pending {
		timer.Stop()
	}
	s.closed = true
	if !s.shutDown && ctx.Err() == nil {
		return ErrNoShutdown
	}
	return nil
}

// server is one session with an editor.
type server struct {
	opt  Options
	tree fs.FS // instead of the disk; nil: the disk
	conn *jsonrpc2.Conn
	done chan struct{} // closed by exit

	mu        sync.Mutex
	documents map[string]*document // by URI
	roots     []string             // folders of the workspace
	pending   map[string]*time.Timer
	published map[string]map[string]bool // by folder, the URIs that show diagnostics
	changes   int                        // counts what may change answers
	names     *namesCache
	shutDown  bool
	closed    bool
}

// document is an open file.
type document struct {
	uri, path string
	version   int
	text      string
	good      string // the last text that could be read as YAML
	lines     []string
}

// handle answers one message. A mistake in it is an error for the client and no
// end of the session.
func (s *server) handle(_ context.Context, _ *jsonrpc2.Conn, r *jsonrpc2.Request) (result any, err error) {
	defer func() {
		if p := recover(); p != nil {
			result, err = nil, &jsonrpc2.Error{Code: jsonrpc2.CodeInternalError, Message: fmt.Sprint(p)}
		}
	}()
	s.mu.Lock()
	defer s.mu.Unlock()
	switch r.Method {
	case "initialize":
		return with(r, s.initialize)
	case "shutdown":
		s.shutDown = true
		return nil, nil
	case "exit":
		select {
		case <-s.done:
		default:
			close(s.done)
		}
		return nil, nil
	case "textDocument/didOpen":
		return with(r, s.open)
	case "textDocument/didChange":
		return with(r, s.change)
	case "textDocument/didClose":
		return with(r, s.close)
	case "textDocument/didSave", "workspace/didChangeWatchedFiles":
		s.checkAll()
		return nil, nil
	}
	if s.shutDown {
		return nil, &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidRequest, Message: "the server is shut down"}
	}
	if answer, ok := s.answers()[r.Method]; ok {
		return with(r, answer)
	}
	if r.Notif {
		return nil, nil // what is not known may be ignored
	}
	return nil, &jsonrpc2.Error{Code: jsonrpc2.CodeMethodNotFound, Message: "no method " + r.Method}
}

// answers are the requests about a place in an open file.
func (s *server) answers() map[string]func(positionParams) (any, error) {
	about := func(answer func(*document, positionParams) (any, error)) func(positionParams) (any, error) {
		return func(p positionParams) (any, error) {
			if d := s.documents[p.TextDocument.URI]; d != nil {
				return answer(d, p)
			}
			return nil, &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidParams, Message: "the file is not open"}
		}
	}
	return map[string]func(positionParams) (any, error){
		"textDocument/completion":     about(s.completion),
		"textDocument/hover":          about(s.hover),
		"textDocument/definition":     about(s.definition),
		"textDocument/references":     about(s.references),
		"textDocument/prepareRename":  about(s.prepareRename),
		"textDocument/rename":         about(s.rename),
		"textDocument/formatting":     about(s.formatting),
		"textDocument/documentSymbol": about(s.symbols),
		"textDocument/codeAction":     about(s.actions),
	}
}

// with reads the parameters of a request.
func with[P any](r *jsonrpc2.Request, answer func(P) (any, error)) (any, error) {
	var p P
	if r.Params != nil {
		if err := json.Unmarshal(*r.Params, &p); err != nil {
			return nil, &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidParams, Message: err.Error()}
		}
	}
	return answer(p)
}

func (s *server) initialize(p initializeParams) (any, error) {
	uris := []string{p.RootURI}
	for _, f := range p.WorkspaceFolders {
		uris = append(uris, f.URI)
	}
	for _, uri := range uris {
		if path, ok := pathOf(uri); ok {
			s.roots = append(s.roots, path)
		}
	}
	return map[string]any{
		"serverInfo": map[string]any{"name": "kaoping", "version": s.opt.Version},
		"capabilities": map[string]any{
			"positionEncoding":           "utf-16",
			"textDocumentSync":           map[string]any{"openClose": true, "change": 2, "save": true},
			"completionProvider":         map[string]any{"triggerCharacters": []string{":", " ", "-", "(", "[", "{", ","}},
			"hoverProvider":              true,
			"definitionProvider":         true,
			"referencesProvider":         true,
			"renameProvider":             map[string]any{"prepareProvider": true},
			"documentFormattingProvider": true,
			"documentSymbolProvider":     true,
			"codeActionProvider":         map[string]any{"codeActionKinds": []string{"quickfix"}},
		},
	}, nil
}

func (s *server) open(p openParams) (any, error) {
	d := &document{uri: p.TextDocument.URI, version: p.TextDocument.Version}
	path, ok := pathOf(d.uri)
	if !ok {
		return nil, nil // a file without a place has no pack around it
	}
	d.path = path
	d.set(p.TextDocument.Text)
	s.documents[d.uri] = d
	s.changed(d)
	return nil, nil
}

func (d *document) set(text string) {
	d.text, d.lines = text, lines(text)
	if rules.Readable([]byte(text)) {
		d.good = text
	}
}

func (s *server) change(p changeParams) (any, error) {
	d := s.documents[p.TextDocument.URI]
	if d == nil {
		return nil, nil
	}
	text := d.text
	for _, c := range p.ContentChanges {
		if c.Range == nil {
			text = c.Text
		} else {
			text = apply(text, *c.Range, c.Text)
		}
	}
	d.version = p.TextDocument.Version
	d.set(text)
	s.changed(d)
	return nil, nil
}

func (s *server) close(p positionParams) (any, error) {
	d := s.documents[p.TextDocument.URI]
	if d == nil {
		return nil, nil
	}
	delete(s.documents, d.uri)
	s.changed(d)
	return nil, nil
}

// openTexts returns the texts of the open files by their paths.
func (s *server) openTexts() map[string]string {
	out := map[string]string{}
	for _, d := range s.documents {
		out[d.path] = d.text
	}
	return out
}

// rootOf returns the folder that is checked with a file: its own, or one above it
// in the workspace as long as rule files stand there too.
func (s *server) rootOf(path string) string {
	dir := filepath.Dir(path)
	for range maxDepth {
		up := filepath.Dir(dir)
		if up == dir || !s.inWorkspace(up) || !holdsRules(up) {
			break
		}
		dir = up
	}
	return dir
}

func (s *server) inWorkspace(dir string) bool {
	for _, root := range s.roots {
		if rel, err := filepath.Rel(root, dir); err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
			return true
		}
	}
	return false
}

// holdsRules reports whether rule files stand in a folder itself.
func holdsRules(dir string) bool {
	names, err := filepath.Glob(filepath.Join(dir, "*.y*ml"))
	if err != nil {
		return false
	}
	f := readable(dir)
	for _, name := range names[:min(len(names), 50)] {
		if data, err := f.read(filepath.Base(name)); err == nil && isRuleFile(string(data)) {
			return true
		}
	}
	return false
}
