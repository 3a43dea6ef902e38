package invitation

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tenure/internal/access"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/member"
	"tenure/internal/outbox"
)

func TestResendingKillsEveryOlderLinkAndRestartsTheTerm(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		inv := s.invite("jo@example.com")
		first := s.mailed(inv.ID)
		s.clock.Add(ttl - time.Hour)
		sent, err := s.Resend(t.Context(), s.admin, s.account, inv.ID)
		s.must(err)
		if sent.ID != inv.ID || !sent.ExpiresAt.Equal(s.clock.Now().Add(ttl)) || !sent.SentAt.Equal(s.clock.Now()) || sent.Mail.Status != outbox.Queued {
			t.Errorf("%+v", sent)
		}
		_, err = s.accept(first)
		wantCode(t, err, "invitation_replaced")
		s.clock.Add(ttl - time.Hour)
		_, err = s.accept(s.mailed(inv.ID))
		s.must(err)
	})
}

func TestNobodyIsFloodedByResending(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		inv := s.invite("jo@example.com")
		sent := 0
		for range 60 {
			_, err := s.Resend(t.Context(), s.admin, s.account, inv.ID)
			if err == nil {
				sent++
			} else {
				wantCode(t, err, "too_many_attempts")
			}
			s.clock.Add(time.Minute)
		}
		if sent < 5 || sent > 10 {
			t.Errorf("%d mails in an hour", sent)
		}
		_, err := s.Resend(t.Context(), s.admin, s.account, s.invite("other@example.com").ID)
		s.must(err)
		s.clock.Add(time.Hour)
		_, err = s.Resend(t.Context(), s.admin, s.account, inv.ID)
		s.must(err)
		_, err = s.accept(s.mailed(inv.ID))
		s.must(err)
	})
}

func TestAnExpiredInvitationIsReopenedByResendingIt(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		inv := s.invite("jo@example.com")
		s.clock.Add(ttl)
		_, _, err := s.CopyLink(t.Context(), s.admin, s.account, inv.ID)
		wantCode(t, err, "invitation_expired")
		_, err = s.Resend(t.Context(), s.admin, s.account, inv.ID)
		s.must(err)
		_, err = s.accept(s.mailed(inv.ID))
		s.must(err)
	})
}

func TestClosedInvitationsStayClosed(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		accepted, declined, withdrawn := s.invite("a@example.com"), s.invite("b@example.com"), s.invite("c@example.com")
		_, err := s.accept(s.mailed(accepted.ID))
		s.must(err)
		s.must(s.Decline(t.Context(), access.Actor{}, s.mailed(declined.ID)))
		s.must(s.Withdraw(t.Context(), s.admin, s.account, withdrawn.ID, 0))
		for inv, code := range map[id.Invitation]string{accepted.ID: "already_accepted", declined.ID: "invitation_closed", withdrawn.ID: "invitation_closed"} {
			_, resend := s.Resend(t.Context(), s.admin, s.account, inv)
			_, _, link := s.CopyLink(t.Context(), s.admin, s.account, inv)
			for _, err := range []error{resend, link, s.Withdraw(t.Context(), s.admin, s.account, inv, 0)} {
				wantCode(t, err, code)
				if f := fault.As(err); f == nil || f.Kind != fault.KindConflict {
					t.Errorf("the answer to who manages is %+v", f)
				}
			}
			_, err = s.accept(s.mailed(inv))
			wantCode(t, err, code)
		}
		if got := s.actions(s.account, string(declined.ID)); got[len(got)-1] != "invitation.decline by system" {
			t.Errorf("events: %q", got)
		}
		// What is closed never blocks a new one.
		s.invite("b@example.com")
		s.invite("c@example.com")
	})
}

func TestAWithdrawnInvitationIsNotMailedAnyMore(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		inv := s.invite("jo@example.com")
		s.must(s.Withdraw(t.Context(), s.admin, s.account, inv.ID, 0))
		if n := s.count("outbox WHERE subject_id = $1 AND status = 'queued'", string(inv.ID)); n != 0 {
			t.Errorf("%d mails are still queued", n)
		}
	})
}

