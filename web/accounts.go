package web

import (
	"cmp"
	"errors"
	"net/http"
	"strings"

	"kaoping/engine"
	"kaoping/internal/access"
	"kaoping/store"
)

func accountRoutes() []route {
	get, post := onGet, onPost
	return []route{
		get("/login", LogIn, "登录", "log in", (*request).loginForm),
		post("/login", LogIn, "登录", "log in", (*request).login),
		get("/login/external", LogIn, "单位统一登录", "log in with the organisation", (*request).beginExternal),
		get("/login/return", LogIn, "统一登录返回", "back from the organisation's login", (*request).finishExternal),
		get("/join/{ticket}", LogIn, "一次性链接", "a one-time link", (*request).joinForm),
		post("/join/{ticket}", LogIn, "设置口令", "set a password", (*request).join),
		post("/logout", OwnAccount, "退出", "log out", (*request).logout),
		get("/account", OwnAccount, "我的账号", "my account", (*request).account),
		post("/account", OwnAccount, "更改口令", "change the password", (*request).changePassword),
		get("/users", ManageUsers, "账号", "accounts", (*request).users),
		post("/users", ManageUsers, "新建账号", "make an account", (*request).addUser),
		post("/cases/{pack}/{period}/{subject}/{statistic}/{at}", UnmaskPersons, "案件明细,含个人信息", "cases with personal data", unmasked((*request).cases)),
		post("/case/{pack}/{period}/{register}/{key}", UnmaskPersons, "案件,含个人信息", "a case with personal data", unmasked((*request).oneCase)),
		get("/audit", ReadAudit, "审计", "the audit trail", (*request).audit),
		post("/users/change", ManageUsers, "更改账号", "change an account", (*request).changeUser),
	}
}

// sessionCookie names the cookie that a session is kept in. With TLS the name
// itself makes browsers refuse one that another host or page has set.
func sessionCookie(r *http.Request) string {
	if r.TLS != nil {
		return "__Host-kaoping"
	}
	return "kaoping_session"
}

// keepSession gives the browser its session, or takes it away if the token is
// empty.
func (q *request) keepSession(token string) {
	c := &http.Cookie{Name: sessionCookie(q.r), Value: token, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: q.r.TLS != nil}
	if token == "" {
		c.MaxAge = -1
	}
	http.SetCookie(q.w, c)
}

// sendToLogin asks who the reader is and brings them back afterwards.
func (q *request) sendToLogin() {
	to := "/login"
	if q.r.Method == http.MethodGet && q.r.URL.Path != "/" {
		to = with(to, "next", q.r.URL.RequestURI())
	}
	http.Redirect(q.w, q.r, to, http.StatusSeeOther)
}

// nextAddress is where to go after logging in: an address of ours, else the home
// page.
func nextAddress(s string) string {
	if !strings.HasPrefix(s, "/") || strings.HasPrefix(s, "//") || strings.ContainsAny(s, "\\\r\n\t") {
		return "/"
	}
	return s
}

// loginData is what the page that asks for a password shows.
type loginData struct {
	Name, Next, Wrong string
	// Provider is where the login of the organisation begins; empty if there is none.
	Provider, ProviderTitle string
}

func (q *request) loginForm() error {
	return q.askPassword(http.StatusOK, loginData{Next: q.query("next")})
}

func (q *request) askPassword(status int, data loginData) error {
	if p := q.Provider; p != nil {
		data.Provider = with("/login/external", "next", data.Next)
		data.ProviderTitle = cmp.Or(q.ProviderTitle, q.t("单位统一登录", "Log in with your organisation"))
	}
	p := q.newPage(q.t("登录", "Log in"))
	p.Bare, p.Status, p.Data = true, status, data
	return q.render(p, "login")
}

func (q *request) login() error {
	name := strings.TrimSpace(q.r.PostFormValue("name"))
	data := loginData{Name: name, Next: q.r.PostFormValue("next")}
	if len(name) > maxName {
		return badRequest("账号名过长。", "The name is too long.")
	}
	token, err := q.Accounts.Login(q.ctx(), name, q.r.PostFormValue("password"), remoteAddress(q.r))
	var wait *access.Wait
	switch {
	case errors.Is(err, access.ErrLogin):
		data.Wrong = q.t("账号或口令不对。", "The name or the password is wrong.")
		return q.askPassword(http.StatusUnauthorized, data)
	case errors.As(err, &wait):
		data.Wrong = wait.Message().In(q.lang)
		q.w.Header().Set("Retry-After", itoa(int(wait.For.Seconds())+1))
		return q.askPassword(http.StatusTooManyRequests, data)
	case err != nil:
		return err
	}
	q.keepSession(token)
	return q.redirect(nextAddress(data.Next))
}

// maxName bounds the name of an account, in bytes.
const maxName = 128

// joinForm asks whoever holds a one-time link for a password. Only sending the form
// uses the link up: programs that look at links beforehand do no harm.
func (q *request) joinForm() error { return q.askNewPassword(http.StatusOK, "") }

