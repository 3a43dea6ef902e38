package invitation

import (
	"context"
	"fmt"
	"testing"
	"time"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/address"
	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/fault"
	"tenure/internal/holding"
	"tenure/internal/id"
	"tenure/internal/member"
	"tenure/internal/outbox"
	"tenure/internal/role"
	"tenure/internal/secret"
	"tenure/internal/session"
	"tenure/internal/user"
)

// stage is an account of preset portal with one administrator, at a clock that
// stands still.
type stage struct {
	*Passage
	t       testing.TB
	db      *db.DB
	clock   *dbtest.Clock
	hasher  *user.Hasher
	account id.Account
	admin   access.Actor
	modules map[string]id.Module
	proving func() // what happens while a password is looked at; may be nil
}

const password = "lanterns drift over seven quiet harbours"

var operator = access.Actor{Kind: access.Operator, Key: "top_test"}

// onStage runs a test on both engines.
func onStage(t *testing.T, fn func(t *testing.T, s *stage)) {
	t.Helper()
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		fn(t, newStage(t, d, clock))
	})
}

func newStage(t testing.TB, d *db.DB, clock *dbtest.Clock) *stage {
	t.Helper()
	keeper, err := secret.NewKeeper([]byte("a master secret of the tests, long enough"))
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{t: t, db: d, clock: clock, hasher: user.NewHasher(user.Cost{Memory: 64, Time: 1, Threads: 1})}
	s.Passage = New(d, keeper, user.NewClaims(s.hasher, s.signIn), []holding.Holding{session.Held{}, Sent{}})
	s.account, s.admin = s.found("Acme")
	s.modules = map[string]id.Module{}
	s.read(func(tx *db.Tx) error {
		all, err := account.ListModules(t.Context(), tx, s.account)
		for _, m := range all {
			s.modules[m.Key] = m.ID
		}
		return err
	})
	return s
}

// signIn is what sign-in does of it: whose address and password are these?
func (s *stage) signIn(ctx context.Context, email, given string) (user.User, error) {
	var u user.User
	if s.proving != nil {
		s.proving()
	}
	to, err := address.Parse(email)
	if err != nil {
		return u, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) (err error) {
		u, err = user.ByEmail(ctx, tx, to.Key)
		return err
	})
	if err != nil && fault.Code(err) != "not_found" {
		return u, err
	}
	right, err := s.hasher.Verify(ctx, u.PasswordHash, given)
	if err == nil && !right {
		err = fault.BadCredentials()
	}
	return u, err
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

func (s *stage) write(fn func(tx *db.Tx) error) {
	s.t.Helper()
	s.must(s.db.Write(s.t.Context(), s.account, fn))
}

// found makes another account and its administrator.
func (s *stage) found(name string) (id.Account, access.Actor) {
	s.t.Helper()
	acc := id.New[id.Account]()
	var admin id.Member
	s.must(s.db.Found(s.t.Context(), acc, func(tx *db.Tx) error {
		a, err := account.Create(s.t.Context(), tx, operator, account.New{ID: acc, Name: name, Preset: "portal"})
		if err != nil {
			return err
		}
		if err := role.Establish(s.t.Context(), tx, a); err != nil {
			return err
		}
		m, err := s.seat(tx, acc, "admin@"+string(acc[len(acc)-6:])+".example", "admin", nil)
		admin = m.ID
		return err
	}))
	return acc, s.actor(acc, admin)
}

// seat makes an active, registered member with an identity of their own.
func (s *stage) seat(tx *db.Tx, acc id.Account, email, role string, modules []id.Module) (member.Member, error) {
	to, err := address.Parse(email)
	if err != nil {
		return member.Member{}, err
	}
	hash, err := s.hasher.Hash(s.t.Context(), password)
	if err != nil {
		return member.Member{}, err
	}
	u, err := user.Create(s.t.Context(), tx, operator, user.New{Email: to, Hash: hash, Locale: "en"})
	if err != nil {
		return member.Member{}, err
	}
	return member.Create(s.t.Context(), tx, operator, member.New{
		Account: acc, Email: to, FirstName: "Ada", LastName: "Admin", Locale: "en", Role: role, Modules: modules, Active: true, User: u.ID,
	})
}

// join makes a member of the stage's account.
func (s *stage) join(email, role string, modules ...string) access.Actor {
	s.t.Helper()
	var m member.Member
	s.write(func(tx *db.Tx) (err error) {
		m, err = s.seat(tx, s.account, email, role, s.moduleIDs(modules...))
		return err
	})
	return s.actor(s.account, m.ID)
}

func (s *stage) moduleIDs(keys ...string) []id.Module {
	var ids []id.Module
	for _, key := range keys {
		ids = append(ids, s.modules[key])
	}
	return ids
}

func (s *stage) actor(acc id.Account, m id.Member) access.Actor {
	s.t.Helper()
	var a access.Actor
	s.read(func(tx *db.Tx) (err error) {
		a, err = member.Actor(s.t.Context(), tx, acc, m)
		return err
	})
	return a
}

