// Package demo fills an empty server with five companies that have a past, so
// that somebody can look around. Everything is made by the functions that make
// it in earnest, at the times it is said to have happened: the trail is whole.
package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/address"
	"tenure/internal/db"
	"tenure/internal/id"
	"tenure/internal/member"
	"tenure/internal/outbox"
	"tenure/internal/resource"
	"tenure/internal/role"
	"tenure/internal/server"
	"tenure/internal/user"
)

// Password is that of everybody who can sign in: the demo listens to its own
// machine only.
const Password = "a quiet walk by the sea"

// SignIn is somebody who can sign in, and what they are good for.
type SignIn struct {
	Account string
	Email   string
	About   string
}

const (
	past         = 400 * 24 * time.Hour // how far back the history goes
	portalPlaces = 250
	portalDomain = "blueharbour.example"
	teamDomain   = "studiofenna.example"
)

// history is the companies being made.
type history struct {
	parts  server.Parts
	clock  *server.Clock
	now    time.Time // when it ends
	random *rand.Rand
	hash   user.Secret
}

// Fill makes the companies and gives who can sign in. It moves the clock into
// the past and back to now.
func Fill(ctx context.Context, parts server.Parts, clock *server.Clock) ([]SignIn, error) {
	h := &history{parts: parts, clock: clock, now: time.Now().UTC().Truncate(time.Second), random: rand.New(rand.NewPCG(2026, 11))}
	defer clock.Set(h.now)
	var err error
	if h.hash, err = parts.Hasher.Hash(ctx, Password); err != nil {
		return nil, err
	}
	clock.Set(h.now.Add(-past))
	team, err := h.team(ctx)
	if err != nil {
		return nil, fmt.Errorf("make the team account: %w", err)
	}
	portal, err := h.portal(ctx, team)
	if err != nil {
		return nil, fmt.Errorf("make the portal account: %w", err)
	}
	holders, err := h.holders(ctx)
	if err != nil {
		return nil, err
	}
	return append([]SignIn{
		{"Blue Harbour", portal.admin.Email, "administrator of 250 people (portal)"},
		{"Blue Harbour", portal.ordinary.Email, "user with two modules"},
		{"Studio Fenna", team.members[0].Email, "owner of a small team (team), and a user of Blue Harbour"},
		{"Studio Fenna", team.members[3].Email, "member of the team"},
	}, holders...), nil
}

// found makes an empty account of the preset.
func (h *history) found(ctx context.Context, name, preset string) (account.Account, error) {
	var a account.Account
	begins, err := account.PresetOf(preset)
	if err != nil {
		return a, err
	}
	acc := id.New[id.Account]()
	err = h.parts.DB.Found(ctx, acc, func(tx *db.Tx) (err error) {
		if a, err = account.Create(ctx, tx, access.BySystem(), account.New{ID: acc, Name: name, Preset: preset}); err != nil {
			return err
		}
		if err = role.Establish(ctx, tx, a); err != nil {
			return err
		}
		return resource.Establish(ctx, tx, access.BySystem(), acc, begins)
	})
	return a, err
}

// place is what somebody joins with.
type place struct {
	person
	domain      string
	role        string
	modules     []id.Module
	subAccounts []id.SubAccount
	signsIn     bool
}

// join makes a person an active member of the account. Only some have a
// password.
func (h *history) join(ctx context.Context, acc id.Account, p place) (member.Member, error) {
	to, err := address.Parse(p.email(p.domain))
	if err != nil {
		return member.Member{}, err
	}
	var m member.Member
	by := access.BySystem()
	err = h.parts.DB.Write(ctx, acc, func(tx *db.Tx) error {
		n := user.New{Email: to, Locale: p.locale}
		if p.signsIn {
			n.Hash = h.hash
		}
		u, err := user.Create(ctx, tx, by, n)
		if err != nil {
			return err
		}
		m, err = member.Create(ctx, tx, by, member.New{
			Account: acc, Email: to, FirstName: p.first, LastName: p.last, JobTitle: p.title, Phone: p.phone, Locale: p.locale,
			Role: p.role, Modules: p.modules, SubAccounts: p.subAccounts, Active: true, User: u.ID,
		})
		if err != nil {
			return err
		}
		return h.parts.Rooms.Seats.Align(ctx, tx, by, acc)
	})
	return m, err
}

// studio is the team account.
type studio struct {
	account account.Account
	members []member.Member
}

func (h *history) team(ctx context.Context) (studio, error) {
	var s studio
	var err error
	if s.account, err = h.found(ctx, "Studio Fenna", "team"); err != nil {
		return s, err
	}
	people := crowd(8, 8)
	people[0] = person{"Fenna", "Hoogland", "Founder", "+31 6 2045 1188", "nl"}
	people[3] = person{"Joris", "Tamminga", "Illustrator", "", "en"}
	for i, p := range people {
		h.pass(15 * 24 * time.Hour)
		role := "member"
		if i < 2 {
			role = "owner"
		}
		m, err := h.join(ctx, s.account.ID, place{person: p, domain: teamDomain, role: role, signsIn: i == 0 || i == 3})
		if err != nil {
			return s, err
		}
		s.members = append(s.members, m)
	}
	h.clock.Set(h.now.Add(-past))
	return s, nil
}

// pass lets time go by, on average as long as given.
func (h *history) pass(mean time.Duration) {
	h.clock.Set(h.clock.Now().Add(mean/2 + time.Duration(h.random.Int64N(int64(mean)))))
}

// actor gives the rights of a member, to act as them.
func (h *history) actor(ctx context.Context, acc id.Account, m id.Member) (access.Actor, error) {
	var a access.Actor
	err := h.parts.DB.Read(ctx, func(tx *db.Tx) (err error) {
		a, err = member.Actor(ctx, tx, acc, m)
		return err
	})
	return a, err
}

// seen spreads over the last weeks when people were last here.
func (h *history) seen(ctx context.Context, acc id.Account, members []member.Member) error {
	return h.parts.DB.Housekeep(ctx, func(tx *db.Tx) error {
		for _, m := range members {
			ago := time.Duration(h.random.Int64N(int64(20 * 24 * time.Hour)))
			if h.random.IntN(3) == 0 {
				ago /= 40
			}
			at := h.now.Add(-ago)
			if at.Before(m.CreatedAt) {
				continue
			}
			if err := member.Seen(ctx, tx, acc, m.ID, at); err != nil {
				return err
			}
		}
		return nil
	})
}

// posted counts every mail of the past as sent, long ago.
func (h *history) posted(ctx context.Context) error {
	for {
		claims, err := outbox.Take(ctx, h.parts.DB, 100, time.Minute)
		if err != nil || len(claims) == 0 {
			return err
		}
		err = h.parts.DB.Housekeep(ctx, func(tx *db.Tx) error {
			for _, c := range claims {
				if err := c.Deliver(ctx, tx); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}
