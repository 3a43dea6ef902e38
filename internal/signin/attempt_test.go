package signin_test

import (
	"context"
	"testing"
	"time"

	"tenure/internal/access"
	"tenure/internal/fault"
	"tenure/internal/signin"
)

// wrong is nobody's password.
const wrong = "eleven loud trains before dawn"

// at is the context of a request from a browser that shows the token of before.
func at(ctx context.Context, browser string) context.Context {
	return access.With(ctx, access.Actor{Origin: access.Origin{IP: "192.0.2.8", UserAgent: firefox, Browser: browser}})
}

// triesAt is tries from a browser that shows the token of before.
func (s *stage) triesAt(browser, email, given string) string {
	_, err := s.SignIn(at(s.t.Context(), browser), signin.Credentials{Email: email, Password: given})
	return fault.Code(err)
}

// besiege guesses at an address until everybody who is a stranger has to wait.
func (s *stage) besiege(email string) {
	s.t.Helper()
	for range 10 {
		s.tries(email, wrong)
	}
	if code := s.tries(email, wrong); code != "too_many_attempts" {
		s.t.Fatalf("a stranger who guesses on: %q", code)
	}
}

func TestStrangersDoNotMakeAcquaintancesWait(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		in := s.signIn(s.bo)
		bo := s.actor(in)
		home := s.Browser(bo)
		s.besiege("bo@example.com")
		must(t, s.StepUp(t.Context(), bo, "", password))
		must(t, s.RequestEmail(t.Context(), bo, "new@example.com", password))
		if code := s.triesAt(home, "bo@example.com", password); code != "" {
			t.Errorf("from the browser of before: %q", code)
		}
		app := s.guard(in)
		home = s.Browser(s.actor(in))
		s.besiege("bo@example.com")
		must(t, s.StepUp(t.Context(), s.actor(in), app.next(), ""))
		half, err := s.SignIn(at(t.Context(), home), signin.Credentials{Email: "bo@example.com", Password: password})
		must(t, err)
		_, err = s.Answer(at(t.Context(), home), access.Actor{}, half.Challenge.Token, app.next())
		must(t, err)
		must(t, s.ChangePassword(t.Context(), s.actor(in), password, another))
	})
}

// Who sets a new password by a link from their mailbox is no stranger either.
func TestALinkFromTheMailboxLeadsPastStrangers(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.besiege("bo@example.com")
		home, err := s.Passage.Reset(t.Context(), s.resetToken("bo@example.com"), another)
		must(t, err)
		s.besiege("bo@example.com")
		if code := s.triesAt(home, "bo@example.com", another); code != "" {
			t.Errorf("from the browser where the link was followed: %q", code)
		}
	})
}

// Somebody with a stolen session, or a stolen browser, guesses no more than
// anybody: on all of their paths together, and however many of both they have.
func TestAcquaintancesAreCountedTogether(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		bo := s.actor(s.signIn(s.bo))
		other := s.actor(s.signIn(s.bo))
		for range 3 {
			wantCode(t, s.ChangePassword(t.Context(), bo, another, another), "bad_credentials", "change password")
			wantCode(t, s.RequestEmail(t.Context(), other, "new@example.com", another), "bad_credentials", "request address")
			wantCode(t, s.StepUp(t.Context(), bo, "", another), "bad_credentials", "step up")
		}
		if code := s.triesAt(s.Browser(other), "bo@example.com", another); code != "bad_credentials" {
			t.Errorf("sign in: %q", code)
		}
		for name, code := range map[string]string{
			"change password": fault.Code(s.ChangePassword(t.Context(), other, password, another)),
			"request address": fault.Code(s.RequestEmail(t.Context(), bo, "new@example.com", password)),
			"step up":         fault.Code(s.StepUp(t.Context(), other, "", password)),
			"sign in":         s.triesAt(s.Browser(bo), "bo@example.com", password),
		} {
			if code != "too_many_attempts" {
				t.Errorf("%s: %q, want too_many_attempts", name, code)
			}
		}
		must(t, s.Unlock(t.Context(), s.actor(s.signIn(s.ada)), s.account, s.bo.member))
		must(t, s.StepUp(t.Context(), bo, "", password))
	})
}

// TestGuessesAreBoundedInAll: whatever they have, nobody looks at more than two
// counts' worth of guesses in a day.
func TestGuessesAreBoundedInAll(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		bo := s.actor(s.signIn(s.bo))
		looked := 0
		for range 24 * 60 / 5 {
			for s.tries("bo@example.com", another) == "bad_credentials" {
				looked++
			}
			for fault.Code(s.StepUp(t.Context(), bo, "", another)) == "bad_credentials" {
				looked++
			}
			for s.triesAt(s.Browser(bo), "bo@example.com", another) == "bad_credentials" {
				looked++
			}
			s.clock.Add(5 * time.Minute)
		}
		if most := 2 * (10 + 5 + 24*4); looked > most {
			t.Errorf("%d guesses were looked at in a day, want at most %d", looked, most)
		}
	})
}

// A token is worth something to nobody but the person it was made for, and to
// nobody any more once their credentials have changed.
func TestABrowserIsKnownForItsPersonUntilTheirCredentialsChange(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		bo, ada := s.actor(s.signIn(s.bo)), s.actor(s.signIn(s.ada))
		before := s.Browser(bo)
		s.besiege("bo@example.com")
		for name, token := range map[string]string{"of somebody else": s.Browser(ada), "forged": before[:len(before)-1] + "-", "none": "", "of nobody": s.Browser(access.BySystem())} {
			if code := s.triesAt(token, "bo@example.com", password); code != "too_many_attempts" {
				t.Errorf("%s: %q", name, code)
			}
		}
		must(t, s.ChangePassword(t.Context(), bo, password, another))
		s.besiege("bo@example.com")
		if code := s.triesAt(before, "bo@example.com", another); code != "too_many_attempts" {
			t.Errorf("the token of before the change: %q", code)
		}
	})
}
