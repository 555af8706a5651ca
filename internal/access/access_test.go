package access

import (
	"slices"
	"strings"
	"testing"

	"kaoping/store"
)

func TestPasswordsAreHashedWithTheirParameters(t *testing.T) {
	a, b := Hash("correct horse"), Hash("correct horse")
	if a == b || !strings.HasPrefix(a, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("%s %s", a, b)
	}
	if ok, outdated := verify("correct horse", a); !ok || outdated {
		t.Error(ok, outdated)
	}
	if ok, _ := verify("correct hors", a); ok {
		t.Error("another password fits")
	}
	weak := hashWith("correct horse", cost{Memory: 64, Rounds: 1, Threads: 1})
	if ok, outdated := verify("correct horse", weak); !ok || !outdated {
		t.Error("an old hash", ok, outdated)
	}
	for _, bad := range []string{"", "x", "$argon2id$v=19$m=0,t=0,p=0$$", "$argon2i$v=19$m=64,t=1,p=1$AAAA$AAAA", weak[:len(weak)-3], "$argon2id$v=19$m=64,t=1,p=1$AAAA$"} {
		if ok, _ := verify("", bad); ok {
			t.Errorf("%q fits", bad)
		}
	}
}

func TestWhatTwoListsOfLimitsReachTogether(t *testing.T) {
	all, p, q := Limit{}, Limit{Pack: "p"}, Limit{Pack: "q"}
	unit := Limit{Subject: "PA01"}
	for _, c := range []struct{ a, b, want []Limit }{
		{[]Limit{all}, []Limit{p}, []Limit{p}},
		{[]Limit{p}, []Limit{q}, nil},
		{[]Limit{p}, []Limit{unit}, []Limit{{Pack: "p", Subject: "PA01"}}},
		{[]Limit{p, q}, []Limit{p}, []Limit{p}},
		{nil, []Limit{all}, nil},
	} {
		if got := Both(c.a, c.b); !slices.Equal(got, c.want) {
			t.Errorf("%v and %v: %v, want %v", c.a, c.b, got, c.want)
		}
	}
}

func TestGrantsThatMustNotBe(t *testing.T) {
	for _, g := range []store.Grant{{}, {Role: "king"}, {Role: "assessed"}, {Role: "rectifier", Pack: "p"}, {Role: "admin", Pack: "p"}} {
		if CheckGrant(g) == nil {
			t.Errorf("%+v may be given", g)
		}
	}
	for _, r := range Roles() {
		if r.Title().IsZero() || CheckGrant(store.Grant{Role: string(r), Subject: "PA01"}) != nil && r != Admin {
			t.Errorf("%s cannot be given", r)
		}
	}
}
