package rules

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"kaoping/engine"
)

// repairBudget is how many bytes are parsed again at most to get over full-width
// punctuation: about 200 places in a pack of usual size.
const repairBudget = 8 << 20

// parse makes the YAML nodes. Where full-width punctuation keeps YAML from
// understanding the file it is reported, read as what was meant, and the rest of
// the file is still checked.
func (f *sourceFile) parse(marks []mark) []Diagnostic {
	var diags []Diagnostic
	lines := append([]string(nil), f.lines...)
	for rounds := repairBudget / (len(f.data) + 1); ; rounds-- {
		root, err := decode(strings.Join(lines, "\n"))
		if err == nil && (root.Kind == 0 || root.Tag == "!!null") {
			return append(diags, f.at(1, 1, 1).report(CodeYAML, text("文件是空的", "the file is empty"), text("写上规则, 或删去这个文件", "write the rules, or remove the file")))
		}
		if err == nil {
			f.root = root
			return append(diags, f.refuse()...)
		}
		near := marksNear(marks, errorLine(err))
		if len(near) == 0 || rounds <= 0 {
			return append(diags, f.syntaxErrors(lines, err)...)
		}
		for _, m := range near {
			diags = append(diags, f.fullWidth(m))
		}
		f.repair(lines, near)
		marks = scan(lines).marks
	}
}

// decode reads exactly one document. yaml.v3 has been seen to panic on hostile
// input; that too is only a file that cannot be read.
func decode(content string) (root *yaml.Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			root, err = nil, fmt.Errorf("yaml: %v", r)
		}
	}()
	d := yaml.NewDecoder(bytes.NewReader([]byte(content)))
	var doc yaml.Node
	if err := d.Decode(&doc); errors.Is(err, io.EOF) {
		return &yaml.Node{}, nil
	} else if err != nil {
		return nil, err
	}
	var second yaml.Node
	if err := d.Decode(&second); err == nil {
		return nil, &secondDocument{second.Line}
	} else if !errors.Is(err, io.EOF) {
		return nil, err
	}
	return doc.Content[0], nil
}

// secondDocument says that a file holds more than one YAML document.
type secondDocument struct{ line int }

func (e *secondDocument) Error() string {
	return fmt.Sprintf("yaml: line %d: more than one document", e.line)
}

var yamlMessage = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)$`)

// errorLine returns the line yaml.v3 names; without a name it is the first.
func errorLine(err error) int {
	if m := yamlMessage.FindStringSubmatch(err.Error()); m != nil && m[1] != "" {
		n, _ := strconv.Atoi(m[1])
		return n
	}
	return 1
}

// marksNear returns the marks that may have caused an error on the line: those on
// the nearest line up to three lines before it, or one after.
func marksNear(marks []mark, line int) []mark {
	var near []mark
	for _, l := range []int{line, line - 1, line + 1, line - 2, line - 3} {
		for _, m := range marks {
			if m.line == l {
				near = append(near, m)
			}
		}
		if len(near) > 0 {
			break
		}
	}
	return near
}

// repair writes what was meant into the line that the marks are on. A colon
// needs a blank after it, which moves the rest of the line; inserted remembers
// that.
func (f *sourceFile) repair(lines []string, marks []mark) {
	for i := len(marks) - 1; i >= 0; i-- {
		m := marks[i]
		line := []rune(lines[m.line-1])
		want := m.want
		if want == ":" && m.column < len(line) && line[m.column] != ' ' {
			want = ": "
			f.insertBlank(m.line, m.column+1)
		}
		lines[m.line-1] = string(line[:m.column-1]) + want + string(line[m.column:])
	}
}

// insertBlank notes a blank at a column of the repaired line.
func (f *sourceFile) insertBlank(line, column int) {
	for i, at := range f.inserted[line] {
		if at >= column {
			f.inserted[line][i]++
		}
	}
	f.inserted[line] = append(f.inserted[line], column)
}

// fullWidth reports a mark of the repaired line.
func (f *sourceFile) fullWidth(m mark) Diagnostic {
	p := f.at(m.line, f.column(m.line, m.column), 1)
	if m.got == ':' {
		return p.gluedColon()
	}
	return p.fullWidth(m.got, m.want)
}

// gluedColon reports a colon without a blank after it.
func (p place) gluedColon() Diagnostic {
	return p.report(CodeYAML,
		text("冒号后面要空一格", "a blank is missing after this colon"),
		text("写成 名称: 值", "write name: value"))
}

// fullWidth reports one full-width character.
func (p place) fullWidth(got rune, want string) Diagnostic {
	names := map[string]engine.Text{
		":": text("冒号", "colon"), ",": text("逗号", "comma"), `"`: text("引号", "quotation mark"),
	}
	name := names[want]
	return p.report(CodeFullWidth,
		text(fmt.Sprintf("这里的%s是全角 %c, YAML 需要 %s", name.ZH, got, want), fmt.Sprintf("this %s is %c, YAML needs %s", name.EN, got, want)),
		fullWidthHint(want))
}

func fullWidthHint(want string) engine.Text {
	if want == ":" {
		return text("改为半角冒号, 后面空一格", "write : and a blank after it")
	}
	return text("切换到半角标点再输入", "switch the input method to half-width punctuation")
}

