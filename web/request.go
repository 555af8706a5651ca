package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"runtime/debug"
	"syscall"

	"kaoping/engine"
)

// request is one request on its way to an answer.
type request struct {
	*Server
	w    http.ResponseWriter
	r    *http.Request
	lang engine.Lang
	who  Identity
	at   *route
	bare bool     // personal data are shown; the reader has said why
	user *account // who is logged in; nil if nobody is, or nobody has to
}

func (q *request) ctx() context.Context { return q.r.Context() }

// t picks a word in the reader's language.
func (q *request) t(zh, en string) string { return engine.Text{ZH: zh, EN: en}.In(q.lang) }

func (q *request) tf(zh, en string, args ...any) string { return fmt.Sprintf(q.t(zh, en), args...) }

// query returns a value of the address.
func (q *request) query(name string) string { return q.r.URL.Query().Get(name) }

// langCookie remembers the language that a reader chose.
const langCookie = "kaoping_lang"

// chooseLang takes the language of the address, else the one chosen before, else
// that of the configuration. One in the address is remembered.
func (s *Server) chooseLang(w http.ResponseWriter, r *http.Request) engine.Lang {
	if lang, ok := langOf(r.URL.Query().Get("lang")); ok {
		http.SetCookie(w, &http.Cookie{Name: langCookie, Value: string(lang), Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: r.TLS != nil})
		return lang
	}
	if c, err := r.Cookie(langCookie); err == nil {
		if lang, ok := langOf(c.Value); ok {
			return lang
		}
	}
	return s.Lang
}

func langOf(s string) (engine.Lang, bool) {
	switch s {
	case "zh", "zh-CN":
		return engine.Chinese, true
	case "en":
		return engine.English, true
	}
	return "", false
}

// serve wraps a route: language, permission, errors as pages or as JSON.
func (s *Server) serve(at *route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := &request{Server: s, w: w, r: r, lang: s.chooseLang(w, r), at: at}
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler {
					panic(p)
				}
				s.Log.Error("panic", "path", r.URL.Path, "panic", p, "stack", string(debug.Stack()))
				q.fail(fmt.Errorf("panic: %v", p))
			}
		}()
		err := q.admit()
		if err == nil {
			err = at.page(q)
		}
		if err != nil {
			q.fail(err)
		}
	})
}

// may reports whether the reader may do something, to offer only what is allowed.
func (q *request) may(need Permission) bool {
	if q.Guard == nil {
		return true
	}
	who, err := q.Guard(q.r, need)
	return err == nil && who.Limits == nil
}

// refusal is an answer other than a page: what is wrong with the request.
type refusal struct {
	status int
	text   engine.Text
}

func (f *refusal) Error() string { return f.text.EN }

func badRequest(zh, en string) error {
	return &refusal{http.StatusBadRequest, engine.Text{ZH: zh, EN: en}}
}

func notFound(zh, en string) error { return &refusal{http.StatusNotFound, engine.Text{ZH: zh, EN: en}} }

// speaker is an error that has something to say in both languages.
type speaker interface {
	error
	Message() engine.Text
}

// statusOf says which answer an error is, and what a person is told of it.
func statusOf(err error) (int, engine.Text) {
	var f *refusal
	var say speaker
	var tooBig *http.MaxBytesError
	status := http.StatusInternalServerError
	text := engine.Text{ZH: "服务器出错,已记入日志;请把时间和地址告诉管理员。", EN: "The server failed and logged why; tell the administrator the time and the address."}
	switch {
	case errors.As(err, &f):
		return f.status, f.text
	case errors.As(err, &tooBig):
		return http.StatusRequestEntityTooLarge, engine.Text{ZH: "内容过大。", EN: "That is too large."}
	case errors.Is(err, ErrForbidden):
		return http.StatusForbidden, engine.Text{ZH: "您没有这项权限;如需要,请联系管理员。", EN: "You may not do this; ask the administrator if you need to."}
	case errors.Is(err, ErrUnknownUser):
		return http.StatusUnauthorized, engine.Text{ZH: "请先登录。", EN: "Log in first."}
	case errors.Is(err, engine.ErrNotFound):
		status, text = http.StatusNotFound, engine.Text{ZH: "没有这一页,或这一期、这一家还没有结果。", EN: "There is no such page, or no result for that period or subject yet."}
	case errors.Is(err, engine.ErrConflict):
		status, text = http.StatusConflict, engine.Text{ZH: "现在不能这样做。", EN: "This cannot be done now."}
	case errors.Is(err, context.Canceled):
		return 499, engine.Text{} // the reader has gone
	}
	if errors.As(err, &say) {
		return status, say.Message()
	}
	return status, text
}

// gone reports whether the reader has left before the answer: nobody is there to be
// told, and nothing is wrong.
func (q *request) gone(err error) bool {
	return errors.Is(q.ctx().Err(), context.Canceled) || errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNRESET)
}

// fail answers with what went wrong.
func (q *request) fail(err error) {
	if q.gone(err) {
		return
	}
	status, text := statusOf(err)
	if status >= 500 {
		q.Log.Error("request failed", "path", q.r.URL.Path, "error", err)
	}
	if status == http.StatusUnauthorized && q.Accounts != nil && q.at.API == nil {
		q.sendToLogin()
		return
	}
	if q.at.API != nil {
		q.writeJSON(status, errorJSON{text.In(q.lang)})
		return
	}
	p := q.newPage(q.tf("出错(%d)", "Error %d", status))
	p.Status = status
	p.Data = struct{ Text string }{text.In(q.lang)}
	if err := q.render(p, "error"); err != nil {
		q.Log.Error("error page", "error", err)
	}
}

// here is the address of this page with some values changed; an empty one is left
// out.
func (q *request) here(change ...string) string {
	values := q.r.URL.Query()
	for i := 0; i+1 < len(change); i += 2 {
		if change[i+1] == "" {
			values.Del(change[i])
			continue
		}
		values.Set(change[i], change[i+1])
	}
	u := url.URL{Path: q.r.URL.Path, RawQuery: values.Encode()}
	return u.String()
}

// redirect sends the reader on to another page.
func (q *request) redirect(to string) error {
	http.Redirect(q.w, q.r, to, http.StatusSeeOther)
	return nil
}

// address joins path elements, each escaped.
func address(parts ...string) string {
	out := ""
	for _, p := range parts {
		out += "/" + url.PathEscape(p)
	}
	return out
}

// with appends values to an address; empty ones are left out.
func with(path string, pairs ...string) string {
	values := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			values.Set(pairs[i], pairs[i+1])
		}
	}
	if len(values) == 0 {
		return path
	}
	return path + "?" + values.Encode()
}
