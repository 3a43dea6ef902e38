package departure

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/holding"
	"tenure/internal/id"
	"tenure/internal/job"
	"tenure/internal/member"
	"tenure/internal/outbox"
)

// Outcome is what applying came to: the receipt, or, of what waits for its time
// or goes through many members, the plan as it stands.
type Outcome struct {
	Receipt *Receipt
	Plan    Plan
}

// Apply does what the plan with this digest says: for one member and now, whole
// or not at all; for several, or at a time that is given here or stands in the
// plan, a job does it member by member. A repeated call with the same digest
// gives the same answer.
//
// Faults: forbidden, rank_exceeded, not_found, step_up_required, invalid without
// a digest and on field at; conflict plan_changed (with the new plan), blocked
// (with blockers), decision_required (with needed), departure_over,
// departure_open (with the departure that somebody is in).
func (p *Passage) Apply(ctx context.Context, actor access.Actor, account id.Account, departure id.Departure, digest string, at time.Time) (Outcome, error) {
	if err := enter(actor, account); err != nil {
		return Outcome{}, err
	}
	if digest == "" {
		return Outcome{}, fault.Invalid("digest", "required", "Give the digest of the plan you have seen.")
	}
	if err := checkTime(at, p.db.Now()); err != nil {
		return Outcome{}, err
	}
	var out Outcome
	err := p.db.Write(ctx, account, func(tx *db.Tx) error {
		out = Outcome{}
		d, err := find(ctx, tx, actor, account, departure)
		if err != nil {
			return err
		}
		if repeated, err := p.repeated(ctx, tx, actor, account, d, digest); repeated != nil || err != nil {
			if repeated != nil {
				out = *repeated
			}
			return err
		}
		if _, err := p.leavers(ctx, tx, actor, account, d, d.concerned()); err != nil {
			return err
		}
		if err := access.Proven(actor, tx.Now()); err != nil {
			return err
		}
		plan, err := p.settled(ctx, tx, actor, account, d, digest)
		if err != nil {
			return err
		}
		if !at.IsZero() {
			d.At = at
		}
		d.Digest, d.By = plan.Digest, actor
		if d.many() || d.At.After(tx.Now()) {
			out.Plan, err = p.schedule(ctx, tx, actor, account, d, plan)
			return err
		}
		receipt, err := p.apply(ctx, tx, actor, account, d)
		out.Receipt = &receipt
		return err
	})
	return out, err
}

// repeated gives again what the first call with this digest gave; nil if there
// was none.
func (p *Passage) repeated(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, d Departure, digest string) (*Outcome, error) {
	if d.Digest != digest {
		return nil, nil
	}
	switch {
	case d.State == Applied:
		for _, m := range d.gone() {
			tx.Stale(string(m)) // the first call may not have reached every node yet
		}
		receipt, err := d.stored()
		return &Outcome{Receipt: &receipt}, err
	case d.State == Scheduled, d.State == Failed:
		plan, err := p.show(ctx, tx, actor, account, d)
		return &Outcome{Plan: plan}, err
	default:
		return nil, nil
	}
}

