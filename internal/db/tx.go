package db

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"tenure/internal/fault"
	"tenure/internal/id"
)

// ErrNone says that One found no row.
var ErrNone = errors.New("no row")

// ErrGuard says that ExecOne did not change exactly one row: what the statement
// guards against has happened.
var ErrGuard = errors.New("the guarded row was not there")

var (
	errOver        = errors.New("the transaction is over")
	errOpenRows    = errors.New("a statement was begun while rows are open")
	errReadOnly    = errors.New("a statement that writes was begun in Read")
	errUnrecorded  = errors.New("change without event")
	errManyRows    = errors.New("more than one row where one was asked for")
	errSecondUser  = errors.New("a transaction locks one user")
	errNoLockThere = errors.New("users are locked in Write and WriteUser only")
)

// Tx is one transaction. It belongs to the goroutine of the function it was
// given to, and ends with it.
type Tx struct {
	db         *DB
	statements statements
	now        time.Time
	detached   bool // statements outlive the caller's context
	readOnly   bool
	open       bool // rows of a query are being read
	over       bool
	changed    bool  // a statement changed rows
	recorded   bool  // changes need no event
	failed     error // what the engine said when a statement failed
	account    id.Account
	user       id.User
	trail      *trail // of the account
	userTrail  *trail
	after      []func()
	stale      []string // subjects that may be cached
	told       []func() // of the hooks of OnStale
}

// Chain is the end of a trail: how many events it has and the hash of the last.
type Chain struct {
	Seq  int64
	Head []byte
}

// trail is a chain as it stands and the sequence it was read at.
type trail struct {
	Chain
	from int64
}

func (t *trail) advanced() bool { return t != nil && t.Seq > t.from }

// Now is the time of the transaction, in UTC to the microsecond. After a lock
// it is never earlier than that of the last change under the same lock,
// whatever the clocks of the nodes say.
func (t *Tx) Now() time.Time { return t.now }

// Account is the account that is locked; empty if none is.
func (t *Tx) Account() id.Account { return t.account }

// User is the user that is locked; empty if none is.
func (t *Tx) User() id.User { return t.user }

// Chain is the trail of the locked account. Whoever records an event moves it
// on; it is written at the end of the transaction. It is nil if no account is
// locked.
func (t *Tx) Chain() *Chain {
	if t.trail == nil {
		return nil
	}
	return &t.trail.Chain
}

// UserChain is Chain for the locked user.
func (t *Tx) UserChain() *Chain {
	if t.userTrail == nil {
		return nil
	}
	return &t.userTrail.Chain
}

// After runs a function once the transaction is committed, before Write
// returns, in the goroutine that called Write.
func (t *Tx) After(fn func()) { t.after = append(t.after, fn) }

// Aside runs a function whose statements are about the request rather than the
// domain: they alone need no event.
func (t *Tx) Aside(fn func() error) error {
	changed := t.changed
	err := fn()
	t.changed = changed
	return err
}

// LockUser takes the head of a user as well, inside Write: an account comes
// before a user, and there is one user in a transaction. It may move Now on.
func (t *Tx) LockUser(ctx context.Context, user id.User) error {
	switch {
	case t.user == user && user != "":
		return nil
	case t.user != "":
		return errSecondUser
	case t.account == "":
		return errNoLockThere
	}
	if err := t.lockUser(ctx, user); err != nil {
		return err
	}
	t.statements.last()
	return nil
}

// Exec runs a statement and gives the number of rows it changed.
func (t *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	if t.readOnly {
		return 0, errReadOnly
	}
	if err := t.ready(args); err != nil {
		return 0, err
	}
	n, err := t.statements.exec(t.outliving(ctx), query, args)
	if err != nil {
		return 0, t.fail(query, err)
	}
	t.changed = t.changed || n > 0
	return n, nil
}

