package role

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/address"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/once"
)

// Ways is what roles need of the rooms above them.
type Ways struct {
	// Members counts who has the role, whatever their status while they are here.
	Members func(ctx context.Context, tx *db.Tx, account id.Account, key string) (int64, error)
	// Invited counts the invitations with the role that are not closed.
	Invited func(ctx context.Context, tx *db.Tx, account id.Account, key string) (int64, error)
	// Owners counts the owners.
	Owners func(ctx context.Context, tx *db.Tx, account id.Account) (int, error)
	// Refit makes these the chosen modules of everybody who has the role or is
	// invited with it; none, where the role does not have its modules chosen.
	Refit func(ctx context.Context, tx *db.Tx, account id.Account, key string, modules []id.Module) error
	// Reseat begins and ends the seats of those who have a role that is billable
	// now and was not, or was and is not.
	Reseat func(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account) error
	// Narrow follows a role that begins to reach one single resource, or ceases to,
	// for those who have it. It is guest_limit where one of them holds more.
	Narrow func(ctx context.Context, tx *db.Tx, account id.Account, key string, single bool) error
}

// Register is the roles of accounts as doors use them.
type Register struct {
	db   *db.DB
	ways Ways
}

// NewRegister makes the register.
func NewRegister(d *db.DB, ways Ways) *Register { return &Register{d, ways} }

// most is how many roles an account may have.
const most = 250

// List gives the roles of an account, the highest rank first, to anybody who
// belongs to it; how many people have each, to who may see the members. Faults:
// unauthenticated, not_found.
func (r *Register) List(ctx context.Context, actor access.Actor, acc id.Account) (entries []Entry, err error) {
	if err := within(actor, acc); err != nil {
		return nil, err
	}
	err = r.db.Read(ctx, func(tx *db.Tx) error {
		if entries, err = list(ctx, tx, acc); err != nil {
			return err
		}
		return r.count(ctx, tx, actor, acc, entries)
	})
	return entries, err
}

// Get gives one role. Faults: unauthenticated, not_found.
func (r *Register) Get(ctx context.Context, actor access.Actor, acc id.Account, key string) (Entry, error) {
	if err := within(actor, acc); err != nil {
		return Entry{}, err
	}
	one := make([]Entry, 1)
	err := r.db.Read(ctx, func(tx *db.Tx) (err error) {
		if one[0], err = live(ctx, tx, acc, key); err != nil {
			return err
		}
		return r.count(ctx, tx, actor, acc, one)
	})
	return one[0], err
}

// within: the roles of an account are no secret inside it.
func within(actor access.Actor, acc id.Account) error {
	switch {
	case actor.Kind == access.Nobody:
		return fault.Unauthenticated()
	case !actor.In(acc):
		return fault.NotFound()
	default:
		return nil
	}
}

// count fills in how many people have each role, for who may know.
func (r *Register) count(ctx context.Context, tx *db.Tx, actor access.Actor, acc id.Account, entries []Entry) error {
	if !actor.Holds(access.MembersRead) && !actor.Holds(access.MembersManage) && !actor.Holds(access.RolesManage) {
		return nil
	}
	for i := range entries {
		n, err := r.ways.Members(ctx, tx, acc, entries[i].Key)
		if err != nil {
			return err
		}
		entries[i].Members = &n
	}
	return nil
}

// live reads a role that was not deleted. Faults: not_found.
func live(ctx context.Context, tx *db.Tx, acc id.Account, key string) (Entry, error) {
	e, err := read(ctx, tx, acc, key)
	if err == nil && e.deleted || errors.Is(err, db.ErrNone) {
		return Entry{}, fault.NotFound()
	}
	if err != nil {
		return Entry{}, fmt.Errorf("read role: %w", err)
	}
	return e, nil
}

