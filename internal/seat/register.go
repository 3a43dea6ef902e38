package seat

import (
	"context"
	"fmt"
	"time"

	"tenure/internal/access"
	"tenure/internal/billing"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/job"
)

// CloseJob is the kind of the job that closes an account's period once it is
// over, and issues the invoice of the next.
const CloseJob = "billing.close"

// Register is the seats of accounts, and the plans they are paid by, as doors
// use them.
type Register struct {
	db      *db.DB
	sources Sources
}

// NewRegister makes the register.
func NewRegister(d *db.DB, s Sources) *Register { return &Register{d, s} }

// Usage is how many seats there are.
type Usage struct {
	Used     int64
	Reserved int64  // by invitations that wait
	Limit    *int64 // nil: as many as come
}

// Standing is where an account stands with its seats and money.
type Standing struct {
	Plan    billing.Plan
	Balance int64 // what it has to its credit, in minor units of the plan's currency
	Usage
	Now time.Time // when this was so
}

// Look says where an account stands; found is false while it has no plan.
// Faults: those of access.Allow with billing.manage.
func (r *Register) Look(ctx context.Context, actor access.Actor, account id.Account) (s Standing, found bool, err error) {
	if err := access.Allow(actor, account, access.BillingManage); err != nil {
		return s, false, err
	}
	err = r.db.Read(ctx, func(tx *db.Tx) error {
		s, found, err = r.look(ctx, tx, account)
		return err
	})
	return s, found, err
}

func (r *Register) look(ctx context.Context, tx *db.Tx, account id.Account) (s Standing, found bool, err error) {
	s.Now = tx.Now()
	p, found, err := billing.Load(ctx, tx, account)
	if err != nil || !found {
		return s, false, err
	}
	if s.Usage, err = r.usage(ctx, tx, p); err != nil {
		return s, true, err
	}
	var pending []billing.Line
	s.Plan, pending, err = current(ctx, tx, p)
	s.Balance = billing.Credit(pending)
	return s, true, err
}

// current gives a plan as it is now, with the lines that are on no invoice then.
func current(ctx context.Context, tx *db.Tx, p billing.Plan) (billing.Plan, []billing.Line, error) {
	pending, err := billing.Pending(ctx, tx, p.Account)
	if err != nil || !p.Over(tx.Now()) {
		return p, pending, err
	}
	seats, err := seated(ctx, tx, p.Account)
	if err != nil {
		return p, nil, err
	}
	return p.Look(tx.Now(), pending, seats)
}

// Upcoming gives the invoice that the next period will begin with, if nothing
// changes until then; found is false while there is no plan. It has no id, no
// number and no time of issue yet. Faults: those of access.Allow with
// billing.manage.
func (r *Register) Upcoming(ctx context.Context, actor access.Actor, account id.Account) (inv Invoice, found bool, err error) {
	if err := access.Allow(actor, account, access.BillingManage); err != nil {
		return inv, false, err
	}
	err = r.db.Read(ctx, func(tx *db.Tx) error {
		var p billing.Plan
		if p, found, err = billing.Load(ctx, tx, account); err != nil || !found {
			return err
		}
		p, pending, err := current(ctx, tx, p)
		if err != nil {
			return err
		}
		seats, err := seated(ctx, tx, account)
		if err != nil {
			return err
		}
		if inv.Invoice, err = p.Upcoming(pending, seats); err != nil {
			return err
		}
		inv.Names, err = r.names(ctx, tx, account, inv.Lines)
		return err
	})
	return inv, found, err
}

// names gives the names of whom lines are about.
func (r *Register) names(ctx context.Context, tx *db.Tx, account id.Account, lines []billing.Line) (map[id.Member]string, error) {
	seen, members := map[id.Member]bool{}, []id.Member{}
	for _, l := range lines {
		if l.Member != "" && !seen[l.Member] {
			seen[l.Member], members = true, append(members, l.Member)
		}
	}
	return r.sources.Names(ctx, tx, account, members)
}

// Invoice is an invoice with the names of those on its lines.
type Invoice struct {
	billing.Invoice
	Names map[id.Member]string
}

