package store

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// newToken makes a secret of 256 random bits.
func newToken() string { return rand.Text() + rand.Text() }

// CreateTicket returns the token of a one-time link by which the account's password
// is set. Links made before are useless from then on.
func (db *DB) CreateTicket(ctx context.Context, name string, expires time.Time, by Actor) (string, error) {
	token := newToken()
	err := db.changeUser(ctx, name, by, "make one-time link", func(tx *sqlx.Tx, u *userRow, _ time.Time) (map[string]string, error) {
		if u.DisabledAt != "" {
			return nil, conflict("账号 %s 已停用。", "the account %s is disabled.", u.Name)
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM tickets WHERE name = $1", u.Name); err != nil {
			return nil, err
		}
		_, err := tx.ExecContext(ctx, "INSERT INTO tickets (token_hash, name, expires) VALUES ($1, $2, $3)", hashOf(token), u.Name, stamp(expires))
		return map[string]string{"expires": stamp(expires)}, err
	})
	return token, err
}

// FindTicket returns whose one-time link a token is of. One that was used, has
// expired by now or never existed is an engine.ErrNotFound.
func (db *DB) FindTicket(ctx context.Context, token string, now time.Time) (string, error) {
	var name string
	there, err := found(db.sql.GetContext(ctx, &name, "SELECT name FROM tickets WHERE token_hash = $1 AND expires > $2", hashOf(token), stamp(now)))
	if err != nil {
		return "", db.explain("find a one-time link", err)
	}
	if !there {
		return "", badTicket()
	}
	return name, nil
}

func badTicket() error {
	return notFound("链接无效、已用过或已过期。", "the link is not known, was used or has expired.")
}

// UseTicket sets the password of the account that a one-time link is for. The link
// is used up, whoever was logged in is logged out.
func (db *DB) UseTicket(ctx context.Context, token, hash string, now time.Time, by Actor) (name string, err error) {
	err = db.write(ctx, func(tx *sqlx.Tx) error {
		there, err := found(tx.GetContext(ctx, &name, "DELETE FROM tickets WHERE token_hash = $1 AND expires > $2 RETURNING name", hashOf(token), stamp(now)))
		if err != nil {
			return err
		}
		if !there {
			return badTicket()
		}
		if _, err := tx.ExecContext(ctx, "UPDATE users SET password = $1 WHERE name = $2", hash, name); err != nil {
			return err
		}
		if err := logOut(ctx, tx, name); err != nil {
			return err
		}
		by.Name = name
		return note(ctx, tx, rightNow(), by, "set password", name, map[string]string{"by": "one-time link"})
	})
	return name, db.explain("set a password", err)
}

// CreateSession logs an account in and returns the token that its browser keeps.
func (db *DB) CreateSession(ctx context.Context, name string, now, expires time.Time, by Actor) (string, error) {
	token := newToken()
	err := db.changeUser(ctx, name, by, "log in", func(tx *sqlx.Tx, u *userRow, _ time.Time) (map[string]string, error) {
		if _, err := tx.ExecContext(ctx, "DELETE FROM sessions WHERE expires <= $1", stamp(now)); err != nil {
			return nil, err
		}
		_, err := tx.ExecContext(ctx, "INSERT INTO sessions (token_hash, name, address, made_at, seen_at, expires) VALUES ($1, $2, $3, $4, $4, $5)",
			hashOf(token), u.Name, by.From, stamp(now), stamp(expires))
		return nil, err
	})
	return token, err
}

// sessionTouch is how much later a session is seen before that is written down.
const sessionTouch = time.Minute

