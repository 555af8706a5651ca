package formula

import (
	"fmt"
	"strings"
)

// Canonical writes what the expression means, whatever it was written like: two
// expressions with the same canonical form give the same results for any input.
// Blanks, brackets that change nothing and the other name of a function or a
// value do not show. The form holds within one version of the program and is not
// for people.
func (e *Expr) Canonical() string {
	if e == nil {
		return ""
	}
	var b strings.Builder
	e.root.canonical(&b)
	fmt.Fprintf(&b, " in %s", e.unit)
	return b.String()
}

func (n *node) canonical(b *strings.Builder) {
	fmt.Fprintf(b, "(%d %s", n.op, n.unit)
	if n.op == opConst {
		fmt.Fprintf(b, " %d %s %q %t %t", n.kind, n.value.Num, n.value.Text, n.value.Bool, n.value.Null)
	}
	if n.ref.ID != "" {
		fmt.Fprintf(b, " %q %d %d", n.ref.ID, n.ref.Shift, n.ref.Times)
	}
	if len(n.words) > 0 {
		fmt.Fprintf(b, " %q", n.words)
	}
	if n.cond {
		b.WriteString(" if")
	}
	for _, arg := range n.args {
		arg.canonical(b)
	}
	b.WriteByte(')')
}
