package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kaoping/engine"
	"kaoping/internal/access"
	"kaoping/store"
)

// grantFlags are the flags that name a role and what it reaches.
type grantFlags struct{ role, pack, group, subject string }

func (a *app) grantFlags(cmd *cobra.Command, g *grantFlags) {
	f := cmd.Flags()
	f.StringVar(&g.role, "role", "", a.t("角色:", "role: ")+roleNames())
	f.StringVar(&g.pack, "pack", "", a.t("只限这个考评办法", "only this scheme"))
	f.StringVar(&g.group, "group", "", a.t("只限这个同业组", "only this peer group"))
	f.StringVar(&g.subject, "subject", "", a.t("只限这个机构(编码)", "only this unit (its code)"))
}

func roleNames() string {
	var names []string
	for _, r := range access.Roles() {
		names = append(names, string(r))
	}
	return strings.Join(names, " ")
}

// grant checks what the flags say.
func (g grantFlags) grant() (store.Grant, error) {
	out := store.Grant{Role: g.role, Pack: g.pack, PeerGroup: g.group, Subject: g.subject}
	if wrong := access.CheckGrant(out); wrong != nil {
		return out, fail(exitUsage, *wrong)
	}
	return out, nil
}

// withStore runs f on the store of the workspace.
func (a *app) withStore(f func(Config, *store.DB) error) error {
	config, err := a.config()
	if err != nil {
		return err
	}
	db, err := a.open(config)
	if err != nil {
		return err
	}
	defer db.Close()
	return f(config, db)
}

func (a *app) userCommand() *cobra.Command {
	cmd := a.family("user", a.t("账号和角色", "accounts and roles"))
	cmd.AddCommand(a.userAddCommand(), a.userListCommand(), a.userRoleCommand(), a.userDisableCommand(), a.userLinkCommand(), a.userOIDCCommand())
	return cmd
}

func (a *app) userAddCommand() *cobra.Command {
	var g grantFlags
	var title string
	var fromStdin, oidc bool
	cmd := &cobra.Command{
		Use:   a.t("add 账号", "add NAME"),
		Short: a.t("新建账号并显示一次性链接;或从标准输入读口令", "make an account and show a one-time link; or read its password from standard input"),
		Args:  a.args(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			grant, err := g.grant()
			if err != nil {
				return err
			}
			u := store.User{Name: strings.ToLower(args[0]), Title: title, Grants: []store.Grant{grant}}
			if wrong := access.CheckName(u.Name); wrong != nil {
				return fail(exitUsage, *wrong)
			}
			if oidc {
				u.External = store.Expected(u.Name)
			}
			if fromStdin {
				if u.Password, err = readPassword(u.Name); err != nil {
					return err
				}
			}
			return a.withStore(func(c Config, db *store.DB) error {
				if err := db.CreateUser(a.ctx, u, actor()); err != nil {
					return err
				}
				a.say("已建立账号 %s。", "made the account %s.", u.Name)
				if fromStdin || oidc {
					return nil
				}
				return a.oneTimeLink(c, db, u.Name)
			})
		},
	}
	a.grantFlags(cmd, &g)
	cmd.Flags().StringVar(&title, "title", "", a.t("姓名", "name of the person"))
	cmd.Flags().BoolVar(&fromStdin, "password-stdin", false, a.t("从标准输入的第一行读口令", "take the password from the first line of standard input"))
	cmd.Flags().BoolVar(&oidc, "oidc", false, a.t("用单位统一登录(OpenID Connect)登录,没有口令", "logs in by OpenID Connect and has no password"))
	cmd.MarkFlagsMutuallyExclusive("oidc", "password-stdin")
	return cmd
}

func (a *app) userOIDCCommand() *cobra.Command {
	return &cobra.Command{
		Use:   a.t("oidc 账号", "oidc NAME"),
		Short: a.t("今后用单位统一登录(OpenID Connect);忘掉口令和已绑定的身份", "from now on log in by OpenID Connect; the password and the identity bound before are forgotten"),
		Args:  a.args(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.withStore(func(_ Config, db *store.DB) error {
				if err := db.ExpectExternal(a.ctx, args[0], actor()); err != nil {
					return err
				}
				a.say("账号 %s 将在下次统一登录时绑定。", "the account %s is bound at its next login by OpenID Connect.", strings.ToLower(args[0]))
				return nil
			})
		},
	}
}

