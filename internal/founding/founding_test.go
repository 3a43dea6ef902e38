package founding

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/address"
	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/member"
	"tenure/internal/outbox"
	"tenure/internal/secret"
	"tenure/internal/user"
)

const password = "lanterns drift over seven quiet harbours"

var operator = access.Actor{Kind: access.Operator, Key: "top_test"}

// stage is a server without accounts, at a clock that stands still. What the
// way in would send is noted in bound and offered.
type stage struct {
	*Passage
	t       *testing.T
	db      *db.DB
	clock   *dbtest.Clock
	hasher  *user.Hasher
	bound   []id.Member
	offered []string
}

func onStage(t *testing.T, fn func(t *testing.T, s *stage)) {
	t.Helper()
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		keeper, err := secret.NewKeeper([]byte("a master secret of the tests, long enough"))
		if err != nil {
			t.Fatal(err)
		}
		s := &stage{t: t, db: d, clock: clock, hasher: user.NewHasher(user.Cost{Memory: 64, Time: 1, Threads: 1})}
		s.Passage = New(d, keeper, user.NewClaims(s.hasher, s.signIn), member.NewRoster(d, nil, member.Ways{}), Ways{
			Bind: func(_ context.Context, _ *db.Tx, _ access.Actor, _ id.Account, m member.Member) (id.Invitation, error) {
				s.bound = append(s.bound, m.ID)
				return id.New[id.Invitation](), nil
			},
			Offer: func(_ context.Context, _ *db.Tx, _ access.Actor, _ id.Account, to address.Address, role string) (id.Invitation, error) {
				s.offered = append(s.offered, to.Key+" as "+role)
				return id.New[id.Invitation](), nil
			},
		}, true)
		fn(t, s)
	})
}

// signIn is what sign-in does of it: whose address and password are these?
func (s *stage) signIn(ctx context.Context, email, given string) (user.User, error) {
	u := s.owner(email)
	if u == nil {
		u = &user.User{}
	}
	right, err := s.hasher.Verify(ctx, u.PasswordHash, given)
	if err == nil && !right {
		err = fault.BadCredentials()
	}
	return *u, err
}

func (s *stage) owner(email string) *user.User {
	s.t.Helper()
	var u *user.User
	s.read(func(tx *db.Tx) (err error) {
		u, err = user.Owner(s.t.Context(), tx, email)
		return err
	})
	return u
}

func (s *stage) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) read(fn func(tx *db.Tx) error) {
	s.t.Helper()
	s.must(s.db.Read(s.t.Context(), fn))
}

func (s *stage) count(from string, args ...any) int {
	s.t.Helper()
	var n int
	s.read(func(tx *db.Tx) error {
		return tx.One(s.t.Context(), "SELECT COUNT(*) FROM "+from, args, &n)
	})
	return n
}

func order(email string) Order {
	return Order{Name: "Acme", Preset: "portal", Email: email, FirstName: "Ann", LastName: "Lee", Locale: "nl"}
}

// signUp signs up and gives the link of the newest mail to the address.
func (s *stage) signUp(email string) (token string, kind outbox.Kind) {
	s.t.Helper()
	s.must(s.SignUp(s.t.Context(), order(email)))
	var subject string
	var rotation int64
	s.read(func(tx *db.Tx) error {
		return tx.Each(s.t.Context(), `SELECT kind, subject_id, rotation FROM outbox WHERE recipient = $1 ORDER BY mail_id`, []any{email},
			func(scan func(...any) error) error { return scan((*string)(&kind), &subject, &rotation) })
	})
	return s.keeper.Token(secret.Link{Kind: secret.SignUp, ID: subject, Rotation: rotation}), kind
}

func (s *stage) confirm(token string) (Founded, error) {
	return s.Confirm(s.t.Context(), access.Actor{}, token, password, Visit{UserAgent: "Firefox"})
}

