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

// Assign has a member work on a resource. Who is assigned already stays so.
//
// Faults: those of access.AllowThing with resources.assign; not_found also for
// nobody of the account; conflict not_registered, member_inactive, out_of_reach,
// and guest_limit for a second thing of who reaches one.
func (r *Register) Assign(ctx context.Context, actor access.Actor, acc id.Account, k Key, member id.Member) (Resource, error) {
	if err := access.Allow(actor, acc, access.ResourcesAssign); err != nil {
		return Resource{}, err
	}
	var to Resource
	err := r.db.Write(ctx, acc, func(tx *db.Tx) (err error) {
		if to, err = reached(ctx, tx, actor, acc, access.ResourcesAssign, k); err != nil {
			return err
		}
		if !slices.Contains(to.Assignees, member) {
			if err := r.assign(ctx, tx, actor, acc, &to, member); err != nil {
				return err
			}
		}
		return r.introduce(ctx, tx, acc, []*Resource{&to})
	})
	return to, err
}

// assign begins the assignment of somebody who may have it.
func (r *Register) assign(ctx context.Context, tx *db.Tx, actor access.Actor, acc id.Account, to *Resource, member id.Member) error {
	who, err := r.ways.candidate(ctx, tx, acc, member)
	if err != nil {
		return err
	}
	if err := mayReach(who, to.SubAccount); err != nil {
		return err
	}
	if who.Role.Single() {
		if err := unoccupied(ctx, tx, acc, member); err != nil {
			return err
		}
	}
	if err := raise(ctx, tx, acc, to); err != nil {
		return err
	}
	if err := tx.ExecOne(ctx, `INSERT INTO resource_assignments (account_id, type_key, external_id, since_version, member_id, single, since) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		string(acc), to.Type, to.ID, to.Version, string(member), who.Role.Single(), db.Micros(tx.Now())); err != nil {
		return fmt.Errorf("assign: %w", err)
	}
	to.Assignees = append(to.Assignees, member)
	return audit.Record(ctx, tx, actor, audit.Event{Action: "resource.assign", Subject: to.ref(), Changes: []audit.Change{audit.Plain("member", nil, string(member))}})
}

// unoccupied says whether somebody is assigned to nothing. Faults: conflict
// guest_limit, with what they are assigned to.
func unoccupied(ctx context.Context, tx *db.Tx, acc id.Account, member id.Member) error {
	works, err := heldBy(ctx, tx, holding.Case{Account: acc, Member: member}, `resource_assignments`)
	if err != nil || len(works) == 0 {
		return err
	}
	return overLimit(member, keysOf(works), "This person works on one resource already, and their role reaches no second one.").Refusal()
}

// raise gives a resource its next version.
func raise(ctx context.Context, tx *db.Tx, acc id.Account, r *Resource) error {
	if err := tx.ExecOne(ctx, `UPDATE resources SET version = version + 1 WHERE account_id = $1 AND type_key = $2 AND external_id = $3 AND version = $4`,
		string(acc), r.Type, r.ID, r.Version); err != nil {
		return fmt.Errorf("raise version of resource: %w", err)
	}
	r.Version++
	return nil
}

// Unassign takes a member off a resource. Whoever reaches the resource may take
// off somebody who is no longer active; otherwise it takes resources.assign.
// ifVersion, when not 0, is the version of the resource that the caller read.
//
// Faults: those of access.AllowThing with resources.read or resources.assign;
// not_found also for who is not assigned; stale.
func (r *Register) Unassign(ctx context.Context, actor access.Actor, acc id.Account, k Key, member id.Member, ifVersion int64) error {
	if access.Allow(actor, acc, access.ResourcesAssign) != nil {
		if err := access.Allow(actor, acc, access.ResourcesRead); err != nil {
			return err
		}
	}
	return r.db.Write(ctx, acc, func(tx *db.Tx) error {
		of, found, err := find(ctx, tx, acc, k)
		if err != nil {
			return err
		}
		if !found || !actor.ReachesThing(of.thing(actor)) || !slices.Contains(of.Assignees, member) {
			return fault.NotFound()
		}
		if !actor.Holds(access.ResourcesAssign) {
			place, err := r.ways.Place(ctx, tx, acc, member)
			if err != nil {
				return err
			}
			if place.Active {
				return fault.Forbidden("forbidden", "Your role does not allow this.")
			}
		}
		if ifVersion != 0 && ifVersion != of.Version {
			return fault.Stale()
		}
		if err := raise(ctx, tx, acc, &of); err != nil {
			return err
		}
		if err := tx.ExecOne(ctx, `UPDATE resource_assignments SET until = $5 WHERE account_id = $1 AND type_key = $2 AND external_id = $3 AND member_id = $4 AND until IS NULL`,
			string(acc), k.Type, k.ID, string(member), db.Micros(tx.Now())); err != nil {
			return fmt.Errorf("unassign: %w", err)
		}
		return audit.Record(ctx, tx, actor, audit.Event{Action: "resource.unassign", Subject: k.ref(), Changes: []audit.Change{audit.Plain("member", string(member), nil)}})
	})
}