// invite invites one address as an administrator and gives the invitation.
func (s *stage) invite(email string) Invitation {
	s.t.Helper()
	return s.inviteBy(s.admin, s.account, email, "admin")
}

func (s *stage) inviteBy(by access.Actor, acc id.Account, email, role string) Invitation {
	s.t.Helper()
	order := Order{Emails: []string{email}, Role: role}
	if role == "user" {
		order.Modules = s.moduleIDs("inbox")
	}
	results, err := s.Invite(s.t.Context(), by, acc, order, nil)
	s.must(err)
	if results[0].Verdict != Invited {
		s.t.Fatalf("the verdict on %s is %s", email, results[0].Verdict)
	}
	return results[0].Invitation.Invitation
}

// letter is the newest mail about an invitation, as the courier would find it.
func (s *stage) newestMail(about id.Invitation, kinds ...outbox.Kind) (kind outbox.Kind, account id.Account, rotation int64) {
	s.t.Helper()
	s.read(func(tx *db.Tx) error {
		return tx.Each(s.t.Context(), `SELECT kind, account_id, rotation FROM outbox WHERE subject_id = $1 ORDER BY mail_id`, []any{string(about)},
			func(scan func(...any) error) error {
				var k outbox.Kind
				var a id.Account
				var r int64
				err := scan((*string)(&k), (*string)(&a), &r)
				for _, wanted := range kinds {
					if k == wanted {
						kind, account, rotation = k, a, r
					}
				}
				return err
			})
	})
	if kind == "" {
		s.t.Fatalf("there is no mail of %v about %s", kinds, about)
	}
	return kind, account, rotation
}

// mailed gives the link of the newest mail about an invitation.
func (s *stage) mailed(about id.Invitation) string {
	s.t.Helper()
	_, acc, rotation := s.newestMail(about, outbox.Invitation, outbox.Welcome, outbox.JoinExisting)
	return s.keeper.Token(secret.Link{Kind: secret.Invitation, Account: acc, ID: string(about), Rotation: rotation})
}

// code gives the code of the newest mail with one.
func (s *stage) code(about id.Invitation) string {
	s.t.Helper()
	_, acc, rotation := s.newestMail(about, outbox.VerificationCode)
	return s.keeper.Code(secret.Link{Kind: secret.InvitationCode, Account: acc, ID: string(about), Rotation: rotation})
}

// now reads an invitation of the stage's account.
func (s *stage) now(invitation id.Invitation) Invitation {
	s.t.Helper()
	var inv Invitation
	s.read(func(tx *db.Tx) (err error) {
		inv, err = Get(s.t.Context(), tx, s.account, invitation)
		return err
	})
	return inv
}

// accept accepts as somebody new.
func (s *stage) accept(token string) (Arrival, error) {
	return s.Accept(s.t.Context(), access.Actor{}, Acceptance{Token: token, Password: password, UserAgent: "Firefox"})
}

// count counts rows of a table of the stage's account.
func (s *stage) count(from string, args ...any) int {
	s.t.Helper()
	var n int
	s.read(func(tx *db.Tx) error {
		return tx.One(s.t.Context(), "SELECT COUNT(*) FROM "+from, args, &n)
	})
	return n
}

// actions lists the events of an account about a subject.
func (s *stage) actions(acc id.Account, subject string) []string {
	s.t.Helper()
	var actions []string
	s.read(func(tx *db.Tx) error {
		return tx.Each(s.t.Context(), `SELECT action, actor_kind FROM events WHERE account_id = $1 AND subject_id = $2 ORDER BY seq`,
			[]any{string(acc), subject}, func(scan func(...any) error) error {
				var action, by string
				err := scan(&action, &by)
				actions = append(actions, action+" by "+by)
				return err
			})
	})
	return actions
}

func wantCode(t testing.TB, err error, code string) {
	t.Helper()
	if fault.Code(err) != code {
		t.Errorf("error %v has code %q; want %q", err, fault.Code(err), code)
	}
}

func wantField(t testing.TB, err error, field, code string) {
	t.Helper()
	f := fault.As(err)
	if f == nil || len(f.Fields) == 0 || f.Fields[0].Field != field || f.Fields[0].Code != code {
		t.Errorf("error %v; want field %s with code %s", err, field, code)
	}
}

func addresses(n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("person%05d@example.com", i)
	}
	return all
}

const ttl = 7 * 24 * time.Hour // of preset portal

// roster is wired to this passage as in the server, and tells what it binds.
func (s *stage) roster(bound func(id.Invitation)) *member.Roster {
	return member.NewRoster(s.db, nil, member.Ways{
		Bind: func(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, m member.Member) error {
			inv, err := s.Bind(ctx, tx, actor, account, m)
			bound(inv)
			return err
		},
		Unbind: Unbind,
	})
}

func mustParse(t testing.TB, email string) address.Address {
	t.Helper()
	to, err := address.Parse(email)
	if err != nil {
		t.Fatal(err)
	}
	return to
}