// Invoices gives a page of an account's invoices without their lines, the newest
// first, and the cursor of the next page. Faults: those of access.Allow with
// billing.manage; invalid on cursor and limit.
func (r *Register) Invoices(ctx context.Context, actor access.Actor, account id.Account, cursor string, limit int) (invoices []billing.Invoice, next string, err error) {
	if err := access.Allow(actor, account, access.BillingManage); err != nil {
		return nil, "", err
	}
	err = r.db.Read(ctx, func(tx *db.Tx) error {
		invoices, next, err = billing.List(ctx, tx, account, cursor, limit)
		return err
	})
	return invoices, next, err
}

// Invoice gives an invoice with its lines. Faults: those of access.Allow with
// billing.manage; not_found.
func (r *Register) Invoice(ctx context.Context, actor access.Actor, account id.Account, invoice id.Invoice) (inv Invoice, err error) {
	if err := access.Allow(actor, account, access.BillingManage); err != nil {
		return inv, err
	}
	err = r.db.Read(ctx, func(tx *db.Tx) error {
		if inv.Invoice, err = billing.Get(ctx, tx, account, invoice); err != nil {
			return err
		}
		inv.Names, err = r.names(ctx, tx, account, inv.Lines)
		return err
	})
	return inv, err
}

// Usage counts an account's seats for whoever may bring people in or pay for
// them; found is false while it has no plan, and for everybody else.
func (r *Register) Usage(ctx context.Context, actor access.Actor, account id.Account) (u Usage, found bool, err error) {
	if !actor.In(account) || !actor.Holds(access.BillingManage) && !actor.Holds(access.InvitationsManage) && !actor.Holds(access.MembersManage) {
		return u, false, nil
	}
	err = r.db.Read(ctx, func(tx *db.Tx) error {
		var p billing.Plan
		if p, found, err = billing.Load(ctx, tx, account); err != nil || !found {
			return err
		}
		u, err = r.usage(ctx, tx, p)
		return err
	})
	return u, found, err
}

func (r *Register) usage(ctx context.Context, tx *db.Tx, p billing.Plan) (u Usage, err error) {
	u.Limit = p.Terms.SeatLimit
	if u.Used, err = count(ctx, tx, p.Account); err != nil {
		return u, err
	}
	u.Reserved, err = r.sources.Reserved(ctx, tx, p.Account, Queue{})
	return u, err
}

// SetPlan gives an account the terms that it pays for seats by. The first ones
// begin billing: whoever should have a seat takes one at this second. Later ones
// hold as billing.Plan.Change says; a lower limit takes nobody's seat. Without
// an anchor it stays, or is the day on which billing begins.
//
// Faults: unauthenticated; forbidden for anybody but the operator; not_found;
// those of billing.Terms.Checked and billing.Plan.Change.
func (r *Register) SetPlan(ctx context.Context, actor access.Actor, account id.Account, t billing.Terms, ifVersion int64) (Standing, error) {
	switch actor.Kind {
	case access.Operator:
	case access.Nobody:
		return Standing{}, fault.Unauthenticated()
	default:
		return Standing{}, fault.Forbidden("forbidden", "Only the operator of the server may do this.")
	}
	if err := t.Checked(); err != nil {
		return Standing{}, err
	}
	var s Standing
	err := r.db.Write(ctx, account, func(tx *db.Tx) error {
		if err := r.setPlan(ctx, tx, actor, account, t, ifVersion); err != nil {
			return err
		}
		var err error
		s, _, err = r.look(ctx, tx, account)
		return err
	})
	return s, err
}

func (r *Register) setPlan(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, t billing.Terms, ifVersion int64) error {
	p, found, err := plan(ctx, tx, account)
	if err != nil {
		return err
	}
	if ifVersion != 0 && ifVersion != p.Version {
		return fault.Stale()
	}
	if !found {
		return r.begin(ctx, tx, actor, account, t)
	}
	if t.Anchor == (billing.Anchor{}) {
		t.Anchor = p.Terms.Anchor
	}
	seats, err := seated(ctx, tx, account)
	if err != nil {
		return err
	}
	_, err = p.Change(ctx, tx, actor, t, seats)
	return err
}

