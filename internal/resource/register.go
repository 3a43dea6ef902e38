package resource

import (
	"context"
	"fmt"
	"slices"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
)

// Register is the resources of accounts as doors use them.
type Register struct {
	db   *db.DB
	ways Ways
}

// Ways is what resources need of the people above them.
type Ways struct {
	// Rights reads a member's rights as they are now. It is unauthenticated unless
	// the member is active and registered.
	Rights func(ctx context.Context, tx *db.Tx, account id.Account, member id.Member) (access.Actor, error)
	// Place says how a member stands. It is not_found for nobody of the account.
	Place func(ctx context.Context, tx *db.Tx, account id.Account, member id.Member) (Place, error)
	// People gives the face of each member, also of those who left.
	People func(ctx context.Context, tx *db.Tx, account id.Account, members []id.Member) (map[id.Member]Person, error)
}

// Person is what is shown of a member to whoever reaches what they hold.
type Person struct {
	ID     id.Member
	Name   string
	Active bool
}

// Place is how a member stands.
type Place struct {
	Registered bool
	Active     bool
}

// NewRegister makes the register.
func NewRegister(d *db.DB, ways Ways) *Register { return &Register{d, ways} }

// candidate reads who is to own or to work on something. Faults: not_found for
// nobody of the account; conflict not_registered, member_inactive.
func (w Ways) candidate(ctx context.Context, tx *db.Tx, acc id.Account, member id.Member) (access.Actor, error) {
	if !id.Valid(member) {
		return access.Actor{}, fault.NotFound()
	}
	place, err := w.Place(ctx, tx, acc, member)
	switch {
	case err != nil:
		return access.Actor{}, err
	case !place.Registered:
		return access.Actor{}, fault.Conflict("not_registered", "This person has not come in yet.")
	case !place.Active:
		return access.Actor{}, fault.Conflict("member_inactive", "This person is not active.")
	}
	return w.Rights(ctx, tx, acc, member)
}

// mayOwn says whether somebody may own a resource of the sub-account. Faults:
// conflict guest_limit, out_of_reach.
func mayOwn(who access.Actor, sub id.SubAccount) error {
	if who.Role.Single() {
		return fault.Conflict("guest_limit", "Who reaches one single resource owns none.")
	}
	return mayReach(who, sub)
}

// mayReach says whether somebody reaches the sub-account of a resource. Faults:
// conflict out_of_reach.
func mayReach(who access.Actor, sub id.SubAccount) error {
	if sub != "" && !who.Reaches(sub) {
		return fault.Conflict("out_of_reach", "This person does not reach the sub-account of the resource.")
	}
	return nil
}

// Draft is what a resource is to be. Owner and SubAccount, where nil, stay as
// they are; empty, there is none.
type Draft struct {
	Key
	Name       string
	Owner      *id.Member
	SubAccount *id.SubAccount
}

// with gives the resource with the draft in place, its name checked.
func (r Resource) with(d Draft) (Resource, error) {
	var err error
	if r.Name, err = required("name", d.Name, 200); err != nil {
		return r, err
	}
	if d.Owner != nil {
		r.Owner = *d.Owner
	}
	if d.SubAccount != nil {
		r.SubAccount = *d.SubAccount
	}
	return r, nil
}

// Put makes a resource, or makes it what is given: who owns it now stays in its
// history. ifVersion, when not 0, is the version the caller read.
//
// Faults: those of access.AllowThing with resources.manage; not_found for a type
// that there is not, for what the actor does not reach, for a new resource unless
// they see all, and for an owner who is nobody of the account; invalid on name
// and sub_account; stale; conflict not_registered, member_inactive, guest_limit,
// out_of_reach.
func (r *Register) Put(ctx context.Context, actor access.Actor, acc id.Account, d Draft, ifVersion int64) (Resource, error) {
	if err := access.Allow(actor, acc, access.ResourcesManage); err != nil {
		return Resource{}, err
	}
	var after Resource
	err := r.db.Write(ctx, acc, func(tx *db.Tx) error {
		before, found, err := find(ctx, tx, acc, d.Key)
		if err != nil {
			return err
		}
		if err := r.open(ctx, tx, actor, acc, before, found, ifVersion); err != nil {
			return err
		}
		if after, err = before.with(d); err != nil {
			return err
		}
		if err := r.fits(ctx, tx, actor, acc, before, after); err != nil {
			return err
		}
		if !found || after.Name != before.Name || after.Owner != before.Owner || after.SubAccount != before.SubAccount {
			if err := put(ctx, tx, actor, acc, before, &after); err != nil {
				return err
			}
		}
		return r.introduce(ctx, tx, acc, []*Resource{&after})
	})
	return after, err
}