func TestAdminOfOneAccountCannotTouchAnothersInvitations_GrafanaCVE202410452(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		inv := s.invite("jo@example.com")
		other, stranger := s.found("Globex")
		for account, by := range map[id.Account]access.Actor{s.account: stranger, other: stranger} {
			_, get := s.Get(t.Context(), by, account, inv.ID)
			_, resend := s.Resend(t.Context(), by, account, inv.ID)
			_, _, link := s.CopyLink(t.Context(), by, account, inv.ID)
			for _, err := range []error{get, resend, link, s.Withdraw(t.Context(), by, account, inv.ID, 0)} {
				wantCode(t, err, "not_found")
			}
		}
		_, _, err := s.List(t.Context(), stranger, s.account, Filter{})
		wantCode(t, err, "not_found")
		if got := s.now(inv.ID); got.Version != inv.Version || got.Status != Pending {
			t.Errorf("the invitation is %+v", got)
		}
	})
}

func TestWhoMayNotInviteMayDoNothingWithInvitations(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		inv := s.invite("jo@example.com")
		plain := s.join("plain@example.com", "user", "inbox")
		for code, by := range map[string]access.Actor{"forbidden": plain, "unauthenticated": {}} {
			_, invite := s.Invite(t.Context(), by, s.account, Order{Emails: []string{"al@example.com"}}, nil)
			_, get := s.Get(t.Context(), by, s.account, inv.ID)
			_, resend := s.Resend(t.Context(), by, s.account, inv.ID)
			_, _, link := s.CopyLink(t.Context(), by, s.account, inv.ID)
			_, _, list := s.List(t.Context(), by, s.account, Filter{})
			_, count := s.Count(t.Context(), by, s.account)
			for _, err := range []error{invite, get, resend, link, list, count, s.Withdraw(t.Context(), by, s.account, inv.ID, 0)} {
				wantCode(t, err, code)
			}
		}
	})
}

// allowInviting lets role user invite, which no preset does.
func (s *stage) allowInviting() {
	s.t.Helper()
	s.must(s.db.Housekeep(s.t.Context(), func(tx *db.Tx) error {
		return tx.ExecOne(s.t.Context(), `UPDATE roles SET permissions = $1 WHERE account_id = $2 AND role_key = 'user'`,
			db.JSON([]access.Permission{access.InvitationsManage}), string(s.account))
	}))
}

func TestNobodyInvitesAboveThemselves(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		admin := s.invite("admin2@example.com")
		s.allowInviting()
		lower := s.join("lower@example.com", "user", "inbox")
		for role, modules := range map[string][]id.Module{"admin": nil, "user": s.moduleIDs("inbox")} {
			_, err := s.Invite(t.Context(), lower, s.account, Order{Emails: []string{"jo@example.com"}, Role: role, Modules: modules}, nil)
			wantCode(t, err, "rank_exceeded")
		}
		_, resend := s.Resend(t.Context(), lower, s.account, admin.ID)
		_, _, link := s.CopyLink(t.Context(), lower, s.account, admin.ID)
		for _, err := range []error{resend, link, s.Withdraw(t.Context(), lower, s.account, admin.ID, 0)} {
			wantCode(t, err, "rank_exceeded")
		}
	})
}

func TestListsHoldNoTokenAndNoCode_MattermostCVE20262463(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		inv, copied := s.copied("jo@example.com")
		_, err := s.acceptWith(copied, "")
		wantCode(t, err, "verification_required")
		list, _, err := s.List(t.Context(), s.admin, s.account, Filter{})
		s.must(err)
		text, err := json.Marshal(list)
		s.must(err)
		var stored strings.Builder
		for _, table := range []string{"invitations", "outbox", "events"} {
			s.read(func(tx *db.Tx) error { return dump(t, tx, &stored, table) })
		}
		for _, shown := range []string{string(text), fmt.Sprintf("%+v", list), stored.String()} {
			for _, secret := range []string{s.mailed(inv.ID), copied, s.code(inv.ID)} {
				mac := secret[max(0, len(secret)-43):] // a code has six characters, a MAC 43
				if regexp.MustCompile(`(^|[^0-9A-Za-z_-])` + regexp.QuoteMeta(mac) + `($|[^0-9A-Za-z_-])`).MatchString(shown) {
					t.Errorf("%q is in %s", mac, shown)
				}
			}
		}
	})
}