// actions lists the events of an account.
func (s *stage) actions(acc id.Account) []string {
	s.t.Helper()
	var actions []string
	s.read(func(tx *db.Tx) error {
		return tx.Each(s.t.Context(), `SELECT action, actor_kind FROM events WHERE account_id = $1 ORDER BY seq`, []any{string(acc)},
			func(scan func(...any) error) error {
				var action, by string
				err := scan(&action, &by)
				actions = append(actions, action+" by "+by)
				return err
			})
	})
	return actions
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if fault.Code(err) != code {
		t.Errorf("error %v has code %q; want %q", err, fault.Code(err), code)
	}
}

func TestW1WhoSignsUpAndConfirmsIsAdministrator(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		token, kind := s.signUp("ann@example.com")
		if kind != outbox.SignUp || s.count("accounts") != 0 || s.count("users") != 0 {
			t.Fatalf("asking mailed %s and made %d accounts", kind, s.count("accounts"))
		}
		f, err := s.confirm(token)
		s.must(err)
		if f.Account.Name != "Acme" || f.Account.Preset != "portal" || f.Owner.Role != "admin" || !f.Owner.Registered() || f.Owner.FirstName != "Ann" || f.Owner.Locale != "nl" {
			t.Errorf("%+v", f)
		}
		if f.Session.Member != f.Owner.ID || f.Session.Token == "" {
			t.Errorf("the session is %+v", f.Session)
		}
		if u := s.owner("ann@example.com"); u == nil || u.ID != f.Owner.User {
			t.Errorf("the identity is %+v", u)
		}
		if got := s.actions(f.Account.ID); !slices.Equal(got, []string{"account.create by system", "member.add by system", "member.register by member", "session.begin by member"}) {
			t.Errorf("events: %q", got)
		}
		if n := s.count("sign_ups WHERE email <> '' OR first_name <> ''"); n != 0 {
			t.Errorf("%d confirmed sign-ups still name a person", n)
		}
	})
}

func TestASignUpIsConfirmedOnce(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		for made, wanted := range []outbox.Kind{outbox.SignUp, outbox.SignUpExisting} {
			token, kind := s.signUp("ann@example.com")
			if kind != wanted {
				t.Fatalf("the mail is %s; want %s", kind, wanted)
			}
			const rivals = 16
			errs := make([]error, rivals)
			var all sync.WaitGroup
			for i := range rivals {
				all.Go(func() { _, errs[i] = s.confirm(token) })
			}
			all.Wait()
			in := 0
			for _, err := range errs {
				if err == nil {
					in++
				} else if fault.Code(err) != "token_used" {
					t.Errorf("a loser hears %v", err)
				}
			}
			if in != 1 || s.count("accounts") != made+1 || s.count("heads") != made+1 || s.count("users") != 1 {
				t.Errorf("%d confirmations made %d accounts, %d heads and %d users", in, s.count("accounts"), s.count("heads"), s.count("users"))
			}
			_, err := s.confirm(token)
			wantCode(t, err, "token_used")
		}
	})
}

func TestASignUpLinkEndsAtTheInstantItSays(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		token, _ := s.signUp("ann@example.com")
		s.clock.Add(linkLife)
		_, err := s.confirm(token)
		wantCode(t, err, "token_expired")
		s.clock.Add(-time.Microsecond)
		_, err = s.confirm(token)
		s.must(err)
	})
}

func TestForgedSignUpLinksAreNotFound(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		token, _ := s.signUp("ann@example.com")
		for _, forged := range []string{
			"", token + "A", "ti" + token[2:],
			s.keeper.Token(secret.Link{Kind: secret.SignUp, ID: string(id.New[id.SignUp]()), Rotation: 1}),
			s.keeper.Token(secret.Link{Kind: secret.SignUp, ID: "anything", Rotation: 1}),
			s.keeper.Token(secret.Link{Kind: secret.SignUp, Account: id.New[id.Account](), ID: string(id.New[id.SignUp]()), Rotation: 1}),
		} {
			_, err := s.confirm(forged)
			wantCode(t, err, "not_found")
		}
	})
}

