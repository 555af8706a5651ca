package web

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"

	"kaoping/internal/access"
)

// attemptCookie keeps a login by OpenID Connect that is under way. It is sent only
// to where that login comes back.
const (
	attemptCookie = "kaoping_login"
	attemptPath   = "/login/return"
	attemptTime   = 10 * 60 // seconds
)

func (q *request) keepAttempt(value string, seconds int) {
	http.SetCookie(q.w, &http.Cookie{Name: attemptCookie, Value: value, Path: attemptPath, MaxAge: seconds,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: q.r.TLS != nil})
}

// beginExternal sends the reader to the provider of OpenID Connect.
func (q *request) beginExternal() error {
	if q.Provider == nil || q.Accounts == nil {
		return notFound("没有配置统一登录。", "No login of an organisation is configured.")
	}
	next := nextAddress(q.query("next"))
	if len(next) > 1500 {
		next = "/" // a cookie holds no more
	}
	to, attempt, err := q.Provider.Begin(q.ctx(), next)
	if err != nil {
		return q.externalFailed(err)
	}
	text, err := json.Marshal(attempt)
	if err != nil {
		return err
	}
	q.keepAttempt(base64.RawURLEncoding.EncodeToString(text), attemptTime)
	http.Redirect(q.w, q.r, to, http.StatusSeeOther)
	return nil
}

// finishExternal is where the provider sends the reader back to.
func (q *request) finishExternal() error {
	if q.Provider == nil || q.Accounts == nil {
		return notFound("没有配置统一登录。", "No login of an organisation is configured.")
	}
	q.keepAttempt("", -1)
	var attempt access.Attempt
	if c, err := q.r.Cookie(attemptCookie); err == nil {
		if text, err := base64.RawURLEncoding.DecodeString(c.Value); err != nil || json.Unmarshal(text, &attempt) != nil {
			attempt = access.Attempt{}
		}
	}
	who, err := q.Provider.Finish(q.ctx(), attempt, q.r.URL.Query())
	if err != nil {
		return q.externalFailed(err)
	}
	token, err := q.Accounts.Vouched(q.ctx(), q.Provider, who, remoteAddress(q.r))
	if err != nil {
		return q.externalFailed(err)
	}
	q.keepSession(token)
	return q.redirect(nextAddress(attempt.Next))
}

// externalFailed shows the page that asks for a login, with what went wrong.
func (q *request) externalFailed(err error) error {
	refused := (*access.Refused)(nil)
	if !errors.As(err, &refused) {
		return err
	}
	return q.askPassword(http.StatusUnauthorized, loginData{Wrong: refused.Text.In(q.lang)})
}
