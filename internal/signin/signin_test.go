package signin_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"tenure/internal/access"
	"tenure/internal/attempt"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/member"
	"tenure/internal/outbox"
	"tenure/internal/signin"
	"tenure/internal/user"
)

func TestTheRightPasswordSignsIn(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		in, err := s.SignIn(from(t.Context(), chrome), signin.Credentials{Email: "BO@Example.com", Password: password})
		must(t, err)
		if in.Member.ID != s.bo.member || in.Account.ID != s.account || in.Member.LastSeenAt.IsZero() {
			t.Errorf("got %+v", in)
		}
		if a := s.actor(in); a.Member != s.bo.member || a.Session != in.Session.ID {
			t.Errorf("the session is %+v", a)
		}
		must(t, s.SignOut(t.Context(), s.actor(in)))
		s.wants(in, "unauthenticated", "signed out")
		s.verify(s.bo)
	})
}

// Whoever signs out does so also when somebody changes their role at that
// moment; another write of theirs is refused then.
func TestSigningOutWaitsForNoRights(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		in, err := s.SignIn(t.Context(), signin.Credentials{Email: "bo@example.com", Password: password})
		must(t, err)
		before := s.actor(in)
		changed := before
		changed.Role.Rank++
		must(t, s.SignOut(s.sessions.Guard(t.Context(), changed), changed))
		s.wants(in, "unauthenticated", "signed out")
	})
}

// Of two who end a session at the same time, the second is no faster: also with
// nothing left to end, every node is told and waited for.
func TestSigningOutTwiceWaitsTwice(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		in, err := s.SignIn(t.Context(), signin.Credentials{Email: "bo@example.com", Password: password})
		must(t, err)
		bo, told := s.actor(in), 0
		s.db.OnStale(func(_ context.Context, _ *db.Tx, subjects []string) (func(), error) {
			if slices.Contains(subjects, string(bo.Member)) {
				told++
			}
			return func() {}, nil
		})
		for range 2 {
			must(t, s.SignOut(t.Context(), bo))
		}
		if told != 2 {
			t.Errorf("other nodes were told %d times, want 2", told)
		}
	})
}

// Users were told apart by answers that differed for addresses nobody has.
func TestAnUnknownAddressAnswersLikeAWrongPassword(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		for range 12 {
			known, unknown := s.tries("bo@example.com", another), s.tries("nobody@example.com", another)
			if known != unknown || known == "" {
				t.Fatalf("known address: %s, unknown: %s", known, unknown)
			}
		}
		must(t, s.Forgot(t.Context(), "bo@example.com"))
		must(t, s.Forgot(t.Context(), "nobody@example.com"))
	})
}

// Passwords were guessed because nothing slowed guesses down, and people were
// locked out because nothing let them in again (Vikunja, Zitadel).
func TestFailuresAreFollowedByAGrowingDelayThatEnds_VikunjaZitadel(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		for n := range 10 {
			if code := s.tries("bo@example.com", another); code != "bad_credentials" {
				t.Fatalf("failure %d: %s", n+1, code)
			}
		}
		last := time.Duration(0)
		for range 8 {
			_, err := s.SignIn(t.Context(), signin.Credentials{Email: "bo@example.com", Password: password})
			f := fault.As(err)
			if f == nil || f.Code != "too_many_attempts" || f.RetryAfter < last || f.RetryAfter > 15*time.Minute || f.RetryAfter <= 0 {
				t.Fatalf("got %v after %v, want too_many_attempts with a delay that grows up to 15 minutes", err, last)
			}
			last = f.RetryAfter
			s.clock.Add(f.RetryAfter)
			if code := s.tries("bo@example.com", another); code != "bad_credentials" {
				t.Fatalf("after the delay: %s", code)
			}
		}
		if last != 15*time.Minute {
			t.Errorf("the delay grew to %v, want 15 minutes", last)
		}
		s.clock.Add(last)
		if code := s.tries("bo@example.com", password); code != "" {
			t.Errorf("the right password after the delay: %s", code)
		}
		for range 10 { // success has cleared the count
			if code := s.tries("bo@example.com", another); code != "bad_credentials" {
				t.Fatalf("after a success: %s", code)
			}
		}
	})
}

// A counter in memory was pushed out by counting other names (Argo CD
// CVE-2024-21652).
func TestNeitherManyAddressesNorARestartForgetFailures_ArgoCDCVE202421652(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		for range 10 {
			s.tries("bo@example.com", another)
		}
		for n := range 50 {
			s.tries("nobody"+string(rune('a'+n%26))+string(rune('a'+n/26))+"@example.com", another)
		}
		s.Passage = signin.New(s.db, s.keeper, s.hasher, s.sessions, signin.Ways{House: "Tenure"})
		must(t, attempt.Sweep(t.Context(), s.db))
		if code := s.tries("bo@example.com", password); code != "too_many_attempts" {
			t.Errorf("got %q, want too_many_attempts", code)
		}
		if code := s.tries("ada@example.com", password); code != "" {
			t.Errorf("somebody else: %s", code)
		}
	})
}

