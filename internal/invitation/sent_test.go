package invitation

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"tenure/internal/access"
	"tenure/internal/db"
	"tenure/internal/holding"
	"tenure/internal/id"
)

// departing is a member who has sent invitations, and a departure of theirs.
func (s *stage) departing(kind holding.Kind, leaver, applier access.Actor, decision string) holding.Case {
	decisions := map[string]json.RawMessage{}
	if decision != "" {
		decisions["invitations"] = json.RawMessage(decision)
	}
	return holding.Case{
		Kind: kind, Account: s.account, Member: leaver.Member, From: leaver.Role, Actor: applier, At: s.clock.Now(),
		Departure: id.New[id.Departure](), Party: holding.NewParty([]id.Member{leaver.Member}, decisions),
	}
}

func (s *stage) apply(c holding.Case) []string {
	s.t.Helper()
	var told []string
	s.write(func(tx *db.Tx) error {
		found, err := Sent{}.Survey(s.t.Context(), tx, c)
		if err != nil {
			return err
		}
		effects, err := Sent{}.Apply(s.t.Context(), tx, c)
		if err != nil {
			return err
		}
		if before, after := kinds(found.Effects), kinds(effects); !slices.Equal(before, after) {
			s.t.Errorf("the survey said %q, and it did %q", before, after)
		}
		told = kinds(effects)
		if len(told) > 0 {
			return nil
		}
		return touch(s, tx)
	})
	return told
}

// touch records something, so that a write that found nothing to do is one.
func touch(s *stage, tx *db.Tx) error {
	_, err := s.Offer(s.t.Context(), tx, operator, s.account, mustParse(s.t, fmt.Sprintf("touch%d@example.com", tx.Chain().Seq)), "admin")
	return err
}

func kinds(effects []holding.Effect) []string {
	var all []string
	for _, e := range effects {
		all = append(all, fmt.Sprintf("%s %d", e.Kind, *e.Count))
	}
	return all
}

func TestInvitationsOfALeaverPassToWhoAppliesTheDeparture(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		leaver := s.join("leaver@example.com", "admin")
		first := s.inviteBy(leaver, s.account, "a@example.com", "admin")
		second := s.inviteBy(leaver, s.account, "b@example.com", "user")
		others := s.invite("c@example.com")
		over := s.inviteBy(leaver, s.account, "d@example.com", "admin")
		s.must(s.Withdraw(t.Context(), leaver, s.account, over.ID, 0))

		c := s.departing(holding.Deactivate, leaver, s.admin, "")
		if got := s.apply(c); !slices.Equal(got, []string{"invitations_reassigned 2"}) {
			t.Fatalf("effects: %q", got)
		}
		for _, inv := range []Invitation{first, second, others} {
			if got := s.now(inv.ID); got.Sponsor.ID != string(s.admin.Member) || got.Status != Pending {
				t.Errorf("%+v", got)
			}
		}
		if got := s.actions(s.account, string(first.ID)); got[len(got)-1] != "invitation.reassign by member" {
			t.Errorf("events: %q", got)
		}
		_, err := s.accept(s.mailed(first.ID)) // the mailed link still works
		s.must(err)

		s.write(func(tx *db.Tx) error {
			effects, err := Sent{}.Restore(t.Context(), tx, c)
			if got := kinds(effects); !slices.Equal(got, []string{"invitations_reassigned 1"}) {
				t.Errorf("restored: %q", got)
			}
			return err
		})
		if got := s.now(second.ID); got.Sponsor.ID != string(leaver.Member) {
			t.Errorf("after the undo: %+v", got)
		}
		if got := s.now(first.ID); got.Status != Accepted || got.Sponsor.ID != string(s.admin.Member) {
			t.Errorf("after the undo: %+v", got)
		}
	})
}

func TestInvitationsOfALeaverAreWithdrawnWhenThatIsDecided(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		leaver := s.join("leaver@example.com", "admin")
		inv := s.inviteBy(leaver, s.account, "a@example.com", "admin")
		c := s.departing(holding.Remove, leaver, s.admin, `{"withdraw":true}`)
		if got := s.apply(c); !slices.Equal(got, []string{"invitations_withdrawn 1"}) {
			t.Errorf("effects: %q", got)
		}
		_, err := s.accept(s.mailed(inv.ID))
		wantCode(t, err, "invitation_closed")
		s.write(func(tx *db.Tx) error {
			effects, err := Sent{}.Restore(t.Context(), tx, c)
			if len(effects) > 0 {
				t.Errorf("restored: %q", kinds(effects))
			}
			if err != nil {
				return err
			}
			return touch(s, tx)
		})
		_, err = s.accept(s.mailed(inv.ID)) // no old link works after an undo
		wantCode(t, err, "invitation_closed")
	})
}

