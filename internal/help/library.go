package help

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"kaoping/engine"
)

// Where the pages stand in the tree.
const (
	docsFolder     = "docs"
	messagesFolder = "docs/diagnostics"
	imagesFolder   = "docs/images"
	chineseSuffix  = ".zh-CN"
)

// Kind tells pages apart.
type Kind string

// The kinds of page.
const (
	Guide     Kind = "guide"     // for a role
	Reference Kind = "reference" // for looking up
	Message   Kind = "message"   // what a message of check means
)

// Page is one page of the documentation.
type Page struct {
	Name  string // in addresses: guide-officer, unknown-name
	Kind  Kind
	Title engine.Text // in English the Chinese one if there is no other, and the other way round
	Langs []engine.Lang

	text map[engine.Lang]string // Markdown without the title
}

// Library is all pages.
type Library struct {
	Pages []Page // guides, reference, messages; each by name
	files fs.FS
}

// Read reads the documentation of a tree.
func Read(files fs.FS) (*Library, error) {
	l := &Library{files: files}
	for _, folder := range []string{docsFolder, messagesFolder} {
		names, err := fs.Glob(files, folder+"/*.md")
		if err != nil {
			return nil, fmt.Errorf("read the documentation: %w", err)
		}
		for _, name := range names {
			data, err := fs.ReadFile(files, name)
			if err != nil {
				return nil, fmt.Errorf("read the documentation: %w", err)
			}
			if folder == messagesFolder {
				l.message(name, string(data))
			} else {
				l.page(name, string(data))
			}
		}
	}
	order := []Kind{Guide, Reference, Message}
	slices.SortStableFunc(l.Pages, func(a, b Page) int {
		if c := slices.Index(order, a.Kind) - slices.Index(order, b.Kind); c != 0 {
			return c
		}
		return strings.Compare(a.Name, b.Name)
	})
	return l, nil
}

// page adds a file of one language to its page.
func (l *Library) page(file, text string) {
	name, lang := strings.TrimSuffix(path.Base(file), ".md"), engine.English
	if own, ok := strings.CutSuffix(name, chineseSuffix); ok {
		name, lang = own, engine.Chinese
	}
	i := slices.IndexFunc(l.Pages, func(p Page) bool { return p.Name == name && p.Kind != Message })
	if i < 0 {
		kind := Reference
		if strings.HasPrefix(name, "guide-") {
			kind = Guide
		}
		l.Pages = append(l.Pages, Page{Name: name, Kind: kind, text: map[engine.Lang]string{}})
		i = len(l.Pages) - 1
	}
	p := &l.Pages[i]
	title, rest := cutTitle(text)
	p.Langs = append(p.Langs, lang)
	p.text[lang] = rest
	if lang == engine.Chinese {
		p.Title.ZH = title
	} else {
		p.Title.EN = title
	}
	if p.Title.ZH == "" {
		p.Title.ZH = p.Title.EN
	}
	if p.Title.EN == "" {
		p.Title.EN = p.Title.ZH
	}
}

// cutTitle takes the heading off a text.
func cutTitle(text string) (title, rest string) {
	first, rest, _ := strings.Cut(strings.TrimLeft(text, "\ufeff\n"), "\n")
	return strings.TrimSpace(strings.TrimPrefix(first, "#")), rest
}

// message adds the page of a message: one file holds both languages, the examples
// once.
func (l *Library) message(file, text string) {
	name := strings.TrimSuffix(path.Base(file), ".md")
	_, rest := cutTitle(text)
	chinese, english, _ := strings.Cut(rest, "\n## English\n")
	p := Page{Name: name, Kind: Message, Title: engine.Text{ZH: name, EN: name}, Langs: []engine.Lang{engine.Chinese, engine.English},
		text: map[engine.Lang]string{engine.Chinese: chinese}}
	var b strings.Builder
	parts := strings.Split(chinese, "\n## ")
	for i, title := range []string{"First example: avoid", "Second example: prefer"} {
		if i+1 < len(parts) {
			_, example, _ := strings.Cut(parts[i+1], "\n")
			fmt.Fprintf(&b, "\n## %s\n%s\n", title, example)
		}
	}
	b.WriteString("\n## What it means\n" + english)
	p.text[engine.English] = b.String()
	l.Pages = append(l.Pages, p)
}

