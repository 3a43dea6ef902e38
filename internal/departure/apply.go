package departure

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"tenure/internal/access"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/holding"
	"tenure/internal/id"
	"tenure/internal/job"
	"tenure/internal/member"
	"tenure/internal/once"
	"tenure/internal/outbox"
	"tenure/internal/user"
)

// Apply does what the plan with this digest says, whole or not at all, and gives
// the receipt. A repeated call with the same digest gives the same receipt.
//
// Faults: forbidden, rank_exceeded, not_found, step_up_required, invalid without
// a digest; conflict plan_changed (with the new plan), blocked (with blockers),
// decision_required (with needed), departure_over, departure_open (with the
// departure that is settling).
func (p *Passage) Apply(ctx context.Context, actor access.Actor, account id.Account, departure id.Departure, digest string) (Receipt, error) {
	if err := enter(actor, account); err != nil {
		return Receipt{}, err
	}
	if digest == "" {
		return Receipt{}, fault.Invalid("digest", "required", "Give the digest of the plan you have seen.")
	}
	var receipt Receipt
	err := p.db.Write(ctx, account, func(tx *db.Tx) error {
		d, err := find(ctx, tx, actor, account, departure)
		if err != nil {
			return err
		}
		if _, err := p.leaver(ctx, tx, actor, account, d); err != nil {
			return err
		}
		if d.State == Applied && d.Digest == digest {
			tx.Stale(string(d.Member)) // the first call may not have reached every node yet
			receipt, err = d.stored()
			return err
		}
		if err := access.Proven(actor, tx.Now()); err != nil {
			return err
		}
		next, err := d.State.On(Apply)
		if err != nil {
			return err
		}
		plan, err := p.settled(ctx, tx, actor, account, d, digest)
		if err != nil {
			return err
		}
		d.State = next
		receipt, err = p.apply(ctx, tx, actor, account, d, plan)
		return err
	})
	return receipt, err
}

// settled gives the plan if it may be applied as it is.
func (p *Passage) settled(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, d Departure, digest string) (Plan, error) {
	plan, err := p.survey(ctx, tx, actor, account, d)
	if err != nil {
		return plan, err
	}
	switch {
	case plan.Digest != digest:
		return plan, fault.Conflict("plan_changed", "Things have changed since you looked. Look at the new plan.").With("plan", plan)
	case len(plan.Blockers) > 0:
		return plan, fault.Conflict("blocked", plan.Blockers[0].Detail).With("blockers", plan.Blockers)
	case len(plan.Needed) > 0:
		return plan, fault.Conflict("decision_required", "Something has to be decided first.").With("needed", plan.Needed)
	}
	return plan, nil
}

// apply carries a settled plan out: the member, the holdings, the receipt.
func (p *Passage) apply(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, d Departure, plan Plan) (Receipt, error) {
	l, err := p.leaver(ctx, tx, actor, account, d)
	if err != nil {
		return Receipt{}, err
	}
	way := moves[d.Kind]
	before := l.member
	if l.member, err = p.notePhone(ctx, tx, actor, account, d, l.member); err != nil {
		return Receipt{}, err
	}
	after, err := member.Go(ctx, tx, actor, account, l.member, way.move)
	if err != nil {
		return Receipt{}, err
	}
	effects, err := p.settle(ctx, tx, p.toCase(tx, actor, account, d, way.kind, l.role))
	if err != nil {
		return Receipt{}, err
	}
	if err := member.KeepOwner(ctx, tx, account, before); err != nil {
		return Receipt{}, err
	}
	effects = append(effects, placeEffect(d.Kind, after))
	d.Digest, d.AppliedAt = plan.Digest, tx.Now()
	if d.Kind != Delete {
		d.UndoUntil = tx.Now().Add(l.account.Policy.UndoWindow.Duration())
	}
	was, err := recall(ctx, tx, account, d)
	if err != nil {
		return Receipt{}, err
	}
	if was.Status == "" {
		was.Status = before.Status
	}
	was.Epoch = after.Epoch
	if err := remember(ctx, tx, account, d, was); err != nil {
		return Receipt{}, err
	}
	if before.Status == member.Active { // else it was told when the access ended
		if err := p.tell(ctx, tx, l, after); err != nil {
			return Receipt{}, err
		}
	}
	if err := p.thenPurge(ctx, tx, actor, account, d, after); err != nil {
		return Receipt{}, err
	}
	return p.close(ctx, tx, actor, account, d, Left{Member: d.Member, Email: before.Email,
		SessionsEnded: was.Sessions + count(effects, "sessions_ended"), KeysEnded: was.Keys + count(effects, "keys_ended"), Effects: effects})
}

