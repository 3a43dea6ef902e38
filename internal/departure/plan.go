package departure

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"slices"
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
	"tenure/internal/once"
	"tenure/internal/role"
)

// Order asks for a departure.
type Order struct {
	Members   []id.Member
	Kind      Kind
	Decisions map[string]json.RawMessage
	At        time.Time // when it is to be applied; zero: as soon as it is
}

// mostMembers is how many may leave in one departure, and farthest how far ahead
// it can be set.
const (
	mostMembers = 1000
	farthest    = 2 * 366 * 24 * time.Hour
)

// check looks at what can be told from the order alone. Faults: invalid on
// fields members and at.
func (o Order) check(now time.Time) error {
	if len(o.Members) == 0 || len(o.Members) > mostMembers {
		return fault.Invalid("members", "out_of_range", "Between 1 and 1000 members leave in one departure.")
	}
	seen := map[id.Member]bool{}
	for _, m := range o.Members {
		if seen[m] {
			return fault.Invalid("members", "duplicate", "Each member is named once.")
		}
		seen[m] = true
	}
	return checkTime(o.At, now)
}

func checkTime(at, now time.Time) error {
	if at.After(now.Add(farthest)) {
		return fault.Invalid("at", "out_of_range", "A departure can be set up to two years ahead.")
	}
	return nil
}

// Plan begins a departure and says what it will do. Nothing changes for the
// members until it is applied.
//
// Faults: forbidden, rank_exceeded, not_found, invalid; conflict
// kind_not_offered, departure_open (with the departure that somebody is in
// already), member_inactive for a deactivation of somebody inactive.
func (p *Passage) Plan(ctx context.Context, actor access.Actor, account id.Account, o Order) (Plan, error) {
	if err := enter(actor, account); err != nil {
		return Plan{}, err
	}
	if err := o.check(p.db.Now()); err != nil {
		return Plan{}, err
	}
	if err := allow(actor, account, o.Members); err != nil {
		return Plan{}, err
	}
	if err := p.checkDecisions(o.Decisions, len(o.Members)); err != nil {
		return Plan{}, err
	}
	var plan Plan
	err := p.db.Write(ctx, account, func(tx *db.Tx) error {
		d := Departure{ID: id.New[id.Departure](), Kind: o.Kind, State: Draft, Parts: of(o.Members...), At: o.At, Decisions: o.Decisions, By: actor, CreatedAt: tx.Now(), Version: 1}
		if d.Decisions == nil {
			d.Decisions = map[string]json.RawMessage{}
		}
		var err error
		if plan, err = p.survey(ctx, tx, actor, account, d, nil); err != nil {
			return err
		}
		if err := insert(ctx, tx, account, d); err != nil {
			return err
		}
		if err := once.Keep(ctx, tx, d.ID); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Event{Action: "departure.plan", Subject: audit.Of("departure", d.ID),
			Changes: append(d.told(), audit.Plain("kind", nil, string(d.Kind)))})
	})
	return plan, err
}

// told is what the trail says of who a departure is about: one by name, of many
// how many.
func (d Departure) told() []audit.Change {
	if !d.many() {
		return []audit.Change{audit.Plain("member", nil, string(d.Parts[0].Member))}
	}
	return []audit.Change{audit.Plain("members", nil, len(d.Parts))}
}

// leaving is a member about to leave, with what the account says about it.
type leaving struct {
	account account.Account
	member  member.Member
	role    access.Role
	// roleGone says that the role has been deleted since somebody was removed.
	roleGone bool
}

// leaver reads who leaves and whether the actor may see them off. Everybody may
// leave by themselves. Of a plan somebody may be gone by another one meanwhile.
func (p *Passage) leaver(ctx context.Context, tx *db.Tx, actor access.Actor, acc account.Account, d Departure, m id.Member) (leaving, error) {
	l := leaving{account: acc}
	var err error
	if l.member, err = member.Get(ctx, tx, acc.ID, m); err != nil {
		return l, err
	}
	if d.State == "" && !l.member.Status.Here() { // nothing is about them yet
		return l, fault.NotFound()
	}
	if l.role, l.roleGone, err = role.Last(ctx, tx, acc.ID, l.member.Role); err != nil {
		return l, err
	}
	if !actor.Is(l.member.ID) || d.Kind == Delete {
		err = access.AllowOver(actor, acc.ID, access.DeparturesManage, l.role)
	}
	return l, err
}

