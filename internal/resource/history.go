package resource

import (
	"context"
	"fmt"
	"slices"
	"time"

	"tenure/internal/access"
	"tenure/internal/db"
	"tenure/internal/id"
)

// Tenancy is a length of time during which somebody owned a resource or worked
// on it.
type Tenancy struct {
	Member     id.Member
	MemberName string
	From       time.Time
	To         time.Time // zero: still
}

// History is what was with a resource, the oldest first.
type History struct {
	Owners      []Tenancy
	Assignments []Tenancy
	Activities  []Activity
}

// mostHistory is how many of each the history goes back.
const mostHistory = 1000

// History gives who owned a resource and who worked on it, from when to when,
// and what happened, each as far as the newest thousand. Faults: those of
// access.AllowThing with resources.read.
func (r *Register) History(ctx context.Context, actor access.Actor, acc id.Account, k Key) (h History, err error) {
	if err := access.Allow(actor, acc, access.ResourcesRead); err != nil {
		return h, err
	}
	err = r.db.Read(ctx, func(tx *db.Tx) (err error) {
		if _, err = reached(ctx, tx, actor, acc, access.ResourcesRead, k); err != nil {
			return err
		}
		if h.Owners, err = r.tenancies(ctx, tx, acc, k, `SELECT member_id, since, until FROM resource_owners WHERE account_id = $1`); err != nil {
			return err
		}
		if h.Assignments, err = r.tenancies(ctx, tx, acc, k, `SELECT member_id, since, until FROM resource_assignments WHERE account_id = $1`); err != nil {
			return err
		}
		if h.Activities, err = activities(ctx, tx, acc, k, nil, mostHistory); err != nil {
			return err
		}
		slices.Reverse(h.Activities)
		return r.nameActivities(ctx, tx, acc, h.Activities)
	})
	return h, err
}

func (r *Register) tenancies(ctx context.Context, tx *db.Tx, acc id.Account, k Key, query string) ([]Tenancy, error) {
	list, members := []Tenancy{}, []id.Member{}
	err := tx.Each(ctx, query+` AND type_key = $2 AND external_id = $3 ORDER BY since_version DESC LIMIT $4`, []any{string(acc), k.Type, k.ID, mostHistory},
		func(scan func(...any) error) error {
			var t Tenancy
			err := scan((*string)(&t.Member), db.Time(&t.From), db.Time(&t.To))
			list, members = append(list, t), append(members, t.Member)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("read history: %w", err)
	}
	people, err := r.people(ctx, tx, acc, members)
	for i := range list {
		list[i].MemberName = people[list[i].Member].Name
	}
	slices.Reverse(list)
	return list, err
}
