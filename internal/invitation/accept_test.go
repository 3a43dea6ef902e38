package invitation

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/address"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/member"
	"tenure/internal/outbox"
	"tenure/internal/secret"
	"tenure/internal/session"
	"tenure/internal/user"
)

func TestSomebodyNewSetsAPasswordAndIsIn(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		inv := s.inviteBy(s.admin, s.account, "Jo.Smith@Example.com", "user")
		token := s.mailed(inv.ID)
		view, err := s.Inspect(t.Context(), token)
		s.must(err)
		if view.Account.Name != "Acme" || view.Inviter != "Ada Admin" || view.Email != "Jo.Smith@Example.com" || view.Role.Key != "user" || view.Registered || view.Copied || !view.ExpiresAt.Equal(s.clock.Now().Add(ttl)) {
			t.Errorf("the link shows %+v", view)
		}
		arrival, err := s.Accept(t.Context(), access.Actor{}, Acceptance{Token: token, Password: password, FirstName: " Jo ", LastName: "Smith"})
		s.must(err)
		m := arrival.Member
		if m.Email != "Jo.Smith@Example.com" || m.FirstName != "Jo" || m.Role != "user" || !slices.Equal(m.Modules, s.moduleIDs("inbox")) || m.Status != member.Active || !m.Registered() {
			t.Errorf("the member is %+v", m)
		}
		if arrival.Session.Token == "" || arrival.Session.Member != m.ID {
			t.Errorf("the session is %+v", arrival.Session)
		}
		if u, err := s.signIn(t.Context(), "jo.smith@example.com", password); err != nil || u.ID != m.User {
			t.Errorf("signing in afterwards: %v, %v", u.ID, err)
		}
		if got := s.now(inv.ID); got.Status != Accepted || got.Member != m.ID {
			t.Errorf("the invitation is %+v", got)
		}
		if got := s.actions(s.account, string(inv.ID)); !slices.Equal(got, []string{"invitation.create by member", "invitation.accept by member"}) {
			t.Errorf("events of the invitation: %q", got)
		}
		if got := s.actions(s.account, string(m.ID)); !slices.Equal(got, []string{"member.add by system", "member.register by member"}) {
			t.Errorf("events of the member: %q", got)
		}
	})
}

func TestAcceptingFromANewDeviceIsToldToWhoeverHadAnother(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		acc, jo := s.found("Elsewhere")
		told := func() int {
			return s.count("outbox WHERE kind = $1 AND recipient = $2", string(outbox.NewSignIn), jo.Email)
		}
		s.must(s.db.Write(t.Context(), acc, func(tx *db.Tx) error {
			_, err := session.Begin(t.Context(), tx, session.Beginning{Account: acc, Member: jo.Member, User: jo.User, UserEpoch: 1, Role: jo.Role, UserAgent: "Chrome/140.0"})
			return err
		}))
		_, err := s.Accept(t.Context(), access.Actor{}, Acceptance{Token: s.mailed(s.invite(jo.Email).ID), Password: password, UserAgent: "Firefox/143.0"})
		s.must(err)
		if n := told(); n != 1 {
			t.Errorf("%d mails, want 1", n)
		}
		_, err = s.accept(s.mailed(s.invite("new@example.com").ID))
		s.must(err)
		if n := s.count("outbox WHERE kind = $1", string(outbox.NewSignIn)); n != 1 {
			t.Errorf("%d mails: the first device of somebody new is no news", n)
		}
	})
}

func TestALinkWorksOnce_AuthentikCVE202223555(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		inv := s.invite("jo@example.com")
		token := s.mailed(inv.ID)
		_, err := s.accept(token)
		s.must(err)
		_, err = s.accept(token)
		wantCode(t, err, "already_accepted")
		_, err = s.Inspect(t.Context(), token)
		wantCode(t, err, "already_accepted")
		wantCode(t, s.Decline(t.Context(), access.Actor{}, token), "already_accepted")
	})
}

func TestALinkRegistersTheInvitedAddressOnly_GrafanaCVE202239306(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		inv := s.inviteBy(s.admin, s.account, "jo@example.com", "user")
		arrival, err := s.accept(s.mailed(inv.ID))
		s.must(err)
		if arrival.Member.EmailKey != "jo@example.com" || arrival.Member.Role != "user" {
			t.Errorf("%s came in as %s", arrival.Member.EmailKey, arrival.Member.Role)
		}
		if n := s.count("users WHERE email_key = $1", "jo@example.com"); n != 1 {
			t.Errorf("%d identities for the invited address", n)
		}
	})
}

