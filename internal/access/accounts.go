package access

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"kaoping/engine"
	"kaoping/store"
)

// Times of logins.
const (
	sessionTime = 12 * time.Hour // at most
	idleTime    = time.Hour
	// TicketTime is how long a one-time link is good.
	TicketTime = 24 * time.Hour
)

// How failed logins slow an origin down.
const (
	freeByAccount = 5
	freeByAddress = 30 // several people may share one
	firstWait     = 30 * time.Second
	longestWait   = 15 * time.Minute
	remembered    = 24 * time.Hour
)

// ErrLogin says that name and password do not belong together, and nothing else.
var ErrLogin = errors.New("wrong name or password")

// Wait says that too many logins failed.
type Wait struct{ For time.Duration }

func (w *Wait) Error() string { return "too many failed logins; wait " + w.For.String() }

// Message says it to a person.
func (w *Wait) Message() engine.Text {
	seconds := int((w.For + time.Second - 1) / time.Second)
	return engine.Text{
		ZH: fmt.Sprintf("登录失败次数过多,请 %d 秒后再试。", seconds),
		EN: fmt.Sprintf("Too many failed logins; try again in %d seconds.", seconds),
	}
}

// Accounts are the accounts of a store.
type Accounts struct {
	DB  *store.DB
	Now func() time.Time // nil: time.Now
}

func (a *Accounts) now() time.Time {
	if a.Now != nil {
		return a.Now().UTC()
	}
	return time.Now().UTC()
}

// unknown is a hash that fits no password: with it, a name that does not exist
// takes as long as one that does.
var unknown = Hash("no password at all")

// Login checks a password and returns the token of a new session. It is ErrLogin if
// they do not fit or the account is disabled, a *Wait after too many of these.
func (a *Accounts) Login(ctx context.Context, name, password, address string) (string, error) {
	now := a.now()
	name = strings.ToLower(name)
	origins := []struct {
		id   string
		free int
	}{{"account " + name, freeByAccount}, {"address " + address, freeByAddress}}
	for _, o := range origins {
		if err := a.mayTry(ctx, o.id, o.free, now); err != nil {
			return "", err
		}
	}
	// Counted before it is known, so that attempts at the same moment count all.
	for _, o := range origins {
		if err := a.DB.CountFailure(ctx, o.id, now, now.Add(-remembered)); err != nil {
			return "", err
		}
	}
	by := store.Actor{Name: name, Via: "web", From: address}
	u, err := a.DB.FindUser(ctx, name)
	stored := u.Password
	switch {
	case errors.Is(err, engine.ErrNotFound):
		stored = unknown
	case err != nil:
		return "", err
	}
	ok, outdated := verify(password, stored)
	if !ok || err != nil || !u.Good() {
		return "", errors.Join(ErrLogin, a.DB.Note(ctx, by, "failed login", name, nil))
	}
	if outdated {
		if err := a.DB.UpgradePassword(ctx, u.Name, u.Password, Hash(password)); err != nil {
			return "", err
		}
	}
	for _, o := range origins {
		if err := a.DB.ForgetFailures(ctx, o.id); err != nil {
			return "", err
		}
	}
	return a.Begin(ctx, u.Name, address)
}

// mayTry refuses a login while an origin has to wait.
func (a *Accounts) mayTry(ctx context.Context, origin string, free int, now time.Time) error {
	count, last, err := a.DB.Failures(ctx, origin)
	if err != nil || count < free || last.Before(now.Add(-remembered)) {
		return err
	}
	wait := longestWait
	if more := count - free; more < 5 {
		wait = firstWait << more
	}
	if left := last.Add(wait).Sub(now); left > 0 {
		return &Wait{left}
	}
	return nil
}

// Begin logs an account in whose owner has shown who they are.
func (a *Accounts) Begin(ctx context.Context, name, address string) (string, error) {
	now := a.now()
	return a.DB.CreateSession(ctx, name, now, now.Add(sessionTime), store.Actor{Name: name, Via: "web", From: address})
}

// Who returns the account that a session is of.
func (a *Accounts) Who(ctx context.Context, session string) (store.User, error) {
	return a.DB.FindSession(ctx, session, a.now(), idleTime)
}

// ByToken returns the account that a program acts for, and what its token allows.
func (a *Accounts) ByToken(ctx context.Context, secret string) (store.User, store.Token, error) {
	t, u, err := a.DB.FindToken(ctx, secret, a.now())
	return u, t, err
}

// Link makes a one-time link for an account and returns its token.
func (a *Accounts) Link(ctx context.Context, name string, by store.Actor) (string, error) {
	return a.DB.CreateTicket(ctx, name, a.now().Add(TicketTime), by)
}

// Follow sets the password of whoever holds a one-time link and logs them in.
func (a *Accounts) Follow(ctx context.Context, ticket, password, address string) (session string, err error) {
	name, err := a.DB.FindTicket(ctx, ticket, a.now())
	if err != nil {
		return "", err
	}
	if wrong := CheckPassword(name, password); wrong != nil {
		return "", &Refused{*wrong}
	}
	by := store.Actor{Name: name, Via: "web", From: address}
	if name, err = a.DB.UseTicket(ctx, ticket, Hash(password), a.now(), by); err != nil {
		return "", err
	}
	if err := a.DB.ForgetFailures(ctx, "account "+name); err != nil {
		return "", err
	}
	return a.Begin(ctx, name, address)
}

// Change sets another password for somebody who knows the present one. All their
// sessions end; the token of a new one is returned.
func (a *Accounts) Change(ctx context.Context, u store.User, old, password, address string) (string, error) {
	if err := a.mayTry(ctx, "account "+u.Name, freeByAccount, a.now()); err != nil {
		return "", err
	}
	if ok, _ := verify(old, u.Password); !ok {
		return "", errors.Join(ErrLogin, a.DB.CountFailure(ctx, "account "+u.Name, a.now(), a.now().Add(-remembered)))
	}
	if wrong := CheckPassword(u.Name, password); wrong != nil {
		return "", &Refused{*wrong}
	}
	if err := a.DB.SetPassword(ctx, u.Name, Hash(password), store.Actor{Name: u.Name, Via: "web", From: address}); err != nil {
		return "", err
	}
	return a.Begin(ctx, u.Name, address)
}

// Refused says what is wrong with something a person chose.
type Refused struct{ Text engine.Text }

func (r *Refused) Error() string { return r.Text.EN }

// Message says it to a person.
func (r *Refused) Message() engine.Text { return r.Text }

// FirstAdmin makes the account of the first administrator in a store without
// accounts, and returns the token of a one-time link for it while nobody has used
// one. Afterwards the token is empty.
func (a *Accounts) FirstAdmin(ctx context.Context, by store.Actor) (string, error) {
	users, err := a.DB.Users(ctx)
	if err != nil {
		return "", err
	}
	const name = "admin"
	if len(users) == 0 {
		err := a.DB.CreateUser(ctx, store.User{Name: name, Title: "管理员", Grants: []store.Grant{{Role: string(Admin)}}}, by)
		if err != nil && !errors.Is(err, engine.ErrConflict) {
			return "", err
		}
		return a.Link(ctx, name, by)
	}
	if len(users) == 1 && users[0].Name == name && users[0].Password == "" && users[0].Good() {
		return a.Link(ctx, name, by)
	}
	return "", nil
}
