package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"kaoping/engine"
)

// Message is something to be told to somebody, once.
type Message struct {
	Number    int64
	Event     string // what it is about; a recipient is told of an event once
	Channel   string // webhook or mail
	Recipient string
	Subject   string
	Body      string
	MadeAt    time.Time
	State     string
	Attempts  int
	NextTry   time.Time
	SentAt    time.Time
	Problem   engine.Text // why it could not be sent so far
}

// The states of a message.
const (
	MessageWaiting = "waiting"
	MessageSent    = "sent"
	MessageFailed  = "failed" // not tried again
)

type messageRow struct {
	Number    int64  `db:"number"`
	Event     string `db:"event"`
	Channel   string `db:"channel"`
	Recipient string `db:"recipient"`
	Subject   string `db:"subject"`
	Body      string `db:"body"`
	MadeAt    string `db:"made_at"`
	State     string `db:"state"`
	Attempts  int    `db:"attempts"`
	NextTry   string `db:"next_try"`
	SentAt    string `db:"sent_at"`
	ErrorZH   string `db:"error_zh"`
	ErrorEN   string `db:"error_en"`
}

const messageColumns = "number, event, channel, recipient, subject, body, made_at, state, attempts, next_try, sent_at, error_zh, error_en"

func (r *messageRow) message() (Message, error) {
	m := Message{
		Number: r.Number, Event: r.Event, Channel: r.Channel, Recipient: r.Recipient, Subject: r.Subject, Body: r.Body,
		State: r.State, Attempts: r.Attempts, Problem: engine.Text{ZH: r.ErrorZH, EN: r.ErrorEN},
	}
	var err error
	if m.MadeAt, err = instant(r.MadeAt); err == nil {
		if m.NextTry, err = instant(r.NextTry); err == nil {
			m.SentAt, err = instant(r.SentAt)
		}
	}
	return m, err
}

func messageID(n int64) string { return fmt.Sprintf("M-%06d", n) }

// ID names the message: M-000004.
func (m *Message) ID() string { return messageID(m.Number) }

// Post puts messages into the outbox, all or none, and returns how many are new:
// who was told of an event is not told again.
func (db *DB) Post(ctx context.Context, messages []Message, by Actor, now time.Time) (int, error) {
	added := 0
	err := db.write(ctx, func(tx *sqlx.Tx) error {
		added = 0
		for _, m := range messages {
			isNew, err := post(ctx, tx, m, by, now)
			if err != nil {
				return err
			}
			if isNew {
				added++
			}
		}
		return nil
	})
	return added, db.explain("put messages into the outbox", err)
}

func post(ctx context.Context, tx *sqlx.Tx, m Message, by Actor, now time.Time) (bool, error) {
	var there int
	err := tx.GetContext(ctx, &there, "SELECT count(*) FROM outbox WHERE event = $1 AND channel = $2 AND recipient = $3", m.Event, m.Channel, m.Recipient)
	if err != nil || there > 0 {
		return false, err
	}
	number, err := next(ctx, tx, "outbox")
	if err != nil {
		return false, err
	}
	// Another process may have posted it while this one waited for the number.
	result, err := tx.ExecContext(ctx, `INSERT INTO outbox (number, event, channel, recipient, subject, body, made_at, state, next_try)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $7) ON CONFLICT DO NOTHING`,
		number, m.Event, m.Channel, m.Recipient, m.Subject, m.Body, stamp(now), MessageWaiting)
	if err != nil {
		return false, err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return false, err
	}
	return true, note(ctx, tx, now, by, "notify", messageID(number), map[string]string{
		"event": m.Event, "channel": m.Channel, "recipient": m.Recipient, "subject": m.Subject,
	})
}

// farAhead is further ahead than any message is made to wait: a time beyond it was
// set before the clock was set back, and does not count.
const farAhead = 24 * time.Hour

// WaitingMessages lists what is to be sent now, the oldest first, at most so many.
func (db *DB) WaitingMessages(ctx context.Context, now time.Time, limit int) ([]Message, error) {
	return db.messages(ctx, fmt.Sprintf("WHERE state = $1 AND (next_try <= $2 OR next_try > $3) ORDER BY number LIMIT %d", limit),
		MessageWaiting, stamp(now), stamp(now.Add(farAhead)))
}

// Messages lists the outbox, the newest first, at most so many.
func (db *DB) Messages(ctx context.Context, limit int) ([]Message, error) {
	return db.messages(ctx, fmt.Sprintf("ORDER BY number DESC LIMIT %d", limit))
}

func (db *DB) messages(ctx context.Context, which string, args ...any) ([]Message, error) {
	var rows []messageRow
	if err := db.sql.SelectContext(ctx, &rows, "SELECT "+messageColumns+" FROM outbox "+which, args...); err != nil {
		return nil, db.explain("read the outbox", err)
	}
	list := make([]Message, len(rows))
	for i := range rows {
		var err error
		if list[i], err = rows[i].message(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// MarkMessage notes what became of an attempt to send a waiting message: State,
// Attempts, NextTry, SentAt and Problem count. The context is Fenced by who sends.
func (db *DB) MarkMessage(ctx context.Context, m Message, by Actor, now time.Time) error {
	err := db.write(ctx, func(tx *sqlx.Tx) error {
		err := one(tx.ExecContext(ctx, `UPDATE outbox SET state = $1, attempts = $2, next_try = $3, sent_at = $4, error_zh = $5, error_en = $6
			WHERE number = $7 AND state = $8`,
			m.State, m.Attempts, stamp(m.NextTry), stampOf(m.SentAt), m.Problem.ZH, m.Problem.EN, m.Number, MessageWaiting))
		if err != nil || m.State == MessageWaiting {
			return err
		}
		return note(ctx, tx, now, by, m.State, m.ID(), map[string]string{
			"event": m.Event, "channel": m.Channel, "recipient": m.Recipient, "attempts": itoa(m.Attempts), "error": m.Problem.EN,
		})
	})
	return db.explain("note what became of "+m.ID(), err)
}
