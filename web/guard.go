package web

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"strings"

	"kaoping/engine"
	"kaoping/internal/access"
	"kaoping/store"
)

// everyRole may do what anybody who is logged in may.
var everyRole = access.Roles()

// trusted says which roles have a permission. A permission that is not listed is
// nobody's.
var trusted = map[Permission][]access.Role{
	OwnAccount:  everyRole,
	ReadRules:   everyRole,
	ReadResults: everyRole,
	ReadCases: {access.Editor, access.Scorer, access.Reviewer, access.Approver, access.Liaison, access.Management, access.Assessed,
		access.Rectifier, access.Tracker, access.HR, access.Auditor, access.Admin},
	ReadData: {access.Editor, access.Submitter, access.Scorer, access.Reviewer, access.Approver, access.Liaison, access.Management,
		access.Tracker, access.HR, access.Auditor, access.Admin},
	ReadOutbox:     {access.Approver, access.Liaison, access.Auditor, access.Admin},
	EditRules:      {access.Editor, access.Admin},
	ReadDrafts:     {access.Editor, access.Reviewer, access.Approver, access.Auditor, access.Admin},
	LoadData:       {access.Submitter, access.Scorer, access.Admin},
	UndoData:       {access.Submitter, access.Admin},
	RunAssessments: {access.Approver, access.Admin},
	ShareResults:   {access.Approver, access.Liaison, access.Admin},
	UnmaskPersons:  {access.Liaison, access.HR, access.Tracker, access.Admin},
	ReadAudit:      {access.Auditor, access.Admin},
	ManageUsers:    {access.Admin},
}

// account is who a request comes from.
type account struct {
	store.User
	Session string       // token of the browser's session; empty for a program
	Token   *store.Token // of a program; nil for a browser
}

type accountKey struct{}

// limits are what a permission reaches for the account; empty: it has it not.
func (a *account) limits(need Permission) []access.Limit {
	limits := access.Limits(a.Grants, trusted[need])
	if a.Token != nil {
		limits = access.Both(limits, access.Limits(a.Token.Grants, trusted[need]))
	}
	return limits
}

// askAccount is the Guard of an application with accounts.
func askAccount(r *http.Request, need Permission) (Identity, error) {
	a, _ := r.Context().Value(accountKey{}).(*account)
	if a == nil {
		return Identity{}, ErrUnknownUser
	}
	who := Identity{Name: a.Name, Limits: a.limits(need)}
	switch {
	case len(who.Limits) == 0:
		return Identity{}, ErrForbidden
	case slices.ContainsFunc(who.Limits, access.Limit.Everything):
		who.Limits = nil
	}
	return who, nil
}

// admit decides whether the request may have its answer: the one place where every
// route is asked for what it needs and whether that reaches what is asked for.
func (q *request) admit() error {
	if err := q.recognise(); err != nil {
		return err
	}
	if q.Guard == nil || q.at.Needs == HoldLink || q.at.Needs == LogIn {
		return nil
	}
	who, err := q.Guard(q.r, q.at.Needs)
	if err != nil {
		return err
	}
	q.who = who
	if !q.limited() || q.at.Needs == OwnAccount {
		return nil
	}
	return q.withinLimits()
}

// recognise finds out who sends the request.
func (q *request) recognise() error {
	if q.Accounts == nil {
		return nil
	}
	a, err := q.credentials()
	if errors.Is(err, engine.ErrNotFound) {
		return nil // as if nothing had been shown
	}
	if err != nil || a == nil {
		return err
	}
	q.user = a
	q.r = q.r.WithContext(context.WithValue(q.r.Context(), accountKey{}, a))
	return nil
}

// credentials checks the token of a program, which only the interface takes, or
// the session of a browser.
func (q *request) credentials() (*account, error) {
	if secret, ok := strings.CutPrefix(q.r.Header.Get("Authorization"), "Bearer "); ok && q.at.API != nil {
		u, t, err := q.Accounts.ByToken(q.ctx(), secret)
		return &account{User: u, Token: &t}, err
	}
	c, err := q.r.Cookie(sessionCookie(q.r))
	if err != nil {
		return nil, nil
	}
	u, err := q.Accounts.Who(q.ctx(), c.Value)
	return &account{User: u, Session: c.Value}, err
}

// limited reports whether the reader sees only a part.
func (q *request) limited() bool { return q.who.Limits != nil }

// limitedRoutes are those that look after the limits themselves.
var limitedRoutes = []string{"/{$}", "/case/{pack}/{period}/{register}/{key}", "/calendar", "/help", "/help/{page}", "/help/images/{name}"}

// withinLimits refuses what lies outside the reader's limits. An address without a
// unit shows every unit of a scheme, one without a scheme all of them: nothing for
// who is limited to less.
func (q *request) withinLimits() error {
	pack, subject := q.r.PathValue("pack"), q.r.PathValue("subject")
	switch {
	case slices.Contains(limitedRoutes, q.at.Pattern):
		return nil
	case pack == "":
		return ErrForbidden
	case subject == "":
		if slices.ContainsFunc(q.who.Limits, func(l access.Limit) bool { return l.Subject == "" && l.PeerGroup == "" && l.Pack == pack }) {
			return nil
		}
		return errOthers
	}
	var result *engine.Result
	if slices.ContainsFunc(q.who.Limits, func(l access.Limit) bool { return l.PeerGroup != "" }) {
		period, err := engine.ParsePeriod(q.r.PathValue("period"))
		if err != nil {
			return engine.ErrNotFound
		}
		run, err := q.Desk.FindRun(q.ctx(), pack, period, q.query("run"))
		if err != nil {
			return err
		}
		if result, err = q.Desk.Result(q.ctx(), run); err != nil {
			return err
		}
	}
	if !q.reaches(pack, result, subject) {
		return errOthers
	}
	return nil
}

// errOthers is what somebody is told who asks for a unit that is not theirs.
var errOthers = &refusal{http.StatusForbidden, engine.Text{
	ZH: "您只能查看本单位的评分卡、解释和案件,不能查看其他单位的;如需要,请联系监管联络人员。",
	EN: "You may see your own unit's scorecard, explanations and cases, not those of others; ask the liaison staff if you need them.",
}}

// reaches reports whether the reader's limits take in a unit of a scheme. The
// result tells its peer group; without one only limits without a group count.
func (q *request) reaches(pack string, result *engine.Result, subject string) bool {
	if !q.limited() {
		return true
	}
	group := ""
	if card := cardOf(result, subject); card != nil {
		group = card.PeerGroup
	}
	return slices.ContainsFunc(q.who.Limits, func(l access.Limit) bool {
		return (l.Pack == "" || l.Pack == pack) && (l.Subject == "" || l.Subject == subject) && (l.PeerGroup == "" || l.PeerGroup == group)
	})
}

// remoteAddress is where a request comes from, without the port.
func remoteAddress(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// ownExplanation explains a line. Readers who are limited are not told what others have.
func (q *request) ownExplanation(o *opened, subject, item string) (*engine.Explanation, error) {
	e, err := o.Explain(subject, item)
	if err != nil || !q.limited() {
		return e, err
	}
	own := *e
	own.PeerValues = nil
	for _, v := range e.PeerValues {
		if q.reaches(o.Pack.Name, o.Result, v.Subject) {
			own.PeerValues = append(own.PeerValues, v)
		}
	}
	return &own, nil
}

// nameOf is how a reader may call a unit.
func (q *request) nameOf(o *opened, c *engine.Scorecard) string {
	if q.reaches(o.Pack.Name, o.Result, c.Subject) {
		return c.Name
	}
	return q.t("另一单位", "another unit")
}
