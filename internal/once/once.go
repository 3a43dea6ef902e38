// Package once lets a command that is sent twice happen once: whoever cannot
// know whether a request arrived sends it again under the same Idempotency-Key.
//
// Invariants. That the command was done is written in the transaction that does
// it, so that both are there or neither. A command that failed leaves nothing,
// and its key is free. Of many at the same time one happens. A key belongs to
// its caller within an account and counts for 24 hours. What is kept of an
// answer is what finds its objects again: no secret, and nothing personal.
package once

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/secret"
)

// Life is how long a key counts.
const Life = 24 * time.Hour

// Order is what somebody asks to be done once.
type Order struct {
	Account id.Account // that the request names or the caller belongs to; may be empty
	Caller  string     // as the trail names them; empty for who has not signed in
	Key     string     // as it was sent
	Asked   []byte     // the operation and everything that was sent with it
}

// Request is an order as it is looked up. It rides in the context of the
// command; whatever writes in that context claims it first.
type Request struct {
	account     id.Account
	caller      string
	key         []byte
	fingerprint []byte
	step        int64
	done        bool // a write under it was committed by this very request
}

// Kept is what a command left for whoever asks for it again.
type Kept []byte

// Into reads what the command gave to Keep.
func (k Kept) Into(to any) error {
	if err := json.Unmarshal(k, to); err != nil {
		return fmt.Errorf("read what was kept under a key: %w", err)
	}
	return nil
}

// repeated says that the command was done before. It comes out of the write in
// which it would have been done again, and nothing was.
type repeated struct{ kept Kept }

func (*repeated) Error() string { return "this was done before under the same key" }

// Done finds in the error of a write that the command was done before, and what
// it left.
func Done(err error) (Kept, bool) {
	if r, ok := errors.AsType[*repeated](err); ok {
		return r.kept, true
	}
	return nil, false
}

var errTwice = errors.New("a command wrote twice under one key: it has to say which step each write is")

// Book is where it stands what was done.
type Book struct {
	db     *db.DB
	keeper *secret.Keeper

	mu    sync.Mutex // guards doing
	doing map[string]chan struct{}
}

// NewBook makes the book.
func NewBook(d *db.DB, keeper *secret.Keeper) *Book {
	return &Book{db: d, keeper: keeper, doing: map[string]chan struct{}{}}
}

// Begin waits until nobody else on this node is at the request, so that its twin
// finds it done instead of trying a password, or counting an attempt, as well.
// That it happens once does not depend on it. Call end in any case.
func (b *Book) Begin(ctx context.Context, r *Request) (end func(), err error) {
	name := string(r.account) + " " + r.caller + " " + string(r.key)
	for {
		other, mine := b.enter(name)
		if mine != nil {
			return func() { b.leave(name, mine) }, nil
		}
		select {
		case <-other:
		case <-ctx.Done():
			return func() {}, ctx.Err()
		}
	}
}

func (b *Book) enter(name string) (other, mine chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if other, busy := b.doing[name]; busy {
		return other, nil
	}
	mine = make(chan struct{})
	b.doing[name] = mine
	return nil, mine
}

func (b *Book) leave(name string, mine chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.doing, name)
	close(mine)
}

// Request makes the request of an order. Who has not signed in is known by
// nothing but what they send: two strangers who chose the same key do not meet.
func (b *Book) Request(o Order) *Request {
	sum := sha256.Sum256([]byte(o.Key))
	r := &Request{account: o.Account, caller: o.Caller, key: sum[:], fingerprint: b.keeper.Fingerprint(o.Asked)}
	if o.Caller == "" {
		r.caller = fmt.Sprintf("nobody:%x", r.fingerprint)
	}
	return r
}

// Look says whether the command of the request was done already, and what it
// left. Faults: idempotency_mismatch if something else was done under the key.
func (b *Book) Look(ctx context.Context, r *Request) (kept Kept, done bool, err error) {
	err = b.db.Read(ctx, func(tx *db.Tx) error {
		kept, done, err = r.find(ctx, tx)
		return err
	})
	return kept, done, err
}

type requestKey struct{}

// With gives the context of a command that is to be done once. Its write claims
// the request before anything else.
func With(ctx context.Context, r *Request) context.Context {
	return db.WithGuard(context.WithValue(ctx, requestKey{}, r), func() db.Inquiry { return db.Inquiry{Then: Claim} })
}

// Step gives the context of one of several writes of a command, each of which is
// done once. Without a request in the context it changes nothing.
func Step(ctx context.Context, n int) context.Context {
	r, ok := ctx.Value(requestKey{}).(*Request)
	if !ok {
		return ctx
	}
	step := *r
	step.step, step.done = int64(n), false
	return context.WithValue(ctx, requestKey{}, &step)
}