// begin gives an account its first plan, and a seat to whoever should have one.
func (r *Register) begin(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, t billing.Terms) error {
	if t.Anchor == (billing.Anchor{}) {
		var err error
		if t.Anchor, err = billing.AnchorOn(int64(billing.Second(tx).Day())); err != nil {
			return err
		}
	}
	members, err := r.sources.Billable(ctx, tx, account)
	if err != nil {
		return err
	}
	p, err := billing.Begin(ctx, tx, actor, account, t, members)
	if err != nil {
		return err
	}
	if err := open(ctx, tx, actor, p, members); err != nil {
		return err
	}
	return job.Add(ctx, tx, account, CloseJob, "", p.Period.End)
}

// Close is the handler of CloseJob: it closes what is over, and asks to be
// called again when the period that runs then ends. Called twice, or beside
// another node, it closes each period once.
func (r *Register) Close(ctx context.Context, account id.Account, _ string) error {
	return r.db.Write(ctx, account, func(tx *db.Tx) error {
		p, found, err := plan(ctx, tx, account)
		if err != nil || !found {
			return err
		}
		return tx.Aside(func() error { return job.Add(ctx, tx, account, CloseJob, "", p.Period.End) })
	})
}

// Align begins and ends seats inside the caller's write so that exactly those
// have one who should, after something about many of them has changed. Faults:
// conflict seat_limit.
func (r *Register) Align(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account) error {
	return align(ctx, tx, r.sources, actor, account)
}

// Step is a moment from which so many seats were taken.
type Step struct {
	At   time.Time
	Used int64
}

// Chart is how many seats were taken over a time: the number at its beginning,
// and one step for each moment at which it changed.
type Chart struct {
	Since, Until time.Time
	Steps        []Step
}

// What a chart shows.
const (
	usual     = 30 * 24 * time.Hour
	mostSteps = 10_000
)

// Steps tells how many seats were taken from since until a time: now, unless it
// is given; since is thirty days before it, unless it is given.
//
// Faults: those of access.Allow with billing.manage; invalid on field until
// where it is not after since, or so much has happened that a shorter time must
// be asked for.
func (r *Register) Steps(ctx context.Context, actor access.Actor, account id.Account, since, until time.Time) (c Chart, err error) {
	if err := access.Allow(actor, account, access.BillingManage); err != nil {
		return c, err
	}
	if until.IsZero() {
		until = r.db.Now().Truncate(time.Second)
	}
	if since.IsZero() {
		since = until.Add(-usual)
	}
	if !until.After(since) {
		return c, fault.Invalid("until", "out_of_range", "This must be later than since.")
	}
	c = Chart{Since: since.UTC(), Until: until.UTC()}
	err = r.db.Read(ctx, func(tx *db.Tx) error {
		c.Steps, err = stepsOf(ctx, tx, account, c.Since, c.Until)
		return err
	})
	return c, err
}

func stepsOf(ctx context.Context, tx *db.Tx, account id.Account, since, until time.Time) ([]Step, error) {
	first := Step{At: since}
	if err := tx.One(ctx, `SELECT COUNT(*) FROM seats WHERE account_id = $1 AND began_at <= $2 AND (ended_at IS NULL OR ended_at > $2)`,
		[]any{string(account), db.Micros(since)}, &first.Used); err != nil {
		return nil, fmt.Errorf("count seats: %w", err)
	}
	steps := []Step{first}
	err := tx.Each(ctx, `SELECT at, CAST(SUM(change) AS BIGINT) FROM (
			SELECT began_at AS at, 1 AS change FROM seats WHERE account_id = $1 AND began_at > $2 AND began_at <= $3
			UNION ALL SELECT ended_at AS at, -1 AS change FROM seats WHERE account_id = $1 AND ended_at > $2 AND ended_at <= $3) AS moves
		GROUP BY at HAVING SUM(change) <> 0 ORDER BY at LIMIT $4`, []any{string(account), db.Micros(since), db.Micros(until), mostSteps},
		func(scan func(...any) error) error {
			var s Step
			var change int64
			err := scan(db.Time(&s.At), &change)
			s.Used = steps[len(steps)-1].Used + change
			steps = append(steps, s)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("read seats: %w", err)
	}
	if len(steps) > mostSteps {
		return nil, fault.Invalid("until", "out_of_range", "So much has changed in this time: ask for a shorter one.")
	}
	return steps, nil
}
