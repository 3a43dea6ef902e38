package departure

import "tenure/internal/fault"

// State is where a departure stands.
type State string

// The states.
const (
	Draft     State = "draft"     // planned; changes nothing
	Settling  State = "settling"  // access has ended, the rest waits to be decided
	Scheduled State = "scheduled" // waits for its time, or is being applied to many
	Applied   State = "applied"   // done, and undoable while its window is open
	Undone    State = "undone"    // taken back, or of many being taken back one after the other
	Discarded State = "discarded" // given up before it was applied
	Failed    State = "failed"    // its time came, and it could not be applied to anybody
)

// Move is what changes a state.
type Move string

// The moves.
const (
	Schedule Move = "schedule"
	Apply    Move = "apply"
	Suspend  Move = "suspend" // access ends before the rest
	Undo     Move = "undo"
	Discard  Move = "discard"
	Fail     Move = "fail"
)

// Transitions is the whole of it: what each move makes of each state.
var Transitions = map[State]map[Move]State{
	Draft:     {Apply: Applied, Schedule: Scheduled, Discard: Discarded},
	Settling:  {Apply: Applied, Discard: Discarded},
	Scheduled: {Apply: Applied, Suspend: Settling, Discard: Discarded, Fail: Failed},
	Applied:   {Undo: Undone},
	Undone:    {},
	Discarded: {},
	Failed:    {},
}

// On gives the state after a move. Faults: conflict departure_over for one that
// has ended, departure_open for an undo of one that was never applied and for
// what waits already.
func (s State) On(move Move) (State, error) {
	if next, ok := Transitions[s][move]; ok {
		return next, nil
	}
	switch {
	case move == Undo && s.Open():
		return s, fault.Conflict("departure_open", "This has not been applied yet.")
	case move == Schedule && s == Settling:
		return s, fault.Conflict("departure_open", "This person's access has ended already. Finish that departure now.")
	case move == Schedule && s == Scheduled:
		return s, fault.Conflict("departure_open", "This waits for its time already.")
	default:
		return s, fault.Conflict("departure_over", "This departure is "+string(s)+" already.")
	}
}

// Open reports whether the departure still waits to be applied.
func (s State) Open() bool { return s == Draft || s == Settling || s == Scheduled }

// Claims reports whether the departure is the one of its members: beside it
// there is no other.
func (s State) Claims() bool { return s == Settling || s == Scheduled }

// Verdict is what became of one member in a departure.
type Verdict string

// The verdicts. Before there is one it is empty.
const (
	Done    Verdict = "applied"
	Blocked Verdict = "blocked"  // something stood in the way, and nothing was done
	Waits   Verdict = "settling" // something stood in the way: access has ended, the rest waits in a departure of its own
	Refused Verdict = "failed"   // it cannot be done, or whoever asked for it may not do it any more
)

// Codes of those whom somebody took out of a departure of many before their
// turn.
const (
	reactivated = "reactivated" // active again: what was planned is not wanted any more
	suspended   = "suspended"   // their access ended before the day
)

// Back is what undoing a departure came to for one member.
type Back string

// What it can come to. Before it is known it is empty.
const (
	Returned Back = "returned"
	Stays    Back = "stays" // they could not come back, and are as the departure left them
)
