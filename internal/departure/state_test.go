package departure_test

import (
	"testing"

	"tenure/internal/departure"
	"tenure/internal/diagram"
)

var (
	states = []departure.State{departure.Draft, departure.Settling, departure.Applied, departure.Undone, departure.Discarded}
	moves  = []departure.Move{departure.Apply, departure.Undo, departure.Discard}
)

func TestTheDiagramIsTheTable(t *testing.T) {
	diagram.Machine[departure.State, departure.Move]{
		Title: "Departure", Room: "departure", Transitions: departure.Transitions, States: states, Moves: moves,
		Begins: [][2]string{{"draft", "plan"}, {"settling", "suspend"}}, Ends: [][2]string{{"undone", ""}, {"discarded", ""}},
	}.Check(t)
}

func TestWhatIsOverStaysOver(t *testing.T) {
	for _, from := range []departure.State{departure.Undone, departure.Discarded} {
		for _, move := range moves {
			if next, err := from.On(move); err == nil || next != from {
				t.Errorf("%s on %s gives %s, %v", move, from, next, err)
			}
		}
	}
}
