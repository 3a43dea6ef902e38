// Package audit keeps the trail: one event for every committed change, written
// in the transaction of the change and chained by hash.
//
// Invariants. The events of an account are numbered without gaps. Each carries
// the hash of the one before it. What is hashed holds a personal value only as
// its salted SHA-256, so that the value can be erased later and the chain still
// verifies. No secret ever enters an event.
//
// A user, who belongs to no account, has a chain of events of their own, and so
// has the operator.
package audit

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"tenure/internal/access"
	"tenure/internal/db"
	"tenure/internal/id"
)

// Ref names what an event is about: a kind (member, invitation, account) and
// its identifier.
type Ref struct {
	Kind string
	ID   string
}

// Of names a subject.
func Of[T ~string](kind string, id T) Ref { return Ref{kind, string(id)} }

// Change is one field, before and after. A Personal value stands in the chain
// only as a digest.
type Change struct {
	Field    string
	Before   any
	After    any
	Personal bool
}

// Plain is a change of a value that is not personal.
func Plain(field string, before, after any) Change { return Change{field, before, after, false} }

// Personal is a change of a value that belongs to a person: a name, an address.
func Personal(field string, before, after any) Change { return Change{field, before, after, true} }

// Event is one fact to record.
type Event struct {
	Action  string
	Subject Ref
	Changes []Change
}

// Record writes an event into the chain of the account whose write this is.
//
// Every change of what somebody may do has an event, so this is also where what
// is cached about the subject is declared stale.
func Record(ctx context.Context, tx *db.Tx, actor access.Actor, e Event) error {
	return RecordMany(ctx, tx, actor, []Event{e})
}

// RecordMany is Record for many events, in their order, with few statements.
func RecordMany(ctx context.Context, tx *db.Tx, actor access.Actor, events []Event) error {
	for _, e := range events {
		switch e.Subject.Kind {
		case "member":
			markStale(tx, e, e.Subject.ID)
		case "account", "role", "module", "sub_account":
			markStale(tx, e, string(tx.Account()))
		}
	}
	tx.Wake(Topic(tx.Account()))
	return accountTrail.record(ctx, tx, string(tx.Account()), tx.Chain(), actor, events)
}

// Topic is what db.Wake rings when an account has new events.
func Topic(account id.Account) string { return "events of " + string(account) }

// Operator is whose trail tells what was done to operator keys. It stands among
// those of users, and no user has this identifier.
const Operator id.User = "operator"

// RecordUser writes an event into the chain of the user whose head is locked.
func RecordUser(ctx context.Context, tx *db.Tx, actor access.Actor, e Event) error {
	markStale(tx, e, string(tx.User()))
	return userTrail.record(ctx, tx, string(tx.User()), tx.UserChain(), actor, []Event{e})
}

// harmless are the events after which everybody may do what they might before:
// what begins is cached nowhere, and what is asked for has not happened yet.
var harmless = map[string]bool{
	"account.create": true, "user.create": true, "member.add": true, "member.register": true, "member.unlock": true,
	"email.request": true, "password.forgot": true, "member.reset_factor": true,
	"credits.purchase": true, "credits.transfer": true, "credits.move": true, "credits.return": true, "credits.price": true, "record.download": true,
	"factor.request": true, "factor.renew_codes": true, "factor.use_recovery_code": true, "factor.open_reset": true,
	"operator_key.add": true,
	"seat.begin":       true, "seat.end": true, "billing.begin": true, "billing.update": true, "billing.set_payer": true,
}

func markStale(tx *db.Tx, e Event, subject string) {
	if !harmless[e.Action] {
		tx.Stale(subject)
	}
}

// trail is one of the two tables of events, which differ only in their owner.
type trail struct {
	insert string
	events string
	head   string
	forget string
}

var accountTrail = trail{
	insert: `INSERT INTO events (account_id, seq, event_id, at, action, actor_kind, actor_id, subject_kind, subject_id, changes, personal, request_id, hash, prev)
		VALUES `,
	events: `SELECT seq, event_id, at, action, actor_kind, actor_id, subject_kind, subject_id, changes, personal, request_id, hash, prev
		FROM events WHERE account_id = $1`,
	head:   `SELECT seq, head FROM heads WHERE account_id = $1`,
	forget: `UPDATE events SET personal = $3 WHERE account_id = $1 AND seq = $2`,
}

var userTrail = trail{
	insert: `INSERT INTO user_events (user_id, seq, event_id, at, action, actor_kind, actor_id, subject_kind, subject_id, changes, personal, request_id, hash, prev)
		VALUES `,
	events: `SELECT seq, event_id, at, action, actor_kind, actor_id, subject_kind, subject_id, changes, personal, request_id, hash, prev
		FROM user_events WHERE user_id = $1`,
	head:   `SELECT seq, head FROM user_heads WHERE user_id = $1`,
	forget: `UPDATE user_events SET personal = $3 WHERE user_id = $1 AND seq = $2`,
}

// facts is what the chain covers besides the columns: personal values as digests.
type facts struct {
	Changes map[string][2]any `json:"changes,omitempty"`
	IP      *digest           `json:"ip,omitempty"`
}

// digest stands for a personal value.
type digest struct {
	SHA256 string `json:"sha256"`
}

// salted is a personal value with the salt its digest was made with.
type salted struct {
	Salt  []byte          `json:"salt"`
	Value json.RawMessage `json:"value"`
}

