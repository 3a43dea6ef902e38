package signin_test

import (
	"strings"
	"testing"
	"time"

	"tenure/internal/access"
	"tenure/internal/address"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/holding"
	"tenure/internal/id"
	"tenure/internal/member"
	"tenure/internal/outbox"
	"tenure/internal/secret"
	"tenure/internal/signin"
	"tenure/internal/user"
)

func (s *stage) user(who id.User) (u user.User, err error) {
	s.t.Helper()
	err = s.db.Read(s.t.Context(), func(tx *db.Tx) error {
		u, err = user.Get(s.t.Context(), tx, who)
		return err
	})
	return u, err
}

func TestAnAddressChangesOnlyOnceItsMailboxConfirms(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		second := s.found("Elsewhere", "bo@example.com")
		here, there := s.signIn(s.bo), s.signIn(second)
		reset := s.resetToken("bo@example.com")
		must(t, s.RequestEmail(t.Context(), s.actor(here), "Bo.New@example.com", password))
		mail := s.mailed(outbox.EmailConfirm)[0]
		if mail.to != "Bo.New@example.com" || mail.link.Account != "" || mail.facts["email"] != "Bo.New@example.com" {
			t.Errorf("got %+v", mail)
		}
		s.wants(here, "", "before it is confirmed")
		if code := s.tries("bo.new@example.com", password); code != "bad_credentials" {
			t.Errorf("the new address before it is confirmed: %s", code)
		}
		must(t, s.ConfirmEmail(t.Context(), s.token(outbox.EmailConfirm, secret.Confirm)))
		s.wants(here, "unauthenticated", "a session here")
		s.wants(there, "unauthenticated", "a session elsewhere")
		wantCode(t, s.Reset(t.Context(), reset, another), "token_used", "a reset link of before")
		wantCode(t, s.ConfirmEmail(t.Context(), s.token(outbox.EmailConfirm, secret.Confirm)), "token_used", "the link again")
		if mails := s.mailed(outbox.EmailChanged); len(mails) != 1 || mails[0].to != "bo@example.com" || mails[0].facts["email"] != "Bo.New@example.com" {
			t.Errorf("got %+v", mails)
		}
		s.run()
		for _, p := range []person{s.bo, second} {
			if m := s.member(p); m.Email != "Bo.New@example.com" || m.EmailKey != "bo.new@example.com" || m.User != s.bo.user {
				t.Errorf("the place shows %s", m.Email)
			}
		}
		if code := s.tries("bo@example.com", password); code != "bad_credentials" {
			t.Errorf("the old address: %s", code)
		}
		if code := s.tries("bo.new@example.com", password); code != "account_required" {
			t.Errorf("the new address: %s", code)
		}
		s.verify(s.bo)
		s.verify(second)
	})
}

func TestConfirmationsEndByTimeAndByNewerOnes(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		bo := s.actor(s.signIn(s.bo))
		must(t, s.RequestEmail(t.Context(), bo, "first@example.com", password))
		first := s.token(outbox.EmailConfirm, secret.Confirm)
		must(t, s.RequestEmail(t.Context(), bo, "second@example.com", password))
		second := s.token(outbox.EmailConfirm, secret.Confirm)
		wantCode(t, s.ConfirmEmail(t.Context(), first), "token_used", "the older link")
		s.clock.Add(time.Hour)
		wantCode(t, s.ConfirmEmail(t.Context(), second), "token_expired", "after an hour")
		wantCode(t, s.ConfirmEmail(t.Context(), strings.Replace(second, "te_", "tr_", 1)), "not_found", "a link of another kind")
		bo = s.actor(s.signIn(s.bo)) // an hour later it takes a fresh proof
		wantCode(t, s.RequestEmail(t.Context(), bo, "bo@example.com", password), "invalid", "the address they have")
		wantCode(t, s.RequestEmail(t.Context(), bo, "a@example.com, b@example.com", password), "invalid", "two addresses")
	})
}

// Whether an address is known must not be told to who types it in.
func TestAnAddressThatIsTakenIsToldOnlyInItsOwnMailbox(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.found("Elsewhere", "eve@example.com")
		in := s.signIn(s.bo)
		must(t, s.RequestEmail(t.Context(), s.actor(in), "eve@example.com", password))
		wantCode(t, s.ConfirmEmail(t.Context(), s.token(outbox.EmailConfirm, secret.Confirm)), "email_taken", "confirmed")
		s.wants(in, "", "nothing happened")
		if u, err := s.user(s.bo.user); err != nil || u.Email != "bo@example.com" {
			t.Errorf("got %s, %v", u.Email, err)
		}
	})
}