// Create makes a role. An empty key is made from the name.
//
// Faults: those of access.AllowGrant with roles.manage; step_up_required;
// invalid; conflict role_exists for a key or a name that another role has,
// too_many_roles.
func (r *Register) Create(ctx context.Context, actor access.Actor, acc id.Account, n access.Role) (Entry, error) {
	if err := access.AllowProven(actor, acc, access.RolesManage, r.db.Now()); err != nil {
		return Entry{}, err
	}
	n, err := checked(n)
	if err != nil {
		return Entry{}, err
	}
	if n.Key != "" && !keyForm.MatchString(n.Key) {
		return Entry{}, fault.Invalid("key", "invalid", "A key is a lowercase word of up to 40 letters, digits, dashes and underscores.")
	}
	if err := access.AllowGrant(actor, acc, access.RolesManage, n); err != nil {
		return Entry{}, err
	}
	var e Entry
	err = r.db.Write(ctx, acc, func(tx *db.Tx) error {
		there, err := list(ctx, tx, acc)
		if err != nil {
			return err
		}
		if e, err = fresh(n, there); err != nil {
			return err
		}
		if e.Version, err = insert(ctx, tx, acc, e.Role); err != nil {
			return err
		}
		if err := once.Keep(ctx, tx, e.Key); err != nil {
			return err
		}
		e.Members = new(int64)
		return r.note(ctx, tx, actor, acc, "role.create", Entry{}, e)
	})
	return e, err
}

// fresh gives the role its place among those there are.
func fresh(n access.Role, there []Entry) (Entry, error) {
	if len(there) >= most {
		return Entry{}, fault.Conflict("too_many_roles", "An account has at most 250 roles.")
	}
	taken := map[string]bool{}
	for _, other := range there {
		taken[other.Key] = true
		if address.SortKey(other.Name) == address.SortKey(n.Name) {
			return Entry{}, sameName()
		}
	}
	if n.Key == "" {
		n.Key = keyOf(n.Name, taken)
	}
	if taken[n.Key] {
		return Entry{}, fault.Conflict("role_exists", "There is already a role with this key.")
	}
	return Entry{Role: n}, nil
}

func sameName() error {
	return fault.Conflict("role_exists", "There is already a role with this name.")
}

// Establish gives a new account the roles of its preset, inside db.Found. The
// event that makes the account stands for them.
func Establish(ctx context.Context, tx *db.Tx, a account.Account) error {
	preset, err := account.PresetOf(a.Preset)
	if err != nil {
		return err
	}
	for _, r := range preset.Roles {
		if err := tx.ExecOne(ctx, `INSERT INTO roles (account_id, role_key, name, role_rank, administers, permissions, reach, modules, billable, built_in)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, TRUE)`, string(a.ID), r.Key, r.Name, r.Rank, r.Administers, db.JSON(r.Permissions),
			string(r.Reach), string(r.Modules), r.Billable); err != nil {
			return fmt.Errorf("create role %s: %w", r.Key, err)
		}
	}
	return nil
}

// insert stores a role, in the place of a deleted one of its key. Its version
// goes on from there: no ETag ever means two things.
func insert(ctx context.Context, tx *db.Tx, acc id.Account, n access.Role) (version int64, err error) {
	err = tx.One(ctx, `INSERT INTO roles (account_id, role_key, name, role_rank, administers, permissions, reach, modules, billable)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (account_id, role_key) DO UPDATE SET name = excluded.name, role_rank = excluded.role_rank, administers = excluded.administers,
			permissions = excluded.permissions, reach = excluded.reach, modules = excluded.modules, billable = excluded.billable,
			built_in = FALSE, deleted_at = NULL, version = roles.version + 1
		WHERE roles.deleted_at IS NOT NULL RETURNING version`, []any{string(acc), n.Key, n.Name, n.Rank, n.Administers, db.JSON(n.Permissions),
		string(n.Reach), string(n.Modules), n.Billable}, &version)
	if err != nil {
		return 0, fmt.Errorf("create role %s: %w", n.Key, err)
	}
	return version, nil
}

// Patch is what may change of a role; nil leaves it. Its key never changes.
type Patch struct {
	Name        *string
	Rank        *int
	Administers *bool
	Permissions *[]access.Permission
	Reach       *access.Reach
	Modules     *access.Modules
	Billable    *bool
}