// ExecOne runs a statement that must change exactly one row; otherwise it gives
// ErrGuard, and the transaction must not be committed.
func (t *Tx) ExecOne(ctx context.Context, query string, args ...any) error {
	n, err := t.Exec(ctx, query, args...)
	if err == nil && n != 1 {
		err = ErrGuard
	}
	return err
}

// Promise runs a statement that must change exactly so many rows, and may run
// only with the next statement or with the commit, which then fails if it did
// not. It is for what is not looked at any more. The arguments must stay as they
// are.
func (t *Tx) Promise(ctx context.Context, rows int64, query string, args ...any) error {
	if t.readOnly {
		return errReadOnly
	}
	if err := t.ready(args); err != nil {
		return err
	}
	if err := t.statements.promise(t.outliving(ctx), rows, query, args); err != nil {
		return t.fail(query, err)
	}
	t.changed = t.changed || rows > 0
	return nil
}

// One reads the one row of a query. It gives ErrNone if there is none; more
// than one is a defect of the query.
func (t *Tx) One(ctx context.Context, query string, args []any, dest ...any) error {
	return t.Ask(ctx, AskOne(query, args, dest...))
}

// Each reads the rows of a query one by one. The function must not run another
// statement of the transaction. Its error ends the reading and is returned.
func (t *Tx) Each(ctx context.Context, query string, args []any, row func(scan func(dest ...any) error) error) error {
	return t.Ask(ctx, AskEach(query, args, row))
}

// Column reads a query of one column of texts, such as identifiers, in the order of
// its rows. There may be none.
func Column[T ~string](ctx context.Context, tx *Tx, query string, args []any) ([]T, error) {
	list := []T{}
	err := tx.Each(ctx, query, args, func(scan func(dest ...any) error) error {
		var one string
		err := scan(&one)
		list = append(list, T(one))
		return err
	})
	return list, err
}

// read reads the rows of a query to their end, and closes them however their
// function ends.
func (t *Tx) read(q Question, found rows, err error) (of error) {
	if err != nil {
		return t.fail(q.query, err)
	}
	t.open = true
	defer func() {
		t.open = false
		if closing := found.Close(); of == nil && closing != nil {
			of = t.fail(q.query, closing)
		}
	}()
	n, writes := 0, !reads(q.query)
	for found.Next() {
		t.changed = t.changed || writes
		if n++; q.rows != anyNumber && n > 1 {
			return fmt.Errorf("%w: %s", errManyRows, gist(q.query))
		}
		if err := q.row(found.Scan); err != nil {
			return err
		}
	}
	switch err := found.Err(); {
	case err != nil:
		return t.fail(q.query, err)
	case q.rows == exactlyOne && n == 0:
		return ErrNone
	}
	return nil
}

// reads reports whether a query only reads. What writes and gives rows back
// begins with INSERT, UPDATE or DELETE: the subset has no writing WITH.
func reads(query string) bool {
	query = strings.TrimSpace(query)
	return len(query) >= 4 && (strings.EqualFold(query[:4], "SELE") || strings.EqualFold(query[:4], "WITH"))
}

// ready is looked at before every statement.
func (t *Tx) ready(args []any) error {
	switch {
	case t.over:
		return errOver
	case t.failed != nil:
		return t.failed
	case t.open:
		return errOpenRows
	}
	return checkArgs(args)
}

// outliving gives the context that a statement runs in.
func (t *Tx) outliving(ctx context.Context) context.Context {
	if t.detached {
		return context.WithoutCancel(ctx)
	}
	return ctx
}

// fail ends the transaction with what the engine said.
func (t *Tx) fail(query string, err error) error {
	t.failed = fmt.Errorf("%s: %w", gist(query), err)
	return t.failed
}

// gist is the beginning of a statement, to tell which one an error is about.
func gist(query string) string {
	words := strings.Join(strings.Fields(query), " ")
	if len(words) > 60 {
		words = words[:60] + "…"
	}
	return words
}

// settle turns the end of a function into the end of the transaction: a
// statement that failed cannot be passed over.
func (t *Tx) settle(err error) error {
	if err == nil {
		return t.failed
	}
	if t.failed != nil && !errors.Is(err, t.failed) {
		return errors.Join(err, t.failed)
	}
	return err
}