func TestSomebodyElseWhoIsSignedInDoesNotJoin_Sentry64707(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		_, other := s.found("Globex")
		_, known := s.found("Initech")
		for _, c := range []struct {
			email  string
			copied bool
		}{{"mailed@example.com", false}, {"copied@example.com", true}, {known.Email, false}} {
			inv := s.invite(c.email)
			token := s.mailed(inv.ID)
			if c.copied {
				var err error
				token, _, err = s.CopyLink(t.Context(), s.admin, s.account, inv.ID)
				s.must(err)
			}
			_, err := s.Accept(t.Context(), other, Acceptance{Token: token, Password: password})
			wantCode(t, err, "wrong_user")
			if f := fault.As(err); f == nil || f.Extra["invited"] != c.email || f.Extra["signed_in"] != other.Email {
				t.Errorf("the answer names %v", f)
			}
			if got := s.now(inv.ID).Status; got != Pending {
				t.Errorf("the invitation is %s afterwards", got)
			}
		}
		if n := s.count("members WHERE account_id = $1", string(s.account)); n != 1 {
			t.Errorf("%d members", n)
		}
	})
}

func TestInvitationOfOneAccountNeverJoinsAnother_ZulipCVE202221706(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		other, _ := s.found("Globex")
		inv := s.invite("jo@example.com")
		token := s.mailed(inv.ID)
		forged := strings.Replace(token, string(s.account), string(other), 1)
		_, err := s.accept(forged)
		wantCode(t, err, "not_found")
		_, err = s.Inspect(t.Context(), forged)
		wantCode(t, err, "not_found")
		// Even a link that is signed right finds nothing in the other account.
		elsewhere := s.keeper.Token(secret.Link{Kind: secret.Invitation, Account: other, ID: string(inv.ID), Rotation: 1})
		_, err = s.accept(elsewhere)
		wantCode(t, err, "not_found")
	})
}

func TestForgedLinksAreNotFound(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		inv := s.invite("jo@example.com")
		token := s.mailed(inv.ID)
		for _, forged := range []string{
			"", "ti_", "nonsense", token[:len(token)-1], token + "A", "tc" + token[2:], "ci" + token[2:],
			s.keeper.Token(secret.Link{Kind: secret.SignUp, Account: s.account, ID: string(inv.ID), Rotation: 1}),
			s.keeper.Token(secret.Link{Kind: secret.Invitation, ID: string(inv.ID), Rotation: 1}),
			s.keeper.Token(secret.Link{Kind: secret.Invitation, Account: s.account, ID: "anything", Rotation: 1}),
		} {
			_, err := s.accept(forged)
			wantCode(t, err, "not_found")
			_, err = s.Inspect(t.Context(), forged)
			wantCode(t, err, "not_found")
			wantCode(t, s.Decline(t.Context(), access.Actor{}, forged), "not_found")
		}
	})
}

func TestAcceptingNeverChangesACredential_CalCom2026(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		other, colleague := s.found("Globex")
		inv := s.invite(colleague.Email)
		token := s.mailed(inv.ID)
		view, err := s.Inspect(t.Context(), token)
		if err != nil || !view.Registered {
			t.Errorf("the link shows %+v, %v", view, err)
		}
		_, err = s.Accept(t.Context(), access.Actor{}, Acceptance{Token: token, Password: "quite another long password"})
		wantCode(t, err, "bad_credentials")
		_, err = s.Accept(t.Context(), access.Actor{}, Acceptance{Token: token})
		wantField(t, err, "password", "required")
		before := s.identity(colleague.Email)
		arrival, err := s.accept(token)
		s.must(err)
		if after := s.identity(colleague.Email); after != before {
			t.Errorf("the identity changed from %+v to %+v", before, after)
		}
		if arrival.Member.User != colleague.User || s.actor(other, colleague.Member).Epoch != colleague.Epoch {
			t.Errorf("%s joined, not %s", arrival.Member.User, colleague.User)
		}
	})
}

// identity reads who owns an address.
func (s *stage) identity(email string) user.User {
	s.t.Helper()
	to, err := address.Parse(email)
	s.must(err)
	var u user.User
	s.read(func(tx *db.Tx) (err error) {
		u, err = user.ByEmail(s.t.Context(), tx, to.Key)
		return err
	})
	return u
}

