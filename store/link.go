package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"kaoping/engine"
)

// Link lets whoever has its token read one result, as the run stored it.
type Link struct {
	ID        string // L-000001
	Run       string // R-000003
	Pack      string
	Period    engine.Period
	Subject   string // of a scorecard; empty for a ranking
	PeerGroup string // of a ranking; empty for all
	MadeAt    time.Time
	MadeBy    string
	Expires   time.Time
	RevokedAt time.Time // zero while it is good
	RevokedBy string
}

// Good reports whether the link can be used at an instant.
func (l *Link) Good(now time.Time) bool { return l.RevokedAt.IsZero() && now.Before(l.Expires) }

type linkRow struct {
	Number    int64  `db:"number"`
	Run       string `db:"run"`
	Pack      string `db:"pack"`
	Period    string `db:"period"`
	Subject   string `db:"subject"`
	PeerGroup string `db:"peer_group"`
	MadeAt    string `db:"made_at"`
	MadeBy    string `db:"made_by"`
	Expires   string `db:"expires"`
	RevokedAt string `db:"revoked_at"`
	RevokedBy string `db:"revoked_by"`
}

const linkColumns = "number, run, pack, period, subject, peer_group, made_at, made_by, expires, revoked_at, revoked_by"

func (r *linkRow) link() (Link, error) {
	l := Link{ID: linkID(r.Number), Run: r.Run, Pack: r.Pack, Subject: r.Subject, PeerGroup: r.PeerGroup, MadeBy: r.MadeBy, RevokedBy: r.RevokedBy}
	if err := l.Period.UnmarshalText([]byte(r.Period)); err != nil {
		return l, err
	}
	for _, t := range []struct {
		text string
		at   *time.Time
	}{{r.MadeAt, &l.MadeAt}, {r.Expires, &l.Expires}, {r.RevokedAt, &l.RevokedAt}} {
		var err error
		if *t.at, err = instant(t.text); err != nil {
			return l, err
		}
	}
	return l, nil
}

func linkID(n int64) string { return fmt.Sprintf("L-%06d", n) }

// hashOf is what is kept of a token.
func hashOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// CreateLink stores a link to a run and returns its token, which can be read
// nowhere afterwards. Id and time are given here. The run must exist.
func (db *DB) CreateLink(ctx context.Context, l Link, by Actor) (Link, string, error) {
	token := rand.Text()
	err := db.write(ctx, func(tx *sqlx.Tx) error {
		n, ok := numberOf(l.Run, "R-")
		var there int
		if err := tx.GetContext(ctx, &there, "SELECT count(*) FROM runs WHERE run = $1", n); err != nil {
			return err
		}
		if !ok || there == 0 {
			return notFound("没有运行 %s。", "there is no run %s.", l.Run)
		}
		number, err := next(ctx, tx, "link")
		if err != nil {
			return err
		}
		l.ID, l.MadeAt, l.MadeBy = linkID(number), time.Now().UTC().Truncate(time.Microsecond), by.Name
		_, err = tx.ExecContext(ctx, "INSERT INTO links ("+linkColumns+", token_hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', '', $10)",
			number, l.Run, l.Pack, l.Period.String(), l.Subject, l.PeerGroup, stamp(l.MadeAt), l.MadeBy, stamp(l.Expires), hashOf(token))
		if err != nil {
			return err
		}
		return note(ctx, tx, l.MadeAt, by, "link", l.ID, map[string]string{"run": l.Run, "subject": l.Subject, "peer_group": l.PeerGroup, "expires": stamp(l.Expires)})
	})
	return l, token, db.explain("make a link to "+l.Run, err)
}

// FindLink finds a link by its token. One that was revoked, has expired by now or
// never existed is an engine.ErrNotFound, and nothing tells which.
func (db *DB) FindLink(ctx context.Context, token string, now time.Time) (Link, error) {
	var row linkRow
	there, err := found(db.sql.GetContext(ctx, &row, "SELECT "+linkColumns+" FROM links WHERE token_hash = $1", hashOf(token)))
	if err != nil {
		return Link{}, db.explain("find a link", err)
	}
	l, err := row.linkIf(there)
	if err != nil {
		return Link{}, err
	}
	if !there || !l.Good(now) {
		return Link{}, notFound("链接无效、已过期或已撤销。", "the link is not known, has expired or was revoked.")
	}
	return l, nil
}

func (r *linkRow) linkIf(there bool) (Link, error) {
	if !there {
		return Link{}, nil
	}
	return r.link()
}

// Links lists the links, the latest first.
func (db *DB) Links(ctx context.Context) ([]Link, error) {
	var rows []linkRow
	if err := db.sql.SelectContext(ctx, &rows, "SELECT "+linkColumns+" FROM links ORDER BY number DESC"); err != nil {
		return nil, db.explain("list the links", err)
	}
	list := make([]Link, len(rows))
	for i := range rows {
		var err error
		if list[i], err = rows[i].link(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// RevokeLink makes a link useless from now on. Revoking it again changes nothing.
func (db *DB) RevokeLink(ctx context.Context, id string, by Actor) error {
	err := db.write(ctx, func(tx *sqlx.Tx) error {
		n, _ := numberOf(id, "L-")
		var row linkRow
		there, err := found(tx.GetContext(ctx, &row, "SELECT "+linkColumns+" FROM links WHERE number = $1", n))
		if err != nil {
			return err
		}
		if !there {
			return notFound("没有链接 %s。", "there is no link %s.", id)
		}
		if row.RevokedAt != "" {
			return nil
		}
		at := time.Now().UTC().Truncate(time.Microsecond)
		if _, err := tx.ExecContext(ctx, "UPDATE links SET revoked_at = $1, revoked_by = $2 WHERE number = $3", stamp(at), by.Name, n); err != nil {
			return err
		}
		return note(ctx, tx, at, by, "revoke link", id, map[string]string{"run": row.Run})
	})
	return db.explain("revoke link "+id, err)
}