func TestOfManyGuessesAtOnceOnlyTheFreeOnesAreLookedAt(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		codes := make(chan string, 40)
		for range cap(codes) {
			go func() { codes <- s.tries("bo@example.com", another) }()
		}
		looked := 0
		for range cap(codes) {
			switch code := <-codes; code {
			case "bad_credentials":
				looked++
			case "too_many_attempts":
			default:
				t.Errorf("got %q", code)
			}
		}
		if looked != 10 {
			t.Errorf("%d guesses were looked at, want 10", looked)
		}
	})
}

func TestAnAdministratorUnlocks(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		ada, bo := s.actor(s.signIn(s.ada)), s.actor(s.signIn(s.bo))
		for range 10 {
			s.tries("bo@example.com", another)
		}
		wantCode(t, s.Unlock(t.Context(), bo, s.account, s.bo.member), "forbidden", "a member unlocks")
		stranger := s.found("Elsewhere", "eve@example.com")
		wantCode(t, s.Unlock(t.Context(), s.actor(s.signIn(stranger)), s.account, s.bo.member), "not_found", "another account unlocks")
		wantCode(t, s.Unlock(t.Context(), ada, s.account, id.New[id.Member]()), "not_found", "nobody is unlocked")
		if code := s.tries("bo@example.com", password); code != "too_many_attempts" {
			t.Errorf("before: %s", code)
		}
		must(t, s.Unlock(t.Context(), ada, s.account, s.bo.member))
		if code := s.tries("bo@example.com", password); code != "" {
			t.Errorf("after: %s", code)
		}
	})
}

// TestUnlockingGivesNobodyGuessesWithoutEnd: an account that adds somebody's
// address, or an administrator's session in wrong hands, must not be a way
// around the count.
func TestUnlockingGivesNobodyGuessesWithoutEnd(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		eve := s.found("Elsewhere", "eve@example.com")
		mallory := s.actor(s.signIn(eve))
		wantCode(t, s.Unlock(t.Context(), mallory, eve.account, eve.member), "forbidden", "oneself")
		added := s.added(eve.account, "ada@example.com")
		wantCode(t, s.Unlock(t.Context(), mallory, eve.account, added), "not_registered", "an address that was only added")
		old := mallory
		old.ProvedAt = old.ProvedAt.Add(-access.ProofLife)
		colleague := s.join(eve.account, "bo@example.com", "member")
		wantCode(t, s.Unlock(t.Context(), old, eve.account, colleague.member), "step_up_required", "without a proof")

		looked := 0
		for range 60 {
			for s.tries("bo@example.com", another) == "bad_credentials" {
				looked++
			}
			if err := s.Unlock(t.Context(), mallory, eve.account, colleague.member); err != nil {
				wantCode(t, err, "too_many_attempts", "unlock again and again")
			}
		}
		if looked > 15 { // ten, and one for each time that it was unlocked
			t.Errorf("%d guesses were looked at", looked)
		}
	})
}

func TestSeveralPlacesAreToldOnlyWithTheRightPassword(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		second := s.found("Elsewhere", "bo@example.com")
		if code := s.tries("bo@example.com", another); code != "bad_credentials" {
			t.Errorf("wrong password: %s", code)
		}
		_, err := s.SignIn(t.Context(), signin.Credentials{Email: "bo@example.com", Password: password})
		wantCode(t, err, "account_required", "no account given")
		choices, _ := fault.As(err).Extra["accounts"].([]signin.Choice)
		if len(choices) != 2 || choices[0].Name != "Harbour" || choices[1].ID != second.account {
			t.Errorf("got %+v", choices)
		}
		in, err := s.SignIn(t.Context(), signin.Credentials{Email: "bo@example.com", Password: password, Account: second.account})
		must(t, err)
		if in.Account.ID != second.account {
			t.Errorf("signed in to %s", in.Account.ID)
		}
		eve := s.found("Third", "eve@example.com")
		_, err = s.SignIn(t.Context(), signin.Credentials{Email: "bo@example.com", Password: password, Account: eve.account})
		wantCode(t, err, "not_found", "an account that is not theirs")
		s.move(second, member.Suspend)
		_, err = s.SignIn(t.Context(), signin.Credentials{Email: "bo@example.com", Password: password, Account: second.account})
		wantCode(t, err, "member_inactive", "the suspended place")
		if code := s.tries("bo@example.com", password); code != "" {
			t.Errorf("one active place is left: %s", code)
		}
	})
}

