package member_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tenure/internal/fault"
	"tenure/internal/member"
)

var (
	statuses = []member.Status{member.Active, member.Suspended, member.Inactive, member.Removed, member.Deleted}
	moves    = []member.Move{member.Suspend, member.Deactivate, member.Activate, member.Remove, member.Delete, member.Undo, member.Retain}
)

var update = flag.Bool("update", false, "write the goldens")

// diagram draws a transition table as docs/states shows it.
func diagram() string {
	var b strings.Builder
	b.WriteString("# Member\n\nWritten by a test from the table in `internal/member/state.go`.\n\n```mermaid\nstateDiagram-v2\n    [*] --> active: add, accept\n    [*] --> inactive: add\n")
	for _, from := range statuses {
		for _, move := range moves {
			if to, ok := member.Transitions[from][move]; ok {
				fmt.Fprintf(&b, "    %s --> %s: %s\n", from, to, move)
			}
		}
	}
	b.WriteString("    removed --> [*]: purge\n    deleted --> [*]\n```\n")
	return b.String()
}

func TestTheDiagramIsTheTable(t *testing.T) {
	const golden = "../../docs/states/member.md"
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

func TestNobodyComesBackFromDeleted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		status := member.Deleted
		for _, m := range rapid.SliceOf(rapid.SampledFrom(moves)).Draw(t, "moves") {
			next, err := status.On(m)
			if fault.Code(err) != "not_found" || next != member.Deleted {
				t.Fatalf("%s: %s, %v", m, next, err)
			}
		}
	})
}

func TestARefusedMoveChangesNothing(t *testing.T) {
	for _, from := range statuses {
		for _, m := range moves {
			next, err := from.On(m)
			_, allowed := member.Transitions[from][m]
			switch {
			case allowed && (err != nil || !slices.Contains(statuses, next)):
				t.Errorf("%s on %s: %s, %v", m, from, next, err)
			case !allowed && (err == nil || next != from):
				t.Errorf("%s on %s is not in the table but gives %s, %v", m, from, next, err)
			}
		}
	}
}