// Change changes a role for everybody who has it, from their next request.
// ifVersion, when not 0, is the version the caller read.
//
// Where the role begins to have its modules chosen, everybody who has it, or is
// invited with it, is given those they could open until now; where it ceases to,
// what was chosen is forgotten.
//
// Faults: those of access.AllowGrant with roles.manage, for the role as it was
// and as it will be, so that nobody raises their own; step_up_required;
// not_found, invalid, stale; conflict role_exists, last_owner, seat_limit; module_required where there is no module that
// could be given.
func (r *Register) Change(ctx context.Context, actor access.Actor, acc id.Account, key string, p Patch, ifVersion int64) (Entry, error) {
	if err := access.AllowProven(actor, acc, access.RolesManage, r.db.Now()); err != nil {
		return Entry{}, err
	}
	var e Entry
	err := r.db.Write(ctx, acc, func(tx *db.Tx) error {
		before, err := live(ctx, tx, acc, key)
		if err != nil {
			return err
		}
		if ifVersion != 0 && ifVersion != before.Version {
			return fault.Stale()
		}
		if e, err = r.with(ctx, tx, actor, acc, before, p); err != nil {
			return err
		}
		if !reflect.DeepEqual(e.Role, before.Role) {
			if err := r.save(ctx, tx, actor, acc, before, &e); err != nil {
				return err
			}
			if err := r.note(ctx, tx, actor, acc, "role.update", before, e); err != nil {
				return err
			}
		}
		one := []Entry{e}
		err = r.count(ctx, tx, actor, acc, one)
		e = one[0]
		return err
	})
	return e, err
}

// with gives the role with the patch in place, checked against who changes it.
func (r *Register) with(ctx context.Context, tx *db.Tx, actor access.Actor, acc id.Account, before Entry, p Patch) (Entry, error) {
	if err := access.AllowGrant(actor, acc, access.RolesManage, before.Role); err != nil {
		return before, err
	}
	e := before
	var err error
	if e.Role, err = p.onto(before.Role); err != nil {
		return e, err
	}
	if err := access.AllowGrant(actor, acc, access.RolesManage, e.Role); err != nil {
		return e, err
	}
	there, err := list(ctx, tx, acc)
	if err != nil {
		return e, err
	}
	for _, other := range there {
		if other.Key != e.Key && address.SortKey(other.Name) == address.SortKey(e.Name) {
			return e, sameName()
		}
	}
	return e, nil
}

// save writes a role over exactly what it was, and what follows from that for
// those who have it.
func (r *Register) save(ctx context.Context, tx *db.Tx, actor access.Actor, acc id.Account, before Entry, e *Entry) error {
	owners, err := r.ways.Owners(ctx, tx, acc)
	if err != nil {
		return err
	}
	e.Version = before.Version + 1
	if err := tx.ExecOne(ctx, `UPDATE roles SET name = $3, role_rank = $4, administers = $5, permissions = $6, reach = $7, modules = $8, billable = $9, version = $10
		WHERE account_id = $1 AND role_key = $2 AND version = $11 AND deleted_at IS NULL`, string(acc), e.Key, e.Name, e.Rank, e.Administers, db.JSON(e.Permissions),
		string(e.Reach), string(e.Modules), e.Billable, e.Version, before.Version); err != nil {
		return fmt.Errorf("change role %s: %w", e.Key, err)
	}
	if before.Billable != e.Billable {
		if err := r.ways.Reseat(ctx, tx, actor, acc); err != nil {
			return err
		}
	}
	if before.Single() != e.Single() {
		if err := r.ways.Narrow(ctx, tx, acc, e.Key, e.Single()); err != nil {
			return err
		}
	}
	if before.Chooses() != e.Chooses() {
		if err := r.refit(ctx, tx, acc, e.Role); err != nil {
			return err
		}
	}
	if !before.Administers || e.Administers {
		return nil
	}
	return r.keepOwner(ctx, tx, acc, owners)
}

