package audit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
)

// Entry is an event as it is read. A personal value that was erased reads as
// Erased.
type Entry struct {
	Seq       int64
	ID        id.Event
	At        time.Time
	Action    string
	Actor     Ref
	Subject   Ref
	Changes   map[string][2]any
	RequestID string
	IP        string
	Hash      []byte
	Prev      []byte
}

// Erased stands in for a personal value that is gone.
const Erased = "(erased)"

// Filter narrows a list. Empty fields do not narrow. Action matches exactly, or
// as a family when it ends in a dot: "invitation.".
type Filter struct {
	Actor   string
	Action  string
	Subject string
	Since   time.Time
	Until   time.Time
	Before  int64 // only events with a lower number; 0 begins at the newest
	After   int64 // only events with a higher number
	Limit   int
}

// List gives the newest events of an account first.
func List(ctx context.Context, tx *db.Tx, account id.Account, f Filter) ([]Entry, error) {
	return f.read(ctx, tx, accountTrail, string(account), "DESC")
}

// ListUser gives the newest events of a user first, or of the operator.
func ListUser(ctx context.Context, tx *db.Tx, user id.User, f Filter) ([]Entry, error) {
	return f.read(ctx, tx, userTrail, string(user), "DESC")
}

// Walk gives the oldest events of an account first.
func Walk(ctx context.Context, tx *db.Tx, account id.Account, f Filter) ([]Entry, error) {
	return f.read(ctx, tx, accountTrail, string(account), "ASC")
}

// Head is the number of the last event of an account. Every event up to it can
// be read in the same transaction: numbers have no gaps, and none is given
// before those below it are committed.
//
// Faults: not_found if there is no such account.
func Head(ctx context.Context, tx *db.Tx, account id.Account) (seq int64, err error) {
	err = tx.One(ctx, `SELECT seq FROM heads WHERE account_id = $1`, []any{string(account)}, &seq)
	if errors.Is(err, db.ErrNone) {
		return 0, fault.NotFound()
	}
	if err != nil {
		return 0, fmt.Errorf("read the head: %w", err)
	}
	return seq, nil
}

func (f Filter) read(ctx context.Context, tx *db.Tx, t trail, owner, order string) ([]Entry, error) {
	where, args := f.where([]any{owner})
	args = append(args, f.Limit)
	entries := []Entry{}
	err := tx.Each(ctx, t.events+where+fmt.Sprintf(` ORDER BY seq %s LIMIT $%d`, order, len(args)), args, func(scan func(...any) error) error {
		var r row
		if err := r.scan(scan); err != nil {
			return err
		}
		e, err := r.entry()
		entries = append(entries, e)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list events: %w", err)
	}
	return entries, nil
}

// where writes the filter as conditions behind the arguments there are.
func (f Filter) where(args []any) (string, []any) {
	where := ""
	add := func(clause string, value any) {
		args = append(args, value)
		where += " AND " + fmt.Sprintf(clause, len(args))
	}
	if f.Actor != "" {
		add("actor_id = $%d", f.Actor)
	}
	if family, ok := strings.CutSuffix(f.Action, "."); ok {
		add("action >= $%d", f.Action)
		add("action < $%d", family+"/")
	} else if f.Action != "" {
		add("action = $%d", f.Action)
	}
	if f.Subject != "" {
		add("subject_id = $%d", f.Subject)
	}
	if !f.Since.IsZero() {
		add("at >= $%d", db.Micros(f.Since))
	}
	if !f.Until.IsZero() {
		add("at < $%d", db.Micros(f.Until))
	}
	if f.Before > 0 {
		add("seq < $%d", f.Before)
	}
	if f.After > 0 {
		add("seq > $%d", f.After)
	}
	return where, args
}

// entry puts the personal values back where they still exist.
func (r row) entry() (Entry, error) {
	var public facts
	if err := json.Unmarshal([]byte(r.changes), &public); err != nil {
		return Entry{}, fmt.Errorf("event %d: %w", r.Seq, err)
	}
	hidden, err := r.private()
	if err != nil {
		return Entry{}, err
	}
	e := Entry{r.Seq, r.ID, r.At, r.Action, r.Actor, r.Subject, public.Changes, r.RequestID, "", r.Hash, r.Prev}
	if e.Changes == nil {
		e.Changes = map[string][2]any{}
	}
	for name, pair := range e.Changes {
		for i, v := range pair {
			if _, isDigest := asDigest(v); isDigest {
				pair[i] = Erased
				if s := hidden.Changes[name][i]; s != nil {
					if err := json.Unmarshal(s.Value, &pair[i]); err != nil {
						return Entry{}, fmt.Errorf("event %d: %w", r.Seq, err)
					}
				}
			}
		}
		e.Changes[name] = pair
	}
	if hidden.IP != nil {
		if err := json.Unmarshal(hidden.IP.Value, &e.IP); err != nil {
			return Entry{}, fmt.Errorf("event %d: %w", r.Seq, err)
		}
	}
	return e, nil
}

func (r row) private() (private, error) {
	var p private
	if r.personal == "" {
		return p, nil
	}
	if err := json.Unmarshal([]byte(r.personal), &p); err != nil {
		return p, fmt.Errorf("event %d: %w", r.Seq, err)
	}
	return p, nil
}

// asDigest recognises a digest in the chained facts: an object that holds
// "sha256" and nothing else. No event records such an object as a plain value.
func asDigest(v any) (string, bool) {
	object, ok := v.(map[string]any)
	if !ok || len(object) != 1 {
		return "", false
	}
	s, ok := object["sha256"].(string)
	return s, ok
}
