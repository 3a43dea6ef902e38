package member

import (
	"context"
	"fmt"
	"time"

	"tenure/internal/access"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/id"
)

// Go makes a move with a member inside the caller's write and records it as
// member.<move>. It does not ask whether an owner is left: KeepOwner does, once
// everybody of the write has moved. Faults: those of Status.On.
func Go(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, m Member, move Move) (Member, error) {
	next, err := m.Status.On(move)
	if err != nil || next == m.Status {
		return m, err
	}
	before := m
	m.Status = next
	switch next {
	case Active:
		m.DeactivatedAt = time.Time{}
	default:
		if m.DeactivatedAt.IsZero() {
			m.DeactivatedAt = tx.Now()
		}
	}
	if m, err = save(ctx, tx, account, before, m, true); err != nil {
		return before, err
	}
	return m, audit.Record(ctx, tx, actor, audit.Event{Action: "member." + string(move), Subject: audit.Of("member", m.ID),
		Changes: []audit.Change{audit.Plain("status", string(before.Status), string(next))}})
}

// Purge erases what is personal of a member who is removed or deleted, also
// from the account's trail, and lets go of the user behind the place. What else
// of theirs the trail speaks of, such as their invitation, is named in theirs.
// It records member.erase.
func Purge(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, m Member, theirs ...string) error {
	before := m
	m.User, m.Email, m.EmailKey, m.FirstName, m.LastName, m.JobTitle, m.Phone = "", "", string(m.ID), "", "", "", ""
	if _, err := save(ctx, tx, account, before, m, true); err != nil {
		return err
	}
	if err := putGrants(ctx, tx, account, m.ID, nil, nil); err != nil {
		return err
	}
	if err := audit.Erase(ctx, tx, account, m.ID, theirs...); err != nil {
		return fmt.Errorf("purge member %s: %w", m.ID, err)
	}
	return audit.Record(ctx, tx, actor, audit.Event{Action: "member.erase", Subject: audit.Of("member", m.ID)})
}
