package member_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tenure/internal/diagram"
	"tenure/internal/fault"
	"tenure/internal/member"
)

var (
	statuses = []member.Status{member.Active, member.Suspended, member.Inactive, member.Removed, member.Deleted}
	moves    = []member.Move{member.Suspend, member.Deactivate, member.Activate, member.Remove, member.Delete, member.Undo, member.Retain}
)

func TestTheDiagramIsTheTable(t *testing.T) {
	diagram.Machine[member.Status, member.Move]{
		Title: "Member", Room: "member", Transitions: member.Transitions, States: statuses, Moves: moves,
		Begins: [][2]string{{"active", "add, accept"}, {"inactive", "add"}}, Ends: [][2]string{{"removed", "purge"}, {"deleted", ""}},
	}.Check(t)
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