// Claim takes the request of the context, if there is one, for this transaction:
// another with the same key waits until this one has ended. Every write that
// takes an account or a user does so by itself; what only keeps house has to ask.
//
// Faults: idempotency_mismatch. An error in which Done finds what was kept.
func Claim(ctx context.Context, tx *db.Tx) error {
	r, ok := ctx.Value(requestKey{}).(*Request)
	if !ok {
		return nil
	}
	if r.done {
		return errTwice
	}
	n, err := r.insert(ctx, tx)
	if err != nil {
		return err
	}
	if n == 0 {
		kept, done, err := r.find(ctx, tx)
		if err == nil && !done {
			err = fmt.Errorf("claim a key: what stood in the way is gone")
		}
		if err != nil {
			return err
		}
		return &repeated{kept}
	}
	tx.After(func() { r.done = true })
	return nil
}

// insert writes the request down, in the place of one whose time is over.
func (r *Request) insert(ctx context.Context, tx *db.Tx) (n int64, err error) {
	err = tx.Aside(func() error {
		n, err = tx.Exec(ctx, `INSERT INTO idempotency_keys (account_id, caller, key_hash, step, fingerprint, kept, created_at)
			VALUES ($1, $2, $3, $4, $5, 'null', $6)
			ON CONFLICT (account_id, caller, key_hash, step) DO UPDATE SET fingerprint = $5, kept = 'null', created_at = $6
			WHERE idempotency_keys.created_at <= $7`,
			string(r.account), r.caller, r.key, r.step, r.fingerprint, db.Micros(tx.Now()), db.Micros(tx.Now().Add(-Life)))
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("claim a key: %w", err)
	}
	return n, nil
}

// find reads what was done under the key, while it counts.
func (r *Request) find(ctx context.Context, tx *db.Tx) (Kept, bool, error) {
	var fingerprint []byte
	var kept string
	err := tx.One(ctx, `SELECT fingerprint, kept FROM idempotency_keys
		WHERE account_id = $1 AND caller = $2 AND key_hash = $3 AND step = $4 AND created_at > $5`,
		[]any{string(r.account), r.caller, r.key, r.step, db.Micros(tx.Now().Add(-Life))}, &fingerprint, &kept)
	if errors.Is(err, db.ErrNone) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("look up a key: %w", err)
	}
	if subtle.ConstantTimeCompare(fingerprint, r.fingerprint) == 0 {
		return nil, false, fault.Unprocessable("idempotency_mismatch", "Something else was done under this Idempotency-Key. Take a new one.")
	}
	return Kept(kept), true, nil
}

// Keep leaves, in the transaction of the command, what the same answer is made
// of again: identifiers, counts, verdicts. Without a request in the context it
// does nothing.
func Keep(ctx context.Context, tx *db.Tx, what any) error {
	r, ok := ctx.Value(requestKey{}).(*Request)
	if !ok {
		return nil
	}
	kept, err := json.Marshal(what)
	if err != nil {
		return fmt.Errorf("keep under a key: %w", err)
	}
	return tx.Aside(func() error {
		err := tx.ExecOne(ctx, `UPDATE idempotency_keys SET kept = $5 WHERE account_id = $1 AND caller = $2 AND key_hash = $3 AND step = $4`,
			string(r.account), r.caller, r.key, r.step, string(kept))
		if err != nil {
			return fmt.Errorf("keep under a key: %w", err)
		}
		return nil
	})
}

// Sweep deletes the keys that count no longer. It is for now and then.
func (b *Book) Sweep(ctx context.Context) error {
	if err := b.db.Sweep(ctx, func(tx *db.Tx) (int64, error) { return sweep(ctx, tx) }); err != nil {
		return fmt.Errorf("delete old keys: %w", err)
	}
	return nil
}

func sweep(ctx context.Context, tx *db.Tx) (deleted int64, err error) {
	over := db.Micros(tx.Now().Add(-Life))
	var old []Request
	if err := tx.Each(ctx, `SELECT account_id, caller, key_hash, step FROM idempotency_keys WHERE created_at <= $1 ORDER BY created_at LIMIT $2`,
		[]any{over, db.SweepRows}, func(scan func(...any) error) error {
			var r Request
			err := scan((*string)(&r.account), &r.caller, &r.key, &r.step)
			old = append(old, r)
			return err
		}); err != nil {
		return 0, err
	}
	for _, r := range old {
		if _, err := tx.Exec(ctx, `DELETE FROM idempotency_keys WHERE account_id = $1 AND caller = $2 AND key_hash = $3 AND step = $4 AND created_at <= $5`,
			string(r.account), r.caller, r.key, r.step, over); err != nil {
			return 0, err
		}
	}
	return int64(len(old)), nil
}
