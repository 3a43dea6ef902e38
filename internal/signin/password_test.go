package signin_test

import (
	"sync"
	"testing"
	"time"

	"tenure/internal/access"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/holding"
	"tenure/internal/member"
	"tenure/internal/outbox"
	"tenure/internal/secret"
	"tenure/internal/signin"
)

func TestAForgottenPasswordIsSetByMailOnce(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		second := s.found("Elsewhere", "bo@example.com")
		here, there := s.signIn(s.bo), s.signIn(second)
		token := s.resetToken("BO@example.com")
		mail := s.mailed(outbox.PasswordReset)[0]
		if mail.to != "bo@example.com" || mail.lang != "nl" || mail.facts["expires_at"] != s.clock.Now().Add(time.Hour).Format(time.RFC3339) {
			t.Errorf("got %+v", mail)
		}
		wantCode(t, s.Reset(t.Context(), token, "bo@example.com bo"), "weak_password", "a weak password")
		must(t, s.Reset(t.Context(), token, another))
		s.wants(here, "unauthenticated", "a session here")
		s.wants(there, "unauthenticated", "a session elsewhere")
		_, err := s.SignIn(t.Context(), signin.Credentials{Email: "bo@example.com", Password: password, Account: s.account})
		wantCode(t, err, "bad_credentials", "the old password")
		_, err = s.SignIn(t.Context(), signin.Credentials{Email: "bo@example.com", Password: another, Account: s.account})
		must(t, err)
		wantCode(t, s.Reset(t.Context(), token, password), "token_used", "the link again")
		if mails := s.mailed(outbox.PasswordChanged); len(mails) != 1 || mails[0].to != "bo@example.com" {
			t.Errorf("got %+v", mails)
		}
		s.verify(s.bo)
	})
}

func TestForgottenPasswordsAreMailedOnlyToWhoHasAPlaceAndNotTooOften(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		must(t, s.Forgot(t.Context(), "nobody@example.com"))
		s.move(s.ada, member.Suspend)
		must(t, s.Forgot(t.Context(), "ada@example.com"))
		s.run()
		if n := len(s.mailed(outbox.PasswordReset)); n != 0 {
			t.Errorf("%d mails to people without a place", n)
		}
		for range 20 {
			must(t, s.Forgot(t.Context(), "bo@example.com"))
			s.run()
		}
		if n := len(s.mailed(outbox.PasswordReset)); n != 4 {
			t.Errorf("%d mails for 20 calls, want 4", n)
		}
		s.clock.Add(time.Minute)
		must(t, s.Forgot(t.Context(), "bo@example.com"))
		s.run()
		if n := len(s.mailed(outbox.PasswordReset)); n != 5 {
			t.Errorf("%d mails after the pause, want 5", n)
		}
	})
}

func TestResetLinksEndByTimeByNewerOnesAndByAnyChangeOfPassword(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		older := s.resetToken("bo@example.com")
		newer := s.resetToken("bo@example.com")
		wantCode(t, s.Reset(t.Context(), older, another), "token_used", "the older link")
		s.clock.Add(60 * time.Minute)
		wantCode(t, s.Reset(t.Context(), newer, another), "token_expired", "after an hour")
		wantCode(t, s.Reset(t.Context(), newer[:len(newer)-1]+"x", another), "not_found", "a forged link")
		wantCode(t, s.Reset(t.Context(), "tr_", another), "not_found", "no link")
		fresh := s.resetToken("bo@example.com")
		must(t, s.ChangePassword(t.Context(), s.actor(s.signIn(s.bo)), password, another))
		wantCode(t, s.Reset(t.Context(), fresh, password), "token_used", "after the password was changed")
	})
}

