package departure

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/job"
	"tenure/internal/member"
	"tenure/internal/operator"
	"tenure/internal/outbox"
)

// ApplyJob is the kind of the job that applies a departure whose time has come,
// or that is about several members. Its ref is the departure.
const ApplyJob = "departure.apply"

// schedule has a job apply a settled plan: at its time, or at once.
func (p *Passage) schedule(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, d Departure, plan Plan) (Plan, error) {
	var err error
	if d.State, err = d.State.On(Schedule); err != nil {
		return plan, err
	}
	due := tx.Now()
	if d.At.After(due) {
		due = d.At
	} else {
		d.At = time.Time{}
	}
	if err := save(ctx, tx, account, &d); err != nil {
		return plan, err
	}
	if err := job.Add(ctx, tx, account, ApplyJob, string(d.ID), due); err != nil {
		return plan, err
	}
	plan.Departure = d
	changes := append([]audit.Change{audit.Plain("kind", nil, string(d.Kind))}, d.told()...)
	if !d.At.IsZero() {
		changes = append(changes, audit.Plain("at", nil, d.At.Format(time.RFC3339)))
	}
	return plan, audit.Record(ctx, tx, actor, audit.Event{Action: "departure.schedule", Subject: audit.Of("departure", d.ID), Changes: changes})
}

// Carry is the handler of ApplyJob. Each member leaves in a write of their own,
// so that who is killed half-way goes on where it stopped. Everything is planned
// anew with the decisions that were taken, by the rights that whoever asked for
// it has at that moment.
func (p *Passage) Carry(ctx context.Context, account id.Account, ref string) error {
	var d Departure
	var order []id.Member
	if err := p.db.Read(ctx, func(tx *db.Tx) (err error) {
		if d, err = get(ctx, tx, account, id.Departure(ref)); err == nil {
			order, err = turns(ctx, tx, account, d)
		}
		return err
	}); err != nil {
		return err
	}
	for _, m := range order {
		more, err := p.step(ctx, account, d, m)
		if err != nil {
			return err
		}
		if !more {
			return p.postpone(ctx, account, d.ID)
		}
	}
	if !d.many() {
		return nil
	}
	if err := p.db.Write(ctx, account, func(tx *db.Tx) error { return p.finish(ctx, tx, account, d.ID) }); err != nil {
		return err
	}
	return p.postpone(ctx, account, d.ID)
}

// postpone asks for the job again if the time of a departure is still to come:
// the clock was set back.
func (p *Passage) postpone(ctx context.Context, account id.Account, departure id.Departure) error {
	return p.db.Housekeep(ctx, func(tx *db.Tx) error {
		d, err := head(ctx, tx, account, departure)
		if err != nil || d.State != Scheduled || d.underWay(tx.Now()) {
			return err
		}
		return job.Add(ctx, tx, account, ApplyJob, string(departure), d.At)
	})
}

// GiveUp is what is left to do once ApplyJob has failed for the last time: who
// has not had their turn stays, with the verdict failed, and the administrators
// are told.
func (p *Passage) GiveUp(ctx context.Context, account id.Account, ref string) error {
	var d Departure
	if err := p.db.Read(ctx, func(tx *db.Tx) (err error) {
		d, err = get(ctx, tx, account, id.Departure(ref))
		return err
	}); err != nil {
		return err
	}
	for _, m := range d.waiting() {
		if err := p.db.Write(ctx, account, func(tx *db.Tx) error { return p.refuse(ctx, tx, account, d, m, "internal") }); err != nil {
			return err
		}
	}
	if !d.many() {
		return nil
	}
	return p.db.Write(ctx, account, func(tx *db.Tx) error { return p.finish(ctx, tx, account, d.ID) })
}

// turns lists those whose turn has not come, in their order. Whoever asked for
// it comes last: once they are gone, nobody may see the others off.
func turns(ctx context.Context, tx *db.Tx, account id.Account, d Departure) ([]id.Member, error) {
	by, err := again(ctx, tx, account, d)
	if err != nil && fault.Code(err) != "unauthenticated" {
		return nil, err
	}
	order := d.waiting()
	if i := slices.Index(order, by.Member); i >= 0 {
		order = append(slices.Delete(order, i, i+1), by.Member)
	}
	return order, nil
}

// again gives who asked for a departure, with the rights of this moment. Faults:
// unauthenticated for who may not come in any more.
func again(ctx context.Context, tx *db.Tx, account id.Account, d Departure) (access.Actor, error) {
	if d.By.Kind == access.Operator {
		return operator.Again(ctx, tx, d.By.Key)
	}
	return member.Again(ctx, tx, account, d.By.Kind, d.By.Name())
}