// open says whether the actor may make the resource, or change the one that
// there is.
func (r *Register) open(ctx context.Context, tx *db.Tx, actor access.Actor, acc id.Account, before Resource, found bool, ifVersion int64) error {
	if !found {
		if !actor.SeesAll() {
			return fault.NotFound()
		}
		if _, err := typeOf(ctx, tx, acc, before.Type); err != nil {
			return err
		}
	} else if !actor.ReachesThing(before.thing(actor)) {
		return fault.NotFound()
	}
	if ifVersion != 0 && ifVersion != before.Version {
		return fault.Stale()
	}
	return nil
}

// fits says whether a resource may have the sub-account and the owner it is to
// have, as far as they are other ones.
func (r *Register) fits(ctx context.Context, tx *db.Tx, actor access.Actor, acc id.Account, before, after Resource) error {
	if after.SubAccount != "" && after.SubAccount != before.SubAccount {
		if err := given(ctx, tx, actor, acc, after.SubAccount); err != nil {
			return err
		}
	}
	if after.Owner == "" || after.Owner == before.Owner && after.SubAccount == before.SubAccount {
		return nil
	}
	owner, err := r.ways.candidate(ctx, tx, acc, after.Owner)
	if after.Owner == before.Owner && (fault.Code(err) == "member_inactive" || fault.Code(err) == "not_found") {
		return nil // nothing is handed to who has left
	}
	if err != nil {
		return err
	}
	return mayOwn(owner, after.SubAccount)
}

// given says whether the actor may put something into the sub-account. Faults:
// invalid on field sub_account for one that is not there or that they do not
// reach.
func given(ctx context.Context, tx *db.Tx, actor access.Actor, acc id.Account, sub id.SubAccount) error {
	subs, err := account.ListSubAccounts(ctx, tx, acc)
	if err != nil {
		return err
	}
	if !actor.Reaches(sub) || !slices.ContainsFunc(subs, func(s account.SubAccount) bool { return s.ID == sub }) {
		return fault.Invalid("sub_account", "unknown", "The account has no such sub-account.")
	}
	return nil
}

// put writes what was found to fit, and records it.
func put(ctx context.Context, tx *db.Tx, actor access.Actor, acc id.Account, before Resource, after *Resource) error {
	if err := write(ctx, tx, acc, before, after); err != nil {
		return err
	}
	return audit.Record(ctx, tx, actor, written(before, *after))
}

// written is the event of a resource that was made or changed.
func written(before, after Resource) audit.Event {
	action := "resource.update"
	if before.Version == 0 {
		action = "resource.create"
	}
	return audit.Event{Action: action, Subject: after.ref(), Changes: changed(
		audit.Plain("name", before.Name, after.Name), audit.Plain("owner", string(before.Owner), string(after.Owner)),
		audit.Plain("sub_account", string(before.SubAccount), string(after.SubAccount)))}
}

