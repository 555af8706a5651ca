package rules

import (
	"fmt"

	"kaoping/engine"
	"kaoping/engine/formula"
)

// assessed reads who takes part.
func (r *packReader) assessed(n node) {
	m := r.mapping(n, text("考评对象", "who is assessed"))
	a := &r.pack.Assessed
	a.Law = r.law(m, r.keys["assessed"])
	r.condition(m.get("require"), r.subjectScope, formula.Options{Shifts: true}, func(e *formula.Expr) { a.Require = e })
	a.LeaveOut = r.words(m.get("leave_out"))
	a.CountWithParent = r.words(m.get("count_with_branch"))
	m.done()
}

func (r *packReader) peerGroups(n node) {
	for i, e := range r.entries(n, text("各同业组", "the peer groups")) {
		if i == maxPeerGroups {
			r.tooMany(e.key, maxPeerGroups, text("同业组", "peer groups"))
			r.unsure["peer_groups"] = true
			return
		}
		r.pack.PeerGroups = append(r.pack.PeerGroups, engine.PeerGroup{ID: e.name, Title: r.title(e.value)})
	}
}

// peerGroup reads the id of a peer group; "" if it is absent or unknown.
func (r *packReader) peerGroup(n node) string {
	w := r.word(n)
	if w == "" {
		return ""
	}
	var ids, names []string
	for _, g := range r.pack.PeerGroups {
		if g.ID == w || g.Title.ZH == w || g.Title.EN == w {
			return g.ID
		}
		ids, names = append(ids, g.ID), append(names, g.ID, g.Title.ZH, g.Title.EN)
	}
	if r.unsure["peer_groups"] {
		return ""
	}
	list := enumerated(ids, ", ")
	r.add(n.report(CodeUnknownName,
		text(fmt.Sprintf("没有同业组“%s”", clip(w)), fmt.Sprintf("there is no peer group “%s”", clip(w))),
		r.suggestion(w, names, text("已有: "+list.ZH, "there is: "+list.EN))))
	return ""
}