// dump writes the text columns of a table that could hold a secret.
func dump(t *testing.T, tx *db.Tx, b *strings.Builder, table string) error {
	columns := map[string]string{
		"invitations": "message || modules || sponsor_id || sponsor_before", "outbox": "facts || reason || recipient || subject_id", "events": "changes || COALESCE(personal, '')",
	}
	return tx.Each(t.Context(), "SELECT "+columns[table]+" FROM "+table, nil, func(scan func(...any) error) error {
		var row string
		err := scan(&row)
		b.WriteString(row + "\n")
		return err
	})
}

func TestThePendingListIsStableWhilePeopleAreInvited(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		var all []id.Invitation
		for n := range 7 {
			all = append(all, s.invite(fmt.Sprintf("jo%d@example.com", n)).ID)
		}
		slices.Reverse(all)
		var seen []id.Invitation
		cursor := ""
		for page := 0; page == 0 || cursor != ""; page++ {
			list, next, err := s.List(t.Context(), s.admin, s.account, Filter{Limit: 3, Cursor: cursor})
			s.must(err)
			for _, inv := range list {
				seen = append(seen, inv.ID)
				if inv.Inviter != "Ada Admin" || inv.Mail.Status != outbox.Queued {
					t.Errorf("listed as %+v", inv)
				}
			}
			s.invite(fmt.Sprintf("later%d@example.com", page))
			cursor = next
		}
		if !slices.Equal(seen, all) {
			t.Errorf("the pages hold %v; want %v", seen, all)
		}
	})
}

func TestListsNarrowByStatusAndAddress(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		old := s.invite("old@example.com")
		s.clock.Add(ttl)
		waiting, gone, back, in := s.invite("waiting@example.com"), s.invite("gone@example.com"), s.invite("back_1@example.com"), s.invite("Éva@example.com")
		s.must(s.Withdraw(t.Context(), s.admin, s.account, gone.ID, 0))
		s.must(s.Decline(t.Context(), access.Actor{}, s.mailed(back.ID)))
		_, err := s.accept(s.mailed(in.ID))
		s.must(err)
		for _, c := range []struct {
			filter Filter
			want   []id.Invitation
		}{
			{Filter{}, []id.Invitation{in.ID, back.ID, gone.ID, waiting.ID, old.ID}},
			{Filter{Status: "pending"}, []id.Invitation{waiting.ID}},
			{Filter{Status: "expired"}, []id.Invitation{old.ID}},
			{Filter{Status: "withdrawn"}, []id.Invitation{gone.ID}},
			{Filter{Status: "declined"}, []id.Invitation{back.ID}},
			{Filter{Status: "accepted"}, []id.Invitation{in.ID}},
			{Filter{Query: "ÉVA"}, []id.Invitation{in.ID}},
			{Filter{Query: "back_"}, []id.Invitation{back.ID}},
			{Filter{Query: "%"}, nil},
			{Filter{Query: "EXAMPLE.com", Status: "pending"}, []id.Invitation{waiting.ID}},
		} {
			list, _, err := s.List(t.Context(), s.admin, s.account, c.filter)
			s.must(err)
			var got []id.Invitation
			for _, inv := range list {
				got = append(got, inv.ID)
				if c.filter.Status != "" && string(inv.Status) != c.filter.Status {
					t.Errorf("%+v lists %+v", c.filter, inv)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%+v lists %v; want %v", c.filter, got, c.want)
			}
		}
		if n, err := s.Count(t.Context(), s.admin, s.account); err != nil || n != 1 {
			t.Errorf("%d pending, %v", n, err)
		}
		for field, f := range map[string]Filter{"status": {Status: "open"}, "cursor": {Cursor: "x"}, "limit": {Limit: 201}, "q": {Query: "a\x00b"}} {
			_, _, err := s.List(t.Context(), s.admin, s.account, f)
			if got := fault.As(err); got == nil || got.Fields[0].Field != field {
				t.Errorf("%+v: %v", f, err)
			}
		}
	})
}