func TestWhoIsSignedInJoinsWithoutAPassword(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		_, colleague := s.found("Globex")
		inv := s.invite(strings.ToUpper(colleague.Email))
		arrival, err := s.Accept(t.Context(), colleague, Acceptance{Token: s.mailed(inv.ID)})
		s.must(err)
		if arrival.Member.User != colleague.User || arrival.Session.Account != s.account {
			t.Errorf("%+v", arrival)
		}
	})
}

func TestConcurrentAcceptancesMakeOneMembership_BetterAuth9154(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		const rivals = 64
		for _, email := range []string{"new@example.com", "again@example.com"} {
			inv := s.invite(email)
			token := s.mailed(inv.ID)
			errs := make([]error, rivals)
			var all sync.WaitGroup
			for i := range rivals {
				all.Go(func() { _, errs[i] = s.accept(token) })
			}
			all.Wait()
			in := 0
			for _, err := range errs {
				if err == nil {
					in++
				} else if fault.Code(err) != "already_accepted" {
					t.Errorf("a loser hears %v", err)
				}
			}
			members := s.count("members WHERE account_id = $1 AND email_key = $2", string(s.account), email)
			if in != 1 || members != 1 {
				t.Errorf("%d of %d got in and made %d members", in, rivals, members)
			}
		}
	})
}

func TestTwoAccountsAtOnceMakeOneIdentity(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		other, admin := s.found("Globex")
		for _, email := range []string{"a@example.com", "b@example.com", "c@example.com", "d@example.com"} {
			first, second := s.invite(email), s.inviteBy(admin, other, email, "admin")
			tokens := []string{s.mailed(first.ID), s.mailed(second.ID)}
			var arrivals [2]Arrival
			var errs [2]error
			var both sync.WaitGroup
			for i, token := range tokens {
				both.Go(func() { arrivals[i], errs[i] = s.accept(token) })
			}
			both.Wait()
			if errs[0] != nil || errs[1] != nil {
				t.Fatalf("%v, %v", errs[0], errs[1])
			}
			if arrivals[0].Member.User != arrivals[1].Member.User {
				t.Errorf("one person has the identities %s and %s", arrivals[0].Member.User, arrivals[1].Member.User)
			}
		}
	})
}

// What was open when it was read is looked at again by the write.
func TestAnInvitationThatEndsMeanwhileIsNotAccepted_AuthentikCVE202564708(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		_, colleague := s.found("Globex")
		inv := s.invite(colleague.Email)
		s.proving = func() { s.clock.Add(ttl) }
		_, err := s.Accept(t.Context(), access.Actor{}, Acceptance{Token: s.mailed(inv.ID), Password: password})
		wantCode(t, err, "invitation_expired")
		if n := s.count("members WHERE account_id = $1 AND email = $2", string(s.account), colleague.Email); n != 0 {
			t.Errorf("%d members came in by it", n)
		}
	})
}

func TestAnInvitationEndsAtTheInstantItSays_AuthentikCVE202564708(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		early, late := s.invite("early@example.com"), s.invite("late@example.com")
		s.clock.Add(ttl - time.Microsecond)
		_, err := s.accept(s.mailed(early.ID))
		s.must(err)
		s.clock.Add(time.Microsecond)
		token := s.mailed(late.ID)
		_, err = s.Inspect(t.Context(), token)
		wantCode(t, err, "invitation_expired")
		_, err = s.Accept(t.Context(), access.Actor{}, Acceptance{Token: token}) // told before any password is asked for
		wantCode(t, err, "invitation_expired")
		wantCode(t, s.Decline(t.Context(), access.Actor{}, token), "invitation_expired")
		if got := s.now(late.ID).Status; got != Expired {
			t.Errorf("the invitation is %s", got)
		}
	})
}

