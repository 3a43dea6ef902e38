package member

import (
	"context"
	"fmt"

	"tenure/internal/access"
	"tenure/internal/address"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/id"
)

// FollowEmail brings the address a place shows in line with that of the user
// behind it. Faults: conflict email_taken if another member of the account has
// it.
func FollowEmail(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, m Member, to address.Address) (Member, error) {
	return moveEmail(ctx, tx, actor, account, m, m.User, to, "member.update")
}

// Rebind gives a place to another identity, the one that has the address. The
// caller has proof of the mailbox and ends what the old identity holds here.
// Faults: conflict email_taken if another member of the account has the
// address.
func Rebind(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, m Member, user id.User, to address.Address) (Member, error) {
	return moveEmail(ctx, tx, actor, account, m, user, to, "email.change")
}

func moveEmail(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, before Member, user id.User, to address.Address, action string) (Member, error) {
	held, err := Emails(ctx, tx, account, []string{to.Key})
	if err != nil {
		return before, err
	}
	if holder, taken := held[to.Key]; taken && holder.ID != before.ID {
		return before, EmailTaken()
	}
	m := before
	m.User, m.Email, m.EmailKey = user, to.Written, to.Key
	if m.MFA, err = guarded(ctx, tx, user); err != nil {
		return before, err
	}
	if m, err = save(ctx, tx, account, before, m, true); err != nil {
		return before, fmt.Errorf("change address: %w", err)
	}
	changes := profileChanges(before, m)
	if before.User != m.User {
		changes = append(changes, audit.Plain("user", string(before.User), string(m.User)))
	}
	return m, audit.Record(ctx, tx, actor, audit.Event{Action: action, Subject: audit.Of("member", m.ID), Changes: changes})
}