// An address that a colleague has could be confirmed, and then never shown at the
// place.
func TestAnAddressOfAColleagueAnywhereIsNotForOneself(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		second := s.found("Elsewhere", "bo@example.com")
		waiting := func(acc id.Account, email string) {
			must(t, s.db.Write(t.Context(), acc, func(tx *db.Tx) error {
				_, err := member.Create(t.Context(), tx, access.BySystem(), member.New{Account: acc, Email: parsed(t, email), Role: "member"})
				return err
			}))
		}
		waiting(second.account, "cy@example.com")
		bo := s.actor(s.signIn(s.bo))
		wantCode(t, s.RequestEmail(t.Context(), bo, "ADA@example.com", password), "email_taken", "of a colleague here")
		wantCode(t, s.RequestEmail(t.Context(), bo, "cy@example.com", password), "email_taken", "of a colleague elsewhere")
		must(t, s.RequestEmail(t.Context(), bo, "dee@example.com", password))
		waiting(second.account, "dee@example.com")
		wantCode(t, s.ConfirmEmail(t.Context(), s.token(outbox.EmailConfirm, secret.Confirm)), "email_taken", "taken meanwhile")
		s.wants(s.signIn(s.bo), "", "nothing happened")
		s.move(second, member.Remove)
		must(t, s.ConfirmEmail(t.Context(), s.token(outbox.EmailConfirm, secret.Confirm)))
		s.run()
		if m := s.member(s.bo); m.Email != "dee@example.com" {
			t.Errorf("the place shows %s", m.Email)
		}
	})
}

func TestAConfirmationDoesNotSurviveALeaving(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		must(t, s.RequestEmail(t.Context(), s.actor(s.signIn(s.bo)), "own@example.com", password))
		own := s.token(outbox.EmailConfirm, secret.Confirm)
		must(t, s.requestFor(s.actor(s.signIn(s.ada)), s.account, s.bo.member, parsed(t, "given@example.com")))
		given := s.token(outbox.EmailConfirm, secret.Confirm)
		s.leaves(s.bo, holding.Suspend)
		s.move(s.bo, member.Activate)
		wantCode(t, s.ConfirmEmail(t.Context(), own), "token_used", "the person's own")
		wantCode(t, s.ConfirmEmail(t.Context(), given), "token_used", "the administrator's")
		must(t, s.requestFor(s.actor(s.signIn(s.ada)), s.account, s.bo.member, parsed(t, "given@example.com")))
		wantCode(t, s.ConfirmEmail(t.Context(), given), "token_used", "the old link after a new one was made")
		must(t, s.ConfirmEmail(t.Context(), s.token(outbox.EmailConfirm, secret.Confirm)))
	})
}

func TestAnAdministratorGivesOnePlaceToTheIdentityOfANewAddress(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		second := s.found("Elsewhere", "bo@example.com")
		here, there := s.signIn(s.bo), s.signIn(second)
		ada := s.actor(s.signIn(s.ada))
		must(t, s.requestFor(ada, s.account, s.bo.member, parsed(t, "cy@example.com")))
		mail := s.mailed(outbox.EmailConfirm)[0]
		if mail.to != "cy@example.com" || mail.link.Account != s.account || mail.facts["by"] != "Quirine Doe" || mail.facts["account"] != "Harbour" {
			t.Errorf("got %+v", mail)
		}
		s.wants(here, "", "before it is confirmed")
		before := s.member(s.bo)
		must(t, s.ConfirmEmail(t.Context(), s.token(outbox.EmailConfirm, secret.Confirm)))
		after := s.member(s.bo)
		if after.User == s.bo.user || after.User == "" || after.Email != "cy@example.com" || after.Epoch <= before.Epoch || after.Role != "member" {
			t.Errorf("got %+v", after)
		}
		s.wants(here, "unauthenticated", "the old identity here")
		s.wants(there, "", "the old identity elsewhere")
		s.run()
		if u, err := s.user(s.bo.user); err != nil || u.Email != "bo@example.com" {
			t.Errorf("the old identity: %s, %v", u.Email, err)
		}
		_, err := s.SignIn(t.Context(), signin.Credentials{Email: "bo@example.com", Password: password, Account: s.account})
		wantCode(t, err, "not_found", "the old identity at the place")
		if code := s.tries("cy@example.com", password); code != "bad_credentials" {
			t.Errorf("the new identity has a password already: %s", code)
		}
		reset := s.mailed(outbox.PasswordReset)
		if len(reset) != 1 || reset[0].to != "cy@example.com" {
			t.Fatalf("got %+v", reset)
		}
		must(t, s.Reset(t.Context(), s.token(outbox.PasswordReset, secret.Reset), another))
		in, err := s.SignIn(t.Context(), signin.Credentials{Email: "cy@example.com", Password: another})
		must(t, err)
		if in.Member.ID != s.bo.member {
			t.Errorf("signed in as %s", in.Member.ID)
		}
		if mails := s.mailed(outbox.EmailChanged); len(mails) != 1 || mails[0].to != "bo@example.com" {
			t.Errorf("got %+v", mails)
		}
		s.verify(person{account: s.account, user: after.User})
	})
}

