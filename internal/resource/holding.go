package resource

import (
	"context"
	"fmt"
	"slices"

	"tenure/internal/access"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/holding"
	"tenure/internal/id"
)

// Held is the resources as something a member has.
//
// Who is deactivated stays owner of what nobody is to take over, and stays
// assigned, so that nothing is lost. Who is removed or deleted gives everything
// up: it goes to successors or is left without an owner.
type Held struct{ ways Ways }

var _ holding.Holding = Held{}

// NewHeld makes the holding.
func NewHeld(ways Ways) Held { return Held{ways} }

// Name is the key of the decisions, which are Decisions.
func (Held) Name() string { return "resources" }

// Survey says what goes where, what has to be decided, and which successors
// cannot have what is to go to them; of a change of role, what stands in its way;
// of a return, what comes back.
func (h Held) Survey(ctx context.Context, tx *db.Tx, c holding.Case) (holding.Finding, error) {
	switch c.Kind {
	case holding.Deactivate, holding.Remove, holding.Delete:
		l, err := h.leaving(ctx, tx, c)
		if err != nil || l.nothing() {
			return holding.Finding{}, err
		}
		return holding.Finding{Blockers: l.blockers(c), Needed: l.needed(c), Effects: l.allEffects(c), Basis: l.basis}, nil
	case holding.Regrade:
		return lowering(ctx, tx, c)
	case holding.Return:
		return returning(ctx, tx, c)
	default:
		return holding.Finding{}, nil
	}
}

// leaving is what becomes of what a leaver holds.
type leaving struct {
	fate
	basis
}

func (l leaving) nothing() bool { return l.Owned == 0 && l.Assigned == 0 }

// leaving reads what the leaver holds and who may have it, and decides.
func (h Held) leaving(ctx context.Context, tx *db.Tx, c holding.Case) (leaving, error) {
	var l leaving
	d, err := decided(c)
	if err != nil {
		return l, err
	}
	held, err := heldBy(ctx, tx, c, `resource_owners`)
	if err != nil {
		return l, err
	}
	works, err := heldBy(ctx, tx, c, `resource_assignments`)
	if err != nil {
		return l, err
	}
	l.Owned, l.Assigned = len(held), len(works)
	if c.Kind == holding.Deactivate {
		works = nil // who works on them stays so
	}
	l.Versions = versionsOf(held, works)
	if l.Owned == 0 {
		return l, nil
	}
	onLeave, err := holding.Keep(c.Party, "resources of which type", func() (map[string]OnLeave, error) { return onLeaving(ctx, tx, c.Account) })
	if err != nil {
		return l, err
	}
	all := d.deal(held, c.Party.Place(c.Member))
	successors, err := h.successors(ctx, tx, c, all)
	if err != nil {
		return l, err
	}
	l.OnLeave, l.Successors = map[string]OnLeave{}, map[id.Member]int64{}
	for _, one := range held {
		l.OnLeave[one.Type] = onLeave[one.Type]
	}
	for m, who := range successors {
		l.Successors[m] = who.Epoch
	}
	l.fate = settle(all, onLeave, successors)
	return l, nil
}

// onLeaving says of each type what becomes of its resources where nothing is
// decided.
func onLeaving(ctx context.Context, tx *db.Tx, acc id.Account) (map[string]OnLeave, error) {
	types, err := Types(ctx, tx, acc)
	onLeave := make(map[string]OnLeave, len(types))
	for _, t := range types {
		onLeave[t.Key] = t.OnLeave
	}
	return onLeave, err
}

