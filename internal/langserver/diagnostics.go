package langserver

import (
	"context"
	"strings"
	"time"

	"kaoping/rules"
)

// changed has the folder of a file checked once no more changes come.
func (s *server) changed(d *document) {
	s.changes++
	root := s.rootOf(d.path)
	if timer := s.pending[root]; timer != nil {
		timer.Stop()
	}
	s.pending[root] = time.AfterFunc(s.opt.Delay, func() { s.check(root) })
}

// checkAll has the folders of all open files checked: something on the disk has
// changed.
func (s *server) checkAll() {
	s.changes++
	for _, d := range s.documents {
		s.changed(d)
	}
}

// check runs the checker over a folder and shows what it finds, unless there was
// another change in the meantime: that has its own check.
func (s *server) check(root string) {
	s.mu.Lock()
	changes, open, closed := s.changes, s.openTexts(), s.closed
	s.mu.Unlock()
	if closed {
		return
	}
	f := readFolder(root, open)
	found := findings(f)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || s.changes != changes {
		if !s.closed && s.pending[root] != nil {
			s.pending[root].Reset(s.opt.Delay)
		}
		return
	}
	s.publish(f, found)
}

// findings runs the checker by file. Should it fail on a text it has never seen
// the like of, the editor goes on.
func findings(f *folder) (out map[string][]rules.Diagnostic) {
	out = map[string][]rules.Diagnostic{}
	defer func() {
		if recover() != nil {
			out = map[string][]rules.Diagnostic{}
		}
	}()
	_, diagnostics := rules.Load(f, rules.Options{})
	for _, d := range diagnostics {
		out[d.File] = append(out[d.File], d)
	}
	return out
}

// publish tells the editor what was found in each file of the folder.
func (s *server) publish(f *folder, found map[string][]rules.Diagnostic) {
	shown := map[string]bool{}
	for name, data := range f.files {
		uri, p := s.uriFor(f.path(name)), publishParams{Diagnostics: []diagnostic{}}
		if d := s.documents[uri]; d != nil {
			p.Version = d.version
		}
		p.URI = uri
		all := lines(string(data))
		for _, d := range found[name] {
			p.Diagnostics = append(p.Diagnostics, s.diagnostic(all, d))
		}
		if len(p.Diagnostics) > 0 {
			shown[uri] = true
		} else if !s.published[f.root][uri] && s.documents[uri] == nil {
			continue
		}
		s.notify(p)
	}
	for uri := range s.published[f.root] {
		if path, ok := pathOf(uri); ok && f.files[f.name(path)] == nil {
			s.notify(publishParams{URI: uri, Diagnostics: []diagnostic{}})
		}
	}
	s.published[f.root] = shown
}

// uriFor returns the URI under which the editor knows a file.
func (s *server) uriFor(path string) string {
	for uri, d := range s.documents {
		if d.path == path {
			return uri
		}
	}
	return uriOf(path)
}

func (s *server) notify(p publishParams) {
	_ = s.conn.Notify(context.Background(), "textDocument/publishDiagnostics", p) // a client that is gone need not know
}

// diagnostic turns a finding into one of the protocol.
func (s *server) diagnostic(all []string, d rules.Diagnostic) diagnostic {
	message := d.Message.In(s.opt.Lang)
	if hint := d.Hint.In(s.opt.Lang); hint != "" {
		message += "\n" + hint
	}
	if d.Cite != "" {
		message += "\n" + strings.TrimSpace(d.Cite)
	}
	severity := map[string]int{rules.LevelError: 1, rules.LevelWarning: 2, rules.LevelInfo: 3}[d.Level]
	return diagnostic{
		Range:    rangeOf(all, rules.Span{Line: d.Line, Column: d.Column, Width: max(d.Width, 1)}),
		Severity: severity, Code: d.Code, Source: "kaoping", Message: message, Data: d.Suggestion(),
	}
}
