package invitation

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tenure/internal/account"
	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/member"
	"tenure/internal/outbox"
)

func TestW6EachAddressHasItsVerdictInTheOrderGiven(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		waiting := s.invite("waiting@example.com")
		here := s.join("here@example.com", "user", "inbox")
		left := s.join("left@example.com", "user", "inbox")
		s.write(func(tx *db.Tx) error {
			m, err := member.Get(t.Context(), tx, s.account, left.Member)
			if err != nil {
				return err
			}
			_, err = member.Go(t.Context(), tx, operator, s.account, m, member.Deactivate)
			return err
		})
		_, elsewhere := s.found("Globex")
		order := Order{Role: "user", Modules: s.moduleIDs("inbox"), Message: "Welcome\r\non board", Locale: "nl", Emails: []string{
			"New@example.com", "waiting@EXAMPLE.com", "here@example.com", "left@example.com", "eve@mailinator.com",
			"not an address", "new@example.com", elsewhere.Email, "a@b.example,c@d.example",
		}}
		results, err := s.Invite(t.Context(), s.admin, s.account, order, nil)
		s.must(err)
		want := []Verdict{Invited, AlreadyInvited, AlreadyMember, InactiveMember, Disposable, Invalid, Duplicate, Invited, Invalid}
		for i, r := range results {
			if r.Email != order.Emails[i] || r.Verdict != want[i] {
				t.Errorf("%q is %s; want %s", r.Email, r.Verdict, want[i])
			}
			if (r.Invitation != nil) != (r.Verdict == Invited || r.Verdict == AlreadyInvited) || (r.Code != "") != (r.Verdict == Invalid) {
				t.Errorf("%+v", r)
			}
		}
		if results[1].Invitation.ID != waiting.ID || results[2].Member != here.Member || results[3].Member != left.Member {
			t.Errorf("%+v", results[1:4])
		}
		made := results[0].Invitation
		if kept := s.now(made.ID); kept.Email != "New@example.com" || kept.Message != "Welcome\non board" || kept.Locale != "nl" || made.Inviter != "Ada Admin" || made.Mail.Status != outbox.Queued {
			t.Errorf("%+v, %+v", kept, made)
		}
		listed, err := s.Get(t.Context(), s.admin, s.account, made.ID)
		s.must(err)
		if got, want := fmt.Sprintf("%+v", listed), fmt.Sprintf("%+v", *made); got != want {
			t.Errorf("told as %s\nread as %s", want, got)
		}
	})
}

func TestTheInvitationMailHasTheWordsToShow(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		order := Order{Role: "user", Modules: s.moduleIDs("inbox"), Message: "Hello", Emails: []string{"Jo@example.com"}}
		results, err := s.Invite(t.Context(), s.admin, s.account, order, nil)
		s.must(err)
		var to, facts string
		s.read(func(tx *db.Tx) error {
			return tx.One(t.Context(), `SELECT recipient, facts FROM outbox WHERE subject_id = $1`, []any{string(results[0].Invitation.ID)}, &to, &facts)
		})
		var words map[string]string
		s.must(json.Unmarshal([]byte(facts), &words))
		if to != "Jo@example.com" || words["account"] != "Acme" || words["inviter"] != "Ada Admin" || words["role"] != "User" || words["message"] != "Hello" || words["expires_at"] != stamp(s.clock.Now().Add(ttl)) {
			t.Errorf("to %s: %v", to, words)
		}
	})
}