// heldBy reads what the leaver owns or works on now, in the order of its keys.
// Two plain looks at an index stay quick whatever the engine believes of the
// tables; a join of both would not.
func heldBy(ctx context.Context, tx *db.Tx, c holding.Case, table string) ([]holdingOf, error) {
	keys := []Key{}
	err := tx.Each(ctx, `SELECT h.type_key, h.external_id FROM `+table+` h WHERE h.account_id = $1 AND h.member_id = $2 AND h.until IS NULL`,
		[]any{string(c.Account), string(c.Member)}, func(scan func(...any) error) error {
			var k Key
			err := scan(&k.Type, &k.ID)
			keys = append(keys, k)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("read what is held: %w", err)
	}
	return standing(ctx, tx, c.Account, keys)
}

// standing reads resources by their keys, in the order of these.
func standing(ctx context.Context, tx *db.Tx, acc id.Account, keys []Key) ([]holdingOf, error) {
	held := make([]holdingOf, 0, len(keys))
	for _, g := range byType(keys) {
		err := tx.Each(ctx, `SELECT external_id, sub_account_id, version FROM resources WHERE account_id = $1 AND`+g.in(0)+` ORDER BY external_id`, g.args(acc),
			func(scan func(...any) error) error {
				one := holdingOf{Key: Key{Type: g.kind}}
				err := scan(&one.ID, db.Text((*string)(&one.sub)), &one.version)
				held = append(held, one)
				return err
			})
		if err != nil {
			return nil, fmt.Errorf("read what is held: %w", err)
		}
	}
	return held, nil
}

// successors reads those of the successors who are active, registered and stay:
// each once for everybody who leaves.
func (h Held) successors(ctx context.Context, tx *db.Tx, c holding.Case, all []dealt) (map[id.Member]access.Actor, error) {
	found := map[id.Member]access.Actor{}
	for _, one := range all {
		m := one.rule.To
		if _, known := found[m]; known || m == "" || m == c.Member || c.Party.Has(m) || !id.Valid(m) {
			continue
		}
		who, err := holding.Keep(c.Party, "resources to "+string(m), func() (access.Actor, error) {
			who, err := h.ways.Rights(ctx, tx, c.Account, m)
			if fault.Code(err) == "unauthenticated" {
				return access.Actor{}, nil
			}
			return who, err
		})
		if err != nil {
			return nil, err
		}
		if who.Kind != access.Nobody {
			found[m] = who
		}
	}
	return found, nil
}

// allEffects is what becomes of what they own and of what they work on.
func (l leaving) allEffects(c holding.Case) []holding.Effect {
	effects := l.effects(c)
	switch {
	case l.Assigned == 0:
	case c.Kind == holding.Deactivate:
		effects = append(effects, effect(c, "assignments_kept", l.Assigned, "still lists them as working on it.", "still list them as working on them."))
	default:
		effects = append(effects, effect(c, "assignments_ended", l.Assigned, "no longer lists them.", "no longer list them."))
	}
	return effects
}

// lowering finds what stands in the way of a role that reaches one single thing.
func lowering(ctx context.Context, tx *db.Tx, c holding.Case) (holding.Finding, error) {
	if !c.To.Single() || c.From.Single() {
		return holding.Finding{}, nil
	}
	held, err := heldBy(ctx, tx, c, `resource_owners`)
	if err != nil {
		return holding.Finding{}, err
	}
	works, err := heldBy(ctx, tx, c, `resource_assignments`)
	if err != nil || len(held) == 0 && len(works) <= 1 {
		return holding.Finding{}, err
	}
	return overLimit(c.Member, keysOf(held, works), fmt.Sprintf("This role owns nothing and works on one resource at most; they own %d and work on %d.", len(held), len(works))), nil
}

// overLimit tells what somebody has who may work on one thing at most.
func overLimit(m id.Member, keys []Key, detail string) holding.Finding {
	named := []string{}
	for _, k := range keys {
		if len(named) < mostNamed && !slices.Contains(named, k.String()) {
			named = append(named, k.String())
		}
	}
	return holding.Finding{Blockers: []holding.Blocker{{Code: "guest_limit", Member: m, Detail: detail,
		Resolve: []string{"resources.owner", "resources.assignees"}, Resources: named}}}
}

func keysOf(lists ...[]holdingOf) []Key {
	keys := []Key{}
	for _, one := range slices.Concat(lists...) {
		keys = append(keys, one.Key)
	}
	return keys
}

// returning says what somebody who comes back finds.
func returning(ctx context.Context, tx *db.Tx, c holding.Case) (holding.Finding, error) {
	var f holding.Finding
	for _, kept := range []struct{ table, kind, one, many string }{
		{"resource_owners", "resources_kept", "is still theirs.", "are still theirs."},
		{"resource_assignments", "assignments_kept", "still lists them as working on it.", "still list them as working on them."},
	} {
		var n int
		if err := tx.One(ctx, `SELECT COUNT(*) FROM `+kept.table+` h WHERE h.account_id = $1 AND h.member_id = $2 AND h.until IS NULL`,
			[]any{string(c.Account), string(c.Member)}, &n); err != nil {
			return f, fmt.Errorf("count what is held: %w", err)
		}
		if n > 0 {
			f.Effects = append(f.Effects, effect(c, kept.kind, n, kept.one, kept.many))
		}
	}
	return f, nil
}

// Apply hands over. With many resources it takes few statements: hundreds that go
// to one successor end together, and so do the intervals that follow begin.
func (h Held) Apply(ctx context.Context, tx *db.Tx, c holding.Case) ([]holding.Effect, error) {
	switch c.Kind {
	case holding.Deactivate, holding.Remove, holding.Delete:
	case holding.Regrade:
		return nil, reseat(ctx, tx, c.Account, c.Member, c.From.Single(), c.To.Single())
	default:
		return nil, nil
	}
	l, err := h.leaving(ctx, tx, c)
	if err != nil || l.nothing() {
		return nil, err
	}
	if len(l.refused) > 0 || len(l.undecided) > 0 {
		return nil, fault.Conflict("decision_required", "It has to be decided who gets the resources.")
	}
	if err := l.handOver(ctx, tx, c); err != nil {
		return nil, err
	}
	return l.allEffects(c), nil
}

// reseat keeps what the database holds guests to in step with the role.
func reseat(ctx context.Context, tx *db.Tx, acc id.Account, member id.Member, from, to bool) error {
	if from == to {
		return nil
	}
	if _, err := tx.Exec(ctx, `UPDATE resource_assignments SET single = $3 WHERE account_id = $1 AND member_id = $2 AND until IS NULL`, string(acc), string(member), to); err != nil {
		return fmt.Errorf("seat guest: %w", err)
	}
	return nil
}

func (l leaving) handOver(ctx context.Context, tx *db.Tx, c holding.Case) error {
	counts := map[id.Member]int{}
	for m, keys := range l.moves {
		counts[m] = len(keys)
		if err := endOwned(ctx, tx, c, keys, m); err != nil {
			return err
		}
	}
	left := 0
	if c.Kind != holding.Deactivate {
		left = len(l.stay)
		if err := endOwned(ctx, tx, c, l.stay, ""); err != nil {
			return err
		}
	}
	ended, err := l.endAssigned(ctx, tx, c)
	if err != nil || len(counts)+left+ended == 0 {
		return err
	}
	return audit.Record(ctx, tx, c.Actor, audit.Event{Action: "resource.hand_over", Subject: audit.Of("member", c.Member), Changes: []audit.Change{
		audit.Plain("departure", nil, string(c.Departure)), audit.Plain("successors", nil, counts),
		audit.Plain("without_owner", nil, left), audit.Plain("unassigned", nil, ended)}})
}

// endOwned ends the leaver's ownership of resources that go to one successor, or
// to nobody, and begins the successor's.
func endOwned(ctx context.Context, tx *db.Tx, c holding.Case, keys []Key, to id.Member) error {
	now := db.Micros(tx.Now())
	for _, g := range byType(keys) {
		n, err := tx.Exec(ctx, `UPDATE resource_owners SET until = $3, ended_by = $4, passed_to = $5
			WHERE account_id = $1 AND until IS NULL AND member_id = $6 AND`+g.in(4),
			g.args(c.Account, now, string(c.Departure), db.Null(string(to)), string(c.Member))...)
		if err != nil {
			return fmt.Errorf("end ownership: %w", err)
		}
		if n != int64(len(g.ids)) {
			return db.ErrGuard
		}
		if err := raiseAll(ctx, tx, c.Account, g); err != nil {
			return err
		}
		if to == "" {
			continue
		}
		if _, err := tx.Exec(ctx, `INSERT INTO resource_owners (account_id, type_key, external_id, since_version, member_id, since, begun_by)
			SELECT account_id, type_key, external_id, version, CAST($3 AS TEXT), CAST($4 AS BIGINT), CAST($5 AS TEXT) FROM resources WHERE account_id = $1 AND`+g.in(3),
			g.args(c.Account, string(to), now, string(c.Departure))...); err != nil {
			return fmt.Errorf("begin ownership: %w", err)
		}
	}
	return nil
}

// endAssigned takes who gives up their place off everything they work on.
func (l leaving) endAssigned(ctx context.Context, tx *db.Tx, c holding.Case) (int, error) {
	if c.Kind == holding.Deactivate || l.Assigned == 0 {
		return 0, nil
	}
	n, err := tx.Exec(ctx, `UPDATE resource_assignments SET until = $3, ended_by = $4 WHERE account_id = $1 AND member_id = $2 AND until IS NULL`,
		string(c.Account), string(c.Member), db.Micros(tx.Now()), string(c.Departure))
	if err != nil {
		return 0, fmt.Errorf("end assignments: %w", err)
	}
	if _, err := tx.Exec(ctx, `UPDATE resources SET version = version + 1 WHERE account_id = $1 AND (type_key, external_id) IN
		(SELECT type_key, external_id FROM resource_assignments WHERE account_id = $1 AND ended_by = $2 AND member_id = $3)`,
		string(c.Account), string(c.Departure), string(c.Member)); err != nil {
		return 0, fmt.Errorf("raise versions: %w", err)
	}
	return int(n), nil
}
