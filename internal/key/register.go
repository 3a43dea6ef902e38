package key

import (
	"context"
	"fmt"
	"slices"
	"time"

	"tenure/internal/access"
	"tenure/internal/address"
	"tenure/internal/audit"
	"tenure/internal/bearer"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/once"
	"tenure/internal/page"
	"tenure/internal/secret"
)

// most is how many keys a member may have at a time.
const most = 100

// hintLength is how many of its last characters a key is told apart by.
const hintLength = 4

// New is what a key is made with.
type New struct {
	Name        string
	Permissions []access.Permission
	ExpiresAt   time.Time // zero: it does not run out
}

// Create makes a key of the member who asks. The token is given this once.
//
// Faults: those of access.AllowProven with keys.manage; forbidden for who is no person;
// rank_exceeded for a permission they lack; invalid; conflict too_many_keys.
func (r *Ring) Create(ctx context.Context, actor access.Actor, acc id.Account, n New) (k Key, token string, err error) {
	if err := access.AllowProven(actor, acc, access.KeysManage, r.db.Now()); err != nil {
		return Key{}, "", err
	}
	if actor.Kind != access.Member {
		return Key{}, "", fault.Forbidden("forbidden", "Only a person makes keys: each is somebody's.")
	}
	if n, err = n.checked(r.db.Now()); err != nil {
		return Key{}, "", err
	}
	for _, p := range n.Permissions {
		if !actor.Holds(p) {
			return Key{}, "", fault.Forbidden("rank_exceeded", "A key cannot be made for what you may not do yourself.")
		}
	}
	token = bearer.Make(Prefix, acc)
	return k, token, r.db.Write(ctx, acc, func(tx *db.Tx) error {
		k = Key{ID: id.New[id.Key](), Member: actor.Member, Name: n.Name, Hint: token[len(token)-hintLength:], Permissions: n.Permissions, Version: 1,
			CreatedAt: tx.Now(), ExpiresAt: n.ExpiresAt}
		if err := r.store(ctx, tx, acc, k, token); err != nil {
			return err
		}
		if err := once.Keep(ctx, tx, k.ID); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Event{Action: "key.create", Subject: audit.Of("key", k.ID), Changes: []audit.Change{
			audit.Personal("name", nil, k.Name), audit.Plain("member", nil, string(k.Member)), audit.Plain("permissions", nil, k.Permissions),
			audit.Plain("expires_at", nil, stamp(k.ExpiresAt))}})
	})
}