// Links that were mailed before went on working (listmonk CVE-2026-34828).
func TestResetLinksDoNotSurviveSuspensionAndReactivation_ListmonkCVE202634828(t *testing.T) {
	for _, kind := range []holding.Kind{holding.Suspend, holding.Deactivate} {
		t.Run(string(kind), func(t *testing.T) {
			onStage(t, func(t *testing.T, s *stage) {
				token := s.resetToken("bo@example.com")
				s.leaves(s.bo, kind)
				wantCode(t, s.Reset(t.Context(), token, another), "token_used", "while out")
				s.move(s.bo, member.Activate)
				wantCode(t, s.Reset(t.Context(), token, another), "token_used", "back again")
				if code := s.tries("bo@example.com", password); code != "" {
					t.Errorf("the password of before: %s", code)
				}
			})
		})
	}
}

func TestLeavingOneAccountLeavesTheLinksOfWhoHasAnother(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.found("Elsewhere", "bo@example.com")
		token := s.resetToken("bo@example.com")
		s.leaves(s.bo, holding.Deactivate)
		must(t, s.Reset(t.Context(), token, another))
		if s.member(s.bo).Status != member.Inactive {
			t.Error("a reset made the place active")
		}
	})
}

// leaves is what a departure or suspension does with a place and its links.
func (s *stage) leaves(p person, kind holding.Kind) {
	s.t.Helper()
	ctx, move := s.t.Context(), member.Deactivate
	if kind == holding.Suspend {
		move = member.Suspend
	}
	must(s.t, s.db.Write(ctx, p.account, func(tx *db.Tx) error {
		m, err := member.Get(ctx, tx, p.account, p.member)
		if err != nil {
			return err
		}
		if _, err := member.Go(ctx, tx, access.BySystem(), p.account, m, move); err != nil {
			return err
		}
		c := holding.Case{Kind: kind, Account: p.account, Member: p.member, At: tx.Now(), Actor: access.BySystem()}
		if found, err := (signin.Links{}).Survey(ctx, tx, c); err != nil || len(found.Blockers)+len(found.Needed) > 0 {
			s.t.Errorf("survey: %+v, %v", found, err)
		}
		_, err = signin.Links{}.Apply(ctx, tx, c)
		return err
	}))
}

func TestOfManyResetsByOneLinkOneSucceeds(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		token := s.resetToken("bo@example.com")
		codes := make([]string, 8)
		var resetting sync.WaitGroup
		for i := range codes {
			resetting.Go(func() {
				codes[i] = fault.Code(s.Reset(t.Context(), token, another+string(rune('a'+i))))
			})
		}
		resetting.Wait()
		done := 0
		for _, code := range codes {
			if code == "" {
				done++
			} else if code != "token_used" {
				t.Errorf("got %s, want token_used", code)
			}
		}
		if done != 1 {
			t.Errorf("%d succeeded, want 1", done)
		}
	})
}

func TestChangingThePasswordEndsEverythingElse(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		second := s.found("Elsewhere", "bo@example.com")
		current, other, there := s.signIn(s.bo), s.signIn(s.bo), s.signIn(second)
		bo := s.actor(current)
		must(t, s.RequestEmail(t.Context(), bo, "new@example.com", password))
		confirm := s.token(outbox.EmailConfirm, secret.Confirm)
		wantCode(t, s.ChangePassword(t.Context(), bo, another, another), "bad_credentials", "without the old one")
		wantCode(t, s.ChangePassword(t.Context(), bo, password, "Quirine Doe 2026"), "weak_password", "made of the own name")
		wantCode(t, s.ChangePassword(t.Context(), access.Actor{Kind: access.Operator}, password, another), "unauthenticated", "not a person")
		ctx := s.sessions.Guard(t.Context(), bo)
		must(t, s.ChangePassword(ctx, bo, password, another))
		s.wants(current, "", "the session that changed it")
		s.wants(other, "unauthenticated", "another session")
		s.wants(there, "unauthenticated", "a session elsewhere")
		wantCode(t, s.ConfirmEmail(t.Context(), confirm), "token_used", "a link of before")
		if n := len(s.mailed(outbox.PasswordChanged)); n != 1 {
			t.Errorf("%d mails, want 1", n)
		}
		must(t, s.ChangePassword(ctx, s.actor(current), another, password+" again"))
		s.verify(s.bo)
	})
}