// settle has every holding do its part.
func (p *Passage) settle(ctx context.Context, tx *db.Tx, c holding.Case) ([]holding.Effect, error) {
	effects := []holding.Effect{}
	for _, h := range p.holdings {
		done, err := h.Apply(ctx, tx, c)
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", c.Kind, h.Name(), err)
		}
		effects = append(effects, done...)
	}
	return effects, nil
}

// notePhone writes down the telephone number that was given as a decision.
func (p *Passage) notePhone(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, d Departure, m member.Member) (member.Member, error) {
	phone, err := decidedPhone(d.Decisions)
	if err != nil || phone == "" || phone == m.Phone {
		return m, err
	}
	return member.EditProfile(ctx, tx, actor, account, m.ID, member.Patch{Phone: &phone})
}

// place is a member's place as it was before the departure, with what a
// suspension at its beginning has ended already.
type place struct {
	Status   member.Status `json:"status"`
	Epoch    int64         `json:"epoch"` // as the departure left it: nothing came between
	Sessions int64         `json:"sessions,omitempty"`
	Keys     int64         `json:"keys,omitempty"`
}

func remember(ctx context.Context, tx *db.Tx, account id.Account, d Departure, was place) error {
	return tx.ExecOne(ctx, `UPDATE departure_members SET before = $4 WHERE account_id = $1 AND departure_id = $2 AND member_id = $3`,
		string(account), string(d.ID), string(d.Member), db.JSON(was))
}

// recall gives what remember wrote: nothing yet in a departure that began as a
// plan.
func recall(ctx context.Context, tx *db.Tx, account id.Account, d Departure) (place, error) {
	var raw string
	var was place
	if err := tx.One(ctx, `SELECT before FROM departure_members WHERE account_id = $1 AND departure_id = $2 AND member_id = $3`,
		[]any{string(account), string(d.ID), string(d.Member)}, &raw); err != nil {
		return was, fmt.Errorf("read departure: %w", err)
	}
	if raw == "" {
		return was, nil
	}
	if err := json.Unmarshal([]byte(raw), &was); err != nil {
		return was, fmt.Errorf("read departure: %w", err)
	}
	return was, nil
}

// tell writes the mail that says that the access has ended.
func (p *Passage) tell(ctx context.Context, tx *db.Tx, l leaving, m member.Member) error {
	if !m.Registered() || m.Email == "" {
		return nil
	}
	_, err := outbox.Add(ctx, tx, outbox.Mail{Account: l.account.ID, Kind: outbox.AccessEnded, To: m.Email, Locale: m.Locale, Subject: string(m.ID),
		Facts: map[string]string{"account": l.account.Name, "accent": l.account.Accent, "name": m.FirstName, "at": tx.Now().Format(time.RFC3339)}})
	return err
}

