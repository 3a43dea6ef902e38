package invitation

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"tenure/internal/access"
	"tenure/internal/fault"
	"tenure/internal/outbox"
)

// copied gives a copied link of a new invitation.
func (s *stage) copied(email string) (Invitation, string) {
	s.t.Helper()
	inv := s.invite(email)
	token, expires, err := s.CopyLink(s.t.Context(), s.admin, s.account, inv.ID)
	s.must(err)
	if !expires.Equal(inv.ExpiresAt) {
		s.t.Errorf("a copied link ends at %s; want the end of the invitation, %s", expires, inv.ExpiresAt)
	}
	return inv, token
}

func (s *stage) acceptWith(token, code string) (Arrival, error) {
	return s.Accept(s.t.Context(), access.Actor{}, Acceptance{Token: token, Password: password, Code: code})
}

// wrong is a code that is not the right one.
func wrong(right string) string {
	if right == "000000" {
		return "000001"
	}
	return "000000"
}

func TestHoldingACopiedLinkProvesNoMailbox_BetterAuth9577(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		_, known := s.found("Globex")
		var answers []string
		for _, email := range []string{"new@example.com", known.Email} {
			inv, token := s.copied(email)
			view, err := s.Inspect(t.Context(), token)
			if err != nil || !view.Copied || view.Registered {
				t.Errorf("a copied link shows %+v, %v", view, err)
			}
			_, err = s.acceptWith(token, "")
			wantCode(t, err, "verification_required")
			answer, _ := json.Marshal(fault.As(err))
			answers = append(answers, string(answer))
			if got := s.now(inv.ID); got.Status != Pending || got.Member != "" {
				t.Errorf("the invitation is %+v", got)
			}
			_, err = s.acceptWith(token, wrong(s.code(inv.ID)))
			wantField(t, err, "code", "wrong")
			_, err = s.acceptWith(token, " "+s.code(inv.ID)+" ")
			s.must(err)
			_, err = s.acceptWith(token, s.code(inv.ID))
			wantCode(t, err, "already_accepted")
		}
		if answers[0] != answers[1] {
			t.Errorf("the answers tell who is known: %q", answers)
		}
	})
}

func TestACodeIsTriedFiveTimes(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		inv, token := s.copied("jo@example.com")
		_, err := s.acceptWith(token, "")
		wantCode(t, err, "verification_required")
		code := s.code(inv.ID)
		for range codeTries {
			_, err = s.acceptWith(token, wrong(code))
			wantField(t, err, "code", "wrong")
		}
		_, err = s.acceptWith(token, code)
		wantCode(t, err, "too_many_attempts")
		if f := fault.As(err); f == nil || f.RetryAfter != time.Minute {
			t.Errorf("the answer is %+v", f)
		}
		s.clock.Add(time.Minute)
		_, err = s.acceptWith(token, "")
		wantCode(t, err, "verification_required")
		if s.code(inv.ID) == code {
			t.Error("the second code is the first one")
		}
		_, err = s.acceptWith(token, code)
		wantField(t, err, "code", "wrong")
		_, err = s.acceptWith(token, s.code(inv.ID))
		s.must(err)
	})
}

func TestConcurrentGuessesGetNoMoreThanFiveTries(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		inv, token := s.copied("jo@example.com")
		_, err := s.acceptWith(token, "")
		wantCode(t, err, "verification_required")
		code := s.code(inv.ID)
		errs := make([]error, 40)
		var all sync.WaitGroup
		for i := range errs {
			all.Go(func() { _, errs[i] = s.acceptWith(token, wrong(code)) })
		}
		all.Wait()
		tried := 0
		for _, err := range errs {
			if fault.Code(err) == "invalid" {
				tried++
			} else if fault.Code(err) != "too_many_attempts" {
				t.Errorf("a guess hears %v", err)
			}
		}
		if tried != codeTries {
			t.Errorf("%d guesses were looked at; want %d", tried, codeTries)
		}
	})
}

func TestACodeLastsTenMinutesAndIsThenMailedAnew(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		inv, token := s.copied("jo@example.com")
		_, err := s.acceptWith(token, "")
		wantCode(t, err, "verification_required")
		old := s.code(inv.ID)
		s.clock.Add(codeLife)
		_, err = s.acceptWith(token, old)
		wantCode(t, err, "verification_required")
		s.clock.Add(codeLife - time.Microsecond)
		_, err = s.acceptWith(token, s.code(inv.ID))
		s.must(err)
	})
}

func TestTheRightCodeMayComeAgainWithABetterPassword(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		inv, token := s.copied("jo@example.com")
		_, err := s.acceptWith(token, "")
		wantCode(t, err, "verification_required")
		for range codeTries + 2 {
			_, err = s.Accept(t.Context(), access.Actor{}, Acceptance{Token: token, Password: "short", Code: s.code(inv.ID)})
			wantCode(t, err, "weak_password")
		}
		_, err = s.acceptWith(token, s.code(inv.ID))
		s.must(err)
	})
}

func TestCodesAreNotMailedInARow(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		inv, token := s.copied("jo@example.com")
		mails := func() int {
			return s.count("outbox WHERE subject_id = $1 AND kind = $2", string(inv.ID), string(outbox.VerificationCode))
		}
		ask := func() {
			_, err := s.acceptWith(token, "")
			wantCode(t, err, "verification_required")
		}
		var all sync.WaitGroup
		for range 8 {
			all.Go(ask)
		}
		all.Wait()
		if n := mails(); n != 1 {
			t.Errorf("%d codes at once", n)
		}
		s.clock.Add(time.Minute - time.Microsecond)
		ask()
		if n := mails(); n != 1 {
			t.Errorf("%d codes within a minute", n)
		}
		for n, pause := range []time.Duration{time.Microsecond, time.Minute, time.Minute, 2 * time.Minute, 4 * time.Minute} {
			s.clock.Add(pause)
			ask()
			if got := mails(); got != n+2 {
				t.Fatalf("%d codes; want %d", got, n+2)
			}
		}
	})
}

func TestPausesBetweenCodesGrowToAnHour(t *testing.T) {
	for mailed, want := range map[int64]time.Duration{1: time.Minute, 3: time.Minute, 4: 2 * time.Minute, 8: 32 * time.Minute, 9: time.Hour, 1 << 40: time.Hour} {
		if got := codePause(mailed); got != want {
			t.Errorf("after %d codes the pause is %s; want %s", mailed, got, want)
		}
	}
}

func TestCopyingReplacesOnlyAnEarlierCopy(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		inv, first := s.copied("jo@example.com")
		mailed := s.mailed(inv.ID)
		second, _, err := s.CopyLink(t.Context(), s.admin, s.account, inv.ID)
		s.must(err)
		_, err = s.Inspect(t.Context(), first)
		wantCode(t, err, "invitation_replaced")
		for _, alive := range []string{second, mailed} {
			_, err = s.Inspect(t.Context(), alive)
			s.must(err)
		}
		if !strings.HasPrefix(second, "tc_") || second == mailed {
			t.Errorf("the copied link is of kind %q", second[:2])
		}
		if got := s.actions(s.account, string(inv.ID)); len(got) != 3 || got[2] != "invitation.copy_link by member" {
			t.Errorf("events: %q", got)
		}
		// Resending kills copies too.
		_, err = s.Resend(t.Context(), s.admin, s.account, inv.ID)
		s.must(err)
		for _, dead := range []string{second, mailed} {
			_, err = s.Inspect(t.Context(), dead)
			wantCode(t, err, "invitation_replaced")
		}
	})
}
