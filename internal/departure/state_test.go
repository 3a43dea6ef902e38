package departure_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"tenure/internal/departure"
)

var (
	states = []departure.State{departure.Draft, departure.Settling, departure.Applied, departure.Undone, departure.Discarded}
	moves  = []departure.Move{departure.Settle, departure.Apply, departure.Undo, departure.Discard}
)

var update = flag.Bool("update", false, "write the goldens")

func diagram() string {
	var b strings.Builder
	b.WriteString("# Departure\n\nWritten by a test from the table in `internal/departure/state.go`.\n\n```mermaid\nstateDiagram-v2\n    [*] --> draft: plan\n    [*] --> settling: suspend\n")
	for _, from := range states {
		for _, move := range moves {
			if to, ok := departure.Transitions[from][move]; ok {
				fmt.Fprintf(&b, "    %s --> %s: %s\n", from, to, move)
			}
		}
	}
	b.WriteString("    undone --> [*]\n    discarded --> [*]\n```\n")
	return b.String()
}

func TestTheDiagramIsTheTable(t *testing.T) {
	const golden = "../../docs/states/departure.md"
	if *update {
		if err := os.WriteFile(golden, []byte(diagram()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != diagram() {
		t.Errorf("%s is not what the table says; go test with -update writes it", golden)
	}
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
