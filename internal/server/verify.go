package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"tenure/internal/account"
	"tenure/internal/audit"
	"tenure/internal/billing"
	"tenure/internal/credit"
	"tenure/internal/db"
	"tenure/internal/departure"
	"tenure/internal/id"
	"tenure/internal/invitation"
	"tenure/internal/key"
	"tenure/internal/member"
	"tenure/internal/operator"
	"tenure/internal/resource"
	"tenure/internal/session"
)

// Report is what Verify looked at and what it found broken.
type Report struct {
	Accounts int
	Users    int
	Events   int64
	Defects  []string
}

// Verify checks a database on one snapshot, also while a server works on it:
// that every trail is whole, and that what must never break has not. It changes
// nothing.
func Verify(ctx context.Context, c Config) (report Report, err error) {
	c = c.withDefaults()
	d, err := openThere(ctx, c)
	if err != nil {
		return Report{}, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	err = d.Read(ctx, func(tx *db.Tx) error {
		report = Report{}
		return report.look(ctx, tx)
	})
	if err != nil {
		return Report{}, fmt.Errorf("the database cannot be verified: %w", err)
	}
	return report, nil
}

// openThere is open for a database that is there already. One that a newer program
// has worked on is refused, as by the server.
func openThere(ctx context.Context, c Config) (*db.DB, error) {
	if _, err := os.Stat(c.Database); !c.onPostgres() && errors.Is(err, fs.ErrNotExist) {
		return nil, wrong("There is no database at %s: give --database.", c.Database)
	}
	d, err := open(ctx, c)
	if err != nil {
		return nil, err
	}
	switch err := d.Known(ctx); {
	case err == nil:
		return d, nil
	case errors.Is(err, db.ErrNewer):
		return nil, errors.Join(c.newer(err), d.Close())
	default:
		return nil, errors.Join(fmt.Errorf("the database cannot be read (was it made by tenure migrate?): %w", err), d.Close())
	}
}

func (r *Report) look(ctx context.Context, tx *db.Tx) error {
	accounts, err := account.All(ctx, tx)
	if err != nil {
		return err
	}
	for _, a := range accounts {
		r.Accounts++
		events, broken, err := audit.Verify(ctx, tx, a.ID)
		if err != nil {
			return err
		}
		r.trail("account "+string(a.ID), events, broken)
		if err := r.account(ctx, tx, a.ID); err != nil {
			return err
		}
	}
	users, err := audit.Users(ctx, tx)
	if err != nil {
		return err
	}
	for _, u := range users {
		r.Users++
		events, broken, err := audit.VerifyUser(ctx, tx, u)
		if err != nil {
			return err
		}
		r.trail("user "+string(u), events, broken)
	}
	return r.operator(ctx, tx)
}

// operator looks at the operator's own trail and keys.
func (r *Report) operator(ctx context.Context, tx *db.Tx) error {
	events, broken, err := audit.VerifyUser(ctx, tx, audit.Operator)
	if err != nil {
		return err
	}
	r.trail("operator", events, broken)
	defects, err := operator.Check(ctx, tx)
	for _, d := range defects {
		r.Defects = append(r.Defects, "operator: "+d)
	}
	return err
}

func (r *Report) trail(owner string, events int64, broken []audit.Defect) {
	r.Events += events
	for _, d := range broken {
		r.Defects = append(r.Defects, fmt.Sprintf("%s: event %d %s", owner, d.Seq, d.What))
	}
}

// account holds the rooms of one account against each other.
func (r *Report) account(ctx context.Context, tx *db.Tx, acc id.Account) error {
	for _, check := range []func(context.Context, *db.Tx, id.Account) ([]string, error){
		member.Check, invitation.Check, credit.Check, billing.Check, resource.Check, holdersAreHere, seatsAgree, holdersAreActive, settlersAreSuspended,
	} {
		defects, err := check(ctx, tx, acc)
		if err != nil {
			return err
		}
		for _, d := range defects {
			r.Defects = append(r.Defects, "account "+string(acc)+": "+d)
		}
	}
	return nil
}

// holdersAreActive: whoever may not come in has nothing to come in with.
func holdersAreActive(ctx context.Context, tx *db.Tx, acc id.Account) (defects []string, err error) {
	active, err := member.Standing(ctx, tx, acc, member.Active)
	if err != nil {
		return nil, err
	}
	for what, list := range map[string]func(context.Context, *db.Tx, id.Account) ([]id.Member, error){"a session": session.Holders, "an API key": key.Holders} {
		holders, err := list(ctx, tx, acc)
		if err != nil {
			return nil, err
		}
		for _, m := range holders {
			if !slices.Contains(active, m) {
				defects = append(defects, "member "+string(m)+" is not active and has "+what)
			}
		}
	}
	return defects, nil
}

// holdersAreHere: whoever has given up their place holds nothing.
func holdersAreHere(ctx context.Context, tx *db.Tx, acc id.Account) (defects []string, err error) {
	holders, err := resource.Holders(ctx, tx, acc)
	if err != nil {
		return nil, err
	}
	for _, status := range []member.Status{member.Removed, member.Deleted} {
		gone, err := member.Standing(ctx, tx, acc, status)
		if err != nil {
			return nil, err
		}
		for _, m := range gone {
			if slices.Contains(holders, m) {
				defects = append(defects, "member "+string(m)+" is "+string(status)+" and holds resources")
			}
		}
	}
	return defects, nil
}

// settlersAreSuspended: whoever is suspended waits in exactly one departure.
func settlersAreSuspended(ctx context.Context, tx *db.Tx, acc id.Account) (defects []string, err error) {
	suspended, err := member.Standing(ctx, tx, acc, member.Suspended)
	if err != nil {
		return nil, err
	}
	settlers, err := departure.Settlers(ctx, tx, acc)
	if err == nil && !slices.Equal(suspended, settlers) {
		defects = append(defects, fmt.Sprintf("%d members are suspended and %d departures are settling", len(suspended), len(settlers)))
	}
	return defects, err
}
