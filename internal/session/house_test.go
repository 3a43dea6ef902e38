package session_test

import (
	"testing"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/address"
	"tenure/internal/bearer"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/member"
	"tenure/internal/role"
	"tenure/internal/session"
	"tenure/internal/user"
)

// house is an account of preset team with an owner, and a cache.
type house struct {
	t       *testing.T
	db      *db.DB
	cache   *session.Cache
	account id.Account
	owner   person
}

// person is a member with an identity.
type person struct {
	account id.Account
	member  id.Member
	user    id.User
	role    string
}

func newCache(d *db.DB) *session.Cache {
	return session.New(d, bearer.NewMemory(d), session.Sources{Actor: member.Actor, Epoch: user.Epoch, Seen: member.Seen, Place: member.AskEpoch, Person: user.AskEpoch}, 1000)
}

func newHouse(t *testing.T, d *db.DB) *house {
	t.Helper()
	h := &house{t: t, db: d, cache: newCache(d), account: id.New[id.Account]()}
	h.owner = h.found(h.account, "ada@example.com")
	return h
}

// found makes an account and its owner.
func (h *house) found(acc id.Account, email string) (p person) {
	h.t.Helper()
	must(h.t, h.db.Found(h.t.Context(), acc, func(tx *db.Tx) (err error) {
		a, err := account.Create(h.t.Context(), tx, access.BySystem(), account.New{ID: acc, Name: "Harbour", Preset: "team"})
		if err != nil {
			return err
		}
		if err := role.Establish(h.t.Context(), tx, a); err != nil {
			return err
		}
		p, err = h.arrive(tx, acc, email, "owner")
		return err
	}))
	return p
}

// join adds a member with an identity of their own.
func (h *house) join(email, roleKey string) (p person) {
	h.t.Helper()
	h.write(func(tx *db.Tx) (err error) {
		p, err = h.arrive(tx, h.account, email, roleKey)
		return err
	})
	return p
}

func (h *house) arrive(tx *db.Tx, acc id.Account, email, roleKey string) (person, error) {
	ctx := h.t.Context()
	to, err := address.Parse(email)
	if err != nil {
		return person{}, err
	}
	u, err := user.ByEmail(ctx, tx, to.Key)
	if fault.Code(err) == "not_found" {
		u, err = user.Create(ctx, tx, access.BySystem(), user.New{Email: to, Locale: "en"})
	}
	if err != nil {
		return person{}, err
	}
	m, err := member.Create(ctx, tx, access.BySystem(), member.New{Account: acc, Email: to, FirstName: "Ada", LastName: "Byron", Locale: "en", Role: roleKey, Active: true, User: u.ID})
	return person{acc, m.ID, u.ID, roleKey}, err
}

// signIn begins a session of the person as it stands.
func (h *house) signIn(p person, agent string) session.Started {
	h.t.Helper()
	var started session.Started
	must(h.t, h.db.Write(h.t.Context(), p.account, func(tx *db.Tx) (err error) {
		started, err = begin(h.t, tx, p, agent)
		return err
	}))
	return started
}

func begin(t *testing.T, tx *db.Tx, p person, agent string) (session.Started, error) {
	r, err := role.Get(t.Context(), tx, p.account, p.role)
	if err != nil {
		return session.Started{}, err
	}
	epoch, err := user.Epoch(t.Context(), tx, p.user)
	if err != nil {
		return session.Started{}, err
	}
	return session.Begin(t.Context(), tx, session.Beginning{Account: p.account, Member: p.member, User: p.user, UserEpoch: epoch, Role: r, UserAgent: agent, IP: "192.0.2.7",
		Email: "ada@example.com", FirstName: "Ada", Locale: "nl"})
}

func (h *house) write(fn func(tx *db.Tx) error) {
	h.t.Helper()
	must(h.t, h.db.Write(h.t.Context(), h.account, fn))
}

// check gives the fault code with which the cache answers the token.
func (h *house) check(token string) string {
	_, _, err := h.cache.Check(h.t.Context(), token)
	return fault.Code(err)
}

func (h *house) wants(token, code, when string) {
	h.t.Helper()
	if got := h.check(token); got != code {
		h.t.Errorf("%s: got %q, want %q", when, got, code)
	}
}

// move makes a move with a member, as a departure does.
func (h *house) move(p person, move member.Move) {
	h.t.Helper()
	h.write(func(tx *db.Tx) error {
		m, err := member.Get(h.t.Context(), tx, p.account, p.member)
		if err != nil {
			return err
		}
		_, err = member.Go(h.t.Context(), tx, access.BySystem(), p.account, m, move)
		return err
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
