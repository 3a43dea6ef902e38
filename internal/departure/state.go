package departure

import "tenure/internal/fault"

// State is where a departure stands.
type State string

// The states.
const (
	Draft     State = "draft"     // planned; changes nothing
	Settling  State = "settling"  // access has ended, the rest waits to be decided
	Applied   State = "applied"   // done, and undoable while its window is open
	Undone    State = "undone"    // taken back
	Discarded State = "discarded" // given up before it was applied
)

// Move is what changes a state.
type Move string

// The moves.
const (
	Apply   Move = "apply"
	Undo    Move = "undo"
	Discard Move = "discard"
)

// Transitions is the whole of it: what each move makes of each state.
var Transitions = map[State]map[Move]State{
	Draft:     {Apply: Applied, Discard: Discarded},
	Settling:  {Apply: Applied, Discard: Discarded},
	Applied:   {Undo: Undone},
	Undone:    {},
	Discarded: {},
}

// On gives the state after a move. Faults: conflict departure_over for one that
// has ended, departure_open for an undo of one that was never applied.
func (s State) On(move Move) (State, error) {
	if next, ok := Transitions[s][move]; ok {
		return next, nil
	}
	if move == Undo && (s == Draft || s == Settling) {
		return s, fault.Conflict("departure_open", "This has not been applied yet.")
	}
	return s, fault.Conflict("departure_over", "This departure is "+string(s)+" already.")
}

// Open reports whether the departure still waits to be applied.
func (s State) Open() bool { return s == Draft || s == Settling }
