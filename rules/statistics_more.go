package rules

import (
	"kaoping/engine"
)

// lastOf reads last: register.field, what the latest record says.
func (r *packReader) lastOf(m *mapping, n node, s *engine.Statistic) {
	for _, other := range []string{"count", "sum", "distinct"} {
		if m.has(other) {
			r.add(n.report(CodeWrongType, text("last 不能和 "+other+" 同时写", "last does not go with "+other), engine.Text{}))
		}
	}
	s.Register, s.Last = r.summed(n, s)
}

// distinctOf reads the field whose different values are counted.
func (r *packReader) distinctOf(n, count node, s *engine.Statistic) {
	if n.absent() || s.Last != "" {
		return
	}
	if count.absent() {
		r.add(n.report(CodeMissingKey, text("distinct 要有 count", "distinct needs count"), text("写明从哪个登记计数: count: 登记名", "say what is counted: count: register")))
		return
	}
	if f := r.fieldNamed(n, s.Register); f != nil {
		s.Distinct = f.ID
	}
}
