// Package diagram draws state machines from their transition tables, for the
// tests that keep docs/states true.
package diagram

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the goldens anew")

// Machine is a state machine to draw. The lists give the order of the drawing.
type Machine[S, M ~string] struct {
	Title       string
	Room        string // the package whose state.go holds the table
	Transitions map[S]map[M]S
	States      []S
	Moves       []M
	Begins      [][2]string // state and what makes it
	Ends        [][2]string // state and what ends it, which may be empty
	Note        string
}

// Check fails the test unless docs/states holds this drawing; go test -update
// writes it.
func (m Machine[S, M]) Check(t *testing.T) {
	t.Helper()
	file := "../../docs/states/" + m.Room + ".md"
	drawn := m.draw()
	if *update {
		if err := os.WriteFile(file, []byte(drawn), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(file)
	if err != nil || string(kept) != drawn {
		t.Errorf("%s is not what the table says (%v); go test ./internal/%s -update writes it", file, err, m.Room)
	}
}

func (m Machine[S, M]) draw() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\nWritten by a test from the table in `internal/%s/state.go`.\n\n```mermaid\nstateDiagram-v2\n", m.Title, m.Room)
	for _, begin := range m.Begins {
		fmt.Fprintf(&b, "    [*] --> %s: %s\n", begin[0], begin[1])
	}
	for _, from := range m.States {
		for _, move := range m.Moves {
			if to, ok := m.Transitions[from][move]; ok {
				fmt.Fprintf(&b, "    %s --> %s: %s\n", from, to, move)
			}
		}
	}
	for _, end := range m.Ends {
		if end[1] == "" {
			fmt.Fprintf(&b, "    %s --> [*]\n", end[0])
		} else {
			fmt.Fprintf(&b, "    %s --> [*]: %s\n", end[0], end[1])
		}
	}
	b.WriteString("```\n")
	if m.Note != "" {
		b.WriteString("\n" + m.Note + "\n")
	}
	return b.String()
}
