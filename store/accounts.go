package store

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
)

// Grant gives a role, everywhere or only for what it names.
type Grant struct {
	Role      string `json:"role"`
	Pack      string `json:"pack,omitempty"`       // empty: every scheme
	PeerGroup string `json:"peer_group,omitempty"` // empty: every group
	Subject   string `json:"subject,omitempty"`    // code of a unit; empty: every unit
}

// User is somebody who may log in.
type User struct {
	Name       string // in lower case, never changed
	Title      string // how the person is called
	Password   string // argon2id with its parameters; empty if there is none
	Grants     []Grant
	External   string // issuer and subject of OpenID Connect, Expected(Name) before the first login; empty for a local account
	MadeAt     time.Time
	DisabledAt time.Time // zero while the account is good
}

// Good reports whether the account may be used.
func (u *User) Good() bool { return u.DisabledAt.IsZero() }

type userRow struct {
	Name       string `db:"name"`
	Title      string `db:"title"`
	Password   string `db:"password"`
	Grants     string `db:"grants"`
	External   string `db:"external"`
	MadeAt     string `db:"made_at"`
	DisabledAt string `db:"disabled_at"`
}

const userColumns = "name, title, password, grants, external, made_at, disabled_at"

func (r *userRow) user() (User, error) {
	u := User{Name: r.Name, Title: r.Title, Password: r.Password, External: r.External}
	err := json.Unmarshal([]byte(r.Grants), &u.Grants)
	if err == nil {
		u.MadeAt, err = instant(r.MadeAt)
	}
	if err == nil {
		u.DisabledAt, err = instant(r.DisabledAt)
	}
	return u, err
}

func grantsText(grants []Grant) (string, error) {
	if grants == nil {
		grants = []Grant{}
	}
	text, err := json.Marshal(grants)
	return string(text), err
}

// rightNow is the present as it is stored.
func rightNow() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

// CreateUser stores an account. A name or an external identity that is taken is an
// engine.ErrConflict.
func (db *DB) CreateUser(ctx context.Context, u User, by Actor) error {
	u.Name = strings.ToLower(u.Name)
	err := db.write(ctx, func(tx *sqlx.Tx) error {
		grants, err := grantsText(u.Grants)
		if err != nil {
			return err
		}
		at := rightNow()
		// Another process may be making it at this moment: only the database knows.
		done, err := tx.ExecContext(ctx, "INSERT INTO users ("+userColumns+") VALUES ($1, $2, $3, $4, $5, $6, '') ON CONFLICT DO NOTHING", u.Name, u.Title, u.Password, grants, u.External, stamp(at))
		if err != nil {
			return err
		}
		switch made, err := done.RowsAffected(); {
		case err != nil:
			return err
		case made == 0:
			return conflict("已有账号 %s。", "there is an account %s already.", u.Name)
		}
		return note(ctx, tx, at, by, "create user", u.Name, map[string]string{"grants": grants, "external": u.External})
	})
	return db.explain("create the account "+u.Name, err)
}

// FindUser finds an account by its name, in any case.
func (db *DB) FindUser(ctx context.Context, name string) (User, error) {
	return db.findUser(ctx, "name", strings.ToLower(name))
}

// FindExternal finds the account of an identity that OpenID Connect vouches for.
func (db *DB) FindExternal(ctx context.Context, external string) (User, error) {
	return db.findUser(ctx, "external", external)
}

// Expected is the external identity of an account until its owner first logs in by
// OpenID Connect.
func Expected(name string) string { return "expected " + strings.ToLower(name) }

// BindExternal binds the account of that name to an identity, provided that it waits
// for one; if not, that is an engine.ErrNotFound.
func (db *DB) BindExternal(ctx context.Context, name, external string, by Actor) (User, error) {
	err := db.changeUser(ctx, name, by, "bind identity", func(tx *sqlx.Tx, u *userRow, _ time.Time) (map[string]string, error) {
		if u.External != Expected(u.Name) {
			return nil, notFound("账号 %s 不等待绑定。", "the account %s does not wait for an identity.", u.Name)
		}
		_, err := tx.ExecContext(ctx, "UPDATE users SET external = $1 WHERE name = $2", external, u.Name)
		return map[string]string{"external": external}, err
	})
	if err != nil {
		return User{}, err
	}
	return db.FindUser(ctx, name)
}

// ExpectExternal lets an account log in by OpenID Connect from now on: its password
// and the identity it was bound to are forgotten, its sessions ended.
func (db *DB) ExpectExternal(ctx context.Context, name string, by Actor) error {
	return db.changeUser(ctx, name, by, "expect identity", func(tx *sqlx.Tx, u *userRow, _ time.Time) (map[string]string, error) {
		if _, err := tx.ExecContext(ctx, "UPDATE users SET external = $1, password = '' WHERE name = $2", Expected(u.Name), u.Name); err != nil {
			return nil, err
		}
		return map[string]string{"before": u.External}, logOut(ctx, tx, u.Name)
	})
}

