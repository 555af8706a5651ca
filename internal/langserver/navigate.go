package langserver

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/sourcegraph/jsonrpc2"

	"kaoping/engine/formula"
	"kaoping/rules"
)

// located turns a span of the edition's files into a location.
func (s *server) located(n *names, at rules.Span) location {
	all := lines(string(n.folder.files[at.File]))
	return location{s.uriFor(n.folder.path(at.File)), rangeOf(all, at)}
}

// definition finds where a name is declared.
func (s *server) definition(d *document, p positionParams) (any, error) {
	n := s.namesFor(d)
	out := []location{}
	if m, ok := n.at(d, p.Position); ok {
		for _, of := range m.Of {
			out = append(out, s.located(n, n.Declarations[of].At))
		}
		return out, nil
	}
	line := lineAt(d.lines, p.Position.Line)
	word, _ := wordAround(line, characters(line, p.Position.Character))
	for _, found := range n.called(word) {
		out = append(out, s.located(n, found.At))
	}
	return out, nil
}

// references finds every place that writes a name or the id that goes with it.
func (s *server) references(d *document, p positionParams) (any, error) {
	n := s.namesFor(d)
	out := []location{}
	m, ok := n.at(d, p.Position)
	if !ok {
		return out, nil
	}
	for _, other := range n.mentionsOf(n.joined(m.Of)) {
		if p.Context.IncludeDeclaration || !other.Declares {
			out = append(out, s.located(n, other.At))
		}
	}
	return out, nil
}

// prepareRename says what would be renamed.
func (s *server) prepareRename(d *document, p positionParams) (any, error) {
	n := s.namesFor(d)
	m, ok := n.at(d, p.Position)
	if !ok {
		return nil, nil
	}
	return map[string]any{"range": rangeOf(d.lines, m.At), "placeholder": m.Text}, nil
}

var idForm = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// rename gives a name or an id another, in all files of the edition and its tests.
// A name that is taken is refused, and so is one that could not be written in all
// those places.
func (s *server) rename(d *document, p positionParams) (any, error) {
	n := s.namesFor(d)
	refuse := func(zh, en string) (any, error) {
		return nil, &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidRequest, Message: s.t(zh, en)}
	}
	if broken := append(slices.Clone(n.stale), n.Broken...); len(broken) > 0 {
		return refuse("先改好 "+strings.Join(broken, ", ")+":读不懂的文件里可能也有这个名称", "mend "+strings.Join(broken, ", ")+" first: a file that cannot be read may hold the name too")
	}
	m, ok := n.at(d, p.Position)
	if !ok {
		return refuse("这里没有可以改的名称", "there is no name to rename here")
	}
	name := strings.TrimSpace(p.NewName)
	all := n.joined(m.Of)
	isID := n.Declarations[m.Of[0]].ID == m.Text && n.Declarations[m.Of[0]].Name != m.Text
	if isID {
		all = m.Of
	}
	switch {
	case !writable(name):
		return refuse(fmt.Sprintf("“%s”不能作名称:只用字、字母、数字和 _ - ·,不以数字或符号开头", name), fmt.Sprintf("“%s” cannot be a name: use letters, digits and _ - ·, a letter first", name))
	case isID && !idForm.MatchString(name):
		return refuse("id 只用小写英文字母、数字和 _,以字母开头", "an id holds small letters, digits and _, a letter first")
	}
	mentions := n.mentionsOf(all)
	if !isPlainName(name) && slices.ContainsFunc(mentions, func(m rules.Mention) bool { return s.inFormulaAt(n, m) }) {
		return refuse(fmt.Sprintf("公式里不能写“%s”:只用字、字母、数字和 _", name), fmt.Sprintf("formulas cannot read “%s”: use letters, digits and _ only", name))
	}
	if other := n.taken(name, all); other != "" {
		return refuse(fmt.Sprintf("“%s”已经有了 (%s)", name, other), fmt.Sprintf("“%s” is taken (%s)", name, other))
	}
	edit := workspaceEdit{Changes: map[string][]textEdit{}}
	for _, other := range mentions {
		if other.Text == m.Text {
			at := s.located(n, other.At)
			edit.Changes[at.URI] = append(edit.Changes[at.URI], textEdit{at.Range, name})
		}
	}
	return edit, nil
}

var nameForm = regexp.MustCompile(`^[\p{L}_][\p{L}\p{N}_\-·、()（）/]*(?: [\p{L}\p{N}_\-·、()（）/]+)*$`)

// yamlWords are read as something else than words by YAML tools.
var yamlWords = []string{"true", "false", "yes", "no", "null", "on", "off", "y", "n", "and", "or", "not", "in"}

// writable reports whether a name can stand in a file without quotes.
func writable(name string) bool {
	return nameForm.MatchString(name) && len([]rune(name)) <= 64 && !slices.Contains(yamlWords, strings.ToLower(name))
}

// inFormulaAt reports whether a mention stands in a formula.
func (s *server) inFormulaAt(n *names, m rules.Mention) bool {
	all := lines(string(n.folder.files[m.At.File]))
	top := rules.FileKind(m.At.File)
	if top == nil || m.Declares {
		return false
	}
	_, values := placeAt(all, m.At.Line-1, m.At.Column-1).shapes(top)
	return slices.ContainsFunc(values, func(v rules.Shape) bool {
		return v.Form == rules.FormFormula || v.Form == rules.FormCondition
	})
}

// shared are the namespaces in which a name may stand once only, because formulas
// see all of them.
var shared = []string{"statistics", "metrics", "benchmarks", "attributes", "parameters"}

// taken says what has a name already that the declarations of would get.
func (n *names) taken(name string, of []int) string {
	for _, f := range formula.Functions() {
		if name == f.Name || name == f.Alias {
			return "function"
		}
	}
	for _, i := range of {
		d := n.Declarations[i]
		if reserved(d.Space, name) {
			return "built in"
		}
		for j, other := range n.Declarations {
			same := other.Space == d.Space || slices.Contains(shared, other.Space) && slices.Contains(shared, d.Space)
			if !other.Called(name) || d.Space == "fields" && other.Owner != d.Owner || slices.Contains(of, j) && other.Space != d.Space {
				continue
			}
			// An indicator that got the name of a metric would be scored by that one,
			// and a deduction's cases have a register of the deduction's name.
			mixed := pair(d.Space, other.Space, "items", "metrics") || pair(d.Space, other.Space, "items", "registers")
			if same || mixed && !slices.Contains(of, j) {
				return fmt.Sprintf("%s, %s:%d", other.Space, other.At.File, other.At.Line)
			}
		}
	}
	return ""
}

func pair(a, b, x, y string) bool { return a == x && b == y || a == y && b == x }

// reserved reports names that the language has given a meaning.
func reserved(space, name string) bool {
	switch space {
	case "items":
		return slices.Contains([]string{"total", "总分", "rank", "status"}, name)
	case "statistics", "metrics", "benchmarks", "attributes", "parameters", "fields":
		return slices.Contains([]string{
			"full_accounting_years", "完整会计年度数", "subject_type", "机构类型", "opened", "开业日期",
			"period_first_day", "期初日", "period_last_day", "期末日", "metric", "计算值", "full_points", "满分", "空",
		}, name)
	}
	return false
}