func TestSigningUpWithAKnownAddressAnswersTheSameAndAsksForItsPassword(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		token, _ := s.signUp("ann@example.com")
		first, err := s.confirm(token)
		s.must(err)
		before := *s.owner("ann@example.com")
		token, kind := s.signUp("ann@example.com")
		if kind != outbox.SignUpExisting {
			t.Errorf("the mail is %s", kind)
		}
		_, err = s.Confirm(t.Context(), access.Actor{}, token, "quite another long passphrase", Visit{})
		wantCode(t, err, "bad_credentials")
		second, err := s.confirm(token)
		s.must(err)
		if second.Owner.User != first.Owner.User || second.Account.ID == first.Account.ID {
			t.Errorf("%+v", second)
		}
		if after := *s.owner("ann@example.com"); after != before {
			t.Errorf("the identity changed from %+v to %+v", before, after)
		}
		// Signed in as that person, no password is needed; as somebody else it is.
		s.clock.Add(time.Hour)
		token, _ = s.signUp("ann@example.com")
		other := access.Actor{Kind: access.Member, User: id.New[id.User]()}
		_, err = s.Confirm(t.Context(), other, token, "", Visit{})
		wantCode(t, err, "invalid")
		_, err = s.Confirm(t.Context(), access.Actor{Kind: access.Member, User: first.Owner.User}, token, "", Visit{})
		s.must(err)
	})
}

func TestAnAddressIsNotFloodedBySignUps(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		for range mostAnHour + 2 {
			s.must(s.SignUp(t.Context(), order("Ann@example.com")))
		}
		if n := s.count("outbox"); n != mostAnHour {
			t.Errorf("%d mails; want %d", n, mostAnHour)
		}
		s.must(s.SignUp(t.Context(), order("bob@example.com")))
		s.clock.Add(time.Hour)
		s.must(s.SignUp(t.Context(), order("ann@example.com")))
		if n := s.count("outbox"); n != mostAnHour+2 {
			t.Errorf("%d mails; want %d", n, mostAnHour+2)
		}
		s.clock.Add(linkLife + keptAfter + time.Second)
		s.must(s.SignUp(t.Context(), order("cy@example.com")))
		if n := s.count("sign_ups"); n != 1 {
			t.Errorf("%d sign-ups are kept; want the newest only", n)
		}
	})
}

func TestAnAddressIsNotFloodedBySignUpsAtOnce(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		var all sync.WaitGroup
		for range 24 {
			all.Go(func() {
				if err := s.SignUp(t.Context(), order("ann@example.com")); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if n := s.count("outbox"); n != mostAnHour {
			t.Errorf("%d mails; want %d", n, mostAnHour)
		}
	})
}

func TestSignUpRefusesWhatIsNotValid(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		for field, change := range map[string]func(o *Order){
			"name":       func(o *Order) { o.Name = " " },
			"preset":     func(o *Order) { o.Preset = "unknown" },
			"email":      func(o *Order) { o.Email = "a@b.example,c@d.example" },
			"first_name": func(o *Order) { o.FirstName = "An\nn" },
			"last_name":  func(o *Order) { o.LastName = strings.Repeat("x", 81) },
		} {
			o := order("ann@example.com")
			change(&o)
			err := s.SignUp(t.Context(), o)
			if f := fault.As(err); f == nil || len(f.Fields) == 0 || f.Fields[0].Field != field {
				t.Errorf("%s: %v", field, err)
			}
		}
		s.open = false
		wantCode(t, s.SignUp(t.Context(), order("ann@example.com")), "forbidden")
		if n := s.count("sign_ups"); n != 0 {
			t.Errorf("%d sign-ups", n)
		}
	})
}

