package account

import (
	"context"
	"errors"
	"fmt"
	"regexp"

	"tenure/internal/access"
	"tenure/internal/address"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/once"
)

// ListModules gives the modules of an account in the order of its menu.
func ListModules(ctx context.Context, tx *db.Tx, account id.Account) ([]Module, error) {
	modules := []Module{}
	err := tx.Each(ctx, `SELECT module_id, key, name, admin_only, version FROM modules WHERE account_id = $1 ORDER BY position, module_id`,
		[]any{string(account)}, func(scan func(...any) error) error {
			var m Module
			err := scan((*string)(&m.ID), &m.Key, &m.Name, &m.AdminOnly, &m.Version)
			modules = append(modules, m)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("list modules: %w", err)
	}
	return modules, nil
}

// ListSubAccounts gives the sub-accounts of an account by name.
func ListSubAccounts(ctx context.Context, tx *db.Tx, account id.Account) ([]SubAccount, error) {
	subs := []SubAccount{}
	err := tx.Each(ctx, `SELECT sub_account_id, name, version FROM sub_accounts WHERE account_id = $1 ORDER BY name_key, sub_account_id`,
		[]any{string(account)}, func(scan func(...any) error) error {
			var s SubAccount
			err := scan((*string)(&s.ID), &s.Name, &s.Version)
			subs = append(subs, s)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("list sub-accounts: %w", err)
	}
	return subs, nil
}

func insertModule(ctx context.Context, tx *db.Tx, account id.Account, m Module, position int64) error {
	if err := tx.ExecOne(ctx, `INSERT INTO modules (account_id, module_id, key, name, admin_only, position) VALUES ($1, $2, $3, $4, $5, $6)`,
		string(account), string(m.ID), m.Key, m.Name, m.AdminOnly, position); err != nil {
		return fmt.Errorf("create module %s: %w", m.Key, err)
	}
	return nil
}

// moduleKey is what a module's key looks like: a word of the host app's code.
var moduleKey = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// NewModule adds a module. Faults: forbidden, invalid; conflict module_exists.
func (r *Register) NewModule(ctx context.Context, actor access.Actor, account id.Account, m Module) (Module, error) {
	if !moduleKey.MatchString(m.Key) {
		return Module{}, fault.Invalid("key", "invalid", "A key is a lowercase word of up to 40 letters, digits and underscores.")
	}
	var err error
	if m.Name, err = address.Text("name", m.Name, 80); err != nil {
		return Module{}, err
	}
	m.ID, m.Version = id.New[id.Module](), 1
	return m, r.change(ctx, actor, account, func(tx *db.Tx) error {
		modules, err := ListModules(ctx, tx, account)
		if err != nil {
			return err
		}
		for _, other := range modules {
			if other.Key == m.Key {
				return fault.Conflict("module_exists", "There is already a module with this key.")
			}
		}
		if err := insertModule(ctx, tx, account, m, int64(len(modules)+1)); err != nil {
			return err
		}
		if err := once.Keep(ctx, tx, m.ID); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Event{Action: "module.create", Subject: audit.Of("module", m.ID),
			Changes: []audit.Change{audit.Plain("key", nil, m.Key), audit.Plain("name", nil, m.Name), audit.Plain("admin_only", nil, m.AdminOnly)}})
	})
}

// ModulePatch is what may change of a module; nil leaves it.
type ModulePatch struct {
	Name      *string
	AdminOnly *bool
}

// ChangeModule renames a module or makes it admin_only. Whoever had it and does
// not administer loses it at their next request. Faults: forbidden, not_found,
// invalid, stale.
func (r *Register) ChangeModule(ctx context.Context, actor access.Actor, account id.Account, module id.Module, p ModulePatch, ifVersion int64) (Module, error) {
	var m Module
	err := r.change(ctx, actor, account, func(tx *db.Tx) error {
		var err error
		if m, err = moduleOf(ctx, tx, account, module); err != nil {
			return err
		}
		if ifVersion != 0 && ifVersion != m.Version {
			return fault.Stale()
		}
		before := m
		if p.Name != nil {
			if m.Name, err = address.Text("name", *p.Name, 80); err != nil {
				return err
			}
		}
		if p.AdminOnly != nil {
			m.AdminOnly = *p.AdminOnly
		}
		if m == before {
			return nil
		}
		m.Version++
		if err := tx.ExecOne(ctx, `UPDATE modules SET name = $3, admin_only = $4, version = $5 WHERE account_id = $1 AND module_id = $2 AND version = $6`,
			string(account), string(module), m.Name, m.AdminOnly, m.Version, before.Version); err != nil {
			return fmt.Errorf("change module: %w", err)
		}
		return audit.Record(ctx, tx, actor, audit.Event{Action: "module.update", Subject: audit.Of("module", m.ID), Changes: changed(
			audit.Plain("name", before.Name, m.Name), audit.Plain("admin_only", before.AdminOnly, m.AdminOnly))})
	})
	return m, err
}

func moduleOf(ctx context.Context, tx *db.Tx, account id.Account, module id.Module) (Module, error) {
	m := Module{ID: module}
	err := tx.One(ctx, `SELECT key, name, admin_only, version FROM modules WHERE account_id = $1 AND module_id = $2`,
		[]any{string(account), string(module)}, &m.Key, &m.Name, &m.AdminOnly, &m.Version)
	if errors.Is(err, db.ErrNone) {
		return m, fault.NotFound()
	}
	return m, err
}

// DropModule deletes a module that nobody has been given. ifVersion, when not 0,
// is the version the caller read. Faults: forbidden, not_found, stale; conflict
// in_use.
func (r *Register) DropModule(ctx context.Context, actor access.Actor, account id.Account, module id.Module, ifVersion int64) error {
	return r.change(ctx, actor, account, func(tx *db.Tx) error {
		m, err := moduleOf(ctx, tx, account, module)
		if err != nil {
			return err
		}
		if ifVersion != 0 && ifVersion != m.Version {
			return fault.Stale()
		}
		if err := audit.Record(ctx, tx, actor, audit.Event{Action: "module.delete", Subject: audit.Of("module", m.ID),
			Changes: []audit.Change{audit.Plain("key", m.Key, nil), audit.Plain("name", m.Name, nil)}}); err != nil {
			return err
		}
		return drop(ctx, tx, `DELETE FROM modules WHERE account_id = $1 AND module_id = $2`, string(account), string(module))
	})
}

// drop deletes a row that others may point to: then it stays.
func drop(ctx context.Context, tx *db.Tx, query, account, object string) error {
	err := tx.ExecOne(ctx, query, account, object)
	if db.IsForeignKey(err) {
		return fault.Conflict("in_use", "Members still have this. Take it from them first.")
	}
	return err
}

// NewSubAccount adds a sub-account. Faults: forbidden, invalid; conflict
// sub_account_exists.
func (r *Register) NewSubAccount(ctx context.Context, actor access.Actor, account id.Account, name string) (SubAccount, error) {
	name, err := address.Text("name", name, 120)
	if err != nil {
		return SubAccount{}, err
	}
	s := SubAccount{ID: id.New[id.SubAccount](), Name: name, Version: 1}
	return s, r.change(ctx, actor, account, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `INSERT INTO sub_accounts (account_id, sub_account_id, name, name_key, created_at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT DO NOTHING`, string(account), string(s.ID), s.Name, address.SortKey(s.Name), db.Micros(tx.Now()))
		if err != nil {
			return fmt.Errorf("create sub-account: %w", err)
		}
		if n == 0 {
			return fault.Conflict("sub_account_exists", "There is already a sub-account with this name.")
		}
		if err := once.Keep(ctx, tx, s.ID); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Event{Action: "sub_account.create", Subject: audit.Of("sub_account", s.ID),
			Changes: []audit.Change{audit.Plain("name", nil, s.Name)}})
	})
}

