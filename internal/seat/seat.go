// Package seat is the seats that members take and an account pays for: as
// something a member has, kept as intervals of time; the limit on how many there
// are; and the plan they are paid by. What a seat costs is the business of the
// room billing.
//
// Invariants. While an account has a plan, exactly its active, registered
// members whose role is billable have a seat, each one; without a plan nobody
// has. The intervals of a member never overlap, and an interval that has ended
// never changes. Each beginning and end leaves one line to be billed in the same
// transaction, so that no time is paid twice or given back twice. A seat begins
// only while there are fewer than the limit.
package seat

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tenure/internal/access"
	"tenure/internal/audit"
	"tenure/internal/billing"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
)

// Place is how a member stands: whether they are active, and have come in.
type Place struct{ Active, Registered bool }

// Sources is what seats must know of the rooms above.
type Sources struct {
	// Place says how a member stands in this transaction.
	Place func(ctx context.Context, tx *db.Tx, account id.Account, member id.Member) (Place, error)
	// Billable lists the active, registered members whose role is billable.
	Billable func(ctx context.Context, tx *db.Tx, account id.Account) ([]id.Member, error)
	// Reserved counts the invitations of the queue with a billable role.
	Reserved func(ctx context.Context, tx *db.Tx, account id.Account, q Queue) (int64, error)
	// Names gives the names of members.
	Names func(ctx context.Context, tx *db.Tx, account id.Account, members []id.Member) (map[id.Member]string, error)
}

// Queue is invitations that wait and have not expired: all of an account's, or
// only some.
type Queue struct {
	Before id.Invitation // only those that were made before it
	But    id.Invitation // not this one
}

// seatLimit is the fault of a seat that there is no room for.
func seatLimit() *fault.Fault {
	return fault.Conflict("seat_limit", "Every seat of the account is taken or reserved. Free one, or have the limit raised.")
}

// Since says since when a member has a seat; the zero time is for who has none.
func Since(ctx context.Context, tx *db.Tx, account id.Account, m id.Member) (at time.Time, err error) {
	err = tx.One(ctx, `SELECT began_at FROM seats WHERE account_id = $1 AND member_id = $2 AND ended_at IS NULL`, []any{string(account), string(m)}, db.Time(&at))
	if errors.Is(err, db.ErrNone) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("read seat: %w", err)
	}
	return at, nil
}

// taken reports whether a member has a seat.
func taken(ctx context.Context, tx *db.Tx, account id.Account, m id.Member) (bool, error) {
	since, err := Since(ctx, tx, account, m)
	return !since.IsZero(), err
}

// seated lists who has a seat, in the order of their ids.
func seated(ctx context.Context, tx *db.Tx, account id.Account) ([]id.Member, error) {
	members, err := db.Column[id.Member](ctx, tx, `SELECT member_id FROM seats WHERE account_id = $1 AND ended_at IS NULL ORDER BY member_id`, []any{string(account)})
	if err != nil {
		return nil, fmt.Errorf("list seats: %w", err)
	}
	return members, nil
}

// count counts the seats that are taken.
func count(ctx context.Context, tx *db.Tx, account id.Account) (int64, error) {
	var n int64
	if err := tx.One(ctx, `SELECT COUNT(*) FROM seats WHERE account_id = $1 AND ended_at IS NULL`, []any{string(account)}, &n); err != nil {
		return 0, fmt.Errorf("count seats: %w", err)
	}
	return n, nil
}

// plan gives the account's plan with every period closed that is over, for who
// is about to change seats.
func plan(ctx context.Context, tx *db.Tx, account id.Account) (p billing.Plan, found bool, err error) {
	p, found, err = billing.Load(ctx, tx, account)
	if err != nil || !found || !p.Over(tx.Now()) {
		return p, found, err
	}
	seats, err := seated(ctx, tx, account)
	if err != nil {
		return p, true, err
	}
	p, err = p.CatchUp(ctx, tx, seats)
	return p, true, err
}

// take begins a member's seat at this second. The next number of theirs is one
// more than the last.
func take(ctx context.Context, tx *db.Tx, account id.Account, m id.Member, at time.Time) error {
	return tx.ExecOne(ctx, `INSERT INTO seats (account_id, member_id, number, began_at)
		SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), COALESCE(MAX(number), 0) + 1, CAST($3 AS BIGINT) FROM seats WHERE account_id = $1 AND member_id = $2`,
		string(account), string(m), db.Micros(at))
}

// begin gives a member a seat and charges what is left of the period.
func begin(ctx context.Context, tx *db.Tx, actor access.Actor, p billing.Plan, m id.Member) (billing.Line, error) {
	line := p.Charge(m, billing.Second(tx))
	if err := take(ctx, tx, p.Account, m, line.At); err != nil {
		return line, fmt.Errorf("begin seat of %s: %w", m, err)
	}
	return line, settle(ctx, tx, actor, p, "seat.begin", line)
}

// open gives the first seats of a plan that begins at this second. What they cost
// is on its first invoice.
func open(ctx context.Context, tx *db.Tx, actor access.Actor, p billing.Plan, members []id.Member) error {
	events, at := make([]audit.Event, len(members)), billing.Second(tx)
	for i, m := range members {
		if err := take(ctx, tx, p.Account, m, at); err != nil {
			return fmt.Errorf("begin seat of %s: %w", m, err)
		}
		events[i] = event("seat.begin", p.Charge(m, at))
	}
	return audit.RecordMany(ctx, tx, actor, events)
}

// end takes a member's seat and credits what is left of the period.
func end(ctx context.Context, tx *db.Tx, actor access.Actor, p billing.Plan, m id.Member, departure id.Departure) (billing.Line, error) {
	line := p.Credit(m, billing.Second(tx), departure)
	if err := tx.ExecOne(ctx, `UPDATE seats SET ended_at = $3 WHERE account_id = $1 AND member_id = $2 AND ended_at IS NULL`,
		string(p.Account), string(m), db.Micros(line.At)); err != nil {
		return line, fmt.Errorf("end seat of %s: %w", m, err)
	}
	return line, settle(ctx, tx, actor, p, "seat.end", line)
}

// settle notes the line of a seat and records what happened.
func settle(ctx context.Context, tx *db.Tx, actor access.Actor, p billing.Plan, action string, l billing.Line) error {
	if err := billing.Note(ctx, tx, p.Account, l); err != nil {
		return err
	}
	return audit.Record(ctx, tx, actor, event(action, l))
}

// event is what the trail tells of a seat: whose it is, and what it came to.
func event(action string, l billing.Line) audit.Event {
	return audit.Event{Action: action, Subject: audit.Of("member", l.Member),
		Changes: []audit.Change{audit.Plain("amount", nil, l.Amount), audit.Plain("currency", nil, l.Currency)}}
}

// room is how many more seats there is room for beside those that the queue
// reserves; nil where there is no limit. It is below 0 where the limit was lowered
// since.
func room(ctx context.Context, tx *db.Tx, s Sources, p billing.Plan, q Queue) (*int64, error) {
	if p.Terms.SeatLimit == nil {
		return nil, nil
	}
	used, err := count(ctx, tx, p.Account)
	if err != nil {
		return nil, err
	}
	reserved, err := s.Reserved(ctx, tx, p.Account, q)
	left := *p.Terms.SeatLimit - used - reserved
	return &left, err
}
