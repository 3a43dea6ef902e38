package departure

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/holding"
	"tenure/internal/id"
	"tenure/internal/member"
	"tenure/internal/once"
	"tenure/internal/page"
	"tenure/internal/role"
)

// Order asks for a departure.
type Order struct {
	Members   []id.Member
	Kind      Kind
	Decisions map[string]json.RawMessage
}

// Plan begins a departure and says what it will do. Nothing changes for the
// member until it is applied.
//
// Faults: forbidden, rank_exceeded, not_found, invalid; conflict
// kind_not_offered, departure_open (with the departure that is settling),
// member_inactive for a deactivation of somebody inactive.
func (p *Passage) Plan(ctx context.Context, actor access.Actor, account id.Account, o Order) (Plan, error) {
	if actor.Kind == access.Nobody {
		return Plan{}, fault.Unauthenticated()
	}
	if !actor.In(account) {
		return Plan{}, fault.NotFound()
	}
	if len(o.Members) != 1 {
		return Plan{}, fault.Invalid("members", "out_of_range", "A departure takes one member at a time.")
	}
	if err := allow(actor, account, o.Members[0]); err != nil {
		return Plan{}, err
	}
	if err := p.checkDecisions(o.Decisions); err != nil {
		return Plan{}, err
	}
	var plan Plan
	err := p.db.Write(ctx, account, func(tx *db.Tx) error {
		d := Departure{ID: id.New[id.Departure](), Kind: o.Kind, State: Draft, Member: o.Members[0], Decisions: o.Decisions, By: actor, CreatedAt: tx.Now(), Version: 1}
		if d.Decisions == nil {
			d.Decisions = map[string]json.RawMessage{}
		}
		var err error
		if plan, err = p.survey(ctx, tx, actor, account, d); err != nil {
			return err
		}
		if err := insert(ctx, tx, account, d); err != nil {
			return err
		}
		if err := once.Keep(ctx, tx, d.ID); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Event{Action: "departure.plan", Subject: audit.Of("departure", d.ID),
			Changes: []audit.Change{audit.Plain("kind", nil, string(d.Kind)), audit.Plain("member", nil, string(d.Member))}})
	})
	return plan, err
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
// leave by themselves.
func (p *Passage) leaver(ctx context.Context, tx *db.Tx, actor access.Actor, acc id.Account, d Departure) (leaving, error) {
	var l leaving
	var err error
	if l.member, err = member.Get(ctx, tx, acc, d.Member); err != nil {
		return l, err
	}
	if l.member.Status == member.Deleted || (l.member.Status == member.Removed && d.State.Open()) {
		return l, fault.NotFound()
	}
	if l.role, l.roleGone, err = role.Last(ctx, tx, acc, l.member.Role); err != nil {
		return l, err
	}
	if l.account, err = account.Get(ctx, tx, acc); err != nil {
		return l, err
	}
	if !actor.Is(l.member.ID) || d.Kind == Delete {
		err = access.AllowOver(actor, acc, access.DeparturesManage, l.role)
	}
	return l, err
}

// survey plans a departure as things stand: the rules' blockers first, then
// what each holding finds. Beside a departure that settles there is no other.
func (p *Passage) survey(ctx context.Context, tx *db.Tx, actor access.Actor, acc id.Account, d Departure) (Plan, error) {
	l, err := p.leaver(ctx, tx, actor, acc, d)
	if err != nil {
		return Plan{}, err
	}
	if open, found, err := settling(ctx, tx, acc, d.Member); err != nil {
		return Plan{}, err
	} else if found && open.ID != d.ID {
		return Plan{}, fault.Conflict("departure_open", "This person's access has ended already. Finish that departure.").With("departure", open.ID)
	}
	way, ok := moves[d.Kind]
	if !ok {
		return Plan{}, fault.Invalid("kind", "unknown", "One of deactivate, remove and delete.")
	}
	if !l.account.Policy.Offers(string(d.Kind)) {
		return Plan{}, fault.Conflict("kind_not_offered", "This account does not let people go in this way.")
	}
	if _, err := l.member.Status.On(way.move); err != nil {
		return Plan{}, err
	}
	plan := Plan{Departure: d, Name: l.member.Name(), Blockers: []holding.Blocker{}, Needed: []holding.Need{}, Effects: []holding.Effect{}}
	if err := p.ruleBlockers(ctx, tx, l, &plan); err != nil {
		return Plan{}, err
	}
	basis := map[string]any{}
	c := p.toCase(tx, actor, acc, d, way.kind, l.role)
	for _, h := range p.holdings {
		found, err := h.Survey(ctx, tx, c)
		if err != nil {
			return Plan{}, fmt.Errorf("survey %s: %w", h.Name(), err)
		}
		plan.Blockers = append(plan.Blockers, found.Blockers...)
		plan.Needed = append(plan.Needed, found.Needed...)
		plan.Effects = append(plan.Effects, found.Effects...)
		if found.Basis != nil {
			basis[h.Name()] = found.Basis
		}
	}
	plan.Effects = append(plan.Effects, placeEffect(d.Kind, l.member))
	plan.Digest, err = digest(d, plan.Blockers, l.member, basis)
	return plan, err
}

