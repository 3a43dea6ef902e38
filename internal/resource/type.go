package resource

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/address"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
)

// OnLeave is what becomes of the resources of a type when their owner leaves and
// nobody decides otherwise.
type OnLeave string

// The ways.
const (
	Ask   OnLeave = "ask"   // it has to be decided
	Leave OnLeave = "leave" // they stay with who has left
)

// Type is a kind of resources.
type Type struct {
	Key     string
	Name    string
	OnLeave OnLeave
	Words   map[string]string // what screens call one and many of them, and whatever else they need
	Version int64
}

// mostTypes is how many types an account may have: a list of them is one answer.
const mostTypes = 100

// checked gives a type as it is kept. Faults: invalid on fields name, on_leave
// and words.
func (t Type) checked() (Type, error) {
	var err error
	if t.Name, err = required("name", t.Name, 80); err != nil {
		return t, err
	}
	if t.OnLeave != Ask && t.OnLeave != Leave {
		return t, fault.Invalid("on_leave", "unknown", "Either ask or leave.")
	}
	if len(t.Words) > 50 {
		return t, fault.Invalid("words", "too_long", "At most 50 words.")
	}
	words := map[string]string{}
	for _, key := range slices.Sorted(maps.Keys(t.Words)) {
		name, err := required("words", key, 40)
		if err != nil {
			return t, err
		}
		if words[name], err = address.Text("words."+name, t.Words[key], 120); err != nil {
			return t, err
		}
	}
	t.Words = words
	return t, nil
}

func required(field, s string, most int) (string, error) {
	s, err := address.Text(field, s, most)
	if err == nil && s == "" {
		err = fault.Invalid(field, "required", "This is required.")
	}
	return s, err
}

