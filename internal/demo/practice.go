package demo

import (
	"context"
	"time"

	"tenure/internal/billing"
	"tenure/internal/invitation"
	"tenure/internal/resource"
)

// cases are what the practice works on, under the names that the example product
// has something written about. Each with its owner, by who was hired when, and
// who works on it.
var cases = []struct {
	id, name string
	owner    int
	team     []int
}{
	{"24-017", "Haverkamp Glass v. Noordzee Transport", 1, []int{2, 4}},
	{"24-021", "Estate of M. Lindqvist", 2, []int{6}},
	{"24-026", "Brandsma tenancy", 3, []int{4, 5}},
	{"24-031", "Delta Foods recall", 1, []int{2, 3, 5}},
	{"24-034", "Okoye dismissal", 3, []int{4}},
	{"24-038", "Kade 12 construction defects", 2, nil},
}

// practice is the account of the preset cases: lawyers, who pay for their seats.
func (h *history) practice(ctx context.Context) (*company, error) {
	h.clock.Set(h.now.Add(-160 * day))
	p, err := h.hired(ctx, "Brandt & Osei", "cases", "brandtosei.example", []hired{
		{person{"Hilde", "Brandt", "Partner", "+31 20 555 0142", "en"}, "admin", true},
		{person{"Kofi", "Osei", "Partner", "+31 20 555 0143", "en"}, "standard", true},
		{person{"Lotte", "Verhoeven", "Associate", "", "nl"}, "standard", false},
		{person{"Ruben", "Haddad", "Associate", "", "en"}, "standard", false},
		{person{"Nadia", "Petrov", "Paralegal", "", "en"}, "limited", true},
		{person{"Simon", "Falk", "Paralegal", "", "en"}, "limited", false},
		{person{"Greta", "Lindqvist", "Heir", "", "en"}, "guest", true},
	})
	if err != nil {
		return nil, err
	}
	for _, step := range []func(context.Context, *company) error{h.practicePlan, h.practiceCases, h.practiceNotes, h.practiceLeaver, h.practiceToday} {
		if err := step(ctx, p); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (h *history) practicePlan(ctx context.Context, p *company) error {
	h.clock.Set(h.now.Add(-130 * day))
	limit := int64(12)
	first, err := billing.AnchorOn(1)
	if err != nil {
		return err
	}
	return h.plan(ctx, p, billing.Terms{Price: 49_00, Currency: "EUR", Unit: "month", Anchor: first, SeatLimit: &limit})
}

func (h *history) practiceCases(ctx context.Context, p *company) error {
	resources := h.parts.Rooms.Resources
	for _, c := range cases {
		h.pass(36 * time.Hour)
		k := resource.Key{Type: "case", ID: c.id}
		if _, err := resources.Put(ctx, p.by, p.account.ID, resource.Draft{Key: k, Name: c.name, Owner: &p.members[c.owner].ID}, 0); err != nil {
			return err
		}
		for _, i := range c.team {
			h.pass(3 * time.Hour)
			if _, err := resources.Assign(ctx, p.by, p.account.ID, k, p.members[i].ID); err != nil {
				return err
			}
		}
	}
	return nil
}

func (h *history) practiceNotes(ctx context.Context, p *company) error {
	h.clock.Set(h.now.Add(-100 * day))
	for i, label := range []string{"Contact: Witness", "Issue: Liability", "Source: Photograph", "Contact: Expert", "Source: Statement"} {
		h.pass(6 * day)
		c := cases[i%4]
		if err := h.happened(ctx, p, c.owner, resource.Key{Type: "case", ID: c.id}, resource.Activity{Kind: "note", Note: label}); err != nil {
			return err
		}
	}
	return nil
}

// practiceLeaver lets an associate go; the cases stay with him until somebody
// takes him off them.
func (h *history) practiceLeaver(ctx context.Context, p *company) error {
	h.clock.Set(h.now.Add(-48 * day))
	return h.deactivate(ctx, p, 3, nil, time.Time{})
}

// practiceToday hires somebody, invites two, and says when one is to go.
func (h *history) practiceToday(ctx context.Context, p *company) error {
	h.clock.Set(h.now.Add(-17 * day))
	m, err := h.join(ctx, p.account.ID, place{person: person{"Iris", "Tamboer", "Associate", "", "nl"}, domain: p.domain, role: "standard"})
	if err != nil {
		return err
	}
	p.members = append(p.members, m)
	h.clock.Set(h.now.Add(-2 * day))
	for _, offer := range []struct{ email, role string }{{"jasper.noordhoek@" + p.domain, "standard"}, {"p.brandsma@partners.example", "guest"}} {
		if _, err := h.parts.Rooms.Invitations.Invite(ctx, p.by, p.account.ID, invitation.Order{Emails: []string{offer.email}, Role: offer.role}, nil); err != nil {
			return err
		}
	}
	return h.deactivate(ctx, p, 5, nil, h.now.Add(9*day))
}
