package langserver

import (
	"fmt"

	"kaoping/engine"
	"kaoping/rules"
)

// actions offers what diagnostics suggest.
func (s *server) actions(d *document, p positionParams) (any, error) {
	out := []codeAction{}
	for _, found := range p.Context.Diagnostics {
		if found.Source != "kaoping" || found.Data == "" {
			continue
		}
		title := engine.Text{ZH: fmt.Sprintf("改为“%s”", found.Data), EN: fmt.Sprintf("change to “%s”", found.Data)}
		out = append(out, codeAction{
			Title: title.In(s.opt.Lang), Kind: "quickfix", Diagnostics: []diagnostic{found}, IsPreferred: true,
			Edit: &workspaceEdit{Changes: map[string][]textEdit{d.uri: {{found.Range, found.Data}}}},
		})
	}
	return out, nil
}

// formatting puts the keys of each item into their order. A file that cannot be
// read as YAML stays as it is.
func (s *server) formatting(d *document, _ positionParams) (any, error) {
	formatted, found := rules.Format(d.path, []byte(d.text))
	if rules.HasErrors(found) || formatted == nil || string(formatted) == d.text {
		return []textEdit{}, nil
	}
	return []textEdit{{wholeText(d.lines), string(formatted)}}, nil
}

// symbols is the outline of a file: the regulation's sections and items, and what
// the pack names.
func (s *server) symbols(d *document, _ positionParams) (any, error) {
	x := rules.IndexFiles(map[string][]byte{d.path: []byte(d.text)})
	return symbolsOf(d.lines, x.Outlines[d.path]), nil
}

func symbolsOf(all []string, headings []*rules.Heading) []documentSymbol {
	out := []documentSymbol{}
	for _, h := range headings {
		kind := symbolProperty
		switch h.Kind {
		case "":
			kind = symbolNamespace
		case "section", "group":
			kind = symbolClass
		}
		selection := rangeOf(all, h.At)
		whole := selection
		if h.LastLine > h.At.Line {
			whole.End = position{h.LastLine - 1, units(lineAt(all, h.LastLine-1), maxFileBytes)}
		} else {
			whole.End.Character = units(lineAt(all, h.At.Line-1), maxFileBytes)
		}
		name := h.Name
		if name == "" {
			name = "-"
		}
		out = append(out, documentSymbol{Name: name, Detail: h.Detail, Kind: kind, Range: whole, SelectionRange: selection, Children: symbolsOf(all, h.Below)})
	}
	return out
}