// Signing in made members active again elsewhere (Gitea CVE-2026-55987).
func TestSigningInMakesNobodyActive_GiteaCVE202655987(t *testing.T) {
	for _, move := range []member.Move{member.Suspend, member.Deactivate, member.Remove} {
		t.Run(string(move), func(t *testing.T) {
			onStage(t, func(t *testing.T, s *stage) {
				s.move(s.bo, move)
				before := s.member(s.bo)
				if code := s.tries("bo@example.com", password); code != "member_inactive" {
					t.Errorf("right password: %s", code)
				}
				if code := s.tries("bo@example.com", another); code != "bad_credentials" {
					t.Errorf("wrong password: %s", code)
				}
				if after := s.member(s.bo); after.Status != before.Status || after.Version != before.Version {
					t.Errorf("the place changed from %s to %s", before.Status, after.Status)
				}
			})
		})
	}
}

// A session that was there before signing in went on with the rights of who
// signed in (Zitadel CVE-2024-28197).
func TestSigningInMakesAnotherSessionAndLeavesTheOldOne_ZitadelCVE202428197(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		bo := s.signIn(s.bo)
		ctx := access.With(t.Context(), s.actor(bo))
		in, err := s.SignIn(ctx, signin.Credentials{Email: "ada@example.com", Password: password})
		must(t, err)
		if in.Session.Token == bo.Session.Token || s.actor(in).Member != s.ada.member || s.actor(bo).Member != s.bo.member {
			t.Error("the session of before was taken over")
		}
	})
}

func TestANewDeviceIsToldByMail(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.signIn(s.bo)
		s.signIn(s.bo)
		if n := len(s.mailed(outbox.NewSignIn)); n != 0 {
			t.Errorf("%d mails for the first device", n)
		}
		_, err := s.SignIn(from(t.Context(), firefox), signin.Credentials{Email: "bo@example.com", Password: password})
		must(t, err)
		mails := s.mailed(outbox.NewSignIn)
		if len(mails) != 1 || mails[0].to != "bo@example.com" || mails[0].lang != "nl" || mails[0].facts["browser"] != "Firefox" || mails[0].facts["system"] != "Linux" || mails[0].facts["ip"] != "192.0.2.7" {
			t.Errorf("got %+v", mails)
		}
	})
}

func TestSwitchingBeginsASessionInAnotherPlace(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		second := s.found("Elsewhere", "bo@example.com")
		eve := s.found("Third", "eve@example.com")
		here, err := s.SignIn(t.Context(), signin.Credentials{Email: "bo@example.com", Password: password, Account: s.account})
		must(t, err)
		there, err := s.Switch(from(t.Context(), chrome), s.actor(here), second.account)
		must(t, err)
		if a := s.actor(there); a.Account != second.account || a.Member != second.member || !a.Role.Administers {
			t.Errorf("got %+v", a)
		}
		s.wants(here, "", "the session of before")
		_, err = s.Switch(t.Context(), s.actor(here), eve.account)
		wantCode(t, err, "not_found", "somebody else's account")
		places, err := s.Accounts(t.Context(), s.actor(here))
		must(t, err)
		if len(places) != 2 || !places[0].Current || places[1].Current || places[1].Account.Name != "Elsewhere" {
			t.Errorf("got %+v", places)
		}
		s.move(second, member.Suspend)
		s.wants(there, "unauthenticated", "suspended there")
		s.wants(here, "", "leaving one account never signs out another")
		_, err = s.Switch(t.Context(), s.actor(here), second.account)
		wantCode(t, err, "member_inactive", "the suspended place")
	})
}

// Elsewhere people made themselves administrators by sending more fields with
// their own profile (n8n CVE-2026-56350).
func TestOnesOwnProfileHoldsNoRights_N8nCVE202656350(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		bo := s.actor(s.signIn(s.bo))
		job, owner, email := "Skipper", "owner", "ada2@example.com"
		m, err := s.UpdateMe(t.Context(), bo, member.Patch{JobTitle: &job, Role: &owner, Email: &email}, 0)
		must(t, err)
		if m.JobTitle != "Skipper" || m.Role != "member" || m.Email != "bo@example.com" {
			t.Errorf("got %+v", m)
		}
		_, err = s.UpdateMe(t.Context(), bo, member.Patch{JobTitle: &job}, m.Version-1)
		wantCode(t, err, "stale", "an older version")
		me, err := s.Me(t.Context(), bo)
		must(t, err)
		if me.JobTitle != "Skipper" {
			t.Errorf("got %+v", me)
		}
	})
}

