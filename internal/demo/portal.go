package demo

import (
	"context"
	"time"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/departure"
	"tenure/internal/id"
	"tenure/internal/invitation"
	"tenure/internal/member"
	"tenure/internal/secret"
)

// harbour is the portal account.
type harbour struct {
	account  account.Account
	modules  []id.Module // those a user may be given
	subs     []id.SubAccount
	members  []member.Member
	admin    member.Member
	ordinary member.Member
	by       access.Actor // the administrator
}

var subAccounts = []string{"Quayside Hotels", "Harbour Coffee", "Northern Ferries", "Lighthouse Foundation", "Tide & Timber", "City of Marendijk"}

func (h *history) portal(ctx context.Context, team studio) (*harbour, error) {
	p := &harbour{}
	var err error
	if p.account, err = h.found(ctx, "Blue Harbour", "portal"); err != nil {
		return nil, err
	}
	// In the order of time: the clock of an account never goes back.
	for _, step := range []func(context.Context, *harbour, studio) error{h.areas, h.hire, h.leave, h.inviteEarly, h.come, h.suspend, h.seenAll, h.inviteNow} {
		if err := step(ctx, p, team); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// areas makes the sub-accounts and finds the modules.
func (h *history) areas(ctx context.Context, p *harbour, _ studio) error {
	p.by = access.BySystem()
	modules, _, err := h.parts.Rooms.Accounts.Areas(ctx, p.by, p.account.ID)
	if err != nil {
		return err
	}
	for _, m := range modules {
		if !m.AdminOnly {
			p.modules = append(p.modules, m.ID)
		}
	}
	for _, name := range subAccounts {
		s, err := h.parts.Rooms.Accounts.NewSubAccount(ctx, p.by, p.account.ID, name)
		if err != nil {
			return err
		}
		p.subs = append(p.subs, s.ID)
	}
	return nil
}

// hire lets the company grow over the year.
func (h *history) hire(ctx context.Context, p *harbour, _ studio) error {
	people := crowd(250, portalPlaces-joiners)
	people[0] = person{"Maria", "Jansen", "Head of communications", "+31 6 1834 9021", "en"}
	people[1] = person{"Aisha", "Okafor", "Campaign planner", "+31 6 4410 2277", "en"}
	for i, who := range people {
		h.pass((past - 40*24*time.Hour) / portalPlaces)
		to := place{person: who, domain: portalDomain, role: "user", signsIn: i < 2}
		switch {
		case i == 0 || i%60 == 30:
			to.role = "admin"
		case i == 1:
			to.modules, to.subAccounts = p.modules[:2], p.subs[:2]
		default:
			to.modules, to.subAccounts = some(h, p.modules, 1), some(h, p.subs, 0)
		}
		m, err := h.join(ctx, p.account.ID, to)
		if err != nil {
			return err
		}
		p.members = append(p.members, m)
	}
	p.admin, p.ordinary = p.members[0], p.members[1]
	var err error
	p.by, err = h.actor(ctx, p.account.ID, p.admin.ID)
	return err
}

// some picks a few, at least as many as given.
func some[T any](h *history, from []T, least int) []T {
	picked := []T{}
	for _, i := range h.random.Perm(len(from))[:least+h.random.IntN(len(from)/2+1)] {
		picked = append(picked, from[i])
	}
	return picked
}

func (h *history) seenAll(ctx context.Context, p *harbour, _ studio) error {
	return h.seen(ctx, p.account.ID, p.members)
}

// leave deactivates some.
func (h *history) leave(ctx context.Context, p *harbour, _ studio) error {
	h.clock.Set(h.now.Add(-36 * 24 * time.Hour))
	departures := h.parts.Rooms.Departures
	for i := 10; i < 230; i += 17 {
		if i%60 == 30 {
			continue
		}
		h.pass(12 * time.Hour)
		plan, err := departures.Plan(ctx, p.by, p.account.ID, departure.Order{Members: []id.Member{p.members[i].ID}, Kind: departure.Deactivate})
		if err != nil {
			return err
		}
		if _, err := departures.Apply(ctx, p.by, p.account.ID, plan.ID, plan.Digest, time.Time{}); err != nil {
			return err
		}
	}
	return nil
}

// suspend takes two people's access away today; the rest is still to settle.
func (h *history) suspend(ctx context.Context, p *harbour, _ studio) error {
	h.clock.Set(h.now.Add(-7 * time.Hour))
	for _, i := range []int{45, 172} {
		h.pass(time.Hour)
		if _, _, err := h.parts.Rooms.Departures.Suspend(ctx, p.by, p.account.ID, p.members[i].ID); err != nil {
			return err
		}
	}
	return nil
}

// Forty invitations are sent: the first expire, of the next some are declined
// or withdrawn, some of the team accept theirs, and the last are fresh.
const (
	joiners = 3
	expired = 7
	early   = 12
)

// inviteEarly sends those that are not fresh any more.
func (h *history) inviteEarly(ctx context.Context, p *harbour, _ studio) error {
	people := invited()
	h.clock.Set(h.now.Add(-24 * 24 * time.Hour))
	if _, err := h.send(ctx, p, people[:expired], "Welcome to the portal."); err != nil {
		return err
	}
	h.clock.Set(h.now.Add(-6 * 24 * time.Hour))
	sent, err := h.send(ctx, p, people[expired:expired+early], "")
	if err != nil {
		return err
	}
	for i, inv := range sent {
		h.pass(2 * time.Hour)
		switch {
		case i < 4:
			err = h.parts.Rooms.Invitations.Decline(ctx, access.Actor{}, h.token(p, inv))
		case i < 8:
			err = h.parts.Rooms.Invitations.Withdraw(ctx, p.by, p.account.ID, inv, 0)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// inviteNow sends the last ones. Their mails are still to go out: they show in
// the mailbox.
func (h *history) inviteNow(ctx context.Context, p *harbour, _ studio) error {
	if err := h.posted(ctx); err != nil {
		return err
	}
	h.clock.Set(h.now.Add(-3 * time.Hour))
	_, err := h.send(ctx, p, invited()[expired+early:], "See you at the kick-off on Thursday!")
	return err
}

// invited is who gets an invitation, but for those of the team.
func invited() []person { return crowd(40, 40-joiners) }

// come lets some of the team accept with the identity they have.
func (h *history) come(ctx context.Context, p *harbour, team studio) error {
	for _, m := range team.members[:joiners] {
		results, err := h.parts.Rooms.Invitations.Invite(ctx, p.by, p.account.ID, invitation.Order{
			Emails: []string{m.Email}, Role: "user", Modules: p.modules[:3], SubAccounts: p.subs[:1], Locale: m.Locale,
		}, nil)
		if err != nil {
			return err
		}
		self, err := h.actor(ctx, team.account.ID, m.ID)
		if err != nil {
			return err
		}
		h.pass(5 * time.Hour)
		if _, err := h.parts.Rooms.Invitations.Accept(ctx, self, invitation.Acceptance{
			Token: h.token(p, results[0].Invitation.ID), FirstName: m.FirstName, LastName: m.LastName,
		}); err != nil {
			return err
		}
	}
	return nil
}

func (h *history) send(ctx context.Context, p *harbour, people []person, message string) ([]id.Invitation, error) {
	emails := make([]string, len(people))
	for i, who := range people {
		emails[i] = who.email("partners.example")
	}
	results, err := h.parts.Rooms.Invitations.Invite(ctx, p.by, p.account.ID, invitation.Order{
		Emails: emails, Role: "user", Modules: p.modules[:2], SubAccounts: p.subs[1:3], Message: message,
	}, nil)
	if err != nil {
		return nil, err
	}
	sent := make([]id.Invitation, len(results))
	for i, r := range results {
		sent[i] = r.Invitation.ID
	}
	return sent, nil
}

// token is the link that was mailed first.
func (h *history) token(p *harbour, inv id.Invitation) string {
	return h.parts.Keeper.Token(secret.Link{Kind: secret.Invitation, Account: p.account.ID, ID: string(inv), Rotation: 1})
}
