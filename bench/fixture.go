package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/address"
	"tenure/internal/db"
	"tenure/internal/id"
	"tenure/internal/member"
	"tenure/internal/member/crowd"
	"tenure/internal/role"
	"tenure/internal/session"
	"tenure/internal/user"
)

// The roles of the preset that is measured.
const (
	preset   = "team"
	owning   = "owner"
	ordinary = "member"
)

// house is a database being filled, before a server works on it.
type house struct{ *db.DB }

// company is an account with its owner signed in.
type company struct {
	id    id.Account
	owner person
}

// person is a member who is signed in.
type person struct {
	member id.Member
	token  string
}

// build fills a database.
func build(ctx context.Context, where string, fill func(h house) error) error {
	d, err := db.Open(ctx, where, db.Options{Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		return err
	}
	if err := d.Migrate(ctx); err != nil {
		return errors.Join(err, d.Close())
	}
	return errors.Join(fill(house{d}), d.Close())
}

// found makes an account and signs its owner in.
func (h house) found(ctx context.Context, name string) (c company, err error) {
	c.id = id.New[id.Account]()
	err = h.Found(ctx, c.id, func(tx *db.Tx) error {
		made, err := account.Create(ctx, tx, access.BySystem(), account.New{ID: c.id, Name: name, Preset: preset})
		if err != nil {
			return err
		}
		if err := role.Establish(ctx, tx, made); err != nil {
			return err
		}
		c.owner, err = h.join(ctx, tx, c.id, "owner@"+string(c.id)[10:]+".example", owning)
		return err
	})
	return c, err
}

// joinMany signs n members in.
func (h house) joinMany(ctx context.Context, c company, n int) ([]person, error) {
	people := make([]person, 0, n)
	for i := range n {
		err := h.Write(ctx, c.id, func(tx *db.Tx) error {
			p, err := h.join(ctx, tx, c.id, fmt.Sprintf("m%d@%s.example", i, string(c.id)[10:]), ordinary)
			people = append(people[:i], p)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return people, nil
}

// join makes somebody a member and begins a session of theirs.
func (h house) join(ctx context.Context, tx *db.Tx, acc id.Account, email, roleKey string) (p person, err error) {
	to, err := address.Parse(email)
	if err != nil {
		return p, err
	}
	by := access.BySystem()
	u, err := user.Create(ctx, tx, by, user.New{Email: to, Locale: "en"})
	if err != nil {
		return p, err
	}
	m, err := member.Create(ctx, tx, by, member.New{Account: acc, Email: to, FirstName: "Olga", LastName: "Owner", Locale: "en", Role: roleKey, Active: true, User: u.ID})
	if err != nil {
		return p, err
	}
	held, err := role.Get(ctx, tx, acc, roleKey)
	if err != nil {
		return p, err
	}
	started, err := session.Begin(ctx, tx, session.Beginning{Account: acc, Member: m.ID, User: u.ID, UserEpoch: u.Epoch, Role: held, UserAgent: "bench", IP: "127.0.0.1",
		Email: email, FirstName: "Olga", Locale: "en"})
	return person{m.ID, started.Token}, err
}

// crowded is a database with a large account, one of a tenth of it, and many of
// a hundred.
type crowded struct {
	where        string
	large, tenth company
	neighbour    company
	server       *running
}

const (
	neighbours = 500
	each       = 100 // members of each
)

// crowd gives the crowded database of the engine, with a server on it. It is
// made once in a run.
func (b *bench) crowd(ctx context.Context) (*crowded, error) {
	e := b.engine
	if e.crowded != nil {
		return e.crowded, nil
	}
	where, err := e.fresh(ctx)
	if err != nil {
		return nil, err
	}
	c := &crowded{where: where}
	if err := build(ctx, where, func(h house) error { return b.fill(ctx, h, c) }); err != nil {
		return nil, err
	}
	if err := e.settle(ctx, where); err != nil {
		return nil, err
	}
	e.crowded = c
	c.server, err = b.tenure(ctx, where)
	return c, err
}

func (b *bench) fill(ctx context.Context, h house, c *crowded) (err error) {
	fmt.Fprintf(b.progress, "  filling an account of %d, one of %d and %d of %d\n", b.members, b.members/10, neighbours, each)
	if c.large, err = h.found(ctx, "Large"); err != nil {
		return err
	}
	if c.tenth, err = h.found(ctx, "Tenth"); err != nil {
		return err
	}
	named := func(i int) crowd.Person { return crowd.Named(i, ordinary) }
	if _, err := crowd.Fill(ctx, h.DB, c.large.id, b.members, named); err != nil {
		return err
	}
	if _, err := crowd.Fill(ctx, h.DB, c.tenth.id, b.members/10, named); err != nil {
		return err
	}
	for range min(neighbours, b.members/each) {
		if c.neighbour, err = h.found(ctx, "Neighbour"); err != nil {
			return err
		}
		if _, err := crowd.Fill(ctx, h.DB, c.neighbour.id, each, named); err != nil {
			return err
		}
	}
	return nil
}
