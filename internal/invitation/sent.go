package invitation

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"tenure/internal/access"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/holding"
	"tenure/internal/id"
	"tenure/internal/key"
	"tenure/internal/role"
)

// Sent is what a member holds of invitations: those they, or a key of theirs,
// have sent that are still pending, and the one that is bound to them while they have not come in.
//
// Those sent pass to whoever applies the departure, as far as they may vouch
// for the role, unless it is decided to withdraw them. The one bound to the
// leaver is withdrawn always, also on suspension: no old link works later. While
// they are here it is of the role that they have.
type Sent struct{}

var _ holding.Holding = Sent{}

// Name is the key of the decision: {"to":"applier"} or {"withdraw":true}.
func (Sent) Name() string { return "invitations" }

type decision struct {
	To       string `json:"to,omitempty"`
	Withdraw bool   `json:"withdraw,omitempty"`
}

// decided reads the decision; without one the invitations pass to the applier.
func decided(c holding.Case) (decision, error) {
	raw, given := c.Party.Decision(Sent{}.Name())
	if !given {
		return decision{To: "applier"}, nil
	}
	var d decision
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&d); err != nil || d.Withdraw == (d.To == "applier") || (d.To != "" && d.To != "applier") {
		return d, fault.Invalid("decisions.invitations", "malformed", `Either {"to":"applier"} or {"withdraw":true}.`)
	}
	return d, nil
}

// fate is what a departure does with the invitations of a leaver.
type fate struct {
	rests    []basis // every invitation looked at
	reassign []Invitation
	withdraw []Invitation
}

// basis is what an invitation adds to the digest of a plan: nothing that only
// the clock changes.
type basis struct {
	ID      id.Invitation `json:"id"`
	Version int64         `json:"version"`
}

// settle decides what becomes of each invitation that was never closed, given
// which roles the applier may vouch for. One whose time is over is left alone:
// whoever sends it again vouches for it. Those of the leaver are told by their
// sponsors: the member and their keys. It is pure.
func settle(c holding.Case, d decision, open []Invitation, sponsors []string, may func(roleKey string) bool) fate {
	var f fate
	departs := c.Kind != holding.Suspend
	stays := c.Actor.Member == "" || (c.Actor.Member != c.Member && !c.Party.Has(c.Actor.Member))
	for _, inv := range open {
		f.rests = append(f.rests, basis{inv.ID, inv.Version})
		switch sent := slices.Contains(sponsors, inv.Sponsor.ID); {
		case inv.Member == c.Member:
			f.withdraw = append(f.withdraw, inv)
		case !sent || !departs || inv.Status != Pending:
		case d.Withdraw || !stays || !may(inv.Role):
			f.withdraw = append(f.withdraw, inv)
		default:
			f.reassign = append(f.reassign, inv)
		}
	}
	return f
}

func (Sent) fate(ctx context.Context, tx *db.Tx, c holding.Case) (fate, error) {
	switch c.Kind {
	case holding.Suspend, holding.Deactivate, holding.Remove, holding.Delete:
	default:
		return fate{}, nil
	}
	d, err := decided(c)
	if err != nil {
		return fate{}, err
	}
	keys, err := key.Of(ctx, tx, c.Account, c.Member)
	if err != nil {
		return fate{}, err
	}
	sponsors := []string{string(c.Member)}
	for _, k := range keys {
		sponsors = append(sponsors, string(k))
	}
	open, err := openOf(ctx, tx, c.Account, c.Member, sponsors)
	if err != nil || len(open) == 0 {
		return fate{}, err
	}
	roles, err := role.List(ctx, tx, c.Account)
	if err != nil {
		return fate{}, err
	}
	byKey := role.ByKey(roles)
	return settle(c, d, open, sponsors, func(key string) bool {
		return access.AllowGrant(c.Actor, c.Account, access.InvitationsManage, byKey[key]) == nil
	}), nil
}

