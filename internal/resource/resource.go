// Package resource keeps who holds the things of the host product: who owns
// them, who is assigned to them, and what has happened to them. What they are
// about stays in the host product.
//
// Invariants. A resource has at most one owner. Ownership and assignments are
// intervals of time: one ends and the next begins, none is overwritten. Nothing
// is handed to somebody who is not an active, registered member of the account or
// who does not reach its sub-account. Who reaches one single thing is assigned to
// at most one and owns nothing. What somebody does not reach answers like what
// does not exist.
package resource

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"tenure/internal/access"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
)

// Key is what a resource is called: its type, and what the host product calls it.
type Key struct {
	Type string
	ID   string
}

// String gives the key as trail and decisions write it: case/17.
func (k Key) String() string { return k.Type + "/" + k.ID }

// compare orders keys as lists do.
func compare(a, b Key) int {
	if a.Type != b.Type {
		return strings.Compare(a.Type, b.Type)
	}
	return strings.Compare(a.ID, b.ID)
}

// keyOf reads what String wrote.
func keyOf(s string) (Key, bool) {
	kind, name, found := strings.Cut(s, "/")
	return Key{kind, name}, found && ValidType(kind) && ValidID(name)
}

// Resource is a thing and who holds it now.
type Resource struct {
	Key
	Name       string
	SubAccount id.SubAccount // empty: of the account as a whole
	Owner      id.Member     // empty: nobody
	Assignees  []id.Member   // in the order they were assigned
	People     []Person      // owner and assignees, each once, where a door asked
	Version    int64
	CreatedAt  time.Time
}

// thing is what an actor's reach is decided by.
func (r Resource) thing(a access.Actor) access.Thing {
	return access.Thing{SubAccount: r.SubAccount, Held: a.Member != "" && (r.Owner == a.Member || slices.Contains(r.Assignees, a.Member))}
}

// ref is the resource as the subject of an event.
func (k Key) ref() audit.Ref { return audit.Of("resource", k.String()) }

var (
	typeForm = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,39}$`)
	idForm   = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.:~@+=-]{0,99}$`)
)

// ValidType reports whether a text has the form of a type's key: a word of the
// host product's code.
func ValidType(s string) bool { return typeForm.MatchString(s) }

// ValidID reports whether a text has the form of what a host product may call a
// resource: up to 100 letters and digits of ASCII and the characters _ . : ~ @ +
// = and -, beginning with a letter, a digit or an underscore. None of them has to
// be escaped in a path, and none ends one.
func ValidID(s string) bool { return idForm.MatchString(s) }

const columns = `r.type_key, r.external_id, r.name, r.sub_account_id, r.version, r.created_at, o.member_id`

const from = ` FROM resources r LEFT JOIN resource_owners o ON o.account_id = r.account_id AND o.type_key = r.type_key
	AND o.external_id = r.external_id AND o.until IS NULL`

func scanned(scan func(...any) error) (Resource, error) {
	r := Resource{Assignees: []id.Member{}}
	err := scan(&r.Type, &r.ID, &r.Name, db.Text((*string)(&r.SubAccount)), &r.Version, db.Time(&r.CreatedAt), db.Text((*string)(&r.Owner)))
	return r, err
}

// find reads a resource; it is not there if found is false.
func find(ctx context.Context, tx *db.Tx, acc id.Account, k Key) (r Resource, found bool, err error) {
	r, err = scanned(func(dest ...any) error {
		return tx.One(ctx, `SELECT `+columns+from+` WHERE r.account_id = $1 AND r.type_key = $2 AND r.external_id = $3`, []any{string(acc), k.Type, k.ID}, dest...)
	})
	if errors.Is(err, db.ErrNone) {
		return Resource{Key: k}, false, nil
	}
	if err != nil {
		return r, false, fmt.Errorf("read resource: %w", err)
	}
	list := []Resource{r}
	err = loadAssignees(ctx, tx, acc, list)
	return list[0], err == nil, err
}

// reached reads a resource for who may use the permission on it. Faults: those
// of access.AllowThing; what is not there answers like what they do not reach.
func reached(ctx context.Context, tx *db.Tx, actor access.Actor, acc id.Account, p access.Permission, k Key) (Resource, error) {
	r, found, err := find(ctx, tx, acc, k)
	if err != nil {
		return r, err
	}
	if !found {
		return r, fault.NotFound()
	}
	return r, access.AllowThing(actor, acc, p, r.thing(actor))
}

// byType groups keys, so that a statement names the type once. Each group has at
// most 100 of them.
func byType(keys []Key) []group {
	sorted := slices.SortedFunc(slices.Values(keys), compare)
	var groups []group
	for _, k := range sorted {
		if n := len(groups); n == 0 || groups[n-1].kind != k.Type || len(groups[n-1].ids) == 100 {
			groups = append(groups, group{kind: k.Type})
		}
		last := &groups[len(groups)-1]
		last.ids = append(last.ids, k.ID)
	}
	return groups
}

// group is resources of one type.
type group struct {
	kind string
	ids  []string
}

// args gives the parameters of a statement on the group: the account is $1, the
// type is $2, then come the statement's own, the first and the last identifier,
// and all of them.
func (g group) args(acc id.Account, own ...any) []any {
	args := append([]any{string(acc), g.kind}, own...)
	args = append(args, g.ids[0], g.ids[len(g.ids)-1])
	for _, name := range g.ids {
		args = append(args, name)
	}
	return args
}

// in is the condition that a row is of the group, for a statement with so many
// parameters of its own. The range is for PostgreSQL: it compares what an IN of
// parameters does not exclude one by one, and without it that is the whole type.
func (g group) in(own int) string {
	return ` type_key = $2 AND external_id BETWEEN ` + fmt.Sprintf("$%d AND $%d", 3+own, 4+own) + ` AND external_id IN (` + db.Params(5+own, len(g.ids)) + `)`
}

// loadAssignees fills in who is assigned to the resources.
func loadAssignees(ctx context.Context, tx *db.Tx, acc id.Account, list []Resource) error {
	at, keys := map[Key]*Resource{}, make([]Key, len(list))
	for i := range list {
		at[list[i].Key], keys[i] = &list[i], list[i].Key
	}
	for _, g := range byType(keys) {
		err := tx.Each(ctx, `SELECT external_id, member_id FROM resource_assignments WHERE account_id = $1 AND`+g.in(0)+` AND until IS NULL
			ORDER BY external_id, since_version`, g.args(acc), func(scan func(...any) error) error {
			var name, member string
			err := scan(&name, &member)
			if r := at[Key{g.kind, name}]; r != nil {
				r.Assignees = append(r.Assignees, id.Member(member))
			}
			return err
		})
		if err != nil {
			return fmt.Errorf("read assignees: %w", err)
		}
	}
	return nil
}

// Names gives the name of each resource that there is, by its key as trail and
// decisions write it.
func Names(ctx context.Context, tx *db.Tx, acc id.Account, written []string) (map[string]string, error) {
	keys, names := []Key{}, map[string]string{}
	for _, w := range written {
		if k, ok := keyOf(w); ok {
			keys = append(keys, k)
		}
	}
	for _, g := range byType(keys) {
		err := tx.Each(ctx, `SELECT external_id, name FROM resources WHERE account_id = $1 AND`+g.in(0), g.args(acc), func(scan func(...any) error) error {
			var key, name string
			err := scan(&key, &name)
			names[Key{g.kind, key}.String()] = name
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("names of resources: %w", err)
		}
	}
	return names, nil
}
