package audit

import (
	"context"
	"fmt"

	"tenure/internal/access"
	"tenure/internal/db"
	"tenure/internal/id"
)

// Erase takes the personal values of a person out of an account's trail: all of
// the events about them or about what was theirs (an invitation, a key), and where
// from they did things: by themselves, by a key, or by a link whose events say
// that the system did them. The chain stays whole. The erasure is an event that
// the caller records.
func Erase(ctx context.Context, tx *db.Tx, account id.Account, person id.Member, theirs ...string) error {
	e := erasure{ids: map[string]bool{string(person): true}, requests: map[string]bool{}, rows: map[int64]row{}}
	for _, one := range theirs {
		e.ids[one] = true
	}
	if err := e.find(ctx, tx, account); err != nil {
		return fmt.Errorf("erase: %w", err)
	}
	for seq, r := range e.rows {
		hidden, err := r.private()
		if err != nil {
			return fmt.Errorf("erase: %w", err)
		}
		if e.ids[r.Subject.ID] {
			hidden.Changes = nil
		}
		if e.by(r) {
			hidden.IP = nil
		}
		var left any
		if hidden.IP != nil || len(hidden.Changes) > 0 {
			left = db.JSON(hidden)
		}
		if err := tx.ExecOne(ctx, accountTrail.forget, string(account), seq, left); err != nil {
			return fmt.Errorf("erase: %w", err)
		}
	}
	return nil
}

// erasure is what is looked through for one person.
type erasure struct {
	ids      map[string]bool // of the person and of what was theirs
	requests map[string]bool // those of theirs that the system answered
	rows     map[int64]row
}

// find reads the events with personal values that may hold some of theirs.
func (e *erasure) find(ctx context.Context, tx *db.Tx, account id.Account) error {
	look := func(where, value string, keep func(row) bool) error {
		return tx.Each(ctx, accountTrail.events+` AND personal IS NOT NULL AND `+where, []any{string(account), value}, func(scan func(...any) error) error {
			var r row
			err := r.scan(scan)
			if err == nil && keep(r) {
				e.rows[r.Seq] = r
			}
			return err
		})
	}
	for one := range e.ids {
		if err := look(`subject_id = $2`, one, func(r row) bool {
			if r.Actor.Kind == string(access.System) && r.RequestID != "" {
				e.requests[r.RequestID] = true
			}
			return true
		}); err != nil {
			return err
		}
		if err := look(`actor_id = $2`, one, func(row) bool { return true }); err != nil {
			return err
		}
	}
	if len(e.requests) == 0 {
		return nil
	}
	return look(`actor_id = $2`, access.BySystem().Name(), e.by)
}

// by reports whether the person did it: whoever follows a link that was mailed to
// them is not signed in yet, and the system acts for them.
func (e *erasure) by(r row) bool {
	return e.ids[r.Actor.ID] || (r.Actor.Kind == string(access.System) && e.requests[r.RequestID])
}

// EraseUser takes every personal value out of the trail of the locked user. The
// chain stays whole. The erasure is an event that the caller records.
func EraseUser(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `UPDATE user_events SET personal = NULL WHERE user_id = $1 AND personal IS NOT NULL`, string(tx.User()))
	if err != nil {
		return fmt.Errorf("erase user: %w", err)
	}
	return nil
}
