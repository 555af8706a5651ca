package access

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"kaoping/engine"
	"kaoping/store"
)

// Role is what somebody is trusted with.
type Role string

// The roles of those who work with assessments.
const (
	Editor     Role = "editor"
	Submitter  Role = "submitter"
	Scorer     Role = "scorer"
	Reviewer   Role = "reviewer"
	Approver   Role = "approver"
	Liaison    Role = "liaison"
	Management Role = "management"
	Assessed   Role = "assessed"  // an assessed unit: only for units that are named
	Rectifier  Role = "rectifier" // who mends what was found: only for units that are named
	Tracker    Role = "tracker"
	HR         Role = "hr"
	Auditor    Role = "auditor"
	Admin      Role = "admin"
)

var titles = map[Role]engine.Text{
	Editor: {ZH: "规则编辑", EN: "rule editor"}, Submitter: {ZH: "数据报送", EN: "data submitter"}, Scorer: {ZH: "定性评分", EN: "scorer"},
	Reviewer: {ZH: "复核", EN: "reviewer"}, Approver: {ZH: "审批发布", EN: "approver"}, Liaison: {ZH: "监管联络", EN: "liaison"},
	Management: {ZH: "管理层", EN: "management"}, Assessed: {ZH: "被考评单位", EN: "assessed unit"}, Rectifier: {ZH: "整改责任人", EN: "rectification owner"},
	Tracker: {ZH: "整改跟踪", EN: "tracking unit"}, HR: {ZH: "人力", EN: "HR"}, Auditor: {ZH: "审计", EN: "auditor"}, Admin: {ZH: "管理员", EN: "administrator"},
}

// Roles lists every role.
func Roles() []Role {
	return []Role{Editor, Submitter, Scorer, Reviewer, Approver, Liaison, Management, Assessed, Rectifier, Tracker, HR, Auditor, Admin}
}

// Title is what people call the role.
func (r Role) Title() engine.Text { return titles[r] }

// ofUnits are the roles that reach nothing but named units.
var ofUnits = []Role{Assessed, Rectifier}

// CheckGrant says what is wrong with a grant; nothing if it may be given.
func CheckGrant(g store.Grant) *engine.Text {
	role := Role(g.Role)
	switch _, known := titles[role]; {
	case !known:
		return &engine.Text{ZH: fmt.Sprintf("没有角色 %q;可用:%v。", g.Role, Roles()), EN: fmt.Sprintf("there is no role %q; the roles are %v.", g.Role, Roles())}
	case g.Subject == "" && slices.Contains(ofUnits, role):
		return &engine.Text{ZH: fmt.Sprintf("角色 %s 要指明机构编码(--subject)。", role), EN: fmt.Sprintf("the role %s needs the code of a unit (--subject).", role)}
	case role == Admin && g != store.Grant{Role: string(Admin)}:
		return &engine.Text{ZH: "管理员不分范围。", EN: "an administrator is not limited."}
	}
	return nil
}

// Limit is what a permission reaches: empty fields reach everything.
type Limit struct{ Pack, PeerGroup, Subject string }

// Everything reports whether the limit excludes nothing.
func (l Limit) Everything() bool { return l == Limit{} }

// both is what two limits leave over, if anything.
func (l Limit) both(m Limit) (Limit, bool) {
	out := l
	for _, f := range []struct {
		have *string
		also string
	}{{&out.Pack, m.Pack}, {&out.PeerGroup, m.PeerGroup}, {&out.Subject, m.Subject}} {
		switch {
		case f.also == "" || *f.have == f.also:
		case *f.have == "":
			*f.have = f.also
		default:
			return out, false
		}
	}
	return out, true
}

// Limits returns what those grants reach whose roles are among the given ones.
func Limits(grants []store.Grant, roles []Role) []Limit {
	var out []Limit
	for _, g := range grants {
		if slices.Contains(roles, Role(g.Role)) {
			out = append(out, Limit{g.Pack, g.PeerGroup, g.Subject})
		}
	}
	return out
}

// Both returns what two lists of limits reach together.
func Both(a, b []Limit) []Limit {
	var out []Limit
	for _, l := range a {
		for _, m := range b {
			if both, ok := l.both(m); ok && !slices.Contains(out, both) {
				out = append(out, both)
			}
		}
	}
	return out
}

// CheckName says what is wrong with the name of a new account; nothing if it may be
// used.
func CheckName(name string) *engine.Text {
	ok := name != "" && len(name) <= 64 && !strings.ContainsFunc(name, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("._-@", r)
	})
	if !ok {
		return &engine.Text{ZH: "账号名由字母、汉字、数字和 . _ - @ 组成,最长 64 字节。", EN: "A name consists of letters, digits and . _ - @, 64 bytes at most."}
	}
	return nil
}
