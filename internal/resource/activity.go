package resource

import (
	"context"
	"fmt"
	"time"

	"tenure/internal/access"
	"tenure/internal/address"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/once"
	"tenure/internal/page"
)

// Activity is something that happened to a resource: a visit, a call, the deal
// that was closed.
type Activity struct {
	ID         id.Activity
	Kind       string
	Member     id.Member // by whom; empty: by nobody who is a member
	MemberName string
	Note       string
	At         time.Time
	CreatedAt  time.Time
}

// checked gives an activity as it is kept. Faults: invalid on fields kind, note
// and at.
func (a Activity) checked(now time.Time) (Activity, error) {
	var err error
	if !ValidType(a.Kind) {
		return a, fault.Invalid("kind", "invalid", "A kind is a lowercase word of up to 40 letters, digits, underscores and hyphens.")
	}
	if a.Note, err = address.Lines("note", a.Note, 2000); err != nil {
		return a, err
	}
	if a.At.After(now) {
		return a, fault.Invalid("at", "future", "This time has not come yet.")
	}
	if a.At.IsZero() {
		a.At = now
	}
	if a.At.Year() < 1970 {
		return a, fault.Invalid("at", "out_of_range", "A time of 1970 or later.")
	}
	a.At = a.At.UTC().Truncate(time.Microsecond)
	return a, nil
}

