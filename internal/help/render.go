package help

import (
	"bytes"
	"fmt"
	"html"
	"html/template"
	"net/url"
	"path"
	"strings"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"kaoping/engine"
)

// markdown leaves HTML that stands in a text out, and puts no style on anything:
// the pages' content policy allows none.
var markdown = goldmark.New(
	goldmark.WithExtensions(
		extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)),
		extension.Strikethrough,
	),
	goldmark.WithParserOptions(parser.WithAutoHeadingID(), parser.WithASTTransformers(util.Prioritized(links{}, 500))),
)

// HTML returns what a page says, without its title.
func (p *Page) HTML(lang engine.Lang) (template.HTML, error) {
	source := []byte(p.text[p.In(lang)])
	var b bytes.Buffer
	if err := markdown.Convert(source, &b, parser.WithContext(parser.NewContext(parser.WithIDs(newIDs())))); err != nil {
		return "", fmt.Errorf("render the page %s: %w", p.Name, err)
	}
	// A wide table scrolls by itself, also by keyboard. Nothing else can make this
	// tag: HTML in a text is left out and words are escaped.
	out := strings.NewReplacer(
		"<table>", `<div class="scroll" tabindex="0"><table>`, "</table>", "</table></div>",
		"<pre>", `<pre tabindex="0">`,
		"<th></th>", "<td></td>", // nothing is no heading
	).Replace(b.String())
	return template.HTML(out), nil
}

// Words renders a few words of Markdown that the program made itself.
func (l *Library) Words(text string) (template.HTML, error) {
	var b bytes.Buffer
	if err := markdown.Convert([]byte(text), &b, parser.WithContext(parser.NewContext(parser.WithIDs(newIDs())))); err != nil {
		return "", fmt.Errorf("render %d bytes: %w", len(text), err)
	}
	return template.HTML(b.String()), nil
}

// links makes links between files lead to pages of the application. Those that
// lead to nothing that it serves become plain words.
type links struct{}

func (links) Transform(doc *ast.Document, _ text.Reader, _ parser.Context) {
	var gone []*ast.Link
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Image:
			n.Destination = []byte("/help/images/" + path.Base(string(n.Destination)))
		case *ast.Link:
			to, ok := addressOf(string(n.Destination))
			if !ok {
				gone = append(gone, n)
			}
			n.Destination = []byte(to)
		}
		return ast.WalkContinue, nil
	})
	for _, n := range gone {
		for c := n.FirstChild(); c != nil; {
			next := c.NextSibling()
			n.Parent().InsertBefore(n.Parent(), n, c)
			c = next
		}
		n.Parent().RemoveChild(n.Parent(), n)
	}
}

// addressOf turns a link of a file into an address. Pages elsewhere in the world
// are not linked: the program may stand where there is no way to them.
func addressOf(link string) (string, bool) {
	u, err := url.Parse(link)
	if err != nil || u.Scheme != "" || u.Host != "" {
		return link, false
	}
	if u.Path == "" {
		return link, true
	}
	name, fragment := path.Base(u.Path), ""
	if u.Fragment != "" {
		fragment = "#" + u.EscapedFragment()
	}
	parts := strings.Split(u.Path, "/")
	switch {
	case len(parts) == 5 && strings.HasPrefix(u.Path, "../rules/packs/") && path.Ext(name) == ".yaml" && !strings.HasSuffix(name, "_test.yaml"):
		to := "/rules/" + parts[3] + "/" + strings.TrimSuffix(name, ".yaml")
		if line, ok := strings.CutPrefix(u.Fragment, "L"); ok {
			return to + "?line=" + line + fragment, true
		}
		return to, true
	case path.Ext(name) != ".md" || strings.HasPrefix(u.Path, "..") || strings.HasPrefix(u.Path, "decisions/"):
		return link, false
	case strings.HasSuffix(name, chineseSuffix+".md"):
		return "/help/" + strings.TrimSuffix(name, chineseSuffix+".md") + "?lang=zh" + fragment, true
	}
	return "/help/" + strings.TrimSuffix(name, ".md") + fragment, true
}

// ids gives headings the anchors that people write in links: the words in small
// letters, joined by "-".
type ids struct{ used map[string]int }

func newIDs() *ids { return &ids{map[string]int{}} }

// Generate makes the anchor of a heading.
func (i *ids) Generate(value []byte, _ ast.NodeKind) []byte {
	return []byte(i.of(html.UnescapeString(string(value))))
}

// Put keeps an anchor from being given again.
func (i *ids) Put(value []byte) { i.used[string(value)]++ }

func (i *ids) of(heading string) string {
	id := strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return -1
	}, strings.TrimSpace(plain(heading)))
	if id == "" {
		id = "part"
	}
	n := i.used[id]
	i.used[id]++
	if n > 0 {
		return fmt.Sprintf("%s-%d", id, n)
	}
	return id
}