func TestAnAddressThatCameInMeanwhileIsNotInvitedAgain(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		old := s.invite("jo@example.com")
		s.clock.Add(ttl)
		newer := s.invite("jo@example.com")
		if got := s.actions(s.account, string(old.ID)); got[len(got)-1] != "invitation.expire by member" {
			t.Errorf("events of the old one: %q", got)
		}
		_, err := s.Resend(t.Context(), s.admin, s.account, old.ID)
		wantCode(t, err, "already_invited")
		_, err = s.accept(s.mailed(newer.ID))
		s.must(err)
		_, err = s.Resend(t.Context(), s.admin, s.account, old.ID)
		wantCode(t, err, "already_member")
	})
}

// add adds a member directly, as the roster does.
func (s *stage) add(email string, active bool) (member.Member, id.Invitation) {
	s.t.Helper()
	var bound id.Invitation
	roster := s.roster(func(i id.Invitation) { bound = i })
	m, err := roster.Add(s.t.Context(), s.admin, s.account, member.Addition{
		FirstName: "Jo", LastName: "Smith", Email: email, Role: "user", Modules: s.moduleIDs("inbox"), Active: active,
	})
	s.must(err)
	return m, bound
}

func TestWhoWasAddedDirectlyComesInByTheBoundInvitation(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		m, bound := s.add("jo@example.com", true)
		if kind, _, _ := s.newestMail(bound, outbox.Welcome, outbox.JoinExisting); kind != outbox.Welcome {
			t.Errorf("the mail is %s", kind)
		}
		view, err := s.Inspect(t.Context(), s.mailed(bound))
		if err != nil || view.FirstName != "Jo" || view.Role.Key != "user" {
			t.Errorf("the link shows %+v, %v", view, err)
		}
		first := s.mailed(bound)
		_, err = s.roster(func(again id.Invitation) {
			if again != bound {
				t.Errorf("welcomed again by %s; want %s", again, bound)
			}
		}).Welcome(t.Context(), s.admin, s.account, m.ID)
		s.must(err)
		_, err = s.accept(first)
		wantCode(t, err, "invitation_replaced")
		arrival, err := s.accept(s.mailed(bound))
		s.must(err)
		if arrival.Member.ID != m.ID || !arrival.Member.Registered() || arrival.Member.FirstName != "Jo" {
			t.Errorf("%+v", arrival.Member)
		}
		if n := s.count("members WHERE account_id = $1", string(s.account)); n != 2 {
			t.Errorf("%d members", n)
		}
	})
}

func TestAddingAKnownAddressChangesNoCredentialAndAsksToSignIn(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		_, known := s.found("Globex")
		before := s.identity(known.Email)
		_, bound := s.add(known.Email, true)
		if kind, _, _ := s.newestMail(bound, outbox.Welcome, outbox.JoinExisting); kind != outbox.JoinExisting {
			t.Errorf("the mail is %s", kind)
		}
		_, err := s.Accept(t.Context(), access.Actor{}, Acceptance{Token: s.mailed(bound), Password: "quite another long passphrase"})
		wantCode(t, err, "bad_credentials")
		arrival, err := s.Accept(t.Context(), known, Acceptance{Token: s.mailed(bound)})
		s.must(err)
		if arrival.Member.User != known.User || s.identity(known.Email) != before {
			t.Errorf("%+v", arrival.Member)
		}
	})
}

func TestABoundInvitationIsDeadWhileItsMemberIsNotActive(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		m, bound := s.add("jo@example.com", true)
		s.write(func(tx *db.Tx) error {
			_, err := member.Go(t.Context(), tx, operator, s.account, m, member.Suspend)
			return err
		})
		_, err := s.accept(s.mailed(bound))
		wantCode(t, err, "member_inactive")
		s.write(func(tx *db.Tx) error {
			gone, err := member.Get(t.Context(), tx, s.account, m.ID)
			if err != nil {
				return err
			}
			_, err = member.Go(t.Context(), tx, operator, s.account, gone, member.Remove)
			return err
		})
		_, err = s.accept(s.mailed(bound))
		wantCode(t, err, "invitation_closed")
	})
}