func TestTheOperatorMakesAnAccountWhoseOwnerIsInvited(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		_, err := s.Create(t.Context(), access.Actor{}, order("ann@example.com"))
		wantCode(t, err, "unauthenticated")
		_, err = s.Create(t.Context(), access.Actor{Kind: access.Member, Role: access.Role{Administers: true}}, order("ann@example.com"))
		wantCode(t, err, "forbidden")
		f, err := s.Create(t.Context(), operator, order("ann@example.com"))
		s.must(err)
		if f.Owner.Status != member.Active || f.Owner.Registered() || f.Owner.Role != "admin" || f.Owner.User != "" {
			t.Errorf("the owner is %+v", f.Owner)
		}
		if !slices.Equal(s.bound, []id.Member{f.Owner.ID}) || f.Invitation == "" {
			t.Errorf("bound: %v", s.bound)
		}
		if n := s.count("users"); n != 0 {
			t.Errorf("%d identities were made", n)
		}
		if got := s.actions(f.Account.ID); !slices.Equal(got, []string{"account.create by operator", "member.add by operator"}) {
			t.Errorf("events: %q", got)
		}
	})
}

func TestS5TheOperatorGivesAnAccountAnOwner(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		token, _ := s.signUp("ann@example.com")
		f, err := s.confirm(token)
		s.must(err)
		acc := f.Account.ID
		var bob, cy member.Member
		s.must(s.db.Write(t.Context(), acc, func(tx *db.Tx) error {
			modules, err := account.ListModules(t.Context(), tx, acc)
			if err != nil {
				return err
			}
			add := func(email string, active bool) (member.Member, error) {
				to, err := address.Parse(email)
				if err != nil {
					return member.Member{}, err
				}
				return member.Create(t.Context(), tx, operator, member.New{Account: acc, Email: to, Role: "user", Modules: []id.Module{modules[0].ID}, Active: active})
			}
			if bob, err = add("bob@example.com", true); err != nil {
				return err
			}
			cy, err = add("cy@example.com", false)
			return err
		}))
		admin := access.Actor{Kind: access.Member, Account: acc, Member: f.Owner.ID, Role: access.Role{Administers: true, Rank: 100}}
		_, err = s.AddOwner(t.Context(), admin, acc, Successor{Member: bob.ID, Reason: "asked by phone"})
		wantCode(t, err, "forbidden")
		for _, bad := range []Successor{
			{Member: bob.ID}, {Reason: "x"}, {Reason: "x", Member: bob.ID, Email: "bob@example.com"},
			{Reason: "x", Email: "no address"}, {Reason: "x", Email: "eve@mailinator.com"},
		} {
			_, err = s.AddOwner(t.Context(), operator, acc, bad)
			wantCode(t, err, "invalid")
		}
		_, err = s.AddOwner(t.Context(), operator, acc, Successor{Reason: "x", Member: id.New[id.Member]()})
		wantCode(t, err, "not_found")
		_, err = s.AddOwner(t.Context(), operator, id.New[id.Account](), Successor{Reason: "x", Email: "bob@example.com"})
		wantCode(t, err, "not_found")
		_, err = s.AddOwner(t.Context(), operator, acc, Successor{Reason: "x", Email: "CY@example.com"})
		wantCode(t, err, "member_inactive")
		_, err = s.AddOwner(t.Context(), operator, acc, Successor{Reason: "x", Member: cy.ID})
		wantCode(t, err, "member_inactive")

		promoted, err := s.AddOwner(t.Context(), operator, acc, Successor{Email: "Bob@example.com", Reason: "asked by phone"})
		s.must(err)
		if promoted.Member == nil || promoted.Member.ID != bob.ID || promoted.Member.Role != "admin" || promoted.Invitation == "" {
			t.Errorf("%+v", promoted)
		}
		invited, err := s.AddOwner(t.Context(), operator, acc, Successor{Email: "dee@example.com", Reason: "asked by phone"})
		s.must(err)
		if invited.Member != nil || invited.Invitation == "" || !slices.Equal(s.offered, []string{"dee@example.com as admin"}) {
			t.Errorf("%+v, offered %q", invited, s.offered)
		}
		got := s.actions(acc)
		if want := []string{"member.update by operator", "owner.add by operator", "owner.add by operator"}; !slices.Equal(got[len(got)-3:], want) {
			t.Errorf("events end with %q; want %q", got[len(got)-3:], want)
		}
	})
}