func (p *Passage) toCase(tx *db.Tx, actor access.Actor, acc id.Account, d Departure, kind holding.Kind, from access.Role) holding.Case {
	return holding.Case{Kind: kind, Account: acc, Member: d.Member, From: from, To: from, At: tx.Now(), Actor: actor,
		Departure: d.ID, Leaving: []id.Member{d.Member}, Decisions: d.Decisions}
}

// ruleBlockers finds what the account's own rules hold against the departure.
func (p *Passage) ruleBlockers(ctx context.Context, tx *db.Tx, l leaving, plan *Plan) error {
	owners, err := member.Owners(ctx, tx, l.account.ID)
	if err != nil {
		return err
	}
	if l.role.Administers && l.member.Status == member.Active && l.member.Registered() && owners <= 1 {
		plan.Blockers = append(plan.Blockers, holding.Blocker{Code: "last_owner", Member: l.member.ID,
			Detail: l.member.Name() + " is the last owner of the account.", Resolve: []string{"promote_another"}})
	}
	phone, err := decidedPhone(plan.Decisions)
	if err != nil {
		return err
	}
	if plan.Kind == Deactivate && l.account.Policy.PhoneRequired && l.member.Phone == "" && phone == "" {
		plan.Blockers = append(plan.Blockers, holding.Blocker{Code: "phone_required", Member: l.member.ID,
			Detail: l.member.Name() + " has no telephone number yet.", Resolve: []string{"decisions.phone"}})
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

// digest is SHA-256 over the JSON of all that the plan rests on: kind,
// decisions, the codes that block, and the member with the basis of each
// holding. Nothing in it moves with the clock alone.
func digest(d Departure, blockers []holding.Blocker, m member.Member, basis map[string]any) (string, error) {
	codes := []string{}
	for _, b := range blockers {
		codes = append(codes, b.Code)
	}
	raw, err := json.Marshal(map[string]any{
		"kind": d.Kind, "decisions": d.Decisions, "blockers": codes,
		"members": []any{map[string]any{"member": m.ID, "epoch": m.Epoch, "status": m.Status, "role": m.Role, "basis": basis}},
	})
	if err != nil {
		return "", fmt.Errorf("digest: %w", err)
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:]), nil
}

// Get gives a departure: while it is open the plan of this moment, afterwards
// what was done. Faults: forbidden, rank_exceeded, not_found.
func (p *Passage) Get(ctx context.Context, actor access.Actor, account id.Account, departure id.Departure) (plan Plan, err error) {
	if err := enter(actor, account); err != nil {
		return Plan{}, err
	}
	err = p.db.Read(ctx, func(tx *db.Tx) error {
		d, err := find(ctx, tx, actor, account, departure)
		if err != nil {
			return err
		}
		plan, err = p.show(ctx, tx, actor, account, d)
		return err
	})
	return plan, err
}

// allow says whether the actor may deal with departures of the member at all:
// with departures.manage of anybody, else of themselves. It is asked before
// anything is looked up, so that who may not learns nothing of what there is.
// Whether the member's role ranks above theirs, leaver says.
func allow(actor access.Actor, account id.Account, m id.Member) error {
	if actor.Is(m) {
		return nil
	}
	return access.Allow(actor, account, access.DeparturesManage)
}

// find reads a departure for whoever may deal with it. Who may not is told
// that, whether or not there is one. Faults: forbidden, not_found.
func find(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, departure id.Departure) (Departure, error) {
	d, err := get(ctx, tx, account, departure)
	if err != nil && fault.Code(err) != "not_found" {
		return d, err
	}
	if refused := allow(actor, account, d.Member); refused != nil {
		return Departure{}, refused
	}
	return d, err
}

func enter(actor access.Actor, account id.Account) error {
	switch {
	case actor.Kind == access.Nobody:
		return fault.Unauthenticated()
	case !actor.In(account):
		return fault.NotFound()
	default:
		return nil
	}
}

// show gives a departure as it stands: planned anew while it is open.
func (p *Passage) show(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, d Departure) (Plan, error) {
	if d.State.Open() {
		return p.survey(ctx, tx, actor, account, d)
	}
	m, err := member.Get(ctx, tx, account, d.Member)
	if err != nil {
		return Plan{}, err
	}
	plan := Plan{Departure: d, Name: m.Name(), Digest: d.Digest, Blockers: []holding.Blocker{}, Needed: []holding.Need{}, Effects: []holding.Effect{}}
	if d.receipt != "" {
		var r Receipt
		if err := json.Unmarshal([]byte(d.receipt), &r); err != nil {
			return Plan{}, fmt.Errorf("read receipt: %w", err)
		}
		for _, left := range r.Members {
			plan.Effects = append(plan.Effects, left.Effects...)
		}
	}
	return plan, nil
}

// Filter narrows a list of departures. Empty fields do not narrow.
type Filter struct {
	State  State
	Member id.Member
	Cursor string
	Limit  int
}

// List gives departures, newest first, without planning the open ones anew: for
// a plan, Get. Faults: forbidden, invalid.
func (p *Passage) List(ctx context.Context, actor access.Actor, account id.Account, f Filter) (list []Departure, next string, err error) {
	if err := access.Allow(actor, account, access.DeparturesManage); err != nil {
		return nil, "", err
	}
	limit, err := page.Limit(f.Limit)
	if err != nil {
		return nil, "", err
	}
	where, args := `d.account_id = $1`, []any{string(account)}
	add := func(clause, value string) {
		args = append(args, value)
		where += fmt.Sprintf(clause, len(args))
	}
	if f.State != "" {
		if _, ok := Transitions[f.State]; !ok {
			return nil, "", fault.Invalid("state", "unknown", "There is no state of this name.")
		}
		add(` AND d.state = $%d`, string(f.State))
	}
	if f.Member != "" {
		add(` AND m.member_id = $%d`, string(f.Member))
	}
	if f.Cursor != "" {
		var last id.Departure
		if err := page.Read(f.Cursor, &last); err != nil {
			return nil, "", err
		}
		if !id.Valid(last) {
			return nil, "", page.Malformed()
		}
		add(` AND d.departure_id < $%d`, string(last))
	}
	args = append(args, limit+1)
	list = []Departure{}
	err = p.db.Read(ctx, func(tx *db.Tx) error {
		return tx.Each(ctx, `SELECT `+columns+from+` WHERE `+where+fmt.Sprintf(` ORDER BY d.departure_id DESC LIMIT $%d`, len(args)), args,
			func(scan func(...any) error) error {
				d, err := scanned(scan)
				list = append(list, d)
				return err
			})
	})
	if len(list) > limit {
		list = list[:limit]
		next = page.Cursor(list[limit-1].ID)
	}
	return list, next, err
}

// Decide replaces the decisions of an open departure, or its kind. ifVersion,
// when not 0, is the version the caller read. Faults: those of Plan; stale;
// conflict departure_over.
func (p *Passage) Decide(ctx context.Context, actor access.Actor, account id.Account, departure id.Departure, kind *Kind, decisions map[string]json.RawMessage, ifVersion int64) (Plan, error) {
	if err := enter(actor, account); err != nil {
		return Plan{}, err
	}
	if err := p.checkDecisions(decisions); err != nil {
		return Plan{}, err
	}
	var plan Plan
	err := p.db.Write(ctx, account, func(tx *db.Tx) error {
		d, err := find(ctx, tx, actor, account, departure)
		if err != nil {
			return err
		}
		if _, err := p.leaver(ctx, tx, actor, account, d); err != nil {
			return err
		}
		if !d.State.Open() {
			_, err := d.State.On(Apply)
			return err
		}
		if ifVersion != 0 && ifVersion != d.Version {
			return fault.Stale()
		}
		var changes []audit.Change
		d.Decisions, changes = decide(d.Decisions, decisions)
		before := d.Kind
		if kind != nil {
			d.Kind = *kind
		}
		if plan, err = p.survey(ctx, tx, actor, account, d); err != nil {
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

// Discard gives up a draft. A settling departure is given up by activating the
// member. ifVersion, when not 0, is the version the caller read. Faults:
// forbidden, rank_exceeded, not_found, stale; conflict departure_over,
// departure_open.
func (p *Passage) Discard(ctx context.Context, actor access.Actor, account id.Account, departure id.Departure, ifVersion int64) error {
	if err := enter(actor, account); err != nil {
		return err
	}
	return p.db.Write(ctx, account, func(tx *db.Tx) error {
		d, err := find(ctx, tx, actor, account, departure)
		if err != nil {
			return err
		}
		if _, err := p.leaver(ctx, tx, actor, account, d); err != nil {
			return err
		}
		if ifVersion != 0 && ifVersion != d.Version {
			return fault.Stale()
		}
		if d.State == Settling {
			return fault.Conflict("departure_open", "This person's access has ended. Activate them to give this up.")
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
	return audit.Record(ctx, tx, actor, audit.Event{Action: "departure.discard", Subject: audit.Of("departure", d.ID)})
}