// FindSession returns the account of a session that has neither expired by now nor
// been idle for longer than told. Otherwise, and for a disabled account, it is an
// engine.ErrNotFound.
func (db *DB) FindSession(ctx context.Context, token string, now time.Time, idle time.Duration) (User, error) {
	var row struct {
		userRow
		SeenAt string `db:"seen_at"`
	}
	there, err := found(db.sql.GetContext(ctx, &row, `SELECT u.name, title, password, grants, external, u.made_at, disabled_at, seen_at
		FROM sessions s JOIN users u ON u.name = s.name
		WHERE token_hash = $1 AND expires > $2 AND seen_at > $3 AND disabled_at = ''`, hashOf(token), stamp(now), stamp(now.Add(-idle))))
	if err != nil {
		return User{}, db.explain("find a session", err)
	}
	if !there {
		return User{}, notFound("登录已失效。", "the login has ended.")
	}
	if row.SeenAt < stamp(now.Add(-sessionTouch)) {
		if _, err := db.sql.ExecContext(ctx, "UPDATE sessions SET seen_at = $1 WHERE token_hash = $2", stamp(now), hashOf(token)); err != nil {
			return User{}, db.explain("keep a session", err)
		}
	}
	return row.user()
}

// EndSession logs out. A session that is not there is no error.
func (db *DB) EndSession(ctx context.Context, token string, by Actor) error {
	err := db.write(ctx, func(tx *sqlx.Tx) error {
		result, err := tx.ExecContext(ctx, "DELETE FROM sessions WHERE token_hash = $1", hashOf(token))
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); n == 0 || err != nil {
			return err
		}
		return note(ctx, tx, rightNow(), by, "log out", by.Name, nil)
	})
	return db.explain("log out", err)
}

// Token lets a program act for an account, with no more than the grants it names.
type Token struct {
	Number    int64
	Name      string // of the account
	Purpose   string
	Grants    []Grant
	MadeAt    time.Time
	MadeBy    string
	Expires   time.Time
	RevokedAt time.Time // zero while it is good
}

type tokenRow struct {
	Number    int64  `db:"number"`
	Name      string `db:"name"`
	Purpose   string `db:"purpose"`
	Grants    string `db:"grants"`
	MadeAt    string `db:"made_at"`
	MadeBy    string `db:"made_by"`
	Expires   string `db:"expires"`
	RevokedAt string `db:"revoked_at"`
}

const tokenColumns = "number, name, purpose, grants, made_at, made_by, expires, revoked_at"

func (r *tokenRow) token() (Token, error) {
	t := Token{Number: r.Number, Name: r.Name, Purpose: r.Purpose, MadeBy: r.MadeBy}
	u, err := (&userRow{Grants: r.Grants, MadeAt: r.MadeAt}).user()
	t.Grants, t.MadeAt = u.Grants, u.MadeAt
	if err == nil {
		t.Expires, err = instant(r.Expires)
	}
	if err == nil {
		t.RevokedAt, err = instant(r.RevokedAt)
	}
	return t, err
}

// ID is how the token is called, T-000003.
func (t *Token) ID() string { return tokenID(t.Number) }

// Good reports whether the token can be used at an instant.
func (t *Token) Good(now time.Time) bool { return t.RevokedAt.IsZero() && now.Before(t.Expires) }

// CreateToken stores a token and returns its secret, which can be read nowhere
// afterwards. Number and time are given here.
func (db *DB) CreateToken(ctx context.Context, t Token, by Actor) (Token, string, error) {
	secret := "kp_" + newToken()
	grants, err := grantsText(t.Grants)
	if err != nil {
		return t, "", err
	}
	err = db.changeUser(ctx, t.Name, by, "create token", func(tx *sqlx.Tx, u *userRow, at time.Time) (map[string]string, error) {
		number, err := next(ctx, tx, "token")
		if err != nil {
			return nil, err
		}
		t.Number, t.Name, t.MadeAt, t.MadeBy = number, u.Name, at, by.Name
		_, err = tx.ExecContext(ctx, "INSERT INTO api_tokens ("+tokenColumns+", token_hash) VALUES ($1, $2, $3, $4, $5, $6, $7, '', $8)",
			number, u.Name, t.Purpose, grants, stamp(at), by.Name, stamp(t.Expires), hashOf(secret))
		return map[string]string{"token": t.ID(), "grants": grants, "expires": stamp(t.Expires)}, err
	})
	return t, secret, err
}