// write makes a resource, or writes it over exactly the version that was read.
func write(ctx context.Context, tx *db.Tx, acc id.Account, before Resource, after *Resource) error {
	after.Version = before.Version + 1
	if before.Version == 0 {
		after.CreatedAt, after.Assignees = tx.Now(), []id.Member{}
		if err := tx.ExecOne(ctx, `INSERT INTO resources (account_id, type_key, external_id, name, sub_account_id, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
			string(acc), after.Type, after.ID, after.Name, db.Null(string(after.SubAccount)), db.Micros(after.CreatedAt)); err != nil {
			return fmt.Errorf("create resource: %w", err)
		}
	} else if err := tx.ExecOne(ctx, `UPDATE resources SET name = $4, sub_account_id = $5, version = $6
		WHERE account_id = $1 AND type_key = $2 AND external_id = $3 AND version = $7`,
		string(acc), after.Type, after.ID, after.Name, db.Null(string(after.SubAccount)), after.Version, before.Version); err != nil {
		return fmt.Errorf("change resource: %w", err)
	}
	if before.Owner != after.Owner {
		return own(ctx, tx, acc, before, *after)
	}
	return nil
}

// own ends the interval of one owner and begins that of another.
func own(ctx context.Context, tx *db.Tx, acc id.Account, before, after Resource) error {
	if before.Owner != "" {
		if err := tx.ExecOne(ctx, `UPDATE resource_owners SET until = $4 WHERE account_id = $1 AND type_key = $2 AND external_id = $3 AND until IS NULL AND member_id = $5`,
			string(acc), before.Type, before.ID, db.Micros(tx.Now()), string(before.Owner)); err != nil {
			return fmt.Errorf("end ownership: %w", err)
		}
	}
	if after.Owner == "" {
		return nil
	}
	if err := tx.ExecOne(ctx, `INSERT INTO resource_owners (account_id, type_key, external_id, since_version, member_id, since) VALUES ($1, $2, $3, $4, $5, $6)`,
		string(acc), after.Type, after.ID, after.Version, string(after.Owner), db.Micros(tx.Now())); err != nil {
		return fmt.Errorf("begin ownership: %w", err)
	}
	return nil
}

// Get reads a resource. Faults: those of access.AllowThing with resources.read.
func (r *Register) Get(ctx context.Context, actor access.Actor, acc id.Account, k Key) (found Resource, err error) {
	if err := access.Allow(actor, acc, access.ResourcesRead); err != nil {
		return found, err
	}
	err = r.db.Read(ctx, func(tx *db.Tx) (err error) {
		if found, err = reached(ctx, tx, actor, acc, access.ResourcesRead, k); err != nil {
			return err
		}
		return r.introduce(ctx, tx, acc, []*Resource{&found})
	})
	return found, err
}

// introduce says of resources who the people are that hold them, the owner
// first.
func (r *Register) introduce(ctx context.Context, tx *db.Tx, acc id.Account, list []*Resource) error {
	holders := make([][]id.Member, len(list))
	for i, one := range list {
		holders[i] = one.Assignees
		if one.Owner != "" && !slices.Contains(one.Assignees, one.Owner) {
			holders[i] = append([]id.Member{one.Owner}, one.Assignees...)
		}
	}
	people, err := r.people(ctx, tx, acc, slices.Concat(holders...))
	if err != nil {
		return err
	}
	for i, one := range list {
		one.People = make([]Person, len(holders[i]))
		for n, m := range holders[i] {
			one.People[n] = people[m]
		}
	}
	return nil
}

// Delete deletes a resource that the host product no longer has, with its
// history; the trail keeps that it was there. ifVersion is as in Put.
//
// Faults: those of access.AllowThing with resources.manage; stale.
func (r *Register) Delete(ctx context.Context, actor access.Actor, acc id.Account, k Key, ifVersion int64) error {
	if err := access.Allow(actor, acc, access.ResourcesManage); err != nil {
		return err
	}
	return r.db.Write(ctx, acc, func(tx *db.Tx) error {
		there, err := reached(ctx, tx, actor, acc, access.ResourcesManage, k)
		if err != nil {
			return err
		}
		if ifVersion != 0 && ifVersion != there.Version {
			return fault.Stale()
		}
		for _, what := range []string{
			`DELETE FROM resource_activities WHERE account_id = $1 AND type_key = $2 AND external_id = $3`,
			`DELETE FROM resource_assignments WHERE account_id = $1 AND type_key = $2 AND external_id = $3`,
			`DELETE FROM resource_owners WHERE account_id = $1 AND type_key = $2 AND external_id = $3`,
			`DELETE FROM resources WHERE account_id = $1 AND type_key = $2 AND external_id = $3`,
		} {
			if _, err := tx.Exec(ctx, what, string(acc), k.Type, k.ID); err != nil {
				return fmt.Errorf("delete resource: %w", err)
			}
		}
		return audit.Record(ctx, tx, actor, audit.Event{Action: "resource.delete", Subject: k.ref(), Changes: changed(
			audit.Plain("name", there.Name, ""), audit.Plain("owner", string(there.Owner), ""))})
	})
}
