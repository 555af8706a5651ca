package rules

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"gopkg.in/yaml.v3"
)

// Limits on what a person may reasonably write by hand. They keep a hostile file
// from taking memory or time.
const (
	maxFileSize = 1 << 20 // bytes
	maxDepth    = 64      // nested mappings and sequences
	maxNodes    = 100_000
)

// sourceFile is one YAML file with what is needed to point into it.
type sourceFile struct {
	name     string
	data     []byte         // as delivered
	lines    []string       // without line ends and byte order mark
	runes    [][]rune       // of lines, made when asked for
	comments map[int]string // the comment on a line, without #
	// inserted holds, for a line, the columns at which a blank was put to make
	// sense of full-width punctuation; see repair.
	inserted map[int][]int
	root     *yaml.Node // the top mapping; nil if the file cannot be read
}

// lineText returns a line of the file, or "" if there is none.
func (f *sourceFile) lineText(line int) string {
	if line < 1 || line > len(f.lines) {
		return ""
	}
	return f.lines[line-1]
}

// lineRunes returns the characters of a line.
func (f *sourceFile) lineRunes(line int) []rune {
	if line < 1 || line > len(f.lines) {
		return nil
	}
	if f.runes == nil {
		f.runes = make([][]rune, len(f.lines))
	}
	if f.runes[line-1] == nil {
		f.runes[line-1] = []rune(f.lines[line-1])
	}
	return f.runes[line-1]
}

// longLine reports the first line that is too long to have been written by hand.
func (f *sourceFile) longLine() (Diagnostic, bool) {
	for i, line := range f.lines {
		if len(line) > maxLineLength && utf8.RuneCountInString(line) > maxLineLength {
			d := f.at(i+1, 1, 1).report(CodeYAML,
				text(fmt.Sprintf("这一行超过 %d 个字", maxLineLength), fmt.Sprintf("this line has more than %d characters", maxLineLength)),
				text("分成几行写", "write it on several lines"))
			d.Source = string([]rune(line[:400])[:100])
			return d, true
		}
	}
	return Diagnostic{}, false
}

// column turns a column of the repaired text into one of the file.
func (f *sourceFile) column(line, column int) int {
	shift := 0
	for _, at := range f.inserted[line] {
		if at < column {
			shift++
		}
	}
	return column - shift
}

// at returns a place in the file.
func (f *sourceFile) at(line, column, width int) place {
	return place{file: f, line: line, column: column, width: width}
}

// readSource reads a file up to its YAML nodes. Whatever is wrong with the file
// as a file is reported; root is nil if there is nothing to go on with.
func readSource(name string, data []byte) (*sourceFile, []Diagnostic) {
	f := &sourceFile{name: name, data: data, comments: map[int]string{}, inserted: map[int][]int{}}
	if len(data) > maxFileSize {
		return f, []Diagnostic{place{file: f}.report(CodeYAML,
			text("文件超过 1 MiB", "the file is larger than 1 MiB"),
			text("规则包是手写的文件, 请拆分, 或把数据放在别处", "a rule pack is written by hand: split it, or keep data elsewhere"))}
	}
	if !utf8.Valid(data) {
		return f, []Diagnostic{f.notUTF8()}
	}
	content := strings.TrimPrefix(string(data), "\ufeff")
	f.lines = splitLines(content)
	if d, long := f.longLine(); long {
		return f, []Diagnostic{d}
	}
	found := scan(f.lines)
	f.comments = found.comments
	if len(found.tabs)+len(found.blanks) > 0 {
		return f, append(f.reportTabs(found.tabs), f.reportBlanks(found.blanks)...)
	}
	return f, f.parse(found.marks)
}

// splitLines cuts at \n and \r\n. The last line may be empty.
func splitLines(s string) []string {
	return strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
}

// notUTF8 points at the first byte that is not UTF-8 and guesses what the file
// is. Nearly always it was saved as GBK by a Chinese Windows program.
func (f *sourceFile) notUTF8() Diagnostic {
	bad := 0
	for bad < len(f.data) {
		r, size := utf8.DecodeRune(f.data[bad:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		bad += size
	}
	line := 1 + bytes.Count(f.data[:bad], []byte("\n"))
	start := bytes.LastIndexByte(f.data[:bad], '\n') + 1
	d := f.at(line, 1+utf8.RuneCount(f.data[start:bad]), 1).report(CodeNotUTF8,
		text("文件不是 UTF-8 编码", "the file is not UTF-8"),
		text("请用编辑器另存为 UTF-8", "save it as UTF-8 in your editor"))
	if bytes.HasPrefix(f.data, []byte("\xff\xfe")) || bytes.HasPrefix(f.data, []byte("\xfe\xff")) {
		d.Hint = text("文件像是 UTF-16, 请用编辑器另存为 UTF-8", "it looks like UTF-16: save it as UTF-8 in your editor")
		return d
	}
	raw, _, _ := bytes.Cut(f.data[start:], []byte("\n"))
	if shown, ok := fromGBK(f.data, raw); ok {
		d.Hint = text("文件像是 GBK (GB18030), 请用编辑器另存为 UTF-8", "it looks like GBK (GB18030): save it as UTF-8 in your editor")
		d.Source = shown
	}
	return d
}

// fromGBK decodes one line if the whole file is GB18030.
func fromGBK(data, line []byte) (string, bool) {
	whole, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
	if err != nil || bytes.ContainsRune(whole, utf8.RuneError) {
		return "", false
	}
	shown, err := simplifiedchinese.GB18030.NewDecoder().Bytes(line)
	return strings.TrimRight(string(shown), "\r"), err == nil
}

func (f *sourceFile) reportBlanks(blanks []mark) []Diagnostic {
	var diags []Diagnostic
	for _, b := range blanks {
		diags = append(diags, f.at(b.line, b.column, b.width).report(CodeFullWidth,
			text("缩进里有全角空格或不间断空格, YAML 只认半角空格", "the indentation holds a blank that YAML takes for a letter"),
			text("删去后用半角空格缩进", "remove it and indent with plain blanks")))
	}
	return diags
}

func (f *sourceFile) reportTabs(tabs []mark) []Diagnostic {
	var diags []Diagnostic
	for _, t := range tabs {
		diags = append(diags, f.at(t.line, t.column, t.width).report(CodeTab,
			text("缩进用了制表符, YAML 只认空格", "a tab in the indentation; YAML wants blanks"),
			text("改为空格; 编辑器里可设“用空格代替制表符”", "use blanks; most editors have “insert spaces for tabs”")))
	}
	return diags
}