func TestWhoVouchesMustStillBeAllowedTo(t *testing.T) {
	for name, fall := range map[string]func(s *stage, sponsor member.Member, tx *db.Tx) error{
		"suspended": func(s *stage, sponsor member.Member, tx *db.Tx) error {
			_, err := member.Go(s.t.Context(), tx, operator, s.account, sponsor, member.Suspend)
			return err
		},
		"inactive": func(s *stage, sponsor member.Member, tx *db.Tx) error {
			_, err := member.Go(s.t.Context(), tx, operator, s.account, sponsor, member.Deactivate)
			return err
		},
		"removed": func(s *stage, sponsor member.Member, tx *db.Tx) error {
			_, err := member.Go(s.t.Context(), tx, operator, s.account, sponsor, member.Remove)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			onStage(t, func(t *testing.T, s *stage) {
				sponsor := s.join("sponsor@example.com", "admin")
				inv := s.inviteBy(sponsor, s.account, "jo@example.com", "admin")
				s.write(func(tx *db.Tx) error {
					m, err := member.Get(t.Context(), tx, s.account, sponsor.Member)
					if err != nil {
						return err
					}
					return fall(s, m, tx)
				})
				_, err := s.accept(s.mailed(inv.ID))
				wantCode(t, err, "invitation_closed")
				if f := fault.As(err); f == nil || f.Kind != fault.KindGone || !strings.Contains(f.Message, "new one") {
					t.Errorf("the answer is %v", err)
				}
				_, err = s.Inspect(t.Context(), s.mailed(inv.ID))
				wantCode(t, err, "invitation_closed")
				// Whoever sends it again vouches for it.
				_, err = s.Resend(t.Context(), s.admin, s.account, inv.ID)
				s.must(err)
				_, err = s.accept(s.mailed(inv.ID))
				s.must(err)
			})
		})
	}
}

func TestASponsorWhoSteppedDownVouchesForNobodyAbove(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		sponsor := s.join("sponsor@example.com", "admin")
		inv := s.inviteBy(sponsor, s.account, "jo@example.com", "admin")
		roster := member.NewRoster(s.db, nil, member.Ways{})
		role, modules := "user", s.moduleIDs("inbox")
		_, err := roster.Change(t.Context(), s.admin, s.account, sponsor.Member, member.Patch{Role: &role, Modules: &modules}, 0)
		s.must(err)
		_, err = s.accept(s.mailed(inv.ID))
		wantCode(t, err, "invitation_closed")
	})
}

func TestGrantsThatAreGoneAreNotGiven(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		order := Order{Emails: []string{"jo@example.com", "al@example.com"}, Role: "user", Modules: s.moduleIDs("inbox", "reports")}
		results, err := s.Invite(t.Context(), s.admin, s.account, order, nil)
		s.must(err)
		register := account.NewRegister(s.db)
		only := true
		_, err = register.ChangeModule(t.Context(), s.admin, s.account, s.modules["reports"], account.ModulePatch{AdminOnly: &only}, 0)
		s.must(err)
		arrival, err := s.accept(s.mailed(results[0].Invitation.ID))
		s.must(err)
		if !slices.Equal(arrival.Member.Modules, s.moduleIDs("inbox")) {
			t.Errorf("the member has %v", arrival.Member.Modules)
		}
		_, err = register.ChangeModule(t.Context(), s.admin, s.account, s.modules["inbox"], account.ModulePatch{AdminOnly: &only}, 0)
		s.must(err)
		_, err = s.accept(s.mailed(results[1].Invitation.ID))
		wantCode(t, err, "invitation_closed")
	})
}

func TestAWeakPasswordChangesNothing(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		inv := s.invite("jo@example.com")
		token := s.mailed(inv.ID)
		_, err := s.Accept(t.Context(), access.Actor{}, Acceptance{Token: token, Password: "short"})
		wantCode(t, err, "weak_password")
		_, err = s.Accept(t.Context(), access.Actor{}, Acceptance{Token: token, Password: password, FirstName: "Jo\x00"})
		wantField(t, err, "first_name", "control_character")
		_, err = s.accept(token)
		s.must(err)
	})
}

func TestWhoHasAPlaceAlreadyGetsNoSecondOne(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		inv := s.invite("jo@example.com")
		token := s.mailed(inv.ID)
		jo := s.join("jo@example.com", "user", "inbox")
		_, err := s.accept(token)
		wantCode(t, err, "already_member")
		s.write(func(tx *db.Tx) error {
			m, err := member.Get(t.Context(), tx, s.account, jo.Member)
			if err != nil {
				return err
			}
			_, err = member.Go(t.Context(), tx, operator, s.account, m, member.Deactivate)
			return err
		})
		_, err = s.accept(token)
		wantCode(t, err, "member_inactive")
		if got := s.now(inv.ID).Status; got != Pending {
			t.Errorf("the invitation is %s", got)
		}
	})
}
