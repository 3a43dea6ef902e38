package departure

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"tenure/internal/access"
	"tenure/internal/db"
	"tenure/internal/id"
	"tenure/internal/member"
	"tenure/internal/user"
)

// PurgeJob is the kind of the job that erases a removed person when the undo
// window of their departure has closed.
const PurgeJob = "member.purge"

// Purge is the handler of PurgeJob: ref is the departure. Who is back is left
// alone, and everybody while they are being brought back.
func (p *Passage) Purge(ctx context.Context, account id.Account, ref string) error {
	var due []id.Member
	if err := p.db.Read(ctx, func(tx *db.Tx) (err error) {
		due, err = unerased(ctx, tx, account, id.Departure(ref))
		return err
	}); err != nil {
		return err
	}
	for i, gone := range due {
		if err := p.db.Write(ctx, account, func(tx *db.Tx) error { return p.purgeOne(ctx, tx, account, id.Departure(ref), gone, due[i:], i == 0) }); err != nil {
			return err
		}
	}
	return nil
}

// unerased lists those of a departure who are away and not erased yet.
func unerased(ctx context.Context, tx *db.Tx, account id.Account, departure id.Departure) ([]id.Member, error) {
	d, err := get(ctx, tx, account, departure)
	if err != nil {
		return nil, err
	}
	due := []id.Member{}
	for _, gone := range d.away() {
		m, err := member.Get(ctx, tx, account, gone)
		if err != nil {
			return nil, err
		}
		if m.Status == member.Removed && m.EmailKey != string(m.ID) {
			due = append(due, gone)
		}
	}
	return due, nil
}

// purgeOne erases one of those who are due. The first write takes all of them out
// of the receipts of several, so that each is written once and not for each of them.
func (p *Passage) purgeOne(ctx context.Context, tx *db.Tx, account id.Account, departure id.Departure, gone id.Member, due []id.Member, first bool) error {
	d, err := get(ctx, tx, account, departure)
	if err != nil || d.Kind != Remove || d.receipt == "" || len(d.returning()) > 0 || !slices.Contains(d.away(), gone) {
		return err
	}
	m, err := member.Get(ctx, tx, account, gone)
	if err != nil || m.Status != member.Removed {
		return err
	}
	if first {
		if err := p.redact(ctx, tx, account, due); err != nil {
			return err
		}
	}
	return p.erase(ctx, tx, access.BySystem(), account, m)
}

// purge erases the personal data of somebody gone, and their identity if this
// was its last place.
func (p *Passage) purge(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, m member.Member) error {
	if err := p.redact(ctx, tx, account, []id.Member{m.ID}); err != nil {
		return err
	}
	return p.erase(ctx, tx, actor, account, m)
}

// erase is purge for who has been taken out of the receipts of several already.
func (p *Passage) erase(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, m member.Member) error {
	theirs, err := p.ways.Forget(ctx, tx, account, m)
	if err != nil {
		return err
	}
	traces, err := forget(ctx, tx, account, m.ID)
	if err != nil {
		return err
	}
	traces = append(traces, theirs...)
	if err := member.Purge(ctx, tx, actor, account, m, traces...); err != nil {
		return err
	}
	if m.User == "" {
		return nil
	}
	// Two accounts may let go of the same person at once: the second sees what the
	// first has done.
	if err := tx.LockUser(ctx, m.User); err != nil {
		return err
	}
	left, err := member.OfUser(ctx, tx, m.User)
	if err != nil || len(left) > 0 {
		return err
	}
	return user.Erase(ctx, tx, actor, m.User)
}

// forget takes a person out of every departure of theirs, and gives the
// departures. One that was theirs alone loses receipt and decisions, which name
// them; one of several loses what is kept of their part.
func forget(ctx context.Context, tx *db.Tx, account id.Account, m id.Member) ([]string, error) {
	for _, write := range []string{
		`UPDATE departures SET receipt = '', decisions = '{}' WHERE account_id = $1 AND departure_id IN (SELECT t.departure_id FROM departure_members t
			WHERE t.account_id = $1 AND t.member_id = $2 AND NOT EXISTS (SELECT 1 FROM departure_members o
				WHERE o.account_id = $1 AND o.departure_id = t.departure_id AND o.member_id <> $2))`,
		`UPDATE departure_members SET outcome = '' WHERE account_id = $1 AND member_id = $2`,
	} {
		if _, err := tx.Exec(ctx, write, string(account), string(m)); err != nil {
			return nil, fmt.Errorf("forget departures: %w", err)
		}
	}
	theirs, err := departuresOf(ctx, tx, account, m)
	traces := make([]string, len(theirs))
	for i, d := range theirs {
		traces[i] = string(d)
	}
	return traces, err
}

// departuresOf lists the departures that a member was in.
func departuresOf(ctx context.Context, tx *db.Tx, account id.Account, m id.Member) (theirs []id.Departure, err error) {
	theirs, err = db.Column[id.Departure](ctx, tx, `SELECT departure_id FROM departure_members WHERE account_id = $1 AND member_id = $2 ORDER BY departure_id`, []any{string(account), string(m)})
	if err != nil {
		return nil, fmt.Errorf("list departures of %s: %w", m, err)
	}
	return theirs, nil
}

// redact takes members out of the receipts of several that name them: each is
// signed anew without their addresses.
func (p *Passage) redact(ctx context.Context, tx *db.Tx, account id.Account, members []id.Member) error {
	named := map[id.Departure][]id.Member{}
	for _, m := range members {
		theirs, err := departuresOf(ctx, tx, account, m)
		if err != nil {
			return err
		}
		for _, d := range theirs {
			named[d] = append(named[d], m)
		}
	}
	for _, one := range slices.Sorted(maps.Keys(named)) {
		d, err := head(ctx, tx, account, one)
		if err != nil {
			return err
		}
		if d.receipt == "" {
			continue
		}
		if err := p.signWithout(ctx, tx, account, d, named[one]); err != nil {
			return fmt.Errorf("redact departure %s: %w", one, err)
		}
	}
	return nil
}

func (p *Passage) signWithout(ctx context.Context, tx *db.Tx, account id.Account, d Departure, members []id.Member) error {
	r, err := d.stored()
	if err != nil {
		return err
	}
	if r, err = r.without(members).sign(p.signer); err != nil {
		return err
	}
	raw, err := r.encode()
	if err != nil {
		return err
	}
	return tx.ExecOne(ctx, `UPDATE departures SET receipt = $3 WHERE account_id = $1 AND departure_id = $2`, string(account), string(d.ID), string(raw))
}