func (r *Ring) store(ctx context.Context, tx *db.Tx, acc id.Account, k Key, token string) error {
	var there int64
	if err := tx.One(ctx, `SELECT COUNT(*) FROM api_keys WHERE account_id = $1 AND member_id = $2 AND ended_at IS NULL
		AND (expires_at IS NULL OR expires_at > $3)`, []any{string(acc), string(k.Member), db.Micros(tx.Now())}, &there); err != nil {
		return fmt.Errorf("count keys: %w", err)
	}
	if there >= most {
		return fault.Conflict("too_many_keys", "You have 100 keys. Revoke one first.")
	}
	if err := tx.ExecOne(ctx, `INSERT INTO api_keys (account_id, key_hash, key_id, member_id, name, hint, permissions, created_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, string(acc), secret.Hash(token), string(k.ID), string(k.Member), k.Name, k.Hint, db.JSON(k.Permissions),
		db.Micros(k.CreatedAt), db.Micros(k.ExpiresAt)); err != nil {
		return fmt.Errorf("create key: %w", err)
	}
	return nil
}

// checked gives what a key is made with as it is kept.
func (n New) checked(now time.Time) (New, error) {
	var err error
	if n.Name, err = named(n.Name); err != nil {
		return n, err
	}
	if n.Permissions, err = purposes(n.Permissions); err != nil {
		return n, err
	}
	if !n.ExpiresAt.IsZero() && !n.ExpiresAt.After(now) {
		return n, fault.Invalid("expires_at", "past", "This time has passed.")
	}
	n.ExpiresAt = n.ExpiresAt.UTC().Truncate(time.Microsecond)
	return n, nil
}

func named(name string) (string, error) {
	name, err := address.Text("name", name, 80)
	if err == nil && name == "" {
		err = fault.Invalid("name", "required", "This is required.")
	}
	return name, err
}

// stamp is a time as events hold it; none is empty.
func stamp(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.Format(time.RFC3339)
}

// Filter narrows a list of keys. What is empty narrows nothing.
type Filter struct {
	Member id.Member // the maker
	Cursor string
	Limit  int // of the page; 0 is page.Default
}

// List gives a page of the keys that nobody has ended, the newest first: all of
// them to who administers, others see their own.
//
// Faults: those of access.Allow with keys.manage; invalid on cursor and limit.
func (r *Ring) List(ctx context.Context, actor access.Actor, acc id.Account, f Filter) (keys []Key, next string, err error) {
	if err := access.Allow(actor, acc, access.KeysManage); err != nil {
		return nil, "", err
	}
	limit, err := page.Limit(f.Limit)
	if err != nil {
		return nil, "", err
	}
	where, args := ``, []any{string(acc)}
	add := func(clause, value string) {
		args = append(args, value)
		where += fmt.Sprintf(clause, len(args))
	}
	if !seesAll(actor) {
		add(` AND member_id = $%d`, string(actor.Member))
	}
	if f.Member != "" {
		add(` AND member_id = $%d`, string(f.Member))
	}
	if f.Cursor != "" {
		var last id.Key
		if err := page.Read(f.Cursor, &last); err != nil {
			return nil, "", err
		}
		if !id.Valid(last) {
			return nil, "", page.Malformed()
		}
		add(` AND key_id < $%d`, string(last))
	}
	args = append(args, limit+1)
	err = r.db.Read(ctx, func(tx *db.Tx) error {
		keys = []Key{}
		return tx.Each(ctx, `SELECT `+columns+` FROM api_keys WHERE account_id = $1 AND ended_at IS NULL`+where+fmt.Sprintf(` ORDER BY key_id DESC LIMIT $%d`, len(args)), args,
			func(scan func(...any) error) error {
				k, err := scanned(scan)
				keys = append(keys, k)
				return err
			})
	})
	if err != nil {
		return nil, "", fmt.Errorf("list keys: %w", err)
	}
	if len(keys) > limit {
		keys = keys[:limit]
		next = page.Cursor(keys[limit-1].ID)
	}
	return keys, next, nil
}

// seesAll reports whether the actor sees the keys of others.
func seesAll(actor access.Actor) bool { return actor.Kind == access.Operator || actor.Role.Administers }

// Get reads one key. Faults: those of access.Allow with keys.manage; not_found,
// also for one that is not theirs to see.
func (r *Ring) Get(ctx context.Context, actor access.Actor, acc id.Account, key id.Key) (k Key, err error) {
	if err := access.Allow(actor, acc, access.KeysManage); err != nil {
		return Key{}, err
	}
	err = r.db.Read(ctx, func(tx *db.Tx) (err error) {
		k, err = seen(ctx, tx, actor, acc, key)
		return err
	})
	return k, err
}

// seen reads a key for who may see it.
func seen(ctx context.Context, tx *db.Tx, actor access.Actor, acc id.Account, key id.Key) (Key, error) {
	k, err := get(ctx, tx, acc, key)
	if err == nil && !seesAll(actor) && k.Member != actor.Member {
		return Key{}, fault.NotFound()
	}
	return k, err
}

// Patch is what may change of a key; nil leaves it. It may do less then, and end
// earlier; never more, and never later.
type Patch struct {
	Name        *string
	Permissions *[]access.Permission // at least one, and none it was not made for
	ExpiresAt   *time.Time           // only earlier than it was
}

// Change renames a key, narrows what it is for or lets it run out earlier.
// ifVersion, when not 0, is the version the caller read.
//
// Faults: those of access.Allow with keys.manage; forbidden for a key;
// rank_exceeded for one of somebody above; not_found, invalid, stale.
func (r *Ring) Change(ctx context.Context, actor access.Actor, acc id.Account, key id.Key, p Patch, ifVersion int64) (Key, error) {
	if err := access.Allow(actor, acc, access.KeysManage); err != nil {
		return Key{}, err
	}
	if actor.Kind == access.Key {
		return Key{}, fault.Forbidden("forbidden", "A key changes no keys.")
	}
	var k Key
	err := r.db.Write(ctx, acc, func(tx *db.Tx) error {
		before, err := r.under(ctx, tx, actor, acc, key)
		if err != nil {
			return err
		}
		if ifVersion != 0 && ifVersion != before.Version {
			return fault.Stale()
		}
		if k, err = before.with(p, tx.Now()); err != nil {
			return err
		}
		changes := k.since(before)
		if len(changes) == 0 {
			return nil
		}
		k.Version++
		if err := tx.ExecOne(ctx, `UPDATE api_keys SET name = $3, permissions = $4, expires_at = $5, version = $6 WHERE account_id = $1 AND key_id = $2 AND version = $7 AND ended_at IS NULL`,
			string(acc), string(key), k.Name, db.JSON(k.Permissions), db.Micros(k.ExpiresAt), k.Version, before.Version); err != nil {
			return fmt.Errorf("change key: %w", err)
		}
		tx.Stale(string(k.Member))
		return audit.Record(ctx, tx, actor, audit.Event{Action: "key.update", Subject: audit.Of("key", key), Changes: changes})
	})
	return k, err
}

// since tells what is other than before, for the trail.
func (k Key) since(before Key) []audit.Change {
	changes := []audit.Change{}
	if k.Name != before.Name {
		changes = append(changes, audit.Personal("name", before.Name, k.Name))
	}
	if !slices.Equal(k.Permissions, before.Permissions) {
		changes = append(changes, audit.Plain("permissions", before.Permissions, k.Permissions))
	}
	if !k.ExpiresAt.Equal(before.ExpiresAt) {
		changes = append(changes, audit.Plain("expires_at", stamp(before.ExpiresAt), stamp(k.ExpiresAt)))
	}
	return changes
}

// with gives the key with the patch in place, checked.
func (k Key) with(p Patch, now time.Time) (Key, error) {
	var err error
	if p.Name != nil {
		if k.Name, err = named(*p.Name); err != nil {
			return k, err
		}
	}
	if p.Permissions != nil {
		if k.Permissions, err = narrowed(k.Permissions, *p.Permissions); err != nil {
			return k, err
		}
	}
	if p.ExpiresAt == nil {
		return k, nil
	}
	to := p.ExpiresAt.UTC().Truncate(time.Microsecond)
	switch {
	case !to.After(now):
		return k, fault.Invalid("expires_at", "past", "This time has passed. Revoke the key instead.")
	case !k.ExpiresAt.IsZero() && to.After(k.ExpiresAt):
		return k, fault.Invalid("expires_at", "later", "A key can be made to end earlier, not later. Make a new one.")
	}
	k.ExpiresAt = to
	return k, nil
}

// narrowed gives what a key is for from now on: of what it was for, those.
func narrowed(before, to []access.Permission) ([]access.Permission, error) {
	to, err := purposes(to)
	if err != nil {
		return nil, err
	}
	for _, p := range to {
		if !slices.Contains(before, p) {
			return nil, fault.Invalid("permissions", "wider", "A key can be made to do less, not more. Make a new one.")
		}
	}
	return to, nil
}

// purposes reads what a key is for.
func purposes(given []access.Permission) ([]access.Permission, error) {
	given, err := access.PermissionsOf(given)
	if err == nil && len(given) == 0 {
		err = fault.Invalid("permissions", "required", "Say what the key is for: at least one permission.")
	}
	return given, err
}

// under reads a key that the actor may change: their own, or, for who
// administers, one of somebody whose role does not rank above theirs.
func (r *Ring) under(ctx context.Context, tx *db.Tx, actor access.Actor, acc id.Account, key id.Key) (Key, error) {
	k, err := seen(ctx, tx, actor, acc, key)
	if err != nil || k.Member == actor.Member {
		return k, err
	}
	maker, err := r.rights(ctx, tx, acc, k.Member)
	if err != nil {
		return Key{}, fmt.Errorf("maker of key %s: %w", key, err)
	}
	return k, access.AllowOver(actor, acc, access.KeysManage, maker.Role)
}

// Revoke ends a key: no request with it that starts after this is accepted.
// ifVersion is as in Change.
//
// Faults: those of access.Allow with keys.manage; rank_exceeded for one of
// somebody above; not_found, also for one that has ended; stale.
func (r *Ring) Revoke(ctx context.Context, actor access.Actor, acc id.Account, key id.Key, ifVersion int64) error {
	if err := access.Allow(actor, acc, access.KeysManage); err != nil {
		return err
	}
	return r.db.Write(ctx, acc, func(tx *db.Tx) error {
		k, err := r.under(ctx, tx, actor, acc, key)
		if err != nil {
			return err
		}
		if ifVersion != 0 && ifVersion != k.Version {
			return fault.Stale()
		}
		if err := tx.ExecOne(ctx, `UPDATE api_keys SET ended_at = $3, version = version + 1 WHERE account_id = $1 AND key_id = $2 AND ended_at IS NULL AND version = $4`,
			string(acc), string(key), db.Micros(tx.Now()), k.Version); err != nil {
			return fmt.Errorf("revoke key: %w", err)
		}
		tx.Stale(string(k.Member))
		return audit.Record(ctx, tx, actor, audit.Event{Action: "key.revoke", Subject: audit.Of("key", key), Changes: []audit.Change{
			audit.Personal("name", k.Name, nil), audit.Plain("member", string(k.Member), nil)}})
	})
}