// AddActivity notes what happened to a resource. Whoever reaches it notes what
// they did themselves, which is meant where a person names nobody; what others
// did takes resources.manage. Who did it may have left since.
//
// Faults: those of access.AllowThing with resources.read, or resources.manage for
// what others did; not_found also for nobody of the account; invalid.
func (r *Register) AddActivity(ctx context.Context, actor access.Actor, acc id.Account, k Key, a Activity) (Activity, error) {
	if a.Member == "" && actor.Kind == access.Member {
		a.Member = actor.Member
	}
	needed := access.ResourcesManage
	if actor.Is(a.Member) {
		needed = access.ResourcesRead
	}
	if err := access.Allow(actor, acc, needed); err != nil {
		return Activity{}, err
	}
	err := r.db.Write(ctx, acc, func(tx *db.Tx) (err error) {
		if _, err := reached(ctx, tx, actor, acc, needed, k); err != nil {
			return err
		}
		if a, err = a.checked(tx.Now()); err != nil {
			return err
		}
		if a.Member != "" {
			if _, err := r.ways.Place(ctx, tx, acc, a.Member); err != nil {
				return err
			}
		}
		a.ID, a.CreatedAt = id.New[id.Activity](), tx.Now()
		if err := tx.ExecOne(ctx, `INSERT INTO resource_activities (account_id, type_key, external_id, activity_id, kind, member_id, note, at, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, string(acc), k.Type, k.ID, string(a.ID), a.Kind, db.Null(string(a.Member)), a.Note,
			db.Micros(a.At), db.Micros(a.CreatedAt)); err != nil {
			return fmt.Errorf("add activity: %w", err)
		}
		list := []Activity{a}
		if err := r.nameActivities(ctx, tx, acc, list); err != nil {
			return err
		}
		a = list[0]
		if err := once.Keep(ctx, tx, a.ID); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Event{Action: "resource.add_activity", Subject: k.ref(), Changes: changed(
			audit.Plain("activity", "", string(a.ID)), audit.Plain("kind", "", a.Kind), audit.Plain("member", "", string(a.Member)))})
	})
	return a, err
}

// Activity gives one thing that happened to a resource. Faults: those of
// access.AllowThing with resources.read; not_found.
func (r *Register) Activity(ctx context.Context, actor access.Actor, acc id.Account, k Key, which id.Activity) (a Activity, err error) {
	if err := access.Allow(actor, acc, access.ResourcesRead); err != nil {
		return Activity{}, err
	}
	err = r.db.Read(ctx, func(tx *db.Tx) error {
		if _, err := reached(ctx, tx, actor, acc, access.ResourcesRead, k); err != nil {
			return err
		}
		found, err := activitiesWhere(ctx, tx, acc, k, ` AND activity_id = $5`, 1, string(which))
		switch {
		case err != nil:
			return err
		case len(found) == 0:
			return fault.NotFound()
		}
		err = r.nameActivities(ctx, tx, acc, found)
		a = found[0]
		return err
	})
	return a, err
}

// Activities gives a page of what happened to a resource, the newest first.
// Faults: those of access.AllowThing with resources.read; invalid on cursor and
// limit.
func (r *Register) Activities(ctx context.Context, actor access.Actor, acc id.Account, k Key, cursor string, limit int) (list []Activity, next string, err error) {
	if err := access.Allow(actor, acc, access.ResourcesRead); err != nil {
		return nil, "", err
	}
	if limit, err = page.Limit(limit); err != nil {
		return nil, "", err
	}
	var last *position
	if cursor != "" {
		last = &position{}
		if err := page.Read(cursor, last); err != nil {
			return nil, "", err
		}
		if !id.Valid(last.ID) {
			return nil, "", page.Malformed()
		}
	}
	err = r.db.Read(ctx, func(tx *db.Tx) error {
		if _, err := reached(ctx, tx, actor, acc, access.ResourcesRead, k); err != nil {
			return err
		}
		if list, err = activities(ctx, tx, acc, k, last, limit+1); err != nil {
			return err
		}
		if len(list) > limit {
			list = list[:limit]
			next = page.Cursor(position{list[limit-1].At.UnixMicro(), list[limit-1].ID})
		}
		return r.nameActivities(ctx, tx, acc, list)
	})
	return list, next, err
}

// position is where a page of activities ended.
type position struct {
	At int64       `json:"at"` // microseconds
	ID id.Activity `json:"id"`
}

// activities reads the newest activities, of those before a position.
func activities(ctx context.Context, tx *db.Tx, acc id.Account, k Key, before *position, limit int) ([]Activity, error) {
	if before == nil {
		return activitiesWhere(ctx, tx, acc, k, ``, limit)
	}
	return activitiesWhere(ctx, tx, acc, k, ` AND (at, activity_id) < ($5, $6)`, limit, before.At, string(before.ID))
}

// activitiesWhere reads the newest activities that a condition holds of, whose
// values begin at $5.
func activitiesWhere(ctx context.Context, tx *db.Tx, acc id.Account, k Key, where string, limit int, values ...any) ([]Activity, error) {
	list := []Activity{}
	err := tx.Each(ctx, `SELECT activity_id, kind, member_id, note, at, created_at FROM resource_activities
		WHERE account_id = $1 AND type_key = $2 AND external_id = $3`+where+` ORDER BY at DESC, activity_id DESC LIMIT $4`, append([]any{string(acc), k.Type, k.ID, limit}, values...),
		func(scan func(...any) error) error {
			var a Activity
			err := scan((*string)(&a.ID), &a.Kind, db.Text((*string)(&a.Member)), &a.Note, db.Time(&a.At), db.Time(&a.CreatedAt))
			list = append(list, a)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("list activities: %w", err)
	}
	return list, nil
}

func (r *Register) nameActivities(ctx context.Context, tx *db.Tx, acc id.Account, list []Activity) error {
	members := []id.Member{}
	for _, a := range list {
		members = append(members, a.Member)
	}
	people, err := r.people(ctx, tx, acc, members)
	for i := range list {
		list[i].MemberName = people[list[i].Member].Name
	}
	return err
}

// people gives who each of the members is, each asked for once.
func (r *Register) people(ctx context.Context, tx *db.Tx, acc id.Account, members []id.Member) (map[id.Member]Person, error) {
	seen, asked := map[id.Member]bool{"": true}, []id.Member{}
	for _, m := range members {
		if !seen[m] {
			seen[m] = true
			asked = append(asked, m)
		}
	}
	return r.ways.People(ctx, tx, acc, asked)
}