// FindToken finds a token that is good now, and its account if that is good too;
// otherwise it is an engine.ErrNotFound.
func (db *DB) FindToken(ctx context.Context, secret string, now time.Time) (Token, User, error) {
	var row tokenRow
	there, err := found(db.sql.GetContext(ctx, &row, "SELECT "+tokenColumns+" FROM api_tokens WHERE token_hash = $1 AND revoked_at = '' AND expires > $2", hashOf(secret), stamp(now)))
	if err != nil {
		return Token{}, User{}, db.explain("find a token", err)
	}
	if !there {
		return Token{}, User{}, notFound("令牌无效、已过期或已吊销。", "the token is not known, has expired or was revoked.")
	}
	t, err := row.token()
	if err != nil {
		return t, User{}, err
	}
	u, err := db.FindUser(ctx, t.Name)
	if err == nil && !u.Good() {
		err = notFound("账号 %s 已停用。", "the account %s is disabled.", u.Name)
	}
	return t, u, err
}

// Tokens lists the tokens, the latest first.
func (db *DB) Tokens(ctx context.Context) ([]Token, error) {
	var rows []tokenRow
	if err := db.sql.SelectContext(ctx, &rows, "SELECT "+tokenColumns+" FROM api_tokens ORDER BY number DESC"); err != nil {
		return nil, db.explain("list the tokens", err)
	}
	list := make([]Token, len(rows))
	for i := range rows {
		var err error
		if list[i], err = rows[i].token(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// RevokeToken makes a token useless. Revoking it again changes nothing.
func (db *DB) RevokeToken(ctx context.Context, id string, by Actor) error {
	n, _ := numberOf(id, "T-")
	err := db.write(ctx, func(tx *sqlx.Tx) error {
		var revoked string
		there, err := found(tx.GetContext(ctx, &revoked, "SELECT revoked_at FROM api_tokens WHERE number = $1", n))
		switch {
		case err != nil:
			return err
		case !there:
			return notFound("没有令牌 %s。", "there is no token %s.", id)
		case revoked != "":
			return nil
		}
		at := rightNow()
		if _, err := tx.ExecContext(ctx, "UPDATE api_tokens SET revoked_at = $1 WHERE number = $2", stamp(at), n); err != nil {
			return err
		}
		return note(ctx, tx, at, by, "revoke token", tokenID(n), nil)
	})
	return db.explain("revoke the token "+id, err)
}

// Failures says how many logins failed from an origin without one that succeeded,
// and when the last one did.
func (db *DB) Failures(ctx context.Context, origin string) (count int, last time.Time, err error) {
	var row struct {
		Count  int    `db:"count"`
		LastAt string `db:"last_at"`
	}
	there, err := found(db.sql.GetContext(ctx, &row, "SELECT count, last_at FROM login_failures WHERE origin = $1", origin))
	if !there || err != nil {
		return 0, time.Time{}, db.explain("read failed logins", err)
	}
	last, err = instant(row.LastAt)
	return row.Count, last, err
}

// CountFailure notes that a login from the origin failed, or may be about to.
// Failures from before an instant are forgotten.
func (db *DB) CountFailure(ctx context.Context, origin string, now, since time.Time) error {
	_, err := db.sql.ExecContext(ctx, `INSERT INTO login_failures (origin, count, last_at) VALUES ($1, 1, $2)
		ON CONFLICT (origin) DO UPDATE SET count = CASE WHEN login_failures.last_at < $3 THEN 1 ELSE login_failures.count + 1 END, last_at = excluded.last_at`,
		origin, stamp(now), stamp(since))
	if err == nil {
		_, err = db.sql.ExecContext(ctx, "DELETE FROM login_failures WHERE last_at < $1", stamp(since))
	}
	return db.explain("note a failed login", err)
}

// ForgetFailures is called when a login succeeded.
func (db *DB) ForgetFailures(ctx context.Context, origin string) error {
	_, err := db.sql.ExecContext(ctx, "DELETE FROM login_failures WHERE origin = $1", origin)
	return db.explain("forget failed logins", err)
}

func tokenID(n int64) string { return fmt.Sprintf("T-%06d", n) }
