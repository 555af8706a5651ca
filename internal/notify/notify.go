package notify

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"kaoping/engine"
	"kaoping/store"
)

// The channels.
const (
	Webhook = "webhook"
	Mail    = "mail"
)

// Channel delivers one message.
type Channel interface {
	Send(ctx context.Context, m store.Message) error
}

// Sender empties the outbox.
type Sender struct {
	DB       *store.DB
	Channels map[string]Channel // by name; a channel that is not there is a failure
	Now      func(context.Context) (time.Time, error)
	Log      *slog.Logger
	By       store.Actor
}

// outboxJob is the lease of whoever sends. No job of the configuration can have a
// name that begins with a space.
const outboxJob = " outbox"

const (
	lease    = 2 * time.Minute
	patience = 30 * time.Second // for one message
	atATime  = 100
)

// pauses are the times before a message is tried again; after the last it has
// failed.
var pauses = []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 6 * time.Hour}

// Flush sends what waits. If another process is sending it does nothing.
func (s *Sender) Flush(ctx context.Context) error {
	now, err := s.Now(ctx)
	if err != nil {
		return err
	}
	waiting, err := s.DB.WaitingMessages(ctx, now, atATime)
	if err != nil || len(waiting) == 0 {
		return err
	}
	if err := s.DB.KnowJobs(ctx, []string{outboxJob}, now); err != nil {
		return err
	}
	held, err := s.DB.TakeJob(ctx, outboxJob, s.By, now, lease)
	if errors.Is(err, engine.ErrConflict) {
		return nil
	}
	if err != nil {
		return err
	}
	err = s.sendAll(ctx, held)
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return errors.Join(err, s.DB.ReleaseJob(last, held))
}

// sendAll sends what waits now: whoever held the lease before may have sent some
// of it.
func (s *Sender) sendAll(ctx context.Context, held store.Lease) error {
	now, err := s.Now(ctx)
	if err != nil {
		return err
	}
	waiting, err := s.DB.WaitingMessages(ctx, now, atATime)
	if err != nil {
		return err
	}
	for _, m := range waiting {
		if now, err = s.Now(ctx); err != nil {
			return err
		}
		if err := s.DB.KeepJob(ctx, held, now, lease); err != nil {
			return err
		}
		if err := s.send(ctx, held, m, now); err != nil {
			return err
		}
	}
	return nil
}

// send tries one message and notes what became of it. A message that was sent is
// noted even if the program is told to stop meanwhile.
func (s *Sender) send(ctx context.Context, held store.Lease, m store.Message, now time.Time) error {
	m.Attempts++
	err := s.deliver(ctx, m)
	switch {
	case err == nil:
		m.State, m.SentAt, m.Problem = store.MessageSent, now, engine.Text{}
	case ctx.Err() != nil:
		return ctx.Err()
	case m.Attempts > len(pauses):
		m.State, m.Problem = store.MessageFailed, textOf(err)
	default:
		m.NextTry, m.Problem = now.Add(pauses[m.Attempts-1]), textOf(err)
	}
	if err != nil {
		s.Log.Warn("message not sent", "message", m.ID(), "channel", m.Channel, "attempt", m.Attempts, "error", m.Problem.EN)
	}
	noting, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return s.DB.MarkMessage(store.Fenced(noting, held), m, s.By, now)
}

func (s *Sender) deliver(ctx context.Context, m store.Message) error {
	channel := s.Channels[m.Channel]
	if channel == nil {
		return trouble("没有配置发送方式 %s。", "the channel %s is not configured.", m.Channel)
	}
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return channel.Send(limited, m)
}

// idOf names a message for its receiver; it is the same at every attempt.
func idOf(m store.Message) string {
	sum := sha256.Sum256([]byte(m.Event + "\x00" + m.Channel + "\x00" + m.Recipient))
	return hex.EncodeToString(sum[:16])
}

// Trouble is a failure that a person can do something about. It never holds a
// secret.
type Trouble struct{ Text engine.Text }

// Error returns the English sentence.
func (t *Trouble) Error() string { return t.Text.EN }

// Message returns the sentence in both languages.
func (t *Trouble) Message() engine.Text { return t.Text }

func trouble(zh, en string, args ...any) error {
	return &Trouble{engine.Text{ZH: fmt.Sprintf(zh, args...), EN: fmt.Sprintf(en, args...)}}
}

func textOf(err error) engine.Text {
	var t *Trouble
	if errors.As(err, &t) {
		return t.Text
	}
	return engine.Text{ZH: err.Error(), EN: err.Error()}
}