func TestABoundInvitationIsDeadOnceItsMemberHasAnotherAddress(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		m, bound := s.add("jo@example.com", true)
		s.must(s.db.Housekeep(t.Context(), func(tx *db.Tx) error {
			return tx.ExecOne(t.Context(), `UPDATE members SET email = $1, email_key = $2 WHERE account_id = $3 AND member_id = $4`,
				"jo.new@example.com", "jo.new@example.com", string(s.account), string(m.ID))
		}))
		_, err := s.accept(s.mailed(bound))
		wantCode(t, err, "invitation_closed")
		_, err = s.roster(func(again id.Invitation) { bound = again }).Welcome(t.Context(), s.admin, s.account, m.ID)
		s.must(err)
		arrival, err := s.accept(s.mailed(bound))
		s.must(err)
		if arrival.Member.ID != m.ID || arrival.Member.EmailKey != "jo.new@example.com" {
			t.Errorf("%+v", arrival.Member)
		}
	})
}

func TestBindingReplacesAnInvitationOfTheSameAddress(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		inv := s.invite("jo@example.com")
		_, bound := s.add("jo@example.com", true)
		_, err := s.accept(s.mailed(inv.ID))
		wantCode(t, err, "invitation_closed")
		_, err = s.accept(s.mailed(bound))
		s.must(err)
	})
}

func TestBindingWithdrawsWhatIsPendingForTheAddress(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		inv := s.invite("jo@example.com")
		m, _ := s.add("al@example.com", false)
		s.must(s.db.Housekeep(t.Context(), func(tx *db.Tx) error {
			return tx.ExecOne(t.Context(), `UPDATE members SET email = $1, email_key = $2, status = 'active' WHERE account_id = $3 AND member_id = $4`,
				"jo@example.com", "jo@example.com", string(s.account), string(m.ID))
		}))
		_, err := s.roster(func(id.Invitation) {}).Welcome(t.Context(), s.admin, s.account, m.ID)
		s.must(err)
		if got := s.now(inv.ID).Status; got != Withdrawn {
			t.Errorf("the invitation is %s", got)
		}
	})
}

func TestForgettingErasesWhatIsPersonalInClosedInvitations(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		first := s.invite("jo@example.com")
		s.must(s.Withdraw(t.Context(), s.admin, s.account, first.ID, 0))
		second := s.invite("jo@example.com")
		arrival, err := s.accept(s.mailed(second.ID))
		s.must(err)
		keep := s.invite("al@example.com")
		undone := errors.New("undone")
		err = s.db.Write(t.Context(), s.account, func(tx *db.Tx) error {
			forgotten, err := Forget(t.Context(), tx, s.account, arrival.Member)
			if err != nil {
				return err
			}
			slices.Sort(forgotten)
			if !slices.Equal(forgotten, []id.Invitation{first.ID, second.ID}) {
				t.Errorf("forgotten: %v", forgotten)
			}
			inv, err := Get(t.Context(), tx, s.account, second.ID)
			if err != nil || inv.Email != "" || strings.Contains(inv.EmailKey, "jo") {
				t.Errorf("%+v, %v", inv, err)
			}
			other, err := Get(t.Context(), tx, s.account, keep.ID)
			if err != nil || other.Email != "al@example.com" {
				t.Errorf("%+v, %v", other, err)
			}
			return undone
		})
		if !errors.Is(err, undone) {
			t.Error(err)
		}
	})
}

