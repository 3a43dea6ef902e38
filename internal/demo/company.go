package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/billing"
	"tenure/internal/departure"
	"tenure/internal/id"
	"tenure/internal/member"
	"tenure/internal/resource"
)

const day = 24 * time.Hour

// company is an account whose people hold something.
type company struct {
	account account.Account
	domain  string
	members []member.Member // as they were hired
	by      access.Actor    // the first of them, who administers
}

// hired is somebody who comes in at the beginning.
type hired struct {
	person
	role    string
	signsIn bool
}

// decisions of a departure, by what they are about.
type decisions map[string]json.RawMessage

// hired makes a company with its people, one every few days.
func (h *history) hired(ctx context.Context, name, preset, domain string, people []hired) (*company, error) {
	c := &company{domain: domain}
	var err error
	if c.account, err = h.found(ctx, name, preset); err != nil {
		return nil, err
	}
	for _, p := range people {
		h.pass(2 * day)
		m, err := h.join(ctx, c.account.ID, place{person: p.person, domain: domain, role: p.role, signsIn: p.signsIn})
		if err != nil {
			return nil, err
		}
		c.members = append(c.members, m)
	}
	c.by, err = h.actor(ctx, c.account.ID, c.members[0].ID)
	return c, err
}

// holders makes the companies whose people hold credits, cases and pins, and
// gives who can sign in.
func (h *history) holders(ctx context.Context) ([]SignIn, error) {
	var all []SignIn
	for _, made := range []struct {
		preset string
		make   func(context.Context) (*company, error)
		about  map[int]string // who can sign in
	}{
		{"cases", h.practice, map[int]string{0: "administrator of a law practice (cases)", 1: "standard user", 4: "limited user: three cases", 6: "guest: one case"}},
		{"credits", h.freight, map[int]string{0: "administrator of a sales desk (credits)", 1: "user with credits to spend"}},
		{"field", h.rooftop, map[int]string{0: "administrator of a field team (field)", 1: "user with pins"}},
	} {
		c, err := made.make(ctx)
		if err != nil {
			return nil, fmt.Errorf("make the %s account: %w", made.preset, err)
		}
		for i, m := range c.members {
			if about, ok := made.about[i]; ok {
				all = append(all, SignIn{c.account.Name, m.Email, about})
			}
		}
		if err := h.seen(ctx, c.account.ID, c.members); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// operator is who runs the server, as somebody who acts.
var operator = access.Actor{Kind: access.Operator}

// plan gives an account the terms that it pays for seats by.
func (h *history) plan(ctx context.Context, c *company, t billing.Terms) error {
	_, err := h.parts.Rooms.Seats.SetPlan(ctx, operator, c.account.ID, t, 0)
	return err
}

// happened notes what a member did with a thing.
func (h *history) happened(ctx context.Context, c *company, who int, k resource.Key, a resource.Activity) error {
	by, err := h.actor(ctx, c.account.ID, c.members[who].ID)
	if err != nil {
		return err
	}
	_, err = h.parts.Rooms.Resources.AddActivity(ctx, by, c.account.ID, k, a)
	return err
}

// deactivate lets a member go with these decisions, now or at a time.
func (h *history) deactivate(ctx context.Context, c *company, who int, d decisions, at time.Time) error {
	departures := h.parts.Rooms.Departures
	plan, err := departures.Plan(ctx, c.by, c.account.ID, departure.Order{
		Members: []id.Member{c.members[who].ID}, Kind: departure.Deactivate, Decisions: d, At: at,
	})
	if err != nil {
		return err
	}
	_, err = departures.Apply(ctx, c.by, c.account.ID, plan.ID, plan.Digest, at)
	return err
}