// readPassword takes the first line of standard input.
func readPassword(name string) (string, error) {
	line, err := bufio.NewReader(os.Stdin).ReadString('\n')
	password := strings.TrimRight(line, "\r\n")
	if password == "" && err != nil {
		return "", fail(exitUsage, engine.Text{ZH: "标准输入没有口令。", EN: "there is no password on standard input."})
	}
	if wrong := access.CheckPassword(name, password); wrong != nil {
		return "", fail(exitUsage, *wrong)
	}
	return access.Hash(password), nil
}

// oneTimeLink prints a link by which the owner of an account sets a password.
func (a *app) oneTimeLink(c Config, db *store.DB, name string) error {
	token, err := (&access.Accounts{DB: db}).Link(a.ctx, name, actor())
	if err != nil {
		return err
	}
	a.say("一次性链接(24 小时内有效,在 kaoping serve 运行时打开):", "one-time link (good for 24 hours, open it while kaoping serve runs):")
	_, err = fmt.Fprintln(a.stdout, c.Web.origin(c.Web.Listen)+"/join/"+token)
	return err
}

func (a *app) userListCommand() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: a.t("列出账号", "list the accounts"), Args: a.args(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			return a.withStore(func(c Config, db *store.DB) error {
				users, err := db.Users(a.ctx)
				if err != nil {
					return err
				}
				for i := range users {
					u := &users[i]
					state := a.t("可用", "good")
					switch {
					case !u.Good():
						state = a.t("已停用", "disabled")
					case u.External == store.Expected(u.Name):
						state = a.t("OpenID Connect,尚未登录", "OpenID Connect, no login yet")
					case u.External != "":
						state = "OpenID Connect"
					case u.Password == "":
						state = a.t("尚无口令", "no password yet")
					}
					fmt.Fprintf(a.stdout, "%s\t%s\t%s\t%s\n", u.Name, u.Title, grantsText(u.Grants), state)
				}
				return nil
			})
		},
	}
}

func grantsText(grants []store.Grant) string {
	var out []string
	for _, g := range grants {
		text := g.Role
		for _, limit := range []string{g.Pack, g.PeerGroup, g.Subject} {
			if limit != "" {
				text += ":" + limit
			}
		}
		out = append(out, text)
	}
	return strings.Join(out, ",")
}

func (a *app) userRoleCommand() *cobra.Command {
	var g grantFlags
	var add bool
	cmd := &cobra.Command{
		Use:   a.t("role 账号", "role NAME"),
		Short: a.t("更换账号的角色;--add 为增加", "replace the roles of an account; --add keeps the others"),
		Args:  a.args(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			grant, err := g.grant()
			if err != nil {
				return err
			}
			return a.withStore(func(_ Config, db *store.DB) error {
				grants := []store.Grant{grant}
				if add {
					u, err := db.FindUser(a.ctx, args[0])
					if err != nil {
						return err
					}
					grants = append(u.Grants, grant)
				}
				if err := db.SetGrants(a.ctx, args[0], grants, actor()); err != nil {
					return err
				}
				a.say("%s:%s", "%s: %s", args[0], grantsText(grants))
				return nil
			})
		},
	}
	a.grantFlags(cmd, &g)
	cmd.Flags().BoolVar(&add, "add", false, a.t("保留已有角色", "keep the roles there are"))
	return cmd
}

func (a *app) userDisableCommand() *cobra.Command {
	var enable bool
	cmd := &cobra.Command{
		Use:   a.t("disable 账号", "disable NAME"),
		Short: a.t("停用账号;--undo 重新启用", "close an account; --undo opens it again"),
		Args:  a.args(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.withStore(func(_ Config, db *store.DB) error {
				if err := db.DisableUser(a.ctx, args[0], !enable, actor()); err != nil {
					return err
				}
				if enable {
					a.say("已启用 %s。", "%s is enabled.", args[0])
					return nil
				}
				a.say("已停用 %s,其登录和令牌立即失效。", "%s is disabled; its logins and tokens work no more.", args[0])
				return nil
			})
		},
	}
	cmd.Flags().BoolVar(&enable, "undo", false, a.t("重新启用", "open it again"))
	return cmd
}