func (t *Tx) end() { t.over = true }

// lockAccount takes the head of an account, and looks at inquiries with it.
func (t *Tx) lockAccount(ctx context.Context, account id.Account, also []Inquiry) error {
	trail, at, err := t.takeHead(ctx, "SELECT seq, head, at FROM heads WHERE account_id = $1", string(account), also)
	if errors.Is(err, ErrNone) {
		return fault.NotFound()
	}
	if err != nil {
		return fmt.Errorf("lock account: %w", err)
	}
	t.account, t.trail = account, trail
	t.notBefore(at)
	return nil
}

func (t *Tx) foundAccount(ctx context.Context, account id.Account) error {
	err := t.ExecOne(ctx, "INSERT INTO heads (account_id, seq, head, at) VALUES ($1, 0, $2, $3)", account, []byte{}, Micros(t.now))
	if err != nil {
		return fmt.Errorf("make head of account: %w", err)
	}
	t.account, t.trail = account, &trail{Chain: Chain{Head: []byte{}}}
	return nil
}

func (t *Tx) lockUser(ctx context.Context, user id.User) error {
	const head = "SELECT seq, head, at FROM user_heads WHERE user_id = $1"
	trail, at, err := t.takeHead(ctx, head, string(user), nil)
	if errors.Is(err, ErrNone) {
		changed := t.changed
		_, err = t.Exec(ctx, "INSERT INTO user_heads (user_id, seq, head, at) VALUES ($1, 0, $2, $3) ON CONFLICT DO NOTHING", user, []byte{}, Micros(t.now))
		t.changed = changed // an empty head is nothing to tell
		if err == nil {
			trail, at, err = t.takeHead(ctx, head, string(user), nil)
		}
	}
	if err != nil {
		return fmt.Errorf("lock user: %w", err)
	}
	t.user, t.userTrail = user, trail
	t.notBefore(at)
	return nil
}

// takeHead reads a head and holds its row until the commit. The questions of the
// inquiries are asked once it is held, in the same way to the store.
func (t *Tx) takeHead(ctx context.Context, query, key string, also []Inquiry) (*trail, time.Time, error) {
	if t.db.engine.lock() != "" { // another node may hold it: who waits for that may give up
		t.detached = false
		defer func() { t.detached = true }()
	}
	var head trail
	var at time.Time
	lock := AskOne(query+t.db.engine.lock(), []any{key}, &head.Seq, &head.Head, Time(&at))
	if err := t.Ask(ctx, append([]Question{lock}, questionsOf(also)...)...); err != nil {
		return nil, time.Time{}, err
	}
	head.from = head.Seq
	return &head, at, nil
}

func (t *Tx) notBefore(at time.Time) {
	if at.After(t.now) {
		t.now = at
	}
}

// finish writes the heads, and refuses changes that no event tells of.
func (t *Tx) finish(ctx context.Context) error {
	if t.failed != nil {
		return t.failed
	}
	if t.changed && !t.recorded && !t.trail.advanced() && !t.userTrail.advanced() {
		return errUnrecorded
	}
	if t.trail.advanced() {
		err := t.Promise(ctx, 1, "UPDATE heads SET seq = $1, head = $2, at = $3 WHERE account_id = $4 AND seq = $5",
			t.trail.Seq, t.trail.Head, Micros(t.now), t.account, t.trail.from)
		if err != nil {
			return fmt.Errorf("write head of account: %w", err)
		}
	}
	if t.userTrail.advanced() {
		err := t.Promise(ctx, 1, "UPDATE user_heads SET seq = $1, head = $2, at = $3 WHERE user_id = $4 AND seq = $5",
			t.userTrail.Seq, t.userTrail.Head, Micros(t.now), t.user, t.userTrail.from)
		if err != nil {
			return fmt.Errorf("write head of user: %w", err)
		}
	}
	return nil
}