// close records the departure as the last event of the write, and signs.
func (p *Passage) close(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, d Departure, left Left) (Receipt, error) {
	if err := audit.Record(ctx, tx, actor, audit.Event{Action: "departure.apply", Subject: audit.Of("departure", d.ID), Changes: []audit.Change{
		audit.Plain("kind", nil, string(d.Kind)), audit.Plain("member", nil, string(d.Member)), audit.Plain("sessions_ended", nil, left.SessionsEnded)}}); err != nil {
		return Receipt{}, err
	}
	head := tx.Chain()
	receipt, err := Receipt{Departure: d.ID, AppliedAt: d.AppliedAt, By: Actor{string(actor.Kind), actor.Name()}, Members: []Left{left},
		ChainHead: ChainHead{head.Seq, hex.EncodeToString(head.Head)}}.sign(p.signer)
	if err != nil {
		return Receipt{}, err
	}
	if d.Kind == Delete { // what is deleted leaves nothing that names it
		d.Decisions = map[string]json.RawMessage{}
		return receipt, save(ctx, tx, account, &d)
	}
	raw, err := receipt.encode()
	if err != nil {
		return Receipt{}, fmt.Errorf("store receipt: %w", err)
	}
	d.receipt = string(raw)
	return receipt, save(ctx, tx, account, &d)
}

// PurgeJob is the kind of the job that erases a removed person when the undo
// window of their departure has closed.
const PurgeJob = "member.purge"

// thenPurge erases a deleted person now, and a removed one once undo is over.
func (p *Passage) thenPurge(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, d Departure, m member.Member) error {
	switch d.Kind {
	case Remove:
		return job.Add(ctx, tx, account, PurgeJob, string(d.ID), d.UndoUntil)
	case Delete:
		return p.purge(ctx, tx, actor, account, m)
	default:
		return nil
	}
}

// Purge is the handler of PurgeJob: ref is the departure. A departure that was
// undone, or a member who is back, is left alone.
func (p *Passage) Purge(ctx context.Context, account id.Account, ref string) error {
	return p.db.Write(ctx, account, func(tx *db.Tx) error {
		d, err := get(ctx, tx, account, id.Departure(ref))
		if err != nil || d.State != Applied || d.Kind != Remove || d.receipt == "" {
			return err
		}
		m, err := member.Get(ctx, tx, account, d.Member)
		if err != nil || m.Status != member.Removed {
			return err
		}
		return p.purge(ctx, tx, access.BySystem(), account, m)
	})
}

// purge erases the personal data of somebody gone, and their identity if this
// was its last place.
func (p *Passage) purge(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, m member.Member) error {
	theirs, err := p.ways.Forget(ctx, tx, account, m)
	if err != nil {
		return err
	}
	traces, err := forget(ctx, tx, account, m.ID)
	if err != nil {
		return err
	}
	traces = append(traces, theirs...)
	if err := member.Purge(ctx, tx, actor, account, m, traces...); err != nil {
		return err
	}
	if m.User == "" {
		return nil
	}
	left, err := member.OfUser(ctx, tx, m.User)
	if err != nil || len(left) > 0 {
		return err
	}
	return user.Erase(ctx, tx, actor, m.User)
}