// Find returns a page by its name, nil if there is none.
func (l *Library) Find(name string) *Page {
	i := slices.IndexFunc(l.Pages, func(p Page) bool { return p.Name == name })
	if i < 0 {
		return nil
	}
	return &l.Pages[i]
}

// In returns the language that a reader gets: her own, or the only one there is.
func (p *Page) In(lang engine.Lang) engine.Lang {
	if slices.Contains(p.Langs, lang) {
		return lang
	}
	return p.Langs[0]
}

// Summary is the first paragraph of a page.
func (p *Page) Summary(lang engine.Lang) string {
	text := p.text[p.In(lang)]
	if p.Kind == Message && lang == engine.English {
		_, text, _ = strings.Cut(text, "**Summary.**")
	}
	for block := range strings.SplitSeq(text, "\n\n") {
		block = strings.TrimSpace(block)
		if block == "" || !isProse(block) {
			continue
		}
		return plain(strings.ReplaceAll(block, "\n", " "))
	}
	return ""
}

// isProse tells a paragraph from headings, lists, tables, pictures, examples and
// the line that leads to the other language.
func isProse(block string) bool {
	for _, mark := range []string{"#", "```", "|", "!", "- ", "1. ", "[English](", "[中文]("} {
		if strings.HasPrefix(block, mark) {
			return false
		}
	}
	return true
}

// Image returns a picture of the documentation by its name.
func (l *Library) Image(name string) ([]byte, error) {
	if name != path.Base(name) || path.Ext(name) != ".png" {
		return nil, engine.ErrNotFound
	}
	data, err := fs.ReadFile(l.files, imagesFolder+"/"+name)
	if err != nil {
		return nil, engine.ErrNotFound
	}
	return data, nil
}

// Hit is a place where what was searched for stands.
type Hit struct {
	Page    *Page
	Heading string // that it stands under; empty at the top of the page
	Anchor  string
	Text    string // the line
}

// mostHits bounds what is found on one page.
const mostHits = 4

// Search finds the lines of all pages that hold every one of the words, those in
// titles first.
func (l *Library) Search(words string, lang engine.Lang) []Hit {
	wanted := strings.Fields(strings.ToLower(words))
	if len(wanted) == 0 {
		return nil
	}
	var titles, texts []Hit
	for i := range l.Pages {
		p := &l.Pages[i]
		if holds(p.Name+" "+p.Title.In(lang), wanted) {
			titles = append(titles, Hit{Page: p, Text: p.Summary(lang)})
			continue
		}
		texts = append(texts, p.search(wanted, lang)...)
	}
	return append(titles, texts...)
}

func (p *Page) search(wanted []string, lang engine.Lang) []Hit {
	var out []Hit
	heading, ids, anchor := "", newIDs(), ""
	inCode := false
	for line := range strings.SplitSeq(p.text[p.In(lang)], "\n") {
		if strings.HasPrefix(line, "```") {
			inCode = !inCode
		}
		if title := strings.TrimLeft(line, "#"); !inCode && title != line {
			heading = plain(strings.TrimSpace(title))
			anchor = ids.of(heading)
		}
		if len(out) < mostHits && holds(line, wanted) {
			out = append(out, Hit{p, heading, anchor, shortened(plain(line))})
		}
	}
	return out
}

func holds(text string, wanted []string) bool {
	text = strings.ToLower(text)
	for _, w := range wanted {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// longestLine is how much of a line is shown, in characters.
const longestLine = 160

func shortened(s string) string {
	if r := []rune(s); len(r) > longestLine {
		return string(r[:longestLine]) + "…"
	}
	return s
}

// plain takes the marks of Markdown off a line.
func plain(line string) string {
	line = strings.NewReplacer("**", "", "`", "", "\\|", "|", "| ", " ", " |", " ", "|---", "").Replace(line)
	for {
		from := strings.Index(line, "](")
		if from < 0 {
			break
		}
		to := strings.IndexByte(line[from:], ')')
		if to < 0 {
			break
		}
		line = line[:from] + line[from+to+1:]
	}
	return strings.TrimSpace(strings.NewReplacer("![", "", "[", "").Replace(strings.TrimLeft(line, "# ")))
}