func TestTheSameOrderTwiceInvitesNobodyTwice(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		order := Order{Role: "admin", Emails: addresses(chunk + 20)}
		var done []int
		_, err := s.Invite(t.Context(), s.admin, s.account, order, func(n int) { done = append(done, n) })
		s.must(err)
		if !slices.Equal(done, []int{chunk, chunk + 20}) {
			t.Errorf("progress: %v", done)
		}
		results, err := s.Invite(t.Context(), s.admin, s.account, order, nil)
		s.must(err)
		for i, r := range results {
			if r.Verdict != AlreadyInvited || r.Invitation.Email != order.Emails[i] {
				t.Fatalf("%q is %s: %+v", r.Email, r.Verdict, r.Invitation)
			}
		}
		if n := s.count("invitations"); n != chunk+20 {
			t.Errorf("%d invitations", n)
		}
		if n := s.count("outbox"); n != chunk+20 {
			t.Errorf("%d mails", n)
		}
		if n := s.count("events WHERE action = 'invitation.create'"); n != chunk+20 {
			t.Errorf("%d events", n)
		}
	})
}

func TestWhoLosesTheRightMidwayInvitesNobodyFromThenOn(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		sponsor := s.join("sponsor@example.com", "admin")
		order := Order{Role: "admin", Emails: addresses(2 * chunk)}
		_, err := s.Invite(t.Context(), sponsor, s.account, order, func(done int) {
			if done == chunk {
				s.write(func(tx *db.Tx) error {
					m, err := member.Get(t.Context(), tx, s.account, sponsor.Member)
					if err != nil {
						return err
					}
					_, err = member.Go(t.Context(), tx, operator, s.account, m, member.Suspend)
					return err
				})
			}
		})
		wantCode(t, err, "unauthenticated")
		if n := s.count("invitations"); n != chunk {
			t.Errorf("%d invitations; want those of the first chunk", n)
		}
	})
}

func TestOrdersThatAreNotValidInviteNobody(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		one := []string{"jo@example.com"}
		for name, c := range map[string]struct {
			order Order
			code  string
		}{
			"nobody":            {Order{}, "invalid"},
			"role":              {Order{Emails: one, Role: "king"}, "invalid"},
			"locale":            {Order{Emails: one, Role: "admin", Locale: "tlh"}, "invalid"},
			"message":           {Order{Emails: one, Role: "admin", Message: strings.Repeat("x", longestMessage+1)}, "invalid"},
			"control":           {Order{Emails: one, Role: "admin", Message: "\x1b[2J"}, "invalid"},
			"no module":         {Order{Emails: one, Role: "user"}, "module_required"},
			"admin module":      {Order{Emails: one, Role: "user", Modules: s.moduleIDs("pricing")}, "module_admin_only"},
			"unknown module":    {Order{Emails: one, Role: "user", Modules: []id.Module{id.New[id.Module]()}}, "invalid"},
			"unknown sub":       {Order{Emails: one, Role: "admin", SubAccounts: []id.SubAccount{id.New[id.SubAccount]()}}, "invalid"},
			"ordinary role":     {Order{Emails: one}, "module_required"},
			"modules for admin": {Order{Emails: one, Role: "admin", Modules: s.moduleIDs("inbox")}, "invalid"},
		} {
			_, err := s.Invite(t.Context(), s.admin, s.account, c.order, nil)
			if fault.Code(err) != c.code {
				t.Errorf("%s: %v; want %s", name, err, c.code)
			}
		}
		if n := s.count("invitations"); n != 0 {
			t.Errorf("%d invitations", n)
		}
	})
}

func TestOnlyDomainsOfTheAccountAreInvitedWhereItSaysSo(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.setPolicy(func(p *account.Policy) { p.EmailDomains = []string{"example.com"}; p.DisposableAllowed = true })
		results, err := s.Invite(t.Context(), s.admin, s.account, Order{Role: "admin", Emails: []string{"jo@example.com", "jo@other.example"}}, nil)
		s.must(err)
		if results[0].Verdict != Invited || results[1].Verdict != Invalid || results[1].Code != "domain_not_allowed" {
			t.Errorf("%+v", results)
		}
		s.setPolicy(func(p *account.Policy) { p.EmailDomains = []string{} })
		results, err = s.Invite(t.Context(), s.admin, s.account, Order{Role: "admin", Emails: []string{"jo@mailinator.com"}}, nil)
		s.must(err)
		if results[0].Verdict != Invited {
			t.Errorf("where throw-away addresses are welcome: %+v", results[0])
		}
	})
}

