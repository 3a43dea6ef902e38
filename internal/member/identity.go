package member

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
)

// handover is how long a new name and a new address count as one change of
// both, and mostEvents how many events of that time are looked at.
const (
	handover   = 7 * 24 * time.Hour
	mostEvents = 200
)

// who is what tells people apart: a name and the key of an address.
type who struct{ first, last, email string }

// samePerson refuses a change that gives a place another name and another
// address, at once or one shortly after the other: that hands a login on, and
// with it the history of who had it before. What a person does to their own
// name does not count. Faults: conflict identity_swap.
func samePerson(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, before, after Member, p Patch) error {
	now := who{after.FirstName, after.LastName, before.EmailKey}
	if p.Email != nil {
		to, err := address.Parse(*p.Email)
		if err != nil {
			return err
		}
		now.email = to.Key
	}
	was := who{before.FirstName, before.LastName, before.EmailKey}
	if p.SamePerson || now == was || actor.Is(before.ID) {
		return nil
	}
	was, asked, err := lately(ctx, tx, account, before, was)
	if err != nil {
		return err
	}
	if p.Email == nil && asked != "" {
		now.email = asked
	}
	if now.email == was.email || (now.first == was.first && now.last == was.last) {
		return nil
	}
	return fault.Conflict("identity_swap", "With another name and another address this login goes to somebody else. If one person leaves and another comes, let the first go and invite the second.").
		And("same_person", "required", "Say that it is true if this is still the same person.")
}

// lately gives who a place belonged to before the changes that others made to it
// in the last days, and the key of the address that was asked for last.
func lately(ctx context.Context, tx *db.Tx, account id.Account, m Member, was who) (who, string, error) {
	f := audit.Filter{Subject: string(m.ID), Since: tx.Now().Add(-handover), Limit: mostEvents}
	var asked string
	events, err := audit.List(ctx, tx, account, f)
	if err != nil {
		return was, "", fmt.Errorf("read who %s was: %w", m.ID, err)
	}
	for _, e := range events { // the newest first: the oldest has the last word
		if e.Actor.ID == string(m.ID) {
			continue
		}
		switch e.Action {
		case "member.update":
			earlier(&was.first, e.Changes["first_name"][0])
			earlier(&was.last, e.Changes["last_name"][0])
		case "email.request":
			earlier(&was.email, keyOf(e.Changes["email"][0]))
			if asked == "" {
				earlier(&asked, keyOf(e.Changes["email"][1]))
			}
		}
	}
	return was, asked, nil
}

// earlier takes a value of the trail, if it has one.
func earlier(to *string, value any) {
	if text, ok := value.(string); ok && text != audit.Erased {
		*to = text
	}
}

// keyOf is what an address of the trail is compared by; nil for what is none.
func keyOf(value any) any {
	text, _ := value.(string)
	a, err := address.Parse(text)
	if err != nil {
		return nil
	}
	return a.Key
}