// RenameSubAccount gives a sub-account another name. Faults: forbidden,
// not_found, invalid, stale; conflict sub_account_exists.
func (r *Register) RenameSubAccount(ctx context.Context, actor access.Actor, account id.Account, sub id.SubAccount, name string, ifVersion int64) (SubAccount, error) {
	name, err := address.Text("name", name, 120)
	if err != nil {
		return SubAccount{}, err
	}
	var s SubAccount
	err = r.change(ctx, actor, account, func(tx *db.Tx) error {
		var err error
		if s, err = subAccountOf(ctx, tx, account, sub); err != nil {
			return err
		}
		if ifVersion != 0 && ifVersion != s.Version {
			return fault.Stale()
		}
		if s.Name == name {
			return nil
		}
		var other string
		err = tx.One(ctx, `SELECT sub_account_id FROM sub_accounts WHERE account_id = $1 AND name_key = $2 AND sub_account_id <> $3`,
			[]any{string(account), address.SortKey(name), string(sub)}, &other)
		if err == nil {
			return fault.Conflict("sub_account_exists", "There is already a sub-account with this name.")
		} else if !errors.Is(err, db.ErrNone) {
			return err
		}
		before := s
		s.Name, s.Version = name, s.Version+1
		if err := tx.ExecOne(ctx, `UPDATE sub_accounts SET name = $3, name_key = $4, version = $5 WHERE account_id = $1 AND sub_account_id = $2 AND version = $6`,
			string(account), string(sub), s.Name, address.SortKey(s.Name), s.Version, before.Version); err != nil {
			return fmt.Errorf("rename sub-account: %w", err)
		}
		return audit.Record(ctx, tx, actor, audit.Event{Action: "sub_account.update", Subject: audit.Of("sub_account", s.ID),
			Changes: []audit.Change{audit.Plain("name", before.Name, s.Name)}})
	})
	return s, err
}

func subAccountOf(ctx context.Context, tx *db.Tx, account id.Account, sub id.SubAccount) (SubAccount, error) {
	s := SubAccount{ID: sub}
	err := tx.One(ctx, `SELECT name, version FROM sub_accounts WHERE account_id = $1 AND sub_account_id = $2`,
		[]any{string(account), string(sub)}, &s.Name, &s.Version)
	if errors.Is(err, db.ErrNone) {
		return s, fault.NotFound()
	}
	return s, err
}

// DropSubAccount deletes a sub-account that nobody reaches. ifVersion, when not
// 0, is the version the caller read. Faults: forbidden, not_found, stale;
// conflict in_use.
func (r *Register) DropSubAccount(ctx context.Context, actor access.Actor, account id.Account, sub id.SubAccount, ifVersion int64) error {
	return r.change(ctx, actor, account, func(tx *db.Tx) error {
		s, err := subAccountOf(ctx, tx, account, sub)
		if err != nil {
			return err
		}
		if ifVersion != 0 && ifVersion != s.Version {
			return fault.Stale()
		}
		if err := audit.Record(ctx, tx, actor, audit.Event{Action: "sub_account.delete", Subject: audit.Of("sub_account", s.ID),
			Changes: []audit.Change{audit.Plain("name", s.Name, nil)}}); err != nil {
			return err
		}
		return drop(ctx, tx, `DELETE FROM sub_accounts WHERE account_id = $1 AND sub_account_id = $2`, string(account), string(sub))
	})
}
