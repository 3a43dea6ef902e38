// Package role keeps the roles of an account: the named sets of rights that its
// members are given.
//
// Invariants. Nobody makes, changes or deletes a role above what they may grant,
// and nobody raises the one they have. A role that somebody has, active or not,
// or is invited with, is not deleted. One role at least administers. A change
// holds at the next request of everybody who has the role.
package role

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"tenure/internal/access"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
)

// Entry is a role as it is kept.
type Entry struct {
	access.Role
	BuiltIn bool   // it came with the account's preset
	Members *int64 // how many people have it, active or not; nil where it was not asked or is not told
	Version int64
	deleted bool
}

const columns = `role_key, name, role_rank, administers, permissions, reach, modules, billable, built_in, version, CASE WHEN deleted_at IS NULL THEN 0 ELSE 1 END`

func scanned(scan func(...any) error) (Entry, error) {
	var e Entry
	var deleted int64
	err := scan(&e.Key, &e.Name, &e.Rank, &e.Administers, db.Into(&e.Permissions), (*string)(&e.Reach), (*string)(&e.Modules), &e.Billable,
		&e.BuiltIn, &e.Version, &deleted)
	e.deleted = deleted == 1
	return e, err
}

// Get reads one role. Faults: invalid on field role for a key the account does
// not have.
func Get(ctx context.Context, tx *db.Tx, account id.Account, key string) (access.Role, error) {
	e, err := read(ctx, tx, account, key)
	if err == nil && e.deleted || errors.Is(err, db.ErrNone) {
		return access.Role{}, unknown()
	}
	if err != nil {
		return access.Role{}, fmt.Errorf("read role: %w", err)
	}
	return e.Role, nil
}

// Among gives the role of the key among those of an account. Faults: as Get.
func Among(roles []access.Role, key string) (access.Role, error) {
	i := slices.IndexFunc(roles, func(r access.Role) bool { return r.Key == key })
	if i < 0 {
		return access.Role{}, unknown()
	}
	return roles[i], nil
}

func unknown() *fault.Fault {
	return fault.Invalid("role", "unknown", "The account has no role of this name.")
}

// Last reads the role that somebody who is gone had, also when it has been
// deleted since; gone says so.
func Last(ctx context.Context, tx *db.Tx, account id.Account, key string) (r access.Role, gone bool, err error) {
	e, err := read(ctx, tx, account, key)
	if err != nil {
		return access.Role{}, false, fmt.Errorf("read role: %w", err)
	}
	return e.Role, e.deleted, nil
}

func read(ctx context.Context, tx *db.Tx, account id.Account, key string) (Entry, error) {
	return scanned(func(dest ...any) error {
		return tx.One(ctx, `SELECT `+columns+` FROM roles WHERE account_id = $1 AND role_key = $2`, []any{string(account), key}, dest...)
	})
}

// List gives the roles of an account, the highest rank first.
func List(ctx context.Context, tx *db.Tx, account id.Account) ([]access.Role, error) {
	roles := []access.Role{}
	if err := tx.Ask(ctx, AskList(account, &roles)); err != nil {
		return nil, fmt.Errorf("list roles: %w", err)
	}
	return roles, nil
}

// AskList is List as a question.
func AskList(account id.Account, roles *[]access.Role) db.Question {
	return ask(account, func(e Entry) { *roles = append(*roles, e.Role) })
}

func list(ctx context.Context, tx *db.Tx, account id.Account) ([]Entry, error) {
	entries := []Entry{}
	if err := tx.Ask(ctx, ask(account, func(e Entry) { entries = append(entries, e) })); err != nil {
		return nil, fmt.Errorf("list roles: %w", err)
	}
	return entries, nil
}

func ask(account id.Account, each func(Entry)) db.Question {
	return db.AskEach(`SELECT `+columns+` FROM roles WHERE account_id = $1 AND deleted_at IS NULL ORDER BY role_rank DESC, role_key`, []any{string(account)},
		func(scan func(...any) error) error {
			e, err := scanned(scan)
			each(e)
			return err
		})
}

// Lowest gives the role that an invitation has unless another is named: the one
// of lowest rank that reaches all, else the lowest.
func Lowest(roles []access.Role) access.Role {
	var lowest access.Role
	for _, r := range roles {
		if r.Reach == access.ReachAll || lowest.Key == "" {
			lowest = r
		}
	}
	return lowest
}

// ByKey finds each role under its key.
func ByKey(roles []access.Role) map[string]access.Role {
	found := make(map[string]access.Role, len(roles))
	for _, r := range roles {
		found[r.Key] = r
	}
	return found
}