func (q *request) askNewPassword(status int, wrong string) error {
	name, err := q.Accounts.DB.FindTicket(q.ctx(), q.r.PathValue("ticket"), timeNow())
	if err != nil {
		return err
	}
	p := q.newPage(q.t("设置口令", "Set a password"))
	p.Bare, p.Status = true, status
	p.Data = struct{ Name, Wrong, Action string }{name, wrong, address("join", q.r.PathValue("ticket"))}
	return q.render(p, "join")
}

func (q *request) join() error {
	password := q.r.PostFormValue("password")
	if password != q.r.PostFormValue("again") {
		return q.askNewPassword(http.StatusBadRequest, q.t("两次输入不一致。", "The two are not the same."))
	}
	token, err := q.Accounts.Follow(q.ctx(), q.r.PathValue("ticket"), password, remoteAddress(q.r))
	if refused := (*access.Refused)(nil); errors.As(err, &refused) {
		return q.askNewPassword(http.StatusBadRequest, refused.Text.In(q.lang))
	}
	if err != nil {
		return err
	}
	q.keepSession(token)
	return q.redirect("/")
}

func (q *request) logout() error {
	if q.user.Session != "" {
		if err := q.Accounts.DB.EndSession(q.ctx(), q.user.Session, q.actor()); err != nil {
			return err
		}
	}
	q.keepSession("")
	return q.redirect("/login")
}

// account shows readers who they are and what they may do.
func (q *request) account() error { return q.showAccount(http.StatusOK, "") }

func (q *request) showAccount(status int, wrong string) error {
	p := q.newPage(q.t("我的账号", "My account"))
	p.Status = status
	p.Crumbs = q.crumbs(link{Text: p.Title})
	p.Subtitle = q.user.Title
	data := struct {
		Name, Wrong string
		Local       bool
		Roles       []string
	}{Name: q.user.Name, Wrong: wrong, Local: q.user.External == ""}
	for _, g := range q.user.Grants {
		data.Roles = append(data.Roles, q.grantText(g))
	}
	p.Data = data
	return q.render(p, "account")
}

// grantText says what a grant gives: 被考评单位 · PA01.
func (q *request) grantText(g store.Grant) string {
	parts := []string{access.Role(g.Role).Title().In(q.lang)}
	if g.Pack != "" {
		parts = append(parts, q.packTitle(g.Pack))
	}
	for _, s := range []string{g.PeerGroup, g.Subject} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, " · ")
}

func (q *request) changePassword() error {
	if q.user.External != "" || q.user.Session == "" {
		return ErrForbidden
	}
	password := q.r.PostFormValue("password")
	if password != q.r.PostFormValue("again") {
		return q.showAccount(http.StatusBadRequest, q.t("两次输入不一致。", "The two are not the same."))
	}
	token, err := q.Accounts.Change(q.ctx(), q.user.User, q.r.PostFormValue("old"), password, remoteAddress(q.r))
	var say speaker
	switch {
	case errors.Is(err, access.ErrLogin):
		return q.showAccount(http.StatusBadRequest, q.t("现在的口令不对。", "The present password is wrong."))
	case errors.As(err, &say):
		return q.showAccount(http.StatusBadRequest, say.Message().In(q.lang))
	case err != nil:
		return err
	}
	q.keepSession(token)
	return q.redirect("/account")
}

// ownHome is the home page of whoever sees only a part: the results that they may
// open.
func (q *request) ownHome() error {
	p := q.newPage(q.t("首页", "Home"))
	runs, err := q.runs(q.ctx())
	if err != nil {
		return err
	}
	t := &table{ID: "own", Caption: q.t("我可以查看的结果", "Results that I may see"), Empty: q.t("还没有结果。", "There are no results yet."), Columns: []column{
		{Title: q.t("办法", "Scheme")}, {Title: q.t("期间", "Period")}, {Title: q.t("结果", "Result"), Key: true},
	}}
	for _, run := range runs {
		result, err := q.Desk.Result(q.ctx(), run)
		if err != nil {
			return err
		}
		where := []cell{txt(q.packTitle(run.Pack)), txt(run.Period.Title().In(q.lang))}
		if q.reaches(run.Pack, nil, "") {
			t.Rows = append(t.Rows, row{Cells: append(where, linked(q.t("排名", "ranking"), address("rank", run.Pack, run.Period.String())))})
			continue
		}
		for _, cards := range [][]engine.Scorecard{result.Scorecards, result.Excluded} {
			for i := range cards {
				if c := &cards[i]; q.reaches(run.Pack, result, c.Subject) {
					t.Rows = append(t.Rows, row{Cells: append(where[:2:2], linked(c.Name, address("s", run.Pack, run.Period.String(), c.Subject)))})
				}
			}
		}
	}
	p.Data = struct{ Table *table }{p.add(t)}
	return q.render(p, "own")
}
