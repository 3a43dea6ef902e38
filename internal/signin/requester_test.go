package signin_test

import (
	"testing"

	"tenure/internal/access"
	"tenure/internal/db"
	"tenure/internal/holding"
	"tenure/internal/member"
	"tenure/internal/outbox"
	"tenure/internal/secret"
	"tenure/internal/user"
)

// regrade gives a member another role, as nobody in particular.
func (s *stage) regrade(p person, to string) {
	s.t.Helper()
	must(s.t, s.db.Write(s.t.Context(), p.account, func(tx *db.Tx) error {
		_, err := member.NewRoster(s.db, nil, member.Ways{}).Regrade(s.t.Context(), tx, access.BySystem(), p.account, p.member, member.Patch{Role: &to})
		return err
	}))
}

// An administrator could ask for an address of their own for a colleague's
// place, leave, and come back as the colleague.
func TestWhoMayNotChangeAPlaceAnyMoreCannotHaveItConfirmed(t *testing.T) {
	for _, c := range []struct {
		name string
		lose func(s *stage, mal person)
		code string
	}{
		{"removed", func(s *stage, mal person) { s.leaves(mal, holding.Deactivate) }, "token_used"},
		{"suspended", func(s *stage, mal person) { s.leaves(mal, holding.Suspend) }, "token_used"},
		{"back again", func(s *stage, mal person) { s.leaves(mal, holding.Suspend); s.move(mal, member.Activate) }, "token_used"},
		{"out, the link overlooked", func(s *stage, mal person) { s.move(mal, member.Deactivate) }, "email_change_closed"},
		{"demoted", func(s *stage, mal person) { s.regrade(mal, "member") }, "email_change_closed"},
		{"demoted, over a peer", func(s *stage, mal person) { s.regrade(s.bo, "owner"); s.regrade(mal, "member") }, "email_change_closed"},
		{"demoted and promoted", func(s *stage, mal person) { s.regrade(mal, "member"); s.regrade(mal, "owner") }, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			onStage(t, func(t *testing.T, s *stage) {
				mal := s.join(s.account, "mal@example.com", "owner")
				must(t, s.requestFor(s.actor(s.signIn(mal)), s.account, s.bo.member, parsed(t, "mal2@example.com")))
				c.lose(s, mal)
				wantCode(t, s.ConfirmEmail(t.Context(), s.token(outbox.EmailConfirm, secret.Confirm)), c.code, "confirmed")
				after := s.member(s.bo)
				if taken := after.Email != "bo@example.com" || after.User != s.bo.user; taken != (c.code == "") {
					t.Errorf("the place is %s's", after.Email)
				}
				if c.code == "" {
					return
				}
				must(t, s.db.Read(t.Context(), func(tx *db.Tx) error {
					_, err := user.ByEmail(t.Context(), tx, "mal2@example.com")
					wantCode(t, err, "not_found", "an identity for it")
					return nil
				}))
			})
		})
	}
}

func TestWhatTheOperatorAskedForIsConfirmed(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		operator := access.Actor{Kind: access.Operator, Key: "key_op"}
		must(t, s.requestFor(operator, s.account, s.bo.member, parsed(t, "cy@example.com")))
		must(t, s.ConfirmEmail(t.Context(), s.token(outbox.EmailConfirm, secret.Confirm)))
		if m := s.member(s.bo); m.Email != "cy@example.com" {
			t.Errorf("the place is %s's", m.Email)
		}
	})
}

// What one leaver asked for is closed; what others asked for goes on.
func TestALeavingClosesOnlyWhatTheLeaverAskedFor(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		mal := s.join(s.account, "mal@example.com", "owner")
		must(t, s.requestFor(s.actor(s.signIn(s.ada)), s.account, s.bo.member, parsed(t, "cy@example.com")))
		s.leaves(mal, holding.Deactivate)
		must(t, s.ConfirmEmail(t.Context(), s.token(outbox.EmailConfirm, secret.Confirm)))
	})
}