// Types gives the types of an account in the order of their keys.
func Types(ctx context.Context, tx *db.Tx, acc id.Account) ([]Type, error) {
	types := []Type{}
	err := tx.Each(ctx, `SELECT type_key, name, on_leave, words, version FROM resource_types WHERE account_id = $1 ORDER BY type_key`, []any{string(acc)},
		func(scan func(...any) error) error {
			t, err := scannedType(scan)
			types = append(types, t)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("list resource types: %w", err)
	}
	return types, nil
}

func scannedType(scan func(...any) error) (Type, error) {
	t := Type{Words: map[string]string{}}
	err := scan(&t.Key, &t.Name, (*string)(&t.OnLeave), db.Into(&t.Words), &t.Version)
	return t, err
}

// typeOf reads a type. Faults: not_found.
func typeOf(ctx context.Context, tx *db.Tx, acc id.Account, key string) (Type, error) {
	t, err := scannedType(func(dest ...any) error {
		return tx.One(ctx, `SELECT type_key, name, on_leave, words, version FROM resource_types WHERE account_id = $1 AND type_key = $2`,
			[]any{string(acc), key}, dest...)
	})
	if errors.Is(err, db.ErrNone) {
		return t, fault.NotFound()
	}
	if err != nil {
		return t, fmt.Errorf("read resource type: %w", err)
	}
	return t, nil
}

// Establish gives a new account the types of its preset, inside db.Found.
func Establish(ctx context.Context, tx *db.Tx, actor access.Actor, acc id.Account, preset account.Preset) error {
	for _, p := range preset.ResourceTypes {
		t := Type{Key: p.Key, Name: p.Name, OnLeave: OnLeave(p.OnLeave), Words: p.Words, Version: 1}
		if err := insertType(ctx, tx, actor, acc, t); err != nil {
			return err
		}
	}
	return nil
}

func insertType(ctx context.Context, tx *db.Tx, actor access.Actor, acc id.Account, t Type) error {
	if err := tx.ExecOne(ctx, `INSERT INTO resource_types (account_id, type_key, name, on_leave, words, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		string(acc), t.Key, t.Name, string(t.OnLeave), db.JSON(t.Words), db.Micros(tx.Now())); err != nil {
		return fmt.Errorf("create resource type %s: %w", t.Key, err)
	}
	return audit.Record(ctx, tx, actor, audit.Event{Action: "resource_type.create", Subject: audit.Of("resource_type", t.Key),
		Changes: []audit.Change{audit.Plain("name", nil, t.Name), audit.Plain("on_leave", nil, string(t.OnLeave))}})
}

// ListTypes gives the types of an account to whoever is in it. Faults:
// unauthenticated, not_found.
func (r *Register) ListTypes(ctx context.Context, actor access.Actor, acc id.Account) (types []Type, err error) {
	if err := belongs(actor, acc); err != nil {
		return nil, err
	}
	err = r.db.Read(ctx, func(tx *db.Tx) (err error) {
		types, err = Types(ctx, tx, acc)
		return err
	})
	return types, err
}

// GetType reads a type. Faults: as ListTypes.
func (r *Register) GetType(ctx context.Context, actor access.Actor, acc id.Account, key string) (t Type, err error) {
	if err := belongs(actor, acc); err != nil {
		return t, err
	}
	err = r.db.Read(ctx, func(tx *db.Tx) (err error) {
		t, err = typeOf(ctx, tx, acc, key)
		return err
	})
	return t, err
}

func belongs(actor access.Actor, acc id.Account) error {
	if actor.Kind == access.Nobody {
		return fault.Unauthenticated()
	}
	if !actor.In(acc) {
		return fault.NotFound()
	}
	return nil
}

// PutType makes a type, or makes it what is given. What happens when owners
// leave is the account's to decide, so it takes account.manage. ifVersion, when
// not 0, is the version the caller read.
//
// Faults: those of access.Allow with account.manage; invalid, stale; conflict
// too_many_types.
func (r *Register) PutType(ctx context.Context, actor access.Actor, acc id.Account, t Type, ifVersion int64) (Type, error) {
	if err := access.Allow(actor, acc, access.AccountManage); err != nil {
		return Type{}, err
	}
	t, err := t.checked()
	if err != nil {
		return Type{}, err
	}
	err = r.db.Write(ctx, acc, func(tx *db.Tx) error {
		before, err := typeOf(ctx, tx, acc, t.Key)
		switch {
		case fault.Code(err) == "not_found" && ifVersion == 0:
			return r.newType(ctx, tx, actor, acc, &t)
		case fault.Code(err) == "not_found", err == nil && ifVersion != 0 && ifVersion != before.Version:
			return fault.Stale()
		case err != nil:
			return err
		}
		t.Version = before.Version
		if reflect.DeepEqual(t, before) {
			return nil
		}
		t.Version++
		if err := tx.ExecOne(ctx, `UPDATE resource_types SET name = $3, on_leave = $4, words = $5, version = $6 WHERE account_id = $1 AND type_key = $2 AND version = $7`,
			string(acc), t.Key, t.Name, string(t.OnLeave), db.JSON(t.Words), t.Version, before.Version); err != nil {
			return fmt.Errorf("change resource type: %w", err)
		}
		return audit.Record(ctx, tx, actor, audit.Event{Action: "resource_type.update", Subject: audit.Of("resource_type", t.Key),
			Changes: changed(audit.Plain("name", before.Name, t.Name), audit.Plain("on_leave", string(before.OnLeave), string(t.OnLeave)),
				audit.Plain("words", fmt.Sprint(before.Words), fmt.Sprint(t.Words)))})
	})
	return t, err
}

func (r *Register) newType(ctx context.Context, tx *db.Tx, actor access.Actor, acc id.Account, t *Type) error {
	types, err := Types(ctx, tx, acc)
	if err != nil {
		return err
	}
	if len(types) >= mostTypes {
		return fault.Conflict("too_many_types", "This account has 100 types of resources.")
	}
	t.Version = 1
	return insertType(ctx, tx, actor, acc, *t)
}

// changed keeps the changes whose value did change.
func changed(all ...audit.Change) []audit.Change {
	return slices.DeleteFunc(all, func(c audit.Change) bool { return c.Before == c.After })
}
