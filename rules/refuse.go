package rules

import (
	"strings"

	"gopkg.in/yaml.v3"

	"kaoping/engine"
)

// refuse walks over the nodes and reports YAML that a reader of a rule file
// would have to be a programmer to follow, and files too large to be honest. A
// file whose structure is refused as a whole has no root afterwards.
func (f *sourceFile) refuse() []Diagnostic {
	w := &refuser{file: f}
	w.walk(f.root, 0)
	if w.fatal {
		f.root = nil
	}
	return w.diags
}

type refuser struct {
	file  *sourceFile
	diags []Diagnostic
	nodes int
	fatal bool
}

func (w *refuser) walk(n *yaml.Node, depth int) {
	w.nodes++
	switch {
	case w.fatal:
		return
	case depth > maxDepth:
		w.stop(n, text("嵌套太深", "nested too deeply"))
		return
	case w.nodes > maxNodes:
		w.stop(n, text("内容太多", "the file holds too much"))
		return
	}
	w.look(n)
	for _, c := range n.Content {
		w.walk(c, depth+1)
	}
}

// look reports a node that uses what the language leaves out.
func (w *refuser) look(n *yaml.Node) {
	switch {
	case n.Kind == yaml.AliasNode:
		w.refuse(n, text("不能用 * 引用", "aliases (*) are not allowed"), text("把内容写出来; 用两次的东西起个名字, 例如 scales", "write it out; what is used twice gets a name, for example under scales"))
	case n.Anchor != "":
		w.refuse(n, text("不能用 & 锚点", "anchors (&) are not allowed"), text("删去 &"+n.Anchor, "remove &"+n.Anchor))
	case n.Tag == "!!merge":
		w.refuse(n, text("不能用 << 合并", "merge keys (<<) are not allowed"), text("把内容写出来", "write it out"))
	case n.Kind == yaml.ScalarNode && strings.ContainsFunc(n.Value, hidden):
		w.refuse(n, text("文字里有不可见的控制字符", "the text holds characters that cannot be seen"), text("删去后重新键入", "remove them and type it anew"))
	case n.Style&yaml.TaggedStyle != 0:
		w.refuse(n, text("不能用 ! 标记", "tags (!) are not allowed"), text("删去 "+n.Tag, "remove "+n.Tag))
	}
}

func (w *refuser) refuse(n *yaml.Node, message, hint engine.Text) {
	w.diags = append(w.diags, node{y: n, file: w.file}.place().report(CodeYAML, message, hint))
}

func (w *refuser) stop(n *yaml.Node, message engine.Text) {
	w.refuse(n, message, text("请拆成几个文件", "split the file"))
	w.fatal = true
}
