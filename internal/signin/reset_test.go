package signin_test

import (
	"testing"
	"time"

	"tenure/internal/access"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/holding"
	"tenure/internal/member"
	"tenure/internal/outbox"
	"tenure/internal/secret"
)

// mailedCode is the code of the newest mail that carries one.
func (s *stage) mailedCode() string {
	s.t.Helper()
	all := s.mailed(outbox.FactorCode)
	if len(all) == 0 {
		s.t.Fatal("no code was mailed")
	}
	link := all[len(all)-1].link
	link.Kind = secret.FactorCode
	return s.keeper.Code(link)
}

func TestALostFactorIsResetByAnAdministratorAndThePerson(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		in := s.signIn(s.bo)
		bo := s.guard(in)
		challenge := s.half(s.bo)
		ada := s.actor(s.signIn(s.ada))
		wantCode(t, s.ResetFactor(t.Context(), s.actor(in), s.account, s.ada.member), "forbidden", "by a member")
		wantCode(t, s.ResetFactor(t.Context(), ada, s.account, s.ada.member), "forbidden", "one's own")
		must(t, s.MailCode(t.Context(), challenge))
		if n := len(s.mailed(outbox.FactorCode)); n != 0 {
			t.Fatalf("%d codes without a reset", n)
		}
		must(t, s.ResetFactor(t.Context(), ada, s.account, s.bo.member))
		s.wants(in, "", "a session, before the person has done their part")
		if got := s.answers(challenge, s.mailedCode()); got != "" {
			t.Fatalf("the mailed code: %q", got)
		}
		s.wants(in, "unauthenticated", "a session from before")
		if got := s.tries("bo@example.com", password); got != "" {
			t.Errorf("the password alone: %q", got)
		}
		if got := s.answers(challenge, bo.codes[0]); got != "token_used" {
			t.Errorf("the challenge again: %q", got)
		}
		for action, who := range map[string]person{"member.reset_factor": s.ada, "factor.reset": s.bo} {
			if !s.told(action, who) {
				t.Errorf("the account's trail does not tell of %s", action)
			}
		}
		s.verify(s.bo)
	})
}

// told reports whether the account's trail has such an event by somebody.
func (s *stage) told(action string, by person) (found bool) {
	s.t.Helper()
	must(s.t, s.db.Read(s.t.Context(), func(tx *db.Tx) error {
		entries, err := audit.List(s.t.Context(), tx, s.account, audit.Filter{Action: action, Limit: 10})
		for _, e := range entries {
			found = found || e.Actor.ID == string(by.member)
		}
		return err
	}))
	return found
}

func TestAResetIsCompletedOnceAlsoAtOnce(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.guard(s.signIn(s.bo))
		must(t, s.ResetFactor(t.Context(), s.actor(s.signIn(s.ada)), s.account, s.bo.member))
		challenges := make([]string, 4) // no more tries than the code has
		for i := range challenges {
			challenges[i] = s.half(s.bo)
		}
		code := s.mailedCode()
		codes := atOnce(len(challenges), func(i int) string { return s.answers(challenges[i], code) })
		if codes[""] != 1 {
			t.Errorf("got %v", codes)
		}
		if mails := s.mailed(outbox.FactorRemoved); len(mails) != 1 {
			t.Errorf("%d notices", len(mails))
		}
	})
}

func TestAMailedCodeHoldsTenMinutesAndFiveTries(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.guard(s.signIn(s.bo))
		must(t, s.ResetFactor(t.Context(), s.actor(s.signIn(s.ada)), s.account, s.bo.member))
		challenge, first := s.half(s.bo), s.mailedCode()
		wrong := "000000"
		if first == wrong {
			wrong = "000001"
		}
		for range 5 {
			if got := s.answers(challenge, wrong); got != "bad_credentials" {
				t.Fatalf("a wrong one: %q", got)
			}
		}
		if got := s.answers(challenge, first); got != "bad_credentials" {
			t.Errorf("after five tries: %q", got)
		}
		must(t, s.MailCode(t.Context(), challenge))
		second := s.mailedCode()
		s.clock.Add(10 * time.Minute)
		challenge = s.half(s.bo)
		if got := s.answers(challenge, second); got != "bad_credentials" {
			t.Errorf("after its time: %q", got)
		}
		must(t, s.MailCode(t.Context(), challenge))
		if got := s.answers(challenge, s.mailedCode()); got != "" {
			t.Errorf("the newest: %q", got)
		}
	})
}

func TestAResetIsOverAfterADayOrWithThePlace(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.guard(s.signIn(s.bo))
		for name, over := range map[string]func(){
			"a day":      func() { s.clock.Add(24 * time.Hour) },
			"the access": func() { s.leaves(s.bo, holding.Suspend); s.move(s.bo, member.Activate) },
		} {
			must(t, s.ResetFactor(t.Context(), access.Actor{Kind: access.Operator, Key: "key_op"}, s.account, s.bo.member))
			in := s.signIn(s.bo)
			if len(in.Challenge.Methods) != 3 {
				t.Errorf("%s: methods %v", name, in.Challenge.Methods)
			}
			over()
			if in := s.signIn(s.bo); len(in.Challenge.Methods) != 2 {
				t.Errorf("%s, after: methods %v", name, in.Challenge.Methods)
			}
			if got := s.answers(s.half(s.bo), s.mailedCode()); got != "bad_credentials" {
				t.Errorf("%s, the code: %q", name, got)
			}
		}
	})
}