// private is the erasable part of an event.
type private struct {
	Changes map[string][2]*salted `json:"changes,omitempty"`
	IP      *salted               `json:"ip,omitempty"`
}

const (
	insertColumns = 14
	insertRows    = 35 // 490 parameters a statement
)

func (t trail) record(ctx context.Context, tx *db.Tx, owner string, chain *db.Chain, actor access.Actor, events []Event) error {
	for rest := events; len(rest) > 0; {
		part := rest[:min(len(rest), insertRows)]
		rest = rest[len(part):]
		values := make([]string, len(part))
		args := make([]any, 0, len(part)*insertColumns)
		for i, e := range part {
			row, err := chained(tx, owner, chain, actor, e)
			if err != nil {
				return fmt.Errorf("record %s: %w", e.Action, err)
			}
			values[i] = "(" + db.Params(len(args)+1, insertColumns) + ")"
			args = append(args, owner, row.Seq, row.ID, db.Micros(row.At), row.Action, row.Actor.Kind, row.Actor.ID,
				row.Subject.Kind, row.Subject.ID, row.changes, db.Null(row.personal), row.RequestID, row.Hash, row.Prev)
		}
		if err := tx.Promise(ctx, int64(len(part)), t.insert+strings.Join(values, ", "), args...); err != nil {
			return fmt.Errorf("record %s: %w", part[0].Action, err)
		}
	}
	return nil
}

// chained makes the row of an event and moves the chain on to it.
func chained(tx *db.Tx, owner string, chain *db.Chain, actor access.Actor, e Event) (row, error) {
	public, hidden, err := split(actor.Origin.IP, e.Changes)
	if err != nil {
		return row{}, err
	}
	r := row{
		Seq: chain.Seq + 1, ID: id.New[id.Event](), At: tx.Now(), Action: e.Action,
		Actor: Ref{string(actor.Kind), actor.Name()}, Subject: e.Subject,
		changes: string(public), personal: string(hidden), RequestID: actor.Origin.RequestID, Prev: append([]byte{}, chain.Head...),
	}
	r.Hash = r.sum(owner)
	chain.Seq, chain.Head = r.Seq, r.Hash
	return r, nil
}

// split parts the changes into what is chained and what can be erased.
func split(ip string, changes []Change) (public, hidden []byte, err error) {
	seen, kept := facts{Changes: map[string][2]any{}}, private{Changes: map[string][2]*salted{}}
	if ip != "" {
		mark, value, err := salt(ip)
		if err != nil {
			return nil, nil, err
		}
		seen.IP, kept.IP = mark, value
	}
	for _, c := range changes {
		if !c.Personal {
			seen.Changes[c.Field] = [2]any{c.Before, c.After}
			continue
		}
		var marks [2]any
		var values [2]*salted
		for i, v := range [2]any{c.Before, c.After} {
			if v == nil || v == "" {
				continue
			}
			mark, value, err := salt(v)
			if err != nil {
				return nil, nil, err
			}
			marks[i], values[i] = mark, value
		}
		seen.Changes[c.Field], kept.Changes[c.Field] = marks, values
	}
	public, err = json.Marshal(seen)
	if err != nil {
		return nil, nil, err
	}
	if kept.IP == nil && len(kept.Changes) == 0 {
		return public, nil, nil
	}
	hidden, err = json.Marshal(kept)
	return public, hidden, err
}

func salt(v any) (*digest, *salted, error) {
	value, err := json.Marshal(v)
	if err != nil {
		return nil, nil, err
	}
	s := salted{Salt: make([]byte, 16), Value: value}
	rand.Read(s.Salt)
	return s.digest(), &s, nil
}

// digest is SHA-256 over the salt and the JSON of the value.
func (s salted) digest() *digest {
	sum := sha256.Sum256(append(append([]byte{}, s.Salt...), s.Value...))
	return &digest{hex.EncodeToString(sum[:])}
}

// row is an event as stored.
type row struct {
	Seq       int64
	ID        id.Event
	At        time.Time
	Action    string
	Actor     Ref
	Subject   Ref
	changes   string
	personal  string
	RequestID string
	Hash      []byte
	Prev      []byte
}

// sum hashes the event with the one before it: SHA-256 over every field, each
// behind its length as eight bytes, so that no two events read the same.
func (r row) sum(owner string) []byte {
	h := sha256.New()
	field := func(b []byte) {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(b)))
		h.Write(n[:])
		h.Write(b)
	}
	number := func(v int64) {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(v))
		field(n[:])
	}
	field(r.Prev)
	field([]byte(owner))
	number(r.Seq)
	field([]byte(r.ID))
	number(r.At.UnixMicro())
	for _, s := range []string{r.Action, r.Actor.Kind, r.Actor.ID, r.Subject.Kind, r.Subject.ID, r.changes, r.RequestID} {
		field([]byte(s))
	}
	return h.Sum(nil)
}

func (r *row) scan(scan func(...any) error) error {
	return scan(&r.Seq, (*string)(&r.ID), db.Time(&r.At), &r.Action, &r.Actor.Kind, &r.Actor.ID,
		&r.Subject.Kind, &r.Subject.ID, &r.changes, db.Text(&r.personal), &r.RequestID, &r.Hash, &r.Prev)
}