func (a *app) userLinkCommand() *cobra.Command {
	return &cobra.Command{
		Use:   a.t("reset-link 账号", "reset-link NAME"),
		Short: a.t("显示设置新口令的一次性链接", "show a one-time link by which a new password is set"),
		Args:  a.args(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.withStore(func(c Config, db *store.DB) error {
				u, err := db.FindUser(a.ctx, args[0])
				if err != nil {
					return err
				}
				if u.External != "" {
					return fail(exitUsage, engine.Text{ZH: "这个账号通过 OpenID Connect 登录,没有口令。", EN: "this account logs in by OpenID Connect and has no password."})
				}
				return a.oneTimeLink(c, db, u.Name)
			})
		},
	}
}

func (a *app) tokenCommand() *cobra.Command {
	cmd := a.family("token", a.t("程序用的令牌", "tokens for programs"))
	cmd.AddCommand(a.tokenCreateCommand(), a.tokenListCommand(), a.tokenRevokeCommand())
	return cmd
}

func (a *app) tokenCreateCommand() *cobra.Command {
	var g grantFlags
	var user, purpose string
	var days int
	cmd := &cobra.Command{
		Use: "create", Short: a.t("建立令牌,只显示一次", "make a token, shown once"), Args: a.args(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			grant, err := g.grant()
			if err != nil {
				return err
			}
			if days < 1 || days > 366 {
				return fail(exitUsage, engine.Text{ZH: "--days 为 1 至 366。", EN: "--days is 1 to 366."})
			}
			return a.withStore(func(_ Config, db *store.DB) error {
				t := store.Token{Name: user, Purpose: purpose, Grants: []store.Grant{grant}, Expires: time.Now().UTC().AddDate(0, 0, days)}
				made, secret, err := db.CreateToken(a.ctx, t, actor())
				if err != nil {
					return err
				}
				a.say("令牌 %s,%d 天有效,只显示这一次;请求时写 Authorization: Bearer 令牌:", "token %s, good for %d days, shown this once; send it as Authorization: Bearer TOKEN:", made.ID(), days)
				_, err = fmt.Fprintln(a.stdout, secret)
				return err
			})
		},
	}
	a.grantFlags(cmd, &g)
	cmd.Flags().StringVar(&user, "user", "", a.t("令牌归谁;权限不超过这个账号", "whose it is; it can do no more than the account"))
	cmd.Flags().StringVar(&purpose, "for", "", a.t("用途", "what it is for"))
	cmd.Flags().IntVar(&days, "days", 90, a.t("有效天数", "days that it is good"))
	return cmd
}

func (a *app) tokenListCommand() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: a.t("列出令牌", "list the tokens"), Args: a.args(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			return a.withStore(func(c Config, db *store.DB) error {
				tokens, err := db.Tokens(a.ctx)
				for i := range tokens {
					t := &tokens[i]
					state := a.t("有效", "good")
					if !t.Good(time.Now()) {
						state = a.t("失效", "useless")
					}
					fmt.Fprintf(a.stdout, "%s\t%s\t%s\t%s\t%s\t%s\n", t.ID(), t.Name, grantsText(t.Grants), t.Purpose, t.Expires.In(c.location).Format(time.DateTime), state)
				}
				return err
			})
		},
	}
}

func (a *app) tokenRevokeCommand() *cobra.Command {
	return &cobra.Command{
		Use: a.t("revoke 令牌号", "revoke ID"), Short: a.t("吊销令牌", "make a token useless"), Args: a.args(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.withStore(func(_ Config, db *store.DB) error {
				if err := db.RevokeToken(a.ctx, args[0], actor()); err != nil {
					return err
				}
				a.say("已吊销 %s。", "%s is revoked.", args[0])
				return nil
			})
		},
	}
}

// welcome prints the link by which the first administrator comes in, as long as
// nobody has.
func (a *app) welcome(accounts *access.Accounts, origin string) error {
	token, err := accounts.FirstAdmin(a.ctx, actor())
	if token == "" || err != nil {
		return err
	}
	a.say("首次使用:打开这个一次性链接,为管理员 admin 设置口令(24 小时内有效):\n  %s/join/%s",
		"first start: open this one-time link to set the password of the administrator, admin (good for 24 hours):\n  %s/join/%s", origin, token)
	return nil
}

// tlsProblem says what is wrong with the files for TLS.
func tlsProblem(err error) error {
	return fail(exitUsage, engine.Text{
		ZH: fmt.Sprintf("读不了 web.tls_cert 或 web.tls_key:%v\n  提示:两者都是 PEM 文件,证书和私钥要成对。", err),
		EN: fmt.Sprintf("cannot read web.tls_cert or web.tls_key: %v\n  hint: both are PEM files, the key belongs to the certificate.", err),
	})
}