// openOf gives the open invitations that one of the sponsors has sent, or that are
// bound to the member.
func openOf(ctx context.Context, tx *db.Tx, account id.Account, m id.Member, sponsors []string) ([]Invitation, error) {
	open, err := some(ctx, tx, account, `status = 'pending' AND member_id = $2 ORDER BY invitation_id`, string(m))
	if err != nil {
		return nil, err
	}
	for part := range slices.Chunk(sponsors, 100) {
		args := make([]any, len(part))
		for i, s := range part {
			args[i] = s
		}
		sent, err := some(ctx, tx, account, `status = 'pending' AND sponsor_id IN (`+db.Params(2, len(part))+`) ORDER BY invitation_id`, args...)
		if err != nil {
			return nil, err
		}
		for _, inv := range sent {
			if inv.Member != m {
				open = append(open, inv)
			}
		}
	}
	slices.SortFunc(open, func(a, b Invitation) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return open, nil
}

// Survey says how many invitations would pass on or be withdrawn.
func (s Sent) Survey(ctx context.Context, tx *db.Tx, c holding.Case) (holding.Finding, error) {
	f, err := s.fate(ctx, tx, c)
	if err != nil {
		return holding.Finding{}, err
	}
	return holding.Finding{Effects: f.effects(c), Basis: f.rests}, nil
}

func (f fate) effects(c holding.Case) []holding.Effect {
	var effects []holding.Effect
	if n := len(f.reassign); n > 0 {
		effects = append(effects, effect(c, "invitations_reassigned", n, "Pending invitations sent by this person pass to whoever applies this."))
	}
	if n := len(f.withdraw); n > 0 {
		effects = append(effects, effect(c, "invitations_withdrawn", n, "Pending invitations are withdrawn."))
	}
	return effects
}

func effect(c holding.Case, kind string, n int, detail string) holding.Effect {
	count := int64(n)
	return holding.Effect{Kind: kind, Member: c.Member, Count: &count, Detail: detail}
}

// Apply passes on and withdraws, and follows a change of role.
func (s Sent) Apply(ctx context.Context, tx *db.Tx, c holding.Case) ([]holding.Effect, error) {
	if c.Kind == holding.Regrade {
		return nil, regrade(ctx, tx, c)
	}
	f, err := s.fate(ctx, tx, c)
	if err != nil {
		return nil, err
	}
	for _, inv := range f.reassign {
		if err := reassign(ctx, tx, c, inv, sponsorOf(c.Actor), string(c.Member)); err != nil {
			return nil, err
		}
	}
	for _, inv := range f.withdraw {
		inv.departure = c.Departure
		if err := end(ctx, tx, c.Actor, c.Account, inv, Withdraw); err != nil {
			return nil, err
		}
	}
	return f.effects(c), nil
}

// regrade gives the invitation that is bound to a member their new role. The event
// is the one of the member.
func regrade(ctx context.Context, tx *db.Tx, c holding.Case) error {
	if _, err := tx.Exec(ctx, `UPDATE invitations SET role_key = $3, version = version + 1 WHERE account_id = $1 AND member_id = $2 AND status = 'pending'`,
		string(c.Account), string(c.Member), c.To.Key); err != nil {
		return fmt.Errorf("regrade invitation: %w", err)
	}
	return nil
}

// reassign gives an invitation another sponsor, who takes it over from the one
// named in formerly.
func reassign(ctx context.Context, tx *db.Tx, c holding.Case, inv Invitation, to Sponsor, formerly string) error {
	before := inv
	inv.Status = inv.stored // time alone does not close it for good
	inv.Sponsor, inv.departure, inv.formerly = to, c.Departure, formerly
	if _, err := save(ctx, tx, c.Account, before, inv); err != nil {
		return err
	}
	return audit.Record(ctx, tx, c.Actor, audit.Event{Action: "invitation.reassign", Subject: audit.Of("invitation", inv.ID),
		Changes: []audit.Change{audit.Plain("sponsor", before.Sponsor.ID, to.ID)}})
}

// Restore gives back what passed on and is still pending. What was withdrawn
// stays withdrawn: no old link works again.
func (Sent) Restore(ctx context.Context, tx *db.Tx, c holding.Case) ([]holding.Effect, error) {
	open, err := some(ctx, tx, c.Account, `status = 'pending' AND departure_id = $2 AND sponsor_before = $3 ORDER BY invitation_id`,
		string(c.Departure), string(c.Member))
	if err != nil || len(open) == 0 {
		return nil, err
	}
	for _, inv := range open {
		if err := reassign(ctx, tx, c, inv, Sponsor{access.Member, string(c.Member)}, ""); err != nil {
			return nil, err
		}
	}
	return []holding.Effect{effect(c, "invitations_reassigned", len(open), "Pending invitations are this person's again.")}, nil
}