// leavers reads all of them.
func (p *Passage) leavers(ctx context.Context, tx *db.Tx, actor access.Actor, acc id.Account, d Departure, members []id.Member) ([]leaving, error) {
	in, err := account.Get(ctx, tx, acc)
	if err != nil {
		return nil, err
	}
	all := make([]leaving, len(members))
	for i, m := range members {
		if all[i], err = p.leaver(ctx, tx, actor, in, d, m); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// survey plans a departure as things stand, for everybody whose turn has not
// come: the rules' blockers first, then what each holding finds. Why somebody
// cannot leave at all is a fault, or a blocker where the plan tells it.
func (p *Passage) survey(ctx context.Context, tx *db.Tx, actor access.Actor, acc id.Account, d Departure, tells func(*fault.Fault) bool) (Plan, error) {
	plan, err := p.surveyOf(ctx, tx, actor, acc, d, d.waiting(), tells)
	if err != nil {
		return plan, err
	}
	return plan, name(ctx, tx, acc, everybody, &plan)
}

// surveyOf plans the departure of some of those it is about.
func (p *Passage) surveyOf(ctx context.Context, tx *db.Tx, actor access.Actor, acc id.Account, d Departure, members []id.Member, tells func(*fault.Fault) bool) (Plan, error) {
	all, err := p.leavers(ctx, tx, actor, acc, d, members)
	if err != nil {
		return Plan{}, err
	}
	plan := empty(d, tx.Now())
	bases, party := make([]any, len(all)), d.party()
	heirless, err := ownerless(ctx, tx, acc, all)
	if err != nil {
		return Plan{}, err
	}
	for i, l := range all {
		err := mayLeave(ctx, tx, d, l)
		if f := fault.As(err); f != nil && tells != nil && tells(f) {
			plan.Blockers = append(plan.Blockers, l.out(f))
			continue
		}
		if err != nil {
			return Plan{}, err
		}
		if heirless && l.member.Owns(l.role) {
			plan.Blockers = append(plan.Blockers, holding.Blocker{Code: "last_owner", Member: l.member.ID,
				Detail: l.member.Name() + " is the last owner of the account.", Resolve: []string{"promote_another"}})
		}
		if bases[i], err = p.surveyOne(ctx, tx, actor, d, party, l, &plan); err != nil {
			return Plan{}, err
		}
	}
	plan.Digest, err = digest(d, plan.Blockers, bases)
	return plan, err
}

// empty is a plan that says nothing yet.
func empty(d Departure, now time.Time) Plan {
	return Plan{Departure: d, Digest: d.Digest, Blockers: []holding.Blocker{}, Needed: []holding.Need{}, Effects: []holding.Effect{}, People: []Person{}, AsOf: now}
}

// everybody has a plan name all it is about.
const everybody = math.MaxInt

// name adds whom the plans name, at most so many of each: those who leave, and
// those to whom something passes.
func name(ctx context.Context, tx *db.Tx, account id.Account, most int, plans ...*Plan) error {
	var named []id.Member
	for _, p := range plans {
		named = append(named, p.named(most)...)
	}
	slices.Sort(named)
	names, err := member.Names(ctx, tx, account, slices.Compact(named))
	if err != nil {
		return err
	}
	for _, p := range plans {
		p.People = []Person{}
		for _, m := range p.named(most) {
			p.People = append(p.People, Person{m, names[m]})
		}
	}
	return nil
}

// named lists whom a plan names, each once and at most so many: those who leave
// first.
func (p Plan) named(most int) []id.Member {
	named, seen := []id.Member{}, map[id.Member]bool{"": true}
	add := func(m id.Member) {
		if !seen[m] {
			seen[m] = true
			named = append(named, m)
		}
	}
	for _, part := range p.Parts {
		add(part.Member)
	}
	for _, b := range p.Blockers {
		add(b.To)
	}
	for _, e := range p.Effects {
		add(e.To)
	}
	return named[:min(most, len(named))]
}

// mayLeave says whether a member can be in the departure. Beside a departure that
// a member is in there is no other. Faults: not_found for who is gone; conflict
// departure_open, kind_not_offered, member_inactive.
func mayLeave(ctx context.Context, tx *db.Tx, d Departure, l leaving) error {
	if open, found, err := claimed(ctx, tx, l.account.ID, l.member.ID); err != nil {
		return err
	} else if found && open.departure != d.ID {
		return inAlready(open, l.member.ID)
	}
	way, ok := moves[d.Kind]
	if !ok {
		return fault.Invalid("kind", "unknown", "One of deactivate, remove and delete.")
	}
	_, err := l.member.Status.On(way.move)
	if fault.Code(err) != "not_found" && !l.account.Policy.Offers(string(d.Kind)) {
		return fault.Conflict("kind_not_offered", "This account does not let people go in this way.")
	}
	return err
}

// surveyOne adds what the departure of one member would do, and gives what that
// rests on.
func (p *Passage) surveyOne(ctx context.Context, tx *db.Tx, actor access.Actor, d Departure, party *holding.Party, l leaving, plan *Plan) (any, error) {
	if err := ruleBlockers(d, l, plan); err != nil {
		return nil, err
	}
	basis := map[string]any{}
	c := p.toCase(tx, actor, d, party, l, moves[d.Kind].kind)
	for _, h := range p.holdings {
		found, err := h.Survey(ctx, tx, c)
		if err != nil {
			return nil, fmt.Errorf("survey %s: %w", h.Name(), err)
		}
		plan.Blockers = append(plan.Blockers, found.Blockers...)
		plan.Needed = append(plan.Needed, found.Needed...)
		plan.Effects = append(plan.Effects, found.Effects...)
		if found.Basis != nil {
			basis[h.Name()] = found.Basis
		}
	}
	plan.Effects = append(plan.Effects, placeEffect(d.Kind, l.member))
	return map[string]any{"member": l.member.ID, "epoch": l.member.Epoch, "status": l.member.Status, "role": l.member.Role, "basis": basis}, nil
}

// out is the blocker of a member who cannot be in the departure.
func (l leaving) out(why *fault.Fault) holding.Blocker {
	b := holding.Blocker{Code: why.Code, Member: l.member.ID, Detail: why.Message, Resolve: []string{}}
	if tellsGone(why) {
		b.Detail = l.member.Name() + " is not in this account any more."
	}
	return b
}

// tellsGone has a plan tell who is gone by another one meanwhile.
func tellsGone(f *fault.Fault) bool { return f.Kind == fault.KindNotFound }

// tellsAll has it tell also who is in another departure, or inactive.
func tellsAll(f *fault.Fault) bool { return tellsGone(f) || f.Kind == fault.KindConflict }

// inAlready refuses a second departure of somebody.
func inAlready(open claim, m id.Member) error {
	why := "This person's access has ended already. Finish that departure."
	if open.state == Scheduled {
		why = "This person is in a departure that waits for its time. Give that up first."
	}
	return fault.Conflict("departure_open", why).With("departure", open.departure).With("member", m)
}

// party is those whom the departure is about, for the holdings.
func (d Departure) party() *holding.Party { return holding.NewParty(d.Members(), d.Decisions) }

func (p *Passage) toCase(tx *db.Tx, actor access.Actor, d Departure, party *holding.Party, l leaving, kind holding.Kind) holding.Case {
	return holding.Case{Kind: kind, Account: l.account.ID, Member: l.member.ID, From: l.role, To: l.role, At: tx.Now(), Actor: actor,
		Departure: d.ID, Party: party}
}

// ownerless reports whether the account would be without an owner if all of them
// left.
func ownerless(ctx context.Context, tx *db.Tx, account id.Account, all []leaving) (bool, error) {
	going := 0
	for _, l := range all {
		if l.member.Owns(l.role) {
			going++
		}
	}
	if going == 0 {
		return false, nil
	}
	owners, err := member.Owners(ctx, tx, account)
	return owners <= going, err
}

// ruleBlockers finds what the account's own rules hold against the departure.
func ruleBlockers(d Departure, l leaving, plan *Plan) error {
	phone, err := decidedPhone(plan.Decisions)
	if err != nil {
		return err
	}
	if plan.Kind == Deactivate && l.account.Policy.PhoneRequired && l.member.Phone == "" && phone == "" {
		resolve := []string{"decisions.phone"}
		if d.many() {
			resolve = []string{"edit_member"} // a number belongs to one person
		}
		plan.Blockers = append(plan.Blockers, holding.Blocker{Code: "phone_required", Member: l.member.ID,
			Detail: l.member.Name() + " has no telephone number yet.", Resolve: resolve})
	}
	if phone != "" && phone != l.member.Phone {
		plan.Effects = append(plan.Effects, holding.Effect{Kind: "phone_set", Member: l.member.ID, Detail: "The telephone number is noted."})
	}
	return nil
}

// placeEffect says what becomes of the place itself.
func placeEffect(k Kind, m member.Member) holding.Effect {
	switch k {
	case Remove:
		return holding.Effect{Kind: "place_removed", Member: m.ID, Detail: "The place is given up. The address can be invited again."}
	case Delete:
		return holding.Effect{Kind: "place_deleted", Member: m.ID, Detail: "Everything personal is erased at once. This cannot be undone."}
	default:
		return holding.Effect{Kind: "place_kept", Member: m.ID, Detail: "The place is kept and can be activated again."}
	}
}

// digest is SHA-256 over the JSON of all that the plan rests on: kind, time,
// decisions, the codes that block, and each member with the basis of each
// holding. Nothing in it moves with the clock alone.
func digest(d Departure, blockers []holding.Blocker, bases []any) (string, error) {
	codes := []string{}
	for _, b := range blockers {
		codes = append(codes, b.Code)
	}
	raw, err := json.Marshal(map[string]any{"kind": d.Kind, "at": d.At, "decisions": d.Decisions, "blockers": codes, "members": bases})
	if err != nil {
		return "", fmt.Errorf("digest: %w", err)
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:]), nil
}

// Decide takes decisions about an open departure, each as a merge-patch (RFC 7396)
// of what was decided before, and its kind where that is given. ifVersion, when
// not 0, is the version the caller read. Faults: those of Plan; stale; conflict
// departure_over.
func (p *Passage) Decide(ctx context.Context, actor access.Actor, account id.Account, departure id.Departure, kind *Kind, decisions map[string]json.RawMessage, ifVersion int64) (Plan, error) {
	if err := enter(actor, account); err != nil {
		return Plan{}, err
	}
	var plan Plan
	err := p.db.Write(ctx, account, func(tx *db.Tx) error {
		d, err := find(ctx, tx, actor, account, departure)
		if err != nil {
			return err
		}
		if err := p.checkDecisions(decisions, len(d.Parts)); err != nil {
			return err
		}
		if _, err := p.leavers(ctx, tx, actor, account, d, d.concerned()); err != nil {
			return err
		}
		switch {
		case !d.State.Open():
			_, err := d.State.On(Apply)
			return err
		case d.State == Scheduled:
			return fault.Conflict("departure_open", "This waits for its time. Give it up to decide anew.")
		}
		if ifVersion != 0 && ifVersion != d.Version {
			return fault.Stale()
		}
		var changes []audit.Change
		if d.Decisions, changes, err = decide(d.Decisions, decisions); err != nil {
			return err
		}
		before := d.Kind
		if kind != nil {
			d.Kind = *kind
		}
		if plan, err = p.survey(ctx, tx, actor, account, d, tellsGone); err != nil {
			return err
		}
		if err := save(ctx, tx, account, &d); err != nil {
			return err
		}
		plan.Version = d.Version
		if before != d.Kind {
			changes = append(changes, audit.Plain("kind", string(before), string(d.Kind)))
		}
		return audit.Record(ctx, tx, actor, audit.Event{Action: "departure.decide", Subject: audit.Of("departure", d.ID), Changes: changes})
	})
	return plan, err
}

// Discard gives up a draft, or what waits for its time. A settling departure is
// given up by activating the member. ifVersion, when not 0, is the version the
// caller read. Faults: forbidden, rank_exceeded, not_found, stale; conflict
// departure_over, departure_open also once some of many have left.
func (p *Passage) Discard(ctx context.Context, actor access.Actor, account id.Account, departure id.Departure, ifVersion int64) error {
	if err := enter(actor, account); err != nil {
		return err
	}
	return p.db.Write(ctx, account, func(tx *db.Tx) error {
		d, err := find(ctx, tx, actor, account, departure)
		if err != nil {
			return err
		}
		if _, err := p.leavers(ctx, tx, actor, account, d, d.concerned()); err != nil {
			return err
		}
		switch {
		case ifVersion != 0 && ifVersion != d.Version:
			return fault.Stale()
		case d.State == Settling:
			return fault.Conflict("departure_open", "This person's access has ended. Activate them to give this up.")
		case d.State == Scheduled && d.begun():
			return fault.Conflict("departure_open", "Some have left already, and the others are leaving now.")
		}
		return p.discard(ctx, tx, actor, account, d)
	})
}

func (p *Passage) discard(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, d Departure) error {
	var err error
	if d.State, err = d.State.On(Discard); err != nil {
		return err
	}
	if err := save(ctx, tx, account, &d); err != nil {
		return err
	}
	if err := job.Drop(ctx, tx, account, ApplyJob, string(d.ID)); err != nil {
		return err
	}
	return audit.Record(ctx, tx, actor, audit.Event{Action: "departure.discard", Subject: audit.Of("departure", d.ID)})
}