// forget empties every departure of a person of receipt and decisions, which
// name them, and gives the departures.
func forget(ctx context.Context, tx *db.Tx, account id.Account, m id.Member) ([]string, error) {
	theirs := []string{}
	err := tx.Each(ctx, `SELECT departure_id FROM departure_members WHERE account_id = $1 AND member_id = $2`, []any{string(account), string(m)},
		func(scan func(...any) error) error {
			var d string
			err := scan(&d)
			theirs = append(theirs, d)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("forget departures: %w", err)
	}
	for _, d := range theirs {
		if err := tx.ExecOne(ctx, `UPDATE departures SET receipt = '', decisions = '{}' WHERE account_id = $1 AND departure_id = $2`, string(account), d); err != nil {
			return nil, fmt.Errorf("forget departures: %w", err)
		}
	}
	return theirs, nil
}

// Undo takes an applied departure back while its window is open: the place with
// its role and grants, and what each holding can restore. Sessions and links
// stay ended. What could not be restored is told as effects whose kind ends in
// _skipped.
//
// Faults: forbidden, rank_exceeded, not_found, step_up_required; conflict
// departure_open, departure_over, undo_conflict; gone undo_closed.
func (p *Passage) Undo(ctx context.Context, actor access.Actor, account id.Account, departure id.Departure) (Plan, error) {
	if err := enter(actor, account); err != nil {
		return Plan{}, err
	}
	var plan Plan
	err := p.db.Write(ctx, account, func(tx *db.Tx) error {
		d, err := find(ctx, tx, actor, account, departure)
		if err != nil {
			return err
		}
		l, err := p.leaver(ctx, tx, actor, account, d)
		if err != nil {
			return err
		}
		if err := access.Proven(actor, tx.Now()); err != nil {
			return err
		}
		if d.State, err = d.State.On(Undo); err != nil {
			return err
		}
		if !tx.Now().Before(d.UndoUntil) {
			return fault.Gone("undo_closed", "This can no longer be undone.")
		}
		effects, err := p.restore(ctx, tx, actor, account, d, l)
		if err != nil {
			return err
		}
		if err := save(ctx, tx, account, &d); err != nil {
			return err
		}
		plan = Plan{Departure: d, Name: l.member.Name(), Digest: d.Digest, Blockers: []holding.Blocker{}, Needed: []holding.Need{}, Effects: effects}
		if err := once.Keep(ctx, tx, effects); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Event{Action: "departure.undo", Subject: audit.Of("departure", d.ID),
			Changes: []audit.Change{audit.Plain("member", nil, string(d.Member))}})
	})
	return plan, err
}

func (p *Passage) restore(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, d Departure, l leaving) ([]holding.Effect, error) {
	was, err := recall(ctx, tx, account, d)
	if err != nil {
		return nil, err
	}
	if l.roleGone {
		return nil, fault.Conflict("undo_conflict", "The role this person had has been deleted. Nothing was undone.")
	}
	if err := p.stillFree(ctx, tx, account, l.member, was); err != nil {
		return nil, err
	}
	move := member.Undo
	if was.Status == member.Inactive {
		move = member.Retain
	}
	if _, err := member.Go(ctx, tx, actor, account, l.member, move); err != nil {
		return nil, err
	}
	c := p.toCase(tx, actor, account, d, holding.Return, l.role)
	effects := []holding.Effect{}
	for i := len(p.holdings) - 1; i >= 0; i-- {
		done, err := p.holdings[i].Restore(ctx, tx, c)
		if err != nil {
			return nil, fmt.Errorf("undo %s: %w", p.holdings[i].Name(), err)
		}
		effects = append(effects, done...)
	}
	return effects, nil
}

// stillFree says whether the place is as the departure left it and nobody has
// taken the address or come in anew since.
func (p *Passage) stillFree(ctx context.Context, tx *db.Tx, account id.Account, m member.Member, was place) error {
	if m.Epoch != was.Epoch {
		return fault.Conflict("undo_conflict", "This person's place has changed since. Nothing was undone.")
	}
	if m.Status != member.Removed {
		return nil
	}
	held, err := member.Emails(ctx, tx, account, []string{m.EmailKey})
	if err != nil {
		return err
	}
	_, taken := held[m.EmailKey]
	if !taken && m.User != "" {
		_, err := member.ByUser(ctx, tx, account, m.User)
		if err != nil && fault.Code(err) != "not_found" {
			return err
		}
		taken = err == nil
	}
	if taken {
		return fault.Conflict("undo_conflict", "Somebody has this address in the account again. Nothing was undone.")
	}
	return nil
}

// Receipt gives the receipt of an applied departure. Faults: forbidden,
// rank_exceeded, not_found; conflict departure_open; gone receipt_erased.
func (p *Passage) Receipt(ctx context.Context, actor access.Actor, account id.Account, departure id.Departure) (r Receipt, err error) {
	if err := enter(actor, account); err != nil {
		return r, err
	}
	err = p.db.Read(ctx, func(tx *db.Tx) error {
		d, err := find(ctx, tx, actor, account, departure)
		if err != nil {
			return err
		}
		r, err = d.stored()
		return err
	})
	return r, err
}