// setPolicy changes the account's policy.
func (s *stage) setPolicy(change func(p *account.Policy)) {
	s.t.Helper()
	s.must(s.db.Housekeep(s.t.Context(), func(tx *db.Tx) error {
		a, err := account.Get(s.t.Context(), tx, s.account)
		if err != nil {
			return err
		}
		change(&a.Policy)
		return tx.ExecOne(s.t.Context(), `UPDATE accounts SET policy = $1 WHERE account_id = $2`, db.JSON(a.Policy), string(s.account))
	}))
}

func TestAnExpiredInvitationNeverBlocksANewOne(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		old := s.invite("jo@example.com")
		s.clock.Add(ttl)
		again := s.invite("jo@example.com")
		if again.ID == old.ID || s.now(old.ID).Status != Expired {
			t.Errorf("the old one is %+v", s.now(old.ID))
		}
		_, err := s.accept(s.mailed(old.ID))
		wantCode(t, err, "invitation_expired")
		_, err = s.accept(s.mailed(again.ID))
		s.must(err)
	})
}

// BenchmarkInviteTenThousand invites 10,000 addresses in one call while
// somebody else keeps writing to the same account. It reports the longest that
// the other writer waited.
func BenchmarkInviteTenThousand(b *testing.B) {
	for _, engine := range dbtest.Engines() {
		b.Run(engine, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				s := newStage(b, dbtest.Open(b, dbtest.Where(b, engine), db.Options{}), nil)
				order := Order{Role: "admin", Emails: addresses(10_000)}
				stop, longest, writes := s.keepWriting()
				b.StartTimer()
				results, err := s.Invite(b.Context(), s.admin, s.account, order, nil)
				b.StopTimer()
				s.must(err)
				stop()
				if len(results) != 10_000 || results[9_999].Verdict != Invited {
					b.Fatalf("%d results", len(results))
				}
				b.ReportMetric(float64(longest.Load())/float64(time.Millisecond), "ms-longest-wait")
				b.ReportMetric(float64(writes.Load()), "other-writes")
				b.StartTimer()
			}
		})
	}
}

// keepWriting copies the link of an invitation again and again until it is
// stopped.
func (s *stage) keepWriting() (stop func(), longest, writes *atomic.Int64) {
	inv := s.invite("other@example.com")
	ctx, cancel := context.WithCancel(s.t.Context())
	longest, writes = &atomic.Int64{}, &atomic.Int64{}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for ctx.Err() == nil {
			began := time.Now()
			if _, _, err := s.CopyLink(ctx, s.admin, s.account, inv.ID); err != nil {
				return
			}
			longest.Store(max(longest.Load(), int64(time.Since(began))))
			writes.Add(1)
		}
	}()
	return func() { cancel(); <-ended }, longest, writes
}

func TestOthersWriteBetweenTheChunksOfABigOrder(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		other := s.invite("other@example.com")
		order := Order{Role: "admin", Emails: addresses(3 * chunk)}
		_, err := s.Invite(t.Context(), s.admin, s.account, order, func(int) {
			_, err := s.Resend(t.Context(), s.admin, s.account, other.ID)
			s.must(err)
		})
		s.must(err)
		var kinds []string
		s.read(func(tx *db.Tx) error {
			return tx.Each(t.Context(), `SELECT action FROM events WHERE account_id = $1 ORDER BY seq`, []any{string(s.account)}, func(scan func(...any) error) error {
				var action string
				err := scan(&action)
				if len(kinds) == 0 || kinds[len(kinds)-1] != action {
					kinds = append(kinds, action)
				}
				return err
			})
		})
		want := []string{"invitation.create", "invitation.resend", "invitation.create", "invitation.resend", "invitation.create", "invitation.resend"}
		if !slices.Equal(kinds[len(kinds)-6:], want) {
			t.Errorf("the trail has %q", kinds)
		}
	})
}
