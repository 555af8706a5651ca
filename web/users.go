package web

import (
	"errors"
	"slices"
	"strings"
	"time"

	"kaoping/engine"
	"kaoping/internal/access"
	"kaoping/store"
)

// timeNow is the present; one-time links and sessions end by it.
var timeNow = func() time.Time { return time.Now().UTC() }

// adminMenu leads to what administrators and auditors look at.
func (q *request) adminMenu(entry func(zh, en, href string) link) []menuGroup {
	g := menuGroup{Title: q.t("管理", "Administration")}
	if q.user != nil && q.may(ManageUsers) {
		g.Links = append(g.Links, entry("账号", "Accounts", "/users"))
	}
	if q.user != nil && q.may(ReadAudit) {
		g.Links = append(g.Links, entry("审计", "Audit trail", "/audit"))
	}
	if g.Links == nil {
		return nil
	}
	return []menuGroup{g}
}

// users is the page of accounts.
func (q *request) users() error { return q.showUsers("", "") }

// showUsers shows the accounts, with a one-time link just made if there is one.
func (q *request) showUsers(name, ticket string) error {
	list, err := q.Accounts.DB.Users(q.ctx())
	if err != nil {
		return err
	}
	p := q.newPage(q.t("账号", "Accounts"))
	p.Crumbs = q.crumbs(link{Text: p.Title})
	data := struct {
		Name, Link   string
		Provider     bool // some log in by OpenID Connect
		Roles, Packs []option
		Users        []option
		Table        *table
	}{Name: name, Provider: q.Provider != nil}
	if ticket != "" {
		data.Link = q.origin() + address("join", ticket)
	}
	t := &table{ID: "users", Caption: q.t("账号", "Accounts"), Columns: []column{
		{Title: q.t("账号", "Name"), Key: true}, {Title: q.t("姓名", "Person")}, {Title: q.t("角色和范围", "Roles and what they reach"), Wide: true},
		{Title: q.t("登录方式", "Logs in by")}, {Title: q.t("建立", "Made")}, {Title: q.t("状态", "State")},
	}}
	for i := range list {
		u := &list[i]
		var roles []string
		for _, g := range u.Grants {
			roles = append(roles, q.grantText(g))
		}
		way := q.t("口令", "password")
		switch {
		case u.External == store.Expected(u.Name):
			way = q.t("OpenID Connect,尚未登录", "OpenID Connect, no login yet")
		case u.External != "":
			way = "OpenID Connect"
		case u.Password == "":
			way = q.t("尚未设置口令", "no password yet")
		}
		state := cell{Text: q.t("● 可用", "● good"), Class: "good"}
		if !u.Good() {
			state = cell{Text: q.t("■ 已停用", "■ disabled"), Class: "bad"}
		}
		t.Rows = append(t.Rows, row{Cells: []cell{txt(u.Name), txt(u.Title), txt(strings.Join(roles, q.t(";", "; "))), txt(way), txt(q.Desk.Clock(u.MadeAt)), state}})
		data.Users = append(data.Users, option{Value: u.Name, Text: u.Name + " " + u.Title, Chosen: u.Name == name})
	}
	for _, r := range access.Roles() {
		data.Roles = append(data.Roles, option{Value: string(r), Text: r.Title().In(q.lang)})
	}
	data.Packs = []option{{"", q.t("全部", "all"), true}}
	runs, err := q.runs(q.ctx())
	if err != nil {
		return err
	}
	for _, run := range runs {
		if !slices.ContainsFunc(data.Packs, func(o option) bool { return o.Value == run.Pack }) {
			data.Packs = append(data.Packs, option{Value: run.Pack, Text: q.packTitle(run.Pack)})
		}
	}
	data.Table = p.add(t)
	p.Data = data
	return q.render(p, "users")
}

// formGrant reads a role and what it reaches from a form.
func (q *request) formGrant() (store.Grant, error) {
	f := func(name string) string { return strings.TrimSpace(q.r.PostFormValue(name)) }
	g := store.Grant{Role: f("role"), Pack: f("pack"), PeerGroup: f("group"), Subject: f("subject")}
	if wrong := access.CheckGrant(g); wrong != nil {
		return g, badRequest(wrong.ZH, wrong.EN)
	}
	return g, nil
}

// addUser makes an account and a one-time link for its owner.
func (q *request) addUser() error {
	g, err := q.formGrant()
	if err != nil {
		return err
	}
	name := strings.ToLower(strings.TrimSpace(q.r.PostFormValue("name")))
	if wrong := access.CheckName(name); wrong != nil {
		return badRequest(wrong.ZH, wrong.EN)
	}
	u := store.User{Name: name, Title: strings.TrimSpace(q.r.PostFormValue("title")), Grants: []store.Grant{g}}
	oidc := q.r.PostFormValue("way") == "oidc"
	if oidc {
		u.External = store.Expected(name)
	}
	if err := q.Accounts.DB.CreateUser(q.ctx(), u, q.actor()); err != nil {
		return err
	}
	if oidc {
		return q.redirect("/users")
	}
	return q.offerLink(name)
}

func (q *request) offerLink(name string) error {
	ticket, err := q.Accounts.Link(q.ctx(), name, q.actor())
	if err != nil {
		return err
	}
	return q.showUsers(name, ticket)
}

// changeUser gives or takes roles, closes or opens an account, or makes a new
// one-time link for it. Nobody takes the role of an administrator from themselves.
func (q *request) changeUser() error {
	name := q.r.PostFormValue("name")
	u, err := q.Accounts.DB.FindUser(q.ctx(), name)
	if err != nil {
		return err
	}
	does := q.r.PostFormValue("do")
	if u.Name == q.user.Name && (does == "disable" || does == "replace") {
		return badRequest("不能停用自己的账号,也不能更换自己的角色。", "You cannot disable your own account or replace your own roles.")
	}
	db := q.Accounts.DB
	switch does {
	case "link":
		if u.External != "" {
			return badRequest("这个账号通过 OpenID Connect 登录,没有口令。", "This account logs in by OpenID Connect and has no password.")
		}
		return q.offerLink(u.Name)
	case "oidc":
		err = db.ExpectExternal(q.ctx(), u.Name, q.actor())
	case "disable", "enable":
		err = db.DisableUser(q.ctx(), u.Name, does == "disable", q.actor())
	case "add", "replace":
		var g store.Grant
		if g, err = q.formGrant(); err != nil {
			return err
		}
		grants := []store.Grant{g}
		if does == "add" && !slices.Contains(u.Grants, g) {
			grants = append(u.Grants, g)
		}
		err = db.SetGrants(q.ctx(), u.Name, grants, q.actor())
	default:
		err = badRequest("没有这种操作。", "There is no such change.")
	}
	if errors.Is(err, engine.ErrNotFound) {
		return notFound("没有这个账号。", "There is no such account.")
	}
	if err != nil {
		return err
	}
	return q.redirect("/users")
}