func (db *DB) findUser(ctx context.Context, column, value string) (User, error) {
	var row userRow
	there, err := found(db.sql.GetContext(ctx, &row, "SELECT "+userColumns+" FROM users WHERE "+column+" = $1", value))
	if err != nil {
		return User{}, db.explain("find an account", err)
	}
	if !there || value == "" {
		return User{}, notFound("没有账号 %s。", "there is no account %s.", value)
	}
	return row.user()
}

// Users lists the accounts by name.
func (db *DB) Users(ctx context.Context) ([]User, error) {
	var rows []userRow
	if err := db.sql.SelectContext(ctx, &rows, "SELECT "+userColumns+" FROM users ORDER BY name"); err != nil {
		return nil, db.explain("list the accounts", err)
	}
	list := make([]User, len(rows))
	for i := range rows {
		var err error
		if list[i], err = rows[i].user(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// SetGrants replaces the roles of an account. Whoever is logged in with it has the
// new ones at the next request.
func (db *DB) SetGrants(ctx context.Context, name string, grants []Grant, by Actor) error {
	text, err := grantsText(grants)
	if err != nil {
		return err
	}
	return db.changeUser(ctx, name, by, "change roles", func(tx *sqlx.Tx, u *userRow, _ time.Time) (map[string]string, error) {
		_, err := tx.ExecContext(ctx, "UPDATE users SET grants = $1 WHERE name = $2", text, u.Name)
		return map[string]string{"before": u.Grants, "after": text}, err
	})
}

// SetPassword gives an account another password, already turned into its hash, and
// ends all its sessions and one-time links.
func (db *DB) SetPassword(ctx context.Context, name, hash string, by Actor) error {
	return db.changeUser(ctx, name, by, "set password", func(tx *sqlx.Tx, u *userRow, _ time.Time) (map[string]string, error) {
		if _, err := tx.ExecContext(ctx, "UPDATE users SET password = $1 WHERE name = $2", hash, u.Name); err != nil {
			return nil, err
		}
		return nil, logOut(ctx, tx, u.Name)
	})
}

// UpgradePassword stores the same password hashed with newer parameters, unless it
// was changed in between.
func (db *DB) UpgradePassword(ctx context.Context, name, old, hash string) error {
	_, err := db.sql.ExecContext(ctx, "UPDATE users SET password = $1 WHERE name = $2 AND password = $3", hash, strings.ToLower(name), old)
	return db.explain("store a password", err)
}

// DisableUser closes an account, or opens it again. Closing it ends its sessions
// and one-time links; its tokens stop working.
func (db *DB) DisableUser(ctx context.Context, name string, disabled bool, by Actor) error {
	action := "enable user"
	if disabled {
		action = "disable user"
	}
	return db.changeUser(ctx, name, by, action, func(tx *sqlx.Tx, u *userRow, at time.Time) (map[string]string, error) {
		when := ""
		if disabled {
			when = stamp(at)
		}
		if _, err := tx.ExecContext(ctx, "UPDATE users SET disabled_at = $1 WHERE name = $2", when, u.Name); err != nil || !disabled {
			return nil, err
		}
		return nil, logOut(ctx, tx, u.Name)
	})
}

func logOut(ctx context.Context, tx *sqlx.Tx, name string) error {
	if _, err := tx.ExecContext(ctx, "DELETE FROM sessions WHERE name = $1", name); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, "DELETE FROM tickets WHERE name = $1", name)
	return err
}

// changeUser changes an account that must be there and notes it.
func (db *DB) changeUser(ctx context.Context, name string, by Actor, action string, change func(*sqlx.Tx, *userRow, time.Time) (map[string]string, error)) error {
	name = strings.ToLower(name)
	err := db.write(ctx, func(tx *sqlx.Tx) error {
		var row userRow
		there, err := found(tx.GetContext(ctx, &row, "SELECT "+userColumns+" FROM users WHERE name = $1", name))
		if err != nil {
			return err
		}
		if !there {
			return notFound("没有账号 %s。", "there is no account %s.", name)
		}
		at := rightNow()
		details, err := change(tx, &row, at)
		if err != nil {
			return err
		}
		return note(ctx, tx, at, by, action, name, details)
	})
	return db.explain(action+" of "+name, err)
}

// Note writes what somebody did, or tried to do, that changes nothing else.
func (db *DB) Note(ctx context.Context, by Actor, action, object string, details map[string]string) error {
	err := db.write(ctx, func(tx *sqlx.Tx) error { return note(ctx, tx, rightNow(), by, action, object, details) })
	return db.explain("write to the audit trail", err)
}