func TestAnInvitationTheApplierMayNotVouchForIsWithdrawn(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		leaver := s.join("leaver@example.com", "admin")
		s.inviteBy(leaver, s.account, "a@example.com", "admin")
		s.allowInviting()
		lower := s.join("lower@example.com", "user", "inbox")
		for name, c := range map[string]holding.Case{
			"below":      s.departing(holding.Deactivate, leaver, lower, `{"to":"applier"}`),
			"themselves": s.departing(holding.Deactivate, leaver, leaver, ""),
		} {
			s.read(func(tx *db.Tx) error {
				found, err := Sent{}.Survey(t.Context(), tx, c)
				if got := kinds(found.Effects); !slices.Equal(got, []string{"invitations_withdrawn 1"}) {
					t.Errorf("%s: %q", name, got)
				}
				return err
			})
		}
	})
}

func TestASuspensionLeavesWhatWasSentAndKillsTheOwnLink(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		leaver := s.join("leaver@example.com", "admin")
		inv := s.inviteBy(leaver, s.account, "a@example.com", "admin")
		if got := s.apply(s.departing(holding.Suspend, leaver, s.admin, "")); got != nil {
			t.Errorf("effects: %q", got)
		}
		if got := s.now(inv.ID); got.Version != inv.Version {
			t.Errorf("%+v", got)
		}
		m, bound := s.add("jo@example.com", true)
		waiting := access.Actor{Kind: access.Member, Account: s.account, Member: m.ID}
		if got := s.apply(s.departing(holding.Suspend, waiting, s.admin, "")); !slices.Equal(got, []string{"invitations_withdrawn 1"}) {
			t.Errorf("effects: %q", got)
		}
		_, err := s.accept(s.mailed(bound))
		wantCode(t, err, "invitation_closed")
	})
}

func TestWhoLeavesBeforeComingInLosesTheirInvitation(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		for _, kind := range []holding.Kind{holding.Deactivate, holding.Remove, holding.Delete} {
			m, bound := s.add(string(kind)+"@example.com", true)
			c := s.departing(kind, access.Actor{Member: m.ID}, s.admin, "")
			if got := s.apply(c); !slices.Equal(got, []string{"invitations_withdrawn 1"}) {
				t.Errorf("%s: %q", kind, got)
			}
			_, err := s.accept(s.mailed(bound))
			wantCode(t, err, "invitation_closed")
		}
	})
}

func TestTheBasisIsWhatTheClockDoesNotChange(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		leaver := s.join("leaver@example.com", "admin")
		s.inviteBy(leaver, s.account, "a@example.com", "admin")
		c := s.departing(holding.Deactivate, leaver, s.admin, "")
		basis := func() string {
			var text []byte
			s.read(func(tx *db.Tx) error {
				found, err := Sent{}.Survey(t.Context(), tx, c)
				if err != nil {
					return err
				}
				text, err = json.Marshal(found.Basis)
				return err
			})
			return string(text)
		}
		before := basis()
		s.clock.Add(ttl)
		if after := basis(); after != before {
			t.Errorf("the clock alone turned %s into %s", before, after)
		}
		if got := s.apply(c); got != nil {
			t.Errorf("what has expired is settled: %q", got)
		}
		s.inviteBy(leaver, s.account, "b@example.com", "admin")
		if after := basis(); after == before {
			t.Error("a new invitation does not change the basis")
		}
	})
}

func TestOtherMovesAskNothingOfInvitations(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		leaver := s.join("leaver@example.com", "admin")
		s.inviteBy(leaver, s.account, "a@example.com", "admin")
		for _, kind := range []holding.Kind{holding.Invite, holding.Withdraw, holding.Arrive, holding.Return, holding.Regrade} {
			if got := s.apply(s.departing(kind, leaver, s.admin, "")); got != nil {
				t.Errorf("%s: %q", kind, got)
			}
		}
		for _, decision := range []string{`{}`, `{"to":"mem_1"}`, `{"to":"applier","withdraw":true}`, `{"keep":true}`, `[]`, `"applier"`} {
			s.read(func(tx *db.Tx) error {
				_, err := Sent{}.Survey(t.Context(), tx, s.departing(holding.Remove, leaver, s.admin, decision))
				wantField(t, err, "decisions.invitations", "malformed")
				return nil
			})
		}
	})
}
