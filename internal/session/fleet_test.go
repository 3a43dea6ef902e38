package session_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"tenure/internal/access"
	"tenure/internal/bearer"
	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/member"
	"tenure/internal/session"
	"tenure/internal/user"
)

// node is one of several servers on one store.
type node struct {
	*house
	fleet *bearer.Fleet
}

// onNodes runs a test on two nodes, where the store can have several. The first
// has made the house.
func onNodes(t *testing.T, pace bearer.Pace, fn func(t *testing.T, a, b *node)) {
	dbtest.EachWhere(t, func(t *testing.T, where string) {
		d := dbtest.Open(t, where, db.Options{})
		if !d.Shared() {
			return // one process has the file to itself
		}
		a := join(t, d, pace, nil)
		fn(t, a, join(t, dbtest.Open(t, where, db.Options{}), pace, a))
	})
}

func join(t *testing.T, d *db.DB, pace bearer.Pace, first *node) *node {
	t.Helper()
	n := &node{house: &house{t: t, db: d}}
	memory := bearer.NewMemory(d)
	n.cache = session.New(d, memory, session.Sources{Actor: member.Actor, Epoch: user.Epoch, Seen: member.Seen, Place: member.AskEpoch, Person: user.AskEpoch}, 1000)
	n.fleet = bearer.NewFleet(memory, pace)
	if first == nil {
		made := newHouse(t, d)
		n.account, n.owner = made.account, made.owner
	} else {
		n.account, n.owner = first.account, first.owner
	}
	return n
}

// runs starts the node's looking and gives what stops it.
func (n *node) runs() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { n.fleet.Run(ctx, func(err error) { n.t.Error(err) }) })
	return func() { cancel(); running.Wait() }
}

// believes looks until the node answers from memory.
func (n *node) believes(token string) {
	n.t.Helper()
	for n.t.Context().Err() == nil && !n.fromMemory(token) {
		must(n.t, n.fleet.Look(n.t.Context()))
	}
}

// fromMemory reports whether the node answers without the store: with a context
// that is over the store cannot be asked.
func (n *node) fromMemory(token string) bool {
	n.check(token)
	over, cancel := context.WithCancel(n.t.Context())
	cancel()
	_, _, err := n.cache.Check(over, token)
	return err == nil
}

func (n *node) end(s session.Started, p person) {
	n.t.Helper()
	n.write(func(tx *db.Tx) error {
		return session.End(n.t.Context(), tx, access.BySystem(), p.account, p.member, s.ID)
	})
}

func TestWhatEndsOnOneNodeHasEndedOnTheOthers(t *testing.T) {
	pace := bearer.Pace{Look: 5 * time.Millisecond, Lease: 300 * time.Millisecond, Gone: time.Minute}
	onNodes(t, pace, func(t *testing.T, a, b *node) {
		defer a.runs()()
		defer b.runs()()
		for !b.fromMemory(b.signIn(b.owner, chrome).Token) && !t.Failed() {
		}
		for name, end := range ways {
			t.Run(name, func(t *testing.T) {
				for round := range 3 {
					p := a.join(fmt.Sprintf("bo%d.%d@example.com", len(name), round), "member")
					hammer(b.house, p, []string{b.signIn(b.owner, chrome).Token}, func(_ *house, p person, s session.Started) { end(a.house, p, s) })
				}
			})
		}
	})
}

func TestANodeThatDoesNotLookIsWaitedForUntilItsLeaseIsOver(t *testing.T) {
	pace := bearer.Pace{Look: time.Millisecond, Lease: 400 * time.Millisecond, Gone: time.Minute}
	onNodes(t, pace, func(t *testing.T, a, b *node) {
		s, kept := a.signIn(a.owner, chrome), a.signIn(a.owner, firefox)
		b.believes(s.Token)
		a.end(s, a.owner) // b looks no more
		b.wants(s.Token, "unauthenticated", "on the node that does not look")
		if b.fromMemory(kept.Token) {
			t.Error("it believes its memory although its lease must be over")
		}
		b.believes(kept.Token)
		b.wants(s.Token, "unauthenticated", "when it looks again")
	})
}

func TestANodeThatLooksIsNotWaitedForLonger(t *testing.T) {
	pace := bearer.Pace{Look: time.Millisecond, Lease: time.Minute, Gone: time.Hour}
	onNodes(t, pace, func(t *testing.T, a, b *node) {
		defer b.runs()()
		must(t, b.fleet.Look(t.Context()))
		began := time.Now()
		a.end(a.signIn(a.owner, chrome), a.owner)
		if took := time.Since(began); took > 30*time.Second {
			t.Errorf("it took %v though the other node answers", took)
		}
	})
}

func TestANodeThatIsGoneIsBuriedAndBeginsAnew(t *testing.T) {
	pace := bearer.Pace{Look: time.Millisecond, Lease: 200 * time.Millisecond, Gone: 500 * time.Millisecond}
	onNodes(t, pace, func(t *testing.T, a, b *node) {
		s, kept := a.signIn(a.owner, chrome), a.signIn(a.owner, firefox)
		b.believes(s.Token)
		must(t, a.fleet.Look(t.Context()))
		if n := a.count(t, "nodes"); n != 2 {
			t.Errorf("%d nodes, want 2", n)
		}
		for a.count(t, "nodes") != 1 && t.Context().Err() == nil {
			must(t, a.fleet.Look(t.Context()))
		}
		a.end(s, a.owner)
		if n := a.count(t, "revocations"); n != 0 {
			t.Errorf("%d rows for a node that is gone", n)
		}
		b.wants(s.Token, "unauthenticated", "on the node that was buried")
		b.believes(kept.Token)
		b.wants(s.Token, "unauthenticated", "on the node that has come back")
		must(t, b.fleet.Leave(t.Context()))
		if b.fromMemory(kept.Token) {
			t.Error("a node that left believes its memory")
		}
	})
}

func (n *node) count(t *testing.T, table string) (rows int64) {
	t.Helper()
	must(t, n.db.Read(t.Context(), func(tx *db.Tx) error {
		return tx.One(t.Context(), `SELECT COUNT(*) FROM `+table, nil, &rows)
	}))
	return rows
}

// Two ends at the same time leave the second nothing to end: it is no change
// without an event, whatever the other nodes are told.
func TestEndingNothingIsToldToOtherNodesAndIsNoChange(t *testing.T) {
	pace := bearer.Pace{Look: time.Millisecond, Lease: 100 * time.Millisecond, Gone: time.Minute}
	onNodes(t, pace, func(t *testing.T, a, b *node) {
		must(t, b.fleet.Look(t.Context())) // so that a has somebody to tell
		p := a.join("bo@example.com", "member")
		a.write(func(tx *db.Tx) error {
			ended, err := session.EndMember(t.Context(), tx, access.BySystem(), p.account, p.member, "")
			if ended != 0 {
				t.Errorf("%d sessions ended", ended)
			}
			return err
		})
		must(t, a.db.WriteUser(t.Context(), p.user, func(tx *db.Tx) error {
			_, err := session.EndUser(t.Context(), tx, access.BySystem(), p.user, "", 1)
			return err
		}))
		if a.count(t, "revocations") == 0 {
			t.Error("nobody was told")
		}
	})
}
