package db

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"tenure/internal/fault"
	"tenure/internal/id"
)

// Write runs a function in a transaction on one account. It takes the
// account's head first, so that writers of one account follow one another and
// each sees what the one before it did.
//
// Faults: not_found if there is no such account; unavailable if the store
// cannot be reached or cannot say whether the commit happened.
func (d *DB) Write(ctx context.Context, account id.Account, fn func(tx *Tx) error) error {
	return d.transact(ctx, "account "+string(account), true, fn, func(ctx context.Context, tx *Tx, also []Inquiry) error {
		return tx.lockAccount(ctx, account, also)
	})
}

// Found is Write for an account that begins here: it makes the account's head.
func (d *DB) Found(ctx context.Context, account id.Account, fn func(tx *Tx) error) error {
	return d.transact(ctx, "account "+string(account), true, fn, func(ctx context.Context, tx *Tx, also []Inquiry) error {
		if err := tx.foundAccount(ctx, account); err != nil {
			return err
		}
		return tx.Ask(ctx, questionsOf(also)...)
	})
}

// WriteUser runs a function in a transaction on one user. It takes the user's
// head first, and makes it if there is none yet.
//
// Faults: unavailable, as Write.
func (d *DB) WriteUser(ctx context.Context, user id.User, fn func(tx *Tx) error) error {
	return d.transact(ctx, "user "+string(user), true, fn, func(ctx context.Context, tx *Tx, also []Inquiry) error {
		if err := tx.lockUser(ctx, user); err != nil {
			return err
		}
		return tx.Ask(ctx, questionsOf(also)...)
	})
}

// Housekeep runs a function in a transaction that takes no head and makes no
// event: counters, leases, delivery marks, when somebody was last seen. Guards
// do not run in it.
//
// Faults: unavailable, as Write.
func (d *DB) Housekeep(ctx context.Context, fn func(tx *Tx) error) error {
	return d.transact(ctx, "", false, fn, func(context.Context, *Tx, []Inquiry) error { return nil })
}

// SweepRows is how many rows a function of Sweep deletes at most: others write
// before the next ones are.
const SweepRows = 500

// Sweep deletes what counts no longer, in many small writes. The function deletes
// SweepRows rows, or fewer if there are no more, and says how many.
func (d *DB) Sweep(ctx context.Context, fn func(tx *Tx) (deleted int64, err error)) error {
	for {
		var deleted int64
		if err := d.Housekeep(ctx, func(tx *Tx) (err error) {
			deleted, err = fn(tx)
			return err
		}); err != nil {
			return err
		}
		if deleted < SweepRows {
			return nil
		}
	}
}

// Read runs a function on one consistent snapshot of the store. Nothing can be
// written in it.
//
// Faults: unavailable if the store cannot be reached.
func (d *DB) Read(ctx context.Context, fn func(tx *Tx) error) error {
	if err := enter(ctx); err != nil {
		return err
	}
	return d.engine.read(ctx, func(s statements) error {
		tx := &Tx{db: d, statements: s, now: d.Now(), readOnly: true}
		defer tx.end()
		return tx.settle(inside(tx, fn))
	})
}

// Guard is looked at in every write, right after the lock: it is what has to hold
// still for the write to go on. Its questions are asked together with the lock, and
// must bear that there is no row.
type Guard func() Inquiry

type guardKey struct{}

// WithGuard gives a context whose Write, Found and WriteUser look at the guard
// before their function. An error of the guard is the error of the write. A guard
// given later is looked at after one given earlier.
func WithGuard(ctx context.Context, guard Guard) context.Context {
	earlier, _ := ctx.Value(guardKey{}).([]Guard)
	return context.WithValue(ctx, guardKey{}, append(slices.Clip(earlier), guard))
}

// guardsOf gives what the guards of the context want to know.
func guardsOf(ctx context.Context) []Inquiry {
	guards, _ := ctx.Value(guardKey{}).([]Guard)
	inquiries := make([]Inquiry, len(guards))
	for i, guard := range guards {
		inquiries[i] = guard()
	}
	return inquiries
}

// WithoutGuards gives a context whose writes run no guard that was given before:
// for what somebody may do whatever has become of their rights meanwhile.
func WithoutGuards(ctx context.Context) context.Context {
	return context.WithValue(ctx, guardKey{}, nil)
}

// transact runs lock, guards and function in one transaction of the lane, and
// afterwards what the function left in After.
func (d *DB) transact(ctx context.Context, lane string, guarded bool, fn func(*Tx) error, lock func(context.Context, *Tx, []Inquiry) error) error {
	if err := enter(ctx); err != nil {
		return err
	}
	var last *Tx
	var told []func() // by every run: also one that failed may have to be settled
	tell := func() {
		for ; len(told) > 0; told = told[1:] {
			told[0]()
		}
	}
	defer tell()
	err := d.engine.write(ctx, lane, func(s statements) error {
		tx := &Tx{db: d, statements: s, now: d.Now(), detached: true, recorded: !guarded}
		defer func() {
			tx.end()
			last, told = tx, append(told, tx.told...)
		}()
		return tx.settle(inside(tx, func(tx *Tx) error {
			guards := []Inquiry{}
			if guarded {
				guards = guardsOf(ctx)
			}
			if err := lock(ctx, tx, guards); err != nil {
				return err
			}
			for _, guard := range guards {
				if err := guard.Then(ctx, tx); err != nil {
					return err
				}
			}
			if err := fn(tx); err != nil {
				return err
			}
			if err := tx.tellStale(ctx); err != nil {
				return err
			}
			return tx.finish(ctx)
		}))
	})
	if err != nil {
		return err
	}
	tell()
	for _, fn := range last.after {
		fn()
	}
	return nil
}

// errInside is a defect of the caller: it would wait for itself, or read what
// its own transaction has not committed.
var errInside = errors.New("a transaction was begun inside another one")

// enter is looked at before every transaction.
func enter(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if isInside() {
		return errInside
	}
	return nil
}

// unavailable is the fault for a store that cannot be reached now.
func unavailable(err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return fault.Unavailable("The server cannot reach its database now. Please try again.").Because(err)
}

// errUncertain is a commit of which nobody can say whether it happened.
var errUncertain = errors.New("the outcome is unknown")

// unknown is the fault for it.
func unknown(err error) error {
	return fault.Unavailable("It is not certain whether this was saved. Please look before you try again.").Because(fmt.Errorf("%w: %w", errUncertain, err))
}