// Somebody who was removed and came back has two places; erasing the first took
// the address out of the invitations of the second.
func TestForgettingWhoWasRemovedLeavesTheInvitationsOfTheirNextPlace_W10(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		first := s.invite("jo@example.com")
		arrival, err := s.accept(s.mailed(first.ID))
		s.must(err)
		gone := arrival.Member
		s.write(func(tx *db.Tx) (err error) {
			gone, err = member.Go(t.Context(), tx, s.admin, s.account, gone, member.Remove)
			return err
		})
		s.clock.Add(time.Hour)
		lost := s.invite("jo@example.com")
		s.must(s.Withdraw(t.Context(), s.admin, s.account, lost.ID, 0))
		added, err := s.roster(func(id.Invitation) {}).Add(t.Context(), s.admin, s.account, member.Addition{
			FirstName: "Jo", LastName: "Again", Email: "jo@example.com", Role: "admin", Active: true})
		s.must(err)
		forget := func() (forgotten []id.Invitation) {
			s.write(func(tx *db.Tx) (err error) {
				if forgotten, err = Forget(t.Context(), tx, s.account, gone); err != nil {
					return err
				}
				return audit.Record(t.Context(), tx, s.admin, audit.Event{Action: "member.erase", Subject: audit.Of("member", gone.ID)})
			})
			return forgotten
		}
		var bound Invitation
		s.read(func(tx *db.Tx) error {
			all, err := some(t.Context(), tx, s.account, `member_id = $2`, string(added.ID))
			bound = all[0]
			return err
		})
		if got := forget(); !slices.Equal(got, []id.Invitation{first.ID, lost.ID}) {
			t.Errorf("forgotten: %v, want only %v and %v", got, first.ID, lost.ID)
		}
		_, err = s.Accept(t.Context(), access.Actor{}, Acceptance{Token: s.mailed(bound.ID), Password: password})
		s.must(err)
		if got := forget(); slices.Contains(got, bound.ID) || s.now(bound.ID).Email != "jo@example.com" {
			t.Errorf("forgotten: %v", got)
		}
	})
}

// TestLinksAgreeWithAModel walks random histories of one invitation and asks
// after every step which of all links ever made still open it.
func TestLinksAgreeWithAModel(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		n := 0
		rapid.Check(t, func(r *rapid.T) {
			n++
			inv := s.invite(fmt.Sprintf("walk%d@example.com", n))
			type link struct{ token, state string }
			links := []link{{s.mailed(inv.ID), "open"}}
			replace := func(prefix string) {
				for i := range links {
					if strings.HasPrefix(links[i].token, prefix) {
						links[i].state = "invitation_replaced"
					}
				}
			}
			status, ends := Pending, s.clock.Now().Add(ttl)
			for range rapid.IntRange(1, 8).Draw(r, "steps") {
				switch move := rapid.SampledFrom([]string{"resend", "copy", "wait", "withdraw"}).Draw(r, "move"); move {
				case "resend":
					if _, err := s.Resend(t.Context(), s.admin, s.account, inv.ID); (err == nil) != (status != Withdrawn) {
						r.Fatalf("resend of %s: %v", status, err)
					} else if err == nil {
						replace("")
						links = append(links, link{s.mailed(inv.ID), "open"})
						status, ends = Pending, s.clock.Now().Add(ttl)
						s.clock.Add(time.Hour) // more often, and nobody is mailed any more
					}
				case "copy":
					token, _, err := s.CopyLink(t.Context(), s.admin, s.account, inv.ID)
					if (err == nil) != (status == Pending) {
						r.Fatalf("copy of %s: %v", status, err)
					} else if err == nil {
						replace("tc_")
						links = append(links, link{token, "open"})
					}
				case "wait":
					s.clock.Add(time.Duration(rapid.Int64Range(1, int64(ttl)).Draw(r, "pause")).Truncate(time.Microsecond))
					if status == Pending && !s.clock.Now().Before(ends) {
						status = Expired
					}
				case "withdraw":
					if err := s.Withdraw(t.Context(), s.admin, s.account, inv.ID, 0); (err == nil) != (status != Withdrawn) {
						r.Fatalf("withdraw of %s: %v", status, err)
					}
					status = Withdrawn
				}
				for _, l := range links {
					want := l.state
					switch {
					case status == Withdrawn:
						want = "invitation_closed"
					case status == Expired && want == "open":
						want = "invitation_expired"
					case want == "open":
						want = ""
					}
					if _, err := s.Inspect(t.Context(), l.token); fault.Code(err) != want {
						r.Fatalf("a link that is %s of an invitation that is %s answers %v; want %q", l.state, status, err, want)
					}
				}
			}
		})
	})
}
