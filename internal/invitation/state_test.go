package invitation

import (
	"testing"

	"tenure/internal/diagram"
	"tenure/internal/fault"
)

var statuses = []Status{Pending, Accepted, Declined, Withdrawn, Expired}

var moves = []Move{Accept, Decline, Withdraw, Expire, Resend}

func TestMovesOfAnInvitation(t *testing.T) {
	want := map[Status]map[Move]string{ // the next status, or the code of the fault
		Pending:   {Accept: "accepted", Decline: "declined", Withdraw: "withdrawn", Expire: "expired", Resend: "pending"},
		Accepted:  {Accept: "already_accepted", Decline: "already_accepted", Withdraw: "already_accepted", Expire: "already_accepted", Resend: "already_accepted"},
		Declined:  {Accept: "invitation_closed", Decline: "invitation_closed", Withdraw: "invitation_closed", Expire: "invitation_closed", Resend: "invitation_closed"},
		Withdrawn: {Accept: "invitation_closed", Decline: "invitation_closed", Withdraw: "invitation_closed", Expire: "invitation_closed", Resend: "invitation_closed"},
		Expired:   {Accept: "invitation_expired", Decline: "invitation_expired", Withdraw: "withdrawn", Expire: "invitation_expired", Resend: "pending"},
	}
	for _, s := range statuses {
		for _, m := range moves {
			next, err := s.On(m)
			got := string(next)
			if err != nil {
				got = fault.Code(err)
				if next != s {
					t.Errorf("%s refuses to %s and still becomes %s", s, m, next)
				}
			}
			if got != want[s][m] {
				t.Errorf("%s on %s is %s; want %s", s, m, got, want[s][m])
			}
		}
	}
}

func TestWhoHoldsALinkOfAClosedInvitationHearsGoneAndWhoManagesItConflict(t *testing.T) {
	_, byLink := Withdrawn.On(Accept)
	_, byManager := Withdrawn.On(Resend)
	if fault.As(byLink).Kind != fault.KindGone || fault.As(byManager).Kind != fault.KindConflict {
		t.Errorf("by link %v, by manager %v", fault.As(byLink).Kind, fault.As(byManager).Kind)
	}
}

func TestTheDiagramIsTheTable(t *testing.T) {
	diagram.Machine[Status, Move]{
		Title: "Invitation", Room: "invitation", Transitions: Transitions, States: statuses, Moves: moves,
		Begins: [][2]string{{"pending", "invite"}}, Ends: [][2]string{{"accepted", ""}, {"declined", ""}, {"withdrawn", ""}},
		Note: "An invitation whose time is over is expired from that instant on, whether or not that has been written down.",
	}.Check(t)
}
