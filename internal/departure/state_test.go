package departure_test

import (
	"testing"

	"tenure/internal/departure"
	"tenure/internal/diagram"
)

var (
	states = []departure.State{departure.Draft, departure.Settling, departure.Scheduled, departure.Applied, departure.Undone, departure.Discarded, departure.Failed}
	moves  = []departure.Move{departure.Schedule, departure.Apply, departure.Suspend, departure.Undo, departure.Discard, departure.Fail}
)

func TestTheDiagramIsTheTable(t *testing.T) {
	diagram.Machine[departure.State, departure.Move]{
		Title: "Departure", Room: "departure", Transitions: departure.Transitions, States: states, Moves: moves,
		Begins: [][2]string{{"draft", "plan"}, {"settling", "suspend"}}, Ends: [][2]string{{"undone", ""}, {"discarded", ""}, {"failed", ""}},
	}.Check(t)
}

func TestWhatIsOverStaysOver(t *testing.T) {
	for _, from := range []departure.State{departure.Undone, departure.Discarded, departure.Failed} {
		for _, move := range moves {
			if next, err := from.On(move); err == nil || next != from {
				t.Errorf("%s on %s gives %s, %v", move, from, next, err)
			}
		}
	}
}
