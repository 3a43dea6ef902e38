// Package trail is how the events of an account are read: page by page, whole,
// and as they happen, each with the names of whom it is about. The trail itself
// knows identifiers only; the names are in the rooms they belong to.
//
// Invariants. Who may read an event, and who sees from where it was done, is
// the same whichever way it is read. A walk that lasts asks for its reader's
// rights before it gives anything away, so that nothing committed after the
// reader's end reaches them. It holds no transaction while its reader is slow.
package trail

import (
	"context"
	"regexp"
	"time"

	"tenure/internal/access"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/page"
)

// Reader reads trails, and follows those that somebody follows.
type Reader struct {
	db      *db.DB
	closing context.Context
	seats   seats
	tails   tails

	// Close ends every live walk at once and lets none begin: the server stops.
	Close func()
}

// New makes the reader.
func New(d *db.DB) *Reader {
	r := &Reader{db: d, seats: seats{taken: map[string]int{}}, tails: tails{db: d, byAccount: map[id.Account]*tail{}}}
	r.closing, r.Close = context.WithCancel(context.Background())
	return r
}

// Closing ends when the server stops: no live walk goes on.
func (r *Reader) Closing() context.Context { return r.closing }

// Fact is an entry of the trail with the names of whom it is about.
type Fact struct {
	audit.Entry
	ActorName   string
	SubjectName string
}

// Who gives the reader of a walk with the rights of this moment, or the fault
// that they are nobody any more.
type Who func(ctx context.Context) (access.Actor, error)

// List gives one page, the newest events first, and the cursor of the next.
//
// Faults: those of access.AllowEvents; invalid.
func (r *Reader) List(ctx context.Context, actor access.Actor, acc id.Account, f audit.Filter, cursor string) (facts []Fact, next string, err error) {
	if err := allow(actor, acc, f); err != nil {
		return nil, "", err
	}
	if f, err = onPage(f, cursor); err != nil {
		return nil, "", err
	}
	err = r.db.Read(ctx, func(tx *db.Tx) error {
		if _, err := audit.Head(ctx, tx, acc); err != nil {
			return err // the operator may ask for an account that does not exist
		}
		entries, err := audit.List(ctx, tx, acc, f)
		if err != nil {
			return err
		}
		entries, next = cut(entries, f)
		facts, err = name(ctx, tx, acc, entries)
		return err
	})
	if err != nil {
		return nil, "", err
	}
	hide(actor, acc, facts)
	return facts, next, nil
}

// onPage gives the filter of one page and of one event more, which says whether
// it is the last. Faults: invalid on cursor and limit.
func onPage(f audit.Filter, cursor string) (audit.Filter, error) {
	if cursor != "" {
		if err := page.Read(cursor, &f.Before); err != nil {
			return f, err
		}
	}
	limit, err := page.Limit(f.Limit)
	f.Limit = limit + 1
	return f, err
}

// cut leaves the page of what was read for it, and gives the cursor of the next.
func cut(entries []audit.Entry, f audit.Filter) ([]audit.Entry, string) {
	if len(entries) < f.Limit {
		return entries, ""
	}
	entries = entries[:f.Limit-1]
	return entries, page.Cursor(entries[len(entries)-1].Seq)
}

// allow decides whether the actor may read what the filter lets through, and
// then whether the filter can mean anything.
func allow(actor access.Actor, acc id.Account, f audit.Filter) error {
	if err := access.AllowEvents(actor, acc, f.Subject, f.Actor); err != nil {
		return err
	}
	return check(f)
}

var (
	nameForm = regexp.MustCompile(`^[A-Za-z0-9_]+$`)
	// thingForm is more than our own ids: a thing of the host app is called what
	// the host app calls it, and the key of a role may have dashes.
	thingForm  = regexp.MustCompile(`^[\p{L}\p{M}\p{N}\p{P}\p{S} ]{1,160}$`)
	actionForm = regexp.MustCompile(`^[a-z_]+\.([a-z_]+)?$`)
)

// check refuses a filter that no event could ever pass: it is a mistake, and an
// empty list would hide it. Faults: invalid, with every field that is wrong.
func check(f audit.Filter) error {
	wrong := &fault.Fault{Kind: fault.KindInvalid, Code: "invalid", Message: "Something in the request is not valid."}
	if f.Actor != "" && !nameForm.MatchString(f.Actor) {
		wrong = wrong.And("actor", "malformed", "The id of a member or a key, or system.")
	}
	if f.Action != "" && !actionForm.MatchString(f.Action) {
		wrong = wrong.And("action", "malformed", "An action such as member.update, or a family of them such as member. with its dot.")
	}
	if f.Subject != "" && !thingForm.MatchString(f.Subject) {
		wrong = wrong.And("subject", "malformed", "The id of what the event is about.")
	}
	for _, t := range []struct {
		field string
		at    time.Time
	}{{"since", f.Since}, {"until", f.Until}} {
		if !t.at.IsZero() && (t.at.Year() < 1 || t.at.Year() > 9999) {
			wrong = wrong.And(t.field, "out_of_range", "A time between the years 1 and 9999.")
		}
	}
	if !f.Since.IsZero() && !f.Until.IsZero() && !f.Until.After(f.Since) {
		wrong = wrong.And("until", "out_of_range", "It must be later than since.")
	}
	if len(wrong.Fields) > 0 {
		return wrong
	}
	return nil
}

// name puts names to entries.
func name(ctx context.Context, tx *db.Tx, acc id.Account, entries []audit.Entry) ([]Fact, error) {
	named, err := names(ctx, tx, acc, entries)
	if err != nil {
		return nil, err
	}
	return called(entries, named), nil
}

// called gives entries with the names that were found.
func called(entries []audit.Entry, named map[audit.Ref]string) []Fact {
	facts := make([]Fact, len(entries))
	for i, e := range entries {
		facts[i] = Fact{Entry: e, ActorName: named[e.Actor], SubjectName: named[e.Subject]}
		if facts[i].SubjectName == "" {
			facts[i].SubjectName = named[whose(e)]
		}
	}
	return facts
}

// hide takes out from where others did things, for who does not see that.
func hide(actor access.Actor, acc id.Account, facts []Fact) {
	for i, f := range facts {
		if !access.SeesOrigin(actor, acc, access.Kind(f.Actor.Kind), f.Actor.ID) {
			facts[i].IP = ""
		}
	}
}