func TestSessionsAreListedAndEndedByTheirOwner(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		second := s.found("Elsewhere", "bo@example.com")
		first, other := s.signIn(s.bo), s.signIn(s.bo)
		s.clock.Add(time.Second)
		elsewhere, adas := s.signIn(second), s.signIn(s.ada)
		bo := s.actor(first)
		list, err := s.Sessions(t.Context(), bo)
		must(t, err)
		if len(list) != 3 || list[0].ID != elsewhere.Session.ID || list[0].Account != second.account {
			t.Errorf("got %+v", list)
		}
		wantCode(t, s.EndSession(t.Context(), bo, adas.Session.ID), "not_found", "somebody else's")
		must(t, s.EndSession(t.Context(), bo, elsewhere.Session.ID))
		s.wants(elsewhere, "unauthenticated", "ended by id")
		wantCode(t, s.EndSession(t.Context(), bo, elsewhere.Session.ID), "not_found", "ended already")
		n, err := s.EndOtherSessions(t.Context(), bo)
		must(t, err)
		if n != 1 {
			t.Errorf("%d ended, want 1", n)
		}
		s.wants(other, "unauthenticated", "the other one")
		s.wants(first, "", "the current one")
		s.wants(adas, "", "somebody else's")
		n, err = s.EndOtherSessions(t.Context(), bo)
		if n != 0 || err != nil {
			t.Errorf("again: %d, %v", n, err)
		}
		s.verify(s.bo)
	})
}

// The event in another account must not name a member that it does not have.
func TestASessionEndedFromElsewhereIsRecordedAsOfThePlaceItWasIn(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		second := s.found("Elsewhere", "bo@example.com")
		here, there := s.signIn(s.bo), s.signIn(second)
		must(t, s.EndSession(t.Context(), s.actor(here), there.Session.ID))
		must(t, s.db.Read(t.Context(), func(tx *db.Tx) error {
			events, err := audit.List(t.Context(), tx, second.account, audit.Filter{Action: "session.end", Limit: 2})
			if len(events) != 1 || events[0].Actor.ID != string(second.member) {
				t.Errorf("got %+v", events)
			}
			return err
		}))
	})
}

func TestAdministratorsEndSessionsOfMembersBelowOrBesideThem(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		ada, bos, again, adas := s.actor(s.signIn(s.ada)), s.signIn(s.bo), s.signIn(s.bo), s.signIn(s.ada)
		bo := s.actor(bos)
		_, err := s.MemberSessions(t.Context(), bo, s.account, s.ada.member)
		wantCode(t, err, "forbidden", "a member lists")
		wantCode(t, s.EndMemberSession(t.Context(), bo, s.account, s.ada.member, adas.Session.ID), "forbidden", "a member ends")
		_, err = s.EndMemberSessions(t.Context(), bo, s.account, s.ada.member)
		wantCode(t, err, "forbidden", "a member ends all")
		list, err := s.MemberSessions(t.Context(), ada, s.account, s.bo.member)
		must(t, err)
		if len(list) != 2 {
			t.Errorf("%d sessions, want 2", len(list))
		}
		wantCode(t, s.EndMemberSession(t.Context(), ada, s.account, s.bo.member, adas.Session.ID), "not_found", "of another member")
		must(t, s.EndMemberSession(t.Context(), ada, s.account, s.bo.member, bos.Session.ID))
		s.wants(bos, "unauthenticated", "ended by an administrator")
		n, err := s.EndMemberSessions(t.Context(), ada, s.account, s.bo.member)
		must(t, err)
		if n != 1 {
			t.Errorf("%d ended, want 1", n)
		}
		s.wants(again, "unauthenticated", "ended with all")
		s.wants(adas, "", "the administrator's own")
		stranger := s.actor(s.signIn(s.found("Elsewhere", "eve@example.com")))
		_, err = s.EndMemberSessions(t.Context(), stranger, s.account, s.bo.member)
		wantCode(t, err, "not_found", "another account's administrator")
	})
}

// An answer that comes faster for addresses that nobody has tells them apart.
func TestAnUnknownAddressTakesAsLongAsAWrongPassword(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.hasher = user.NewHasher(user.StandardCost)
		s.Passage = signin.New(s.db, s.keeper, s.hasher, s.sessions, signin.Ways{House: "Tenure"})
		s.join(s.account, "cy@example.com", "member")
		known, unknown := time.Hour, time.Hour
		for range 4 { // taking turns, so that a busy machine is unfair to both
			for email, least := range map[string]*time.Duration{"cy@example.com": &known, "nobody@example.com": &unknown} {
				began := time.Now()
				s.tries(email, another)
				*least = min(*least, time.Since(began))
			}
		}
		if unknown < known/5 { // without the work it is a thirtieth
			t.Errorf("known address: %v, unknown: %v", known, unknown)
		}
	})
}