// step lets one member go. There is no more to do once the departure is given
// up, and before its time.
func (p *Passage) step(ctx context.Context, account id.Account, d Departure, m id.Member) (more bool, err error) {
	err = p.db.Write(ctx, account, func(tx *db.Tx) error {
		var now Departure
		if now, more, err = due(ctx, tx, account, d); err != nil || !more {
			return err
		}
		return p.turn(ctx, tx, account, now, m)
	})
	if refused := fault.As(err); more && refused != nil && refused.Kind != fault.KindUnavailable {
		err = p.db.Write(ctx, account, func(tx *db.Tx) error { return p.refuse(ctx, tx, account, d, m, codeOf(refused)) })
	}
	return more && err == nil, err
}

// due reads how a departure stands now, and whether its members may go. Who they
// are never changes, and what became of them is asked one by one: a thousand
// rows are not read for each of a thousand.
func due(ctx context.Context, tx *db.Tx, account id.Account, d Departure) (Departure, bool, error) {
	now, err := head(ctx, tx, account, d.ID)
	now.Parts = slices.Clone(d.Parts)
	return now, err == nil && now.underWay(tx.Now()), err
}

// turn applies the departure to one member, by whoever asked for it as they are
// now, unless they have had their turn or were taken out. What stands in the way
// since then is told: of what was set for a time their access ends now and the
// rest waits, and otherwise nothing is done.
func (p *Passage) turn(ctx context.Context, tx *db.Tx, account id.Account, d Departure, m id.Member) error {
	if waits, err := waitsFor(ctx, tx, account, d.ID, m); err != nil || !waits {
		return err
	}
	by, err := again(ctx, tx, account, d)
	if err != nil {
		return err
	}
	if err := allow(by, account, d.Members()); err != nil {
		return err
	}
	plan, err := p.surveyOf(ctx, tx, by, account, d, []id.Member{m}, nil)
	if err != nil {
		return err
	}
	code := inTheWay(plan)
	switch {
	case code == "" && !d.many():
		_, err = p.apply(ctx, tx, by, account, d)
	case code == "":
		_, err = p.letGo(ctx, tx, by, account, &d, m)
	case code == "last_owner" || d.At.IsZero():
		err = p.pass(ctx, tx, by, account, d, Part{Member: m, Verdict: Blocked, Code: code})
	default:
		err = p.hold(ctx, tx, by, account, d, m, code)
	}
	return err
}

// inTheWay gives the code of what keeps a plan from being applied; empty if
// nothing does.
func inTheWay(plan Plan) string {
	for _, b := range plan.Blockers {
		if b.Code == "last_owner" {
			return b.Code // nobody's access may end for the sake of another reason
		}
	}
	switch {
	case len(plan.Blockers) > 0:
		return plan.Blockers[0].Code
	case len(plan.Needed) > 0:
		return "decision_required"
	default:
		return ""
	}
}

// hold ends the access of a member whose departure meets something new at its
// time. The rest waits to be settled: in this departure if it is theirs alone,
// else in one of their own with the same decisions.
func (p *Passage) hold(ctx context.Context, tx *db.Tx, by access.Actor, account id.Account, d Departure, m id.Member, code string) error {
	all, err := p.leavers(ctx, tx, by, account, d, []id.Member{m})
	if err != nil {
		return err
	}
	own := d.many()
	if own {
		d, err = p.apart(ctx, tx, by, account, d, m, code)
	} else {
		err = note(ctx, tx, by, d, Part{Member: m, Verdict: Waits, Code: code})
	}
	if err != nil {
		return err
	}
	if _, _, err := p.suspend(ctx, tx, by, d, all[0]); err != nil {
		return err
	}
	if own { // of many it is told once, at the end
		return nil
	}
	return warnOf(ctx, tx, all[0].account, all[0].member, outbox.DepartureHeld)
}

// pass leaves a member as they are, and says why.
func (p *Passage) pass(ctx context.Context, tx *db.Tx, by access.Actor, account id.Account, d Departure, part Part) error {
	if err := record(ctx, tx, by, account, &d, part); err != nil || d.many() {
		return err
	}
	return p.fail(ctx, tx, by, account, d)
}

// record writes down, also in the trail, why a member did not leave.
func record(ctx context.Context, tx *db.Tx, by access.Actor, account id.Account, d *Departure, part Part) error {
	if err := judge(ctx, tx, account, d, part, nil); err != nil {
		return err
	}
	return note(ctx, tx, by, *d, part)
}

// note says in the trail what became of a member who did not leave: they were
// passed over, their access ended and the rest is held up, or they are to stay.
func note(ctx context.Context, tx *db.Tx, by access.Actor, d Departure, part Part) error {
	action := "departure.pass"
	switch {
	case part.Verdict == Waits:
		action = "departure.hold"
	case part.Code == reactivated:
		action = "departure.spare"
	}
	return audit.Record(ctx, tx, by, audit.Event{Action: action, Subject: audit.Of("departure", d.ID),
		Changes: []audit.Change{audit.Plain("member", nil, string(part.Member)), audit.Plain("code", nil, part.Code)}})
}