// refit gives those who have a role that begins to have its modules chosen the
// ones they could open so far, and takes them when it ceases to.
func (r *Register) refit(ctx context.Context, tx *db.Tx, acc id.Account, to access.Role) error {
	given := []id.Module{}
	if to.Chooses() {
		modules, err := account.ListModules(ctx, tx, acc)
		if err != nil {
			return err
		}
		for _, m := range modules {
			if !m.AdminOnly {
				given = append(given, m.ID)
			}
		}
		inUse, err := r.inUse(ctx, tx, acc, to.Key)
		if err != nil {
			return err
		}
		if len(given) == 0 && inUse {
			return fault.Unprocessable("module_required", "The account has no module that those with this role could be given.").
				And("modules", "required", "Make a module first.")
		}
	}
	return r.ways.Refit(ctx, tx, acc, to.Key, given)
}

// keepOwner stands after the statement that may have taken the owners from the
// account: how many there were before it.
func (r *Register) keepOwner(ctx context.Context, tx *db.Tx, acc id.Account, before int) error {
	left, err := r.ways.Owners(ctx, tx, acc)
	if err != nil {
		return err
	}
	if before > 0 && left == 0 {
		return fault.Conflict("last_owner", "Nobody would own the account any more. Make somebody with another role an owner first.")
	}
	there, err := list(ctx, tx, acc)
	if err != nil {
		return err
	}
	for _, other := range there {
		if other.Administers {
			return nil
		}
	}
	return fault.Conflict("last_owner", "One role at least has to administer the account.")
}

// Delete takes away a role that nobody has or is invited with. Those that came
// with the account stay: the product around it knows them by their keys.
// ifVersion, when not 0, is the version the caller read.
//
// Faults: those of access.AllowGrant with roles.manage; step_up_required;
// not_found, stale; conflict in_use, built_in, last_owner.
func (r *Register) Delete(ctx context.Context, actor access.Actor, acc id.Account, key string, ifVersion int64) error {
	if err := access.AllowProven(actor, acc, access.RolesManage, r.db.Now()); err != nil {
		return err
	}
	return r.db.Write(ctx, acc, func(tx *db.Tx) error {
		e, err := live(ctx, tx, acc, key)
		if err != nil {
			return err
		}
		if err := access.AllowGrant(actor, acc, access.RolesManage, e.Role); err != nil {
			return err
		}
		if ifVersion != 0 && ifVersion != e.Version {
			return fault.Stale()
		}
		inUse, err := r.inUse(ctx, tx, acc, key)
		if err != nil {
			return err
		}
		if inUse {
			return fault.Conflict("in_use", "People have this role, or are invited with it. Give them another one first.")
		}
		if e.BuiltIn {
			return fault.Conflict("built_in", "This role came with the account and stays. You can change it.")
		}
		if err := tx.ExecOne(ctx, `UPDATE roles SET deleted_at = $3, version = version + 1 WHERE account_id = $1 AND role_key = $2 AND version = $4 AND deleted_at IS NULL`,
			string(acc), key, db.Micros(tx.Now()), e.Version); err != nil {
			return fmt.Errorf("delete role %s: %w", key, err)
		}
		if e.Administers {
			if err := r.keepOwner(ctx, tx, acc, 0); err != nil {
				return err
			}
		}
		return r.note(ctx, tx, actor, acc, "role.delete", e, Entry{Role: access.Role{Key: key}})
	})
}

// inUse reports whether somebody has the role, active or not, or is invited
// with it.
func (r *Register) inUse(ctx context.Context, tx *db.Tx, acc id.Account, key string) (bool, error) {
	members, err := r.ways.Members(ctx, tx, acc, key)
	if err != nil || members > 0 {
		return true, err
	}
	invited, err := r.ways.Invited(ctx, tx, acc, key)
	return invited > 0, err
}

// note records what happened to a role and makes it hold for everybody.
func (r *Register) note(ctx context.Context, tx *db.Tx, actor access.Actor, acc id.Account, action string, before, after Entry) error {
	if err := account.RaiseEpoch(ctx, tx, acc); err != nil {
		return err
	}
	return audit.Record(ctx, tx, actor, audit.Event{Action: action, Subject: audit.Of("role", after.Key), Changes: changes(before.Role, after.Role)})
}