// syntaxErrors says what is wrong with lines that YAML cannot read: the faults
// that can be seen in them, else what YAML says.
func (f *sourceFile) syntaxErrors(lines []string, err error) []Diagnostic {
	faults := layout(lines)
	var second *secondDocument
	if len(faults) == 0 || errors.As(err, &second) {
		return []Diagnostic{f.yamlError(err)}
	}
	var diags []Diagnostic
	for _, x := range faults {
		diags = append(diags, f.at(x.line, f.column(x.line, x.column), x.width).report(CodeYAML, x.message, x.hint))
	}
	return diags
}

// yamlError translates a syntax error. yaml.v3 gives a line at best.
func (f *sourceFile) yamlError(err error) Diagnostic {
	line := min(errorLine(err), len(f.lines))
	for line > 1 && strings.TrimSpace(f.lineText(line)) == "" {
		line--
	}
	what := yamlMessage.FindStringSubmatch(err.Error())
	reason := err.Error()
	if what != nil {
		reason = what[2]
	}
	for _, t := range yamlTexts {
		if strings.Contains(reason, t.part) {
			column, width := t.where(f.lineText(line))
			return f.at(line, column, width).report(CodeYAML, t.message, t.hint)
		}
	}
	column, width := wholeLine(f.lineText(line))
	return f.at(line, column, width).report(CodeYAML, text("YAML 读不懂这里: "+reason, "YAML cannot read this: "+reason), engine.Text{})
}

// yamlText says a message of yaml.v3 in the officer's words.
type yamlText struct {
	part          string
	message, hint engine.Text
	where         func(line string) (column, width int)
}

var yamlTexts = []yamlText{
	{"more than one document",
		text("一个文件只能有一份 YAML 文档", "a file holds one YAML document only"),
		text("删去 ---, 或拆成两个文件", "remove the ---, or make two files of it"), wholeLine},
	{"mapping values are not allowed",
		text("这里不能再有“名称: 值”", "a “name: value” cannot stand here"),
		text("检查缩进是否与上一行对齐; 文字里有冒号加空格时, 整段放进英文双引号", "align it with the line above; a text that holds a colon and a blank goes into double quotes"), secondColon},
	{"could not find expected ':'",
		text("这一行缺少冒号", "a colon is missing on this line"),
		text("写成 名称: 值, 冒号用半角, 后面空一格", "write name: value, with a blank after the colon"), wholeLine},
	{"did not find expected ',' or ']'",
		text("方括号 [ 没有合上, 或各项之间缺少逗号", "a [ is not closed, or a comma is missing"),
		text("补上 ] 或逗号", "add the ] or the comma"), wholeLine},
	{"did not find expected ',' or '}'",
		text("花括号 { 没有合上, 或各项之间缺少逗号", "a { is not closed, or a comma is missing"),
		text("补上 } 或逗号", "add the } or the comma"), wholeLine},
	{"did not find expected node content",
		text("括号里缺少内容", "something is missing in the brackets"), engine.Text{}, wholeLine},
	{"did not find expected '-' indicator",
		text("同级的各行有的以“- ”开头, 有的没有", "some lines of this list begin with “- ”, others do not"),
		text("检查缩进", "check the indentation"), wholeLine},
	{"did not find expected key",
		text("缩进与同级的行不一致", "the indentation differs from the lines beside it"),
		text("与上面同级的名称对齐", "align it with the names above"), wholeLine},
	{"found unexpected end of stream",
		text("引号没有合上", "a quotation mark is not closed"),
		text("补上与开头相同的引号", "close it with the mark it was opened with"), wholeLine},
	{"found character that cannot start any token",
		text("值不能以这个字符开头", "a value cannot begin with this character"),
		text("把值放进英文双引号", "put the value into double quotes"), afterColon},
	{"control characters are not allowed",
		text("文件里有不可见的控制字符", "the file holds control characters"),
		text("删去不可见字符, 或重新键入这一行", "remove them, or type the line anew"), wholeLine},
	{"unknown escape character",
		text("双引号里的反斜杠后面不能是这个字符", "no such escape in double quotes"),
		text("改用单引号, 或把 \\ 写成 \\\\", "use single quotes, or write \\ as \\\\"), wholeLine},
}

// wholeLine underlines what is written on a line.
func wholeLine(line string) (column, width int) {
	r := []rune(line)
	start := indentOf(r)
	return start + 1, len([]rune(strings.TrimRight(string(r[start:]), " ")))
}

// secondColon finds the colon that YAML stumbles over: the second on the line,
// or the only one if the indentation is at fault.
func secondColon(line string) (column, width int) {
	first := strings.Index(line, ": ")
	if first < 0 {
		return wholeLine(line)
	}
	if second := strings.Index(line[first+1:], ": "); second >= 0 {
		first += 1 + second
	}
	return len([]rune(line[:first])) + 1, 1
}

func afterColon(line string) (column, width int) {
	if i := strings.Index(line, ": "); i >= 0 {
		rest := strings.TrimLeft(line[i+1:], " ")
		return len([]rune(line)) - len([]rune(rest)) + 1, 1
	}
	return wholeLine(line)
}