// refuse passes over a member whom the departure cannot be applied to: because
// they are not there any more, or whoever asked for it may not do it any more.
func (p *Passage) refuse(ctx context.Context, tx *db.Tx, account id.Account, d Departure, m id.Member, code string) error {
	d, more, err := due(ctx, tx, account, d)
	if err != nil || !more {
		return err
	}
	if waits, err := waitsFor(ctx, tx, account, d.ID, m); err != nil || !waits {
		return err
	}
	return p.pass(ctx, tx, access.BySystem(), account, d, Part{Member: m, Verdict: Refused, Code: code})
}

// codeOf is what is told of a refusal to somebody else than who was refused.
func codeOf(why *fault.Fault) string {
	if why.Code == "unauthenticated" {
		return "forbidden" // whoever asked for it is not here any more
	}
	return why.Code
}

// fail closes a departure that could be applied to nobody, and tells the
// administrators.
func (p *Passage) fail(ctx context.Context, tx *db.Tx, by access.Actor, acc id.Account, d Departure) error {
	var err error
	if d.State, err = d.State.On(Fail); err != nil {
		return err
	}
	if err := save(ctx, tx, acc, &d); err != nil {
		return err
	}
	in, err := account.Get(ctx, tx, acc)
	if err != nil {
		return err
	}
	if d.many() {
		err = warnOfMany(ctx, tx, in, d)
	} else {
		var m member.Member
		if m, err = member.Get(ctx, tx, acc, d.Parts[0].Member); err == nil {
			err = warnOf(ctx, tx, in, m, outbox.DepartureFailed)
		}
	}
	if err != nil {
		return err
	}
	return audit.Record(ctx, tx, by, audit.Event{Action: "departure.fail", Subject: audit.Of("departure", d.ID), Changes: d.told()})
}

// finish closes a departure of several members once each has had their turn,
// with one receipt for all who left.
func (p *Passage) finish(ctx context.Context, tx *db.Tx, acc id.Account, departure id.Departure) error {
	d, err := get(ctx, tx, acc, departure)
	if err != nil || !d.underWay(tx.Now()) || len(d.waiting()) > 0 {
		return err
	}
	left, err := outcomes(ctx, tx, acc, d.ID)
	if err != nil {
		return err
	}
	by, err := again(ctx, tx, acc, d)
	if fault.Code(err) == "unauthenticated" {
		by, err = access.Actor{Kind: d.By.Kind, Member: d.By.Member, Key: d.By.Key, Account: acc}, nil // it was theirs to ask
	}
	if err != nil {
		return err
	}
	if len(left) == 0 {
		return p.fail(ctx, tx, by, acc, d)
	}
	if _, err := p.close(ctx, tx, by, acc, d, left); err != nil {
		return err
	}
	in, err := account.Get(ctx, tx, acc)
	if err != nil {
		return err
	}
	return warnOfMany(ctx, tx, in, d)
}

// mostWarned is how many administrators are told of a departure that went wrong.
const mostWarned = 20

// warnOf tells the administrators what became of a departure of this member.
func warnOf(ctx context.Context, tx *db.Tx, in account.Account, m member.Member, kind outbox.Kind) error {
	return warn(ctx, tx, in, kind, string(m.ID), map[string]string{"who": m.Name()})
}

// warnOfMany tells them, if not everybody left, how many did not. Whom somebody
// took out is not counted: that was meant.
func warnOfMany(ctx context.Context, tx *db.Tx, in account.Account, d Departure) error {
	gone, held, stayed := 0, 0, 0
	for _, part := range d.Parts {
		switch {
		case part.Verdict == Done:
			gone++
		case part.Code == reactivated || part.Code == suspended:
		case part.Verdict == Waits:
			held++
		default:
			stayed++
		}
	}
	if held+stayed == 0 {
		return nil
	}
	return warn(ctx, tx, in, outbox.DepartureUnfinished, string(d.ID),
		map[string]string{"gone": strconv.Itoa(gone), "held": strconv.Itoa(held), "stayed": strconv.Itoa(stayed)})
}

// warn writes a mail to the administrators about a departure.
func warn(ctx context.Context, tx *db.Tx, in account.Account, kind outbox.Kind, subject string, facts map[string]string) error {
	owners, err := member.ListOwners(ctx, tx, in.ID, mostWarned)
	if err != nil {
		return err
	}
	facts["account"], facts["accent"], facts["at"] = in.Name, in.Accent, tx.Now().Format(time.RFC3339)
	for _, to := range owners {
		told := maps.Clone(facts)
		told["name"] = to.FirstName
		if _, err := outbox.Add(ctx, tx, outbox.Mail{Account: in.ID, Kind: kind, To: to.Email, Locale: to.Locale, Subject: subject, Facts: told}); err != nil {
			return fmt.Errorf("warn of departure: %w", err)
		}
	}
	return nil
}
