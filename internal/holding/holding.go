// Package holding is the vocabulary between the ways in and out and the things
// a member has. Every holding answers the same three questions, so that
// neither way needs to know any of them.
package holding

import (
	"context"
	"fmt"
	"time"

	"tenure/internal/access"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
)

// Kind is the move during which a holding is asked.
type Kind string

// The moves.
const (
	Invite     Kind = "invite"     // an invitation is sent
	Withdraw   Kind = "withdraw"   // an invitation ends without a place
	Arrive     Kind = "arrive"     // a member begins
	Return     Kind = "return"     // a member becomes active again
	Regrade    Kind = "regrade"    // a role changes
	Suspend    Kind = "suspend"    // access ends, nothing else moves
	Deactivate Kind = "deactivate" // a departure that keeps the place
	Remove     Kind = "remove"     // a departure that gives the place up
	Delete     Kind = "delete"     // a departure that erases the person at once
)

// EndsAccess reports whether the move takes the member's access away.
func (k Kind) EndsAccess() bool {
	switch k {
	case Suspend, Deactivate, Remove, Delete:
		return true
	default:
		return false
	}
}

// Case is one member, or one invitation, in one move.
type Case struct {
	Kind       Kind
	Account    id.Account
	Member     id.Member
	Invitation id.Invitation // that is accepted; of an Invite the one that it takes the place of, if any
	From, To   access.Role   // the roles before and after, where the move has them
	At         time.Time
	Actor      access.Actor
	Departure  id.Departure // the departure this belongs to, if any
	Party      *Party       // who leaves in it, and what was decided
	Count      int64        // of an Invite: how many are asked about, all with the role To
	Taken      int64        // of what is only previewed or begun: how much room the moves before it would have taken
	Gone       *Gone        // of a Return that undoes a departure: what that did
}

// Gone is what a departure did to a member, as it was told then: a holding whose
// rows were deleted since finds there what it can no longer bring back.
type Gone struct {
	Kind    Kind
	Effects []Effect
}

// Blocker is a reason why the move cannot be made as it stands, with what would
// resolve it.
type Blocker struct {
	Code      string    `json:"code"`
	Member    id.Member `json:"member"`
	Detail    string    `json:"detail"`
	Resolve   []string  `json:"resolve"`
	To        id.Member `json:"to,omitempty"`        // who cannot receive what was decided for them
	Count     int64     `json:"count,omitempty"`     // how many of the things stand in the way
	Resources []string  `json:"resources,omitempty"` // type/id of the things that stand in the way, the first hundred
}

// Need is a decision that must be taken first.
type Need struct {
	Code    string    `json:"code"`
	Member  id.Member `json:"member"`
	Options []string  `json:"options"`
	Count   int64     `json:"count,omitempty"` // how many things wait for it
}

// Effect is one thing that the move does, or did.
type Effect struct {
	Kind     string    `json:"kind"`
	Member   id.Member `json:"member"`
	To       id.Member `json:"to,omitempty"` // who receives it
	Count    *int64    `json:"count,omitempty"`
	Amount   *int64    `json:"amount,omitempty"` // minor units of Currency
	Currency string    `json:"currency,omitempty"`
	Formula  string    `json:"formula,omitempty"`
	Share    *Share    `json:"share,omitempty"`  // the numbers of Formula
	Reason   string    `json:"reason,omitempty"` // of what was skipped: a code for why
	Detail   string    `json:"detail"`           // a sentence that names nobody: it outlives them
}

// Count adds up the counts of one kind of effect.
func Count(effects []Effect, kind string) int64 {
	var n int64
	for _, e := range effects {
		if e.Kind == kind && e.Count != nil {
			n += *e.Count
		}
	}
	return n
}

// Share is the part of a price that falls on part of a period.
type Share struct {
	Price         int64 `json:"price"` // for the whole period, in minor units of the effect's currency
	Seconds       int64 `json:"seconds"`
	PeriodSeconds int64 `json:"period_seconds"`
}

// Finding is what a survey found. Basis is what the answer rests on and enters
// the digest: ids, versions, balances; never what only the clock changes.
//
// Room is for Invite: how many there is room for, in the order they are given;
// nil is any number. Takes is for any other move: how much room it takes, below 0
// how much it gives back.
type Finding struct {
	Blockers []Blocker
	Needed   []Need
	Effects  []Effect
	Basis    any
	Room     *int64
	Takes    int64
}

// Refusal is the conflict that the first blocker is, nil if there is none.
func (f Finding) Refusal() error {
	if len(f.Blockers) == 0 {
		return nil
	}
	return fault.Conflict(f.Blockers[0].Code, f.Blockers[0].Detail).With("blockers", f.Blockers)
}

// Survey asks holdings about a move and puts together what they found, but for
// the bases: whoever needs those asks each by itself.
func Survey(ctx context.Context, tx *db.Tx, holdings []Holding, c Case) (all Finding, err error) {
	for _, h := range holdings {
		found, err := h.Survey(ctx, tx, c)
		if err != nil {
			return all, fmt.Errorf("%s %s: %w", c.Kind, h.Name(), err)
		}
		if found.Room != nil && (all.Room == nil || *found.Room < *all.Room) {
			all.Room = found.Room
		}
		all.Takes += found.Takes
		all.Blockers = append(all.Blockers, found.Blockers...)
		all.Needed = append(all.Needed, found.Needed...)
		all.Effects = append(all.Effects, found.Effects...)
	}
	return all, nil
}

// A Holding is one kind of thing a member has: it begins when they arrive and
// must be settled when they leave. A holding that has nothing to say to a move
// answers it with nothing.
type Holding interface {
	// Name is the key of the holding's decisions.
	Name() string
	// Survey says what the move would do. It changes nothing.
	Survey(ctx context.Context, tx *db.Tx, c Case) (Finding, error)
	// Apply does it, inside the caller's transaction.
	Apply(ctx context.Context, tx *db.Tx, c Case) ([]Effect, error)
	// Restore undoes what c.Departure did, found in the holding's own rows.
	Restore(ctx context.Context, tx *db.Tx, c Case) ([]Effect, error)
}