// settled gives the plan of an open departure if it may be applied as it is.
func (p *Passage) settled(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, d Departure, digest string) (Plan, error) {
	if _, err := d.State.On(Apply); err != nil { // before anything is said of a plan
		return Plan{}, err
	}
	plan, err := p.survey(ctx, tx, actor, account, d, tellsGone)
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

// apply carries a settled plan of one member out and gives the receipt.
func (p *Passage) apply(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, d Departure) (Receipt, error) {
	left, err := p.letGo(ctx, tx, actor, account, &d, d.Parts[0].Member)
	if err != nil {
		return Receipt{}, err
	}
	return p.close(ctx, tx, actor, account, d, []Left{left})
}

// letGo has one member leave: the place, what they hold, and who is told.
func (p *Passage) letGo(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, d *Departure, m id.Member) (Left, error) {
	all, err := p.leavers(ctx, tx, actor, account, *d, []id.Member{m})
	if err != nil {
		return Left{}, err
	}
	l := all[0]
	way := moves[d.Kind]
	before := l.member
	if l.member, err = notePhone(ctx, tx, actor, account, *d, l.member); err != nil {
		return Left{}, err
	}
	after, err := member.Go(ctx, tx, actor, account, l.member, way.move)
	if err != nil {
		return Left{}, err
	}
	effects, err := p.settle(ctx, tx, p.toCase(tx, actor, *d, d.party(), l, way.kind))
	if err != nil {
		return Left{}, err
	}
	if err := member.KeepOwner(ctx, tx, account, before); err != nil {
		return Left{}, err
	}
	was, err := recall(ctx, tx, account, d.ID, m)
	if err != nil {
		return Left{}, err
	}
	if was.Status == "" {
		was.Status = before.Status
	}
	was.Epoch = after.Epoch
	if err := remember(ctx, tx, account, d.ID, m, was); err != nil {
		return Left{}, err
	}
	if before.Status == member.Active { // else it was told when the access ended
		if err := p.tell(ctx, tx, l, after); err != nil {
			return Left{}, err
		}
	}
	left := Left{Member: m, Email: before.Email, SessionsEnded: was.Sessions + holding.Count(effects, "sessions_ended"),
		KeysEnded: was.Keys + holding.Count(effects, "keys_ended"), Effects: append(effects, placeEffect(d.Kind, after))}
	return left, p.leave(ctx, tx, actor, account, d, after, left)
}

// leave writes down that a member has left. Of who is deleted nothing is kept
// that names them.
func (p *Passage) leave(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, d *Departure, m member.Member, left Left) error {
	part := Part{Member: m.ID, Verdict: Done}
	if d.Kind == Delete {
		if err := p.purge(ctx, tx, actor, account, m); err != nil {
			return err
		}
		left.Email = ""
	}
	if !d.many() { // the receipt is made at once
		return judge(ctx, tx, account, d, part, nil)
	}
	return judge(ctx, tx, account, d, part, &left)
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
func notePhone(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, d Departure, m member.Member) (member.Member, error) {
	phone, err := decidedPhone(d.Decisions)
	if err != nil || phone == "" || phone == m.Phone {
		return m, err
	}
	return member.EditProfile(ctx, tx, actor, account, m.ID, member.Patch{Phone: &phone})
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

// close records the departure as the last event of the write, and signs the
// receipt of those who left.
func (p *Passage) close(ctx context.Context, tx *db.Tx, actor access.Actor, acc id.Account, d Departure, left []Left) (Receipt, error) {
	var err error
	if d.State, err = d.State.On(Apply); err != nil {
		return Receipt{}, err
	}
	d.AppliedAt = tx.Now()
	if d.Kind != Delete {
		in, err := account.Get(ctx, tx, acc)
		if err != nil {
			return Receipt{}, err
		}
		d.UndoUntil = tx.Now().Add(in.Policy.UndoWindow.Duration())
	}
	if err := audit.Record(ctx, tx, actor, audit.Event{Action: "departure.apply", Subject: audit.Of("departure", d.ID), Changes: d.summary(left)}); err != nil {
		return Receipt{}, err
	}
	head := tx.Chain()
	receipt, err := Receipt{Departure: d.ID, AppliedAt: d.AppliedAt, By: Actor{string(actor.Kind), actor.Name()}, Members: left,
		ChainHead: ChainHead{head.Seq, hex.EncodeToString(head.Head)}}.sign(p.signer)
	if err != nil {
		return Receipt{}, err
	}
	if d.Kind == Remove {
		if err := job.Add(ctx, tx, acc, PurgeJob, string(d.ID), d.UndoUntil); err != nil {
			return Receipt{}, err
		}
	}
	kept := receipt
	if d.Kind == Delete && !d.many() { // what is kept of who was deleted names nobody
		d.Decisions = map[string]json.RawMessage{}
		if kept, err = receipt.without(d.Members()).sign(p.signer); err != nil {
			return Receipt{}, err
		}
	}
	raw, err := kept.encode()
	if err != nil {
		return Receipt{}, fmt.Errorf("store receipt: %w", err)
	}
	d.receipt = string(raw)
	return receipt, save(ctx, tx, acc, &d)
}

// summary is what the trail says of an applied departure.
func (d Departure) summary(left []Left) []audit.Change {
	changes := append([]audit.Change{audit.Plain("kind", nil, string(d.Kind))}, d.told()...)
	if !d.many() {
		return append(changes, audit.Plain("sessions_ended", nil, left[0].SessionsEnded))
	}
	return append(changes, audit.Plain("applied", nil, len(left)), audit.Plain("not_applied", nil, len(d.Parts)-len(left)))
}