func TestAPlaceGivenToAnExistingIdentityNeedsItsPassword(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		eve := s.found("Elsewhere", "eve@example.com")
		eves := s.signIn(eve)
		must(t, s.requestFor(s.actor(s.signIn(s.ada)), s.account, s.bo.member, parsed(t, "eve@example.com")))
		must(t, s.ConfirmEmail(t.Context(), s.token(outbox.EmailConfirm, secret.Confirm)))
		if m := s.member(s.bo); m.User != eve.user {
			t.Errorf("the place is %s's", m.User)
		}
		s.wants(eves, "", "their session elsewhere")
		if n := len(s.mailed(outbox.PasswordReset)); n != 0 {
			t.Errorf("%d reset mails: credentials of an existing identity are not touched", n)
		}
		_, err := s.SignIn(t.Context(), signin.Credentials{Email: "eve@example.com", Password: password, Account: s.account})
		must(t, err)
		s.run()
		if _, err := s.user(s.bo.user); fault.Code(err) != "not_found" {
			t.Errorf("an identity without any place stays: %v", err)
		}
	})
}

// requestFor asks for another address of a member, in a write of its own.
func (s *stage) requestFor(by access.Actor, acc id.Account, who id.Member, to address.Address) error {
	return s.db.Write(s.t.Context(), acc, func(tx *db.Tx) error {
		m, err := member.Here(s.t.Context(), tx, acc, who)
		if err != nil {
			return err
		}
		return s.RequestMemberEmail(s.t.Context(), tx, by, acc, m, to)
	})
}

func TestAnAdministratorCannotGiveAPlaceWhereItMayNotGo(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		ada, bo := s.actor(s.signIn(s.ada)), s.actor(s.signIn(s.bo))
		ask := func(by access.Actor, acc id.Account, who id.Member, email string) error {
			return s.requestFor(by, acc, who, parsed(t, email))
		}
		wantCode(t, ask(bo, s.account, s.ada.member, "x@example.com"), "forbidden", "by a member")
		eve := s.found("Elsewhere", "eve@example.com")
		wantCode(t, ask(s.actor(s.signIn(eve)), s.account, s.bo.member, "x@example.com"), "not_found", "by another account")
		wantCode(t, ask(ada, s.account, id.New[id.Member](), "x@example.com"), "not_found", "of nobody")
		wantCode(t, ask(ada, s.account, s.bo.member, "ADA@example.com"), "email_taken", "to a colleague's")
		wantCode(t, ask(ada, s.account, s.ada.member, "x@example.com"), "forbidden", "of oneself, without the password")
		var waiting member.Member
		must(t, s.db.Write(t.Context(), s.account, func(tx *db.Tx) (err error) {
			waiting, err = member.Create(t.Context(), tx, access.BySystem(), member.New{Account: s.account, Email: parsed(t, "dee@example.com"), Role: "member", Active: true})
			return err
		}))
		wantCode(t, ask(ada, s.account, waiting.ID, "x@example.com"), "not_registered", "of who has not come in")
		must(t, ask(ada, s.account, s.bo.member, "x@example.com"))
		token := s.token(outbox.EmailConfirm, secret.Confirm)
		s.join(s.account, "x@example.com", "member")
		wantCode(t, s.ConfirmEmail(t.Context(), token), "email_taken", "taken in the meantime")
		s.move(s.bo, member.Suspend)
		wantCode(t, ask(ada, s.account, s.bo.member, "y@example.com"), "member_inactive", "of who is suspended")
	})
}
