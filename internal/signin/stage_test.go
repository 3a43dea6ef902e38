package signin_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"testing"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/address"
	"tenure/internal/audit"
	"tenure/internal/bearer"
	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/job"
	"tenure/internal/member"
	"tenure/internal/outbox"
	"tenure/internal/role"
	"tenure/internal/secret"
	"tenure/internal/session"
	"tenure/internal/signin"
	"tenure/internal/user"
)

const (
	password = "violet tractor sings early"
	another  = "seven quiet harbours at noon"
	chrome   = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
	firefox  = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"
)

// stage is an account of preset team with an owner, ada, and a member, bo.
type stage struct {
	*signin.Passage
	t        *testing.T
	db       *db.DB
	clock    *dbtest.Clock
	keeper   *secret.Keeper
	hasher   *user.Hasher
	sessions *session.Cache
	account  id.Account
	ada, bo  person
}

// person is a place and the identity behind it.
type person struct {
	account id.Account
	member  id.Member
	user    id.User
	email   string
}

// onStage runs a test on both engines, at a clock that stands still.
func onStage(t *testing.T, fn func(t *testing.T, s *stage)) {
	t.Helper()
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) { fn(t, newStage(t, d, clock)) })
}

func newStage(t *testing.T, d *db.DB, clock *dbtest.Clock) *stage {
	t.Helper()
	keeper, err := secret.NewKeeper([]byte("a master secret of the tests, long enough"))
	must(t, err)
	s := &stage{t: t, db: d, clock: clock, keeper: keeper, hasher: user.NewHasher(user.Cost{Memory: 64, Time: 1, Threads: 1})}
	s.sessions = session.New(d, bearer.NewMemory(d), session.Sources{Actor: member.Actor, Epoch: user.Epoch, Seen: member.Seen, Place: member.AskEpoch, Person: user.AskEpoch}, 1000)
	s.Passage = signin.New(d, keeper, s.hasher, s.sessions, signin.Ways{House: "Tenure"})
	s.ada = s.found("Harbour", "ada@example.com")
	s.account = s.ada.account
	s.bo = s.join(s.account, "bo@example.com", "member")
	return s
}

// found makes an account and its owner.
func (s *stage) found(name, email string) (p person) {
	s.t.Helper()
	acc, hash := id.New[id.Account](), s.hash()
	must(s.t, s.db.Found(s.t.Context(), acc, func(tx *db.Tx) (err error) {
		a, err := account.Create(s.t.Context(), tx, access.BySystem(), account.New{ID: acc, Name: name, Preset: "team"})
		if err != nil {
			return err
		}
		if err := role.Establish(s.t.Context(), tx, a); err != nil {
			return err
		}
		p, err = s.arrive(tx, acc, email, "owner", hash)
		return err
	}))
	return p
}

// join adds a member with an identity.
func (s *stage) join(acc id.Account, email, role string) (p person) {
	s.t.Helper()
	hash := s.hash()
	must(s.t, s.db.Write(s.t.Context(), acc, func(tx *db.Tx) (err error) {
		p, err = s.arrive(tx, acc, email, role, hash)
		return err
	}))
	return p
}

func (s *stage) hash() user.Secret {
	s.t.Helper()
	hash, err := s.hasher.Hash(s.t.Context(), password)
	must(s.t, err)
	return hash
}

func (s *stage) arrive(tx *db.Tx, acc id.Account, email, role string, hash user.Secret) (person, error) {
	ctx, to := s.t.Context(), parsed(s.t, email)
	u, err := user.ByEmail(ctx, tx, to.Key)
	if fault.Code(err) == "not_found" {
		u, err = user.Create(ctx, tx, access.BySystem(), user.New{Email: to, Hash: hash, Locale: "en"})
	}
	if err != nil {
		return person{}, err
	}
	m, err := member.Create(ctx, tx, access.BySystem(), member.New{Account: acc, Email: to, FirstName: "Quirine", LastName: "Doe", Locale: "nl", Role: role, Active: true, User: u.ID})
	return person{acc, m.ID, u.ID, email}, err
}

// added adds an address to an account whose owner has not come in.
func (s *stage) added(acc id.Account, email string) (m id.Member) {
	s.t.Helper()
	must(s.t, s.db.Write(s.t.Context(), acc, func(tx *db.Tx) error {
		one, err := member.Create(s.t.Context(), tx, access.BySystem(), member.New{Account: acc, Email: parsed(s.t, email), FirstName: "Only", LastName: "Added", Role: "member"})
		m = one.ID
		return err
	}))
	return m
}

func parsed(t *testing.T, email string) address.Address {
	t.Helper()
	to, err := address.Parse(email)
	must(t, err)
	return to
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// from is the context of a request of nobody yet, from a device.
func from(ctx context.Context, agent string) context.Context {
	return access.With(ctx, access.Actor{Origin: access.Origin{RequestID: "req-1", IP: "192.0.2.7", UserAgent: agent}})
}

// signIn signs a person in with the password they began with.
func (s *stage) signIn(p person) signin.Arrival {
	s.t.Helper()
	in, err := s.SignIn(from(s.t.Context(), chrome), signin.Credentials{Email: p.email, Password: password, Account: p.account})
	must(s.t, err)
	return in
}

// tries signs in and gives the fault code.
func (s *stage) tries(email, given string) string {
	_, err := s.SignIn(from(s.t.Context(), chrome), signin.Credentials{Email: email, Password: given})
	return fault.Code(err)
}

// actor is who a session is now, as a door has it.
func (s *stage) actor(in signin.Arrival) access.Actor {
	s.t.Helper()
	actor, _, err := s.sessions.Check(s.t.Context(), in.Session.Token)
	must(s.t, err)
	return actor
}

// wants looks whether a session is good.
func (s *stage) wants(in signin.Arrival, code, when string) {
	s.t.Helper()
	if _, _, err := s.sessions.Check(s.t.Context(), in.Session.Token); fault.Code(err) != code {
		s.t.Errorf("%s: got %q, want %q", when, fault.Code(err), code)
	}
}

func wantCode(t *testing.T, err error, code, when string) {
	t.Helper()
	if fault.Code(err) != code {
		t.Errorf("%s: got %v, want %s", when, err, code)
	}
}

// run does the jobs that are due.
func (s *stage) run() {
	s.t.Helper()
	runner := job.NewRunner(s.db, slog.New(slog.NewTextHandler(s.t.Output(), nil)), map[string]job.Handler{
		signin.ForgotJob: s.MailReset, signin.FollowJob: s.Follow, signin.EraseJob: s.EraseUser,
	})
	for {
		n, err := runner.RunDue(s.t.Context())
		must(s.t, err)
		if n == 0 {
			return
		}
	}
}

// letter is a mail as it waits in the outbox.
type letter struct {
	kind  outbox.Kind
	to    string
	link  secret.Link
	facts map[string]string
	lang  string
}

// mailed gives the mails of a kind, the oldest first.
func (s *stage) mailed(kind outbox.Kind) []letter {
	s.t.Helper()
	all := []letter{}
	must(s.t, s.db.Read(s.t.Context(), func(tx *db.Tx) error {
		return tx.Each(s.t.Context(), `SELECT account_id, recipient, locale, subject_id, rotation, facts FROM outbox WHERE kind = $1 ORDER BY mail_id`, []any{string(kind)},
			func(scan func(...any) error) error {
				l := letter{kind: kind}
				var facts string
				if err := scan((*string)(&l.link.Account), &l.to, &l.lang, &l.link.ID, &l.link.Rotation, &facts); err != nil {
					return err
				}
				all = append(all, l)
				return json.Unmarshal([]byte(facts), &all[len(all)-1].facts)
			})
	}))
	return all
}

// token is the one that the newest mail of a kind carries.
func (s *stage) token(kind outbox.Kind, of secret.Kind) string {
	s.t.Helper()
	all := s.mailed(kind)
	if len(all) == 0 {
		s.t.Fatalf("no mail of kind %s", kind)
	}
	link := all[len(all)-1].link
	link.Kind = of
	return s.keeper.Token(link)
}

// Reset sets a new password by a mailed link.
func (s *stage) Reset(ctx context.Context, token, password string) error {
	_, err := s.Passage.Reset(ctx, token, password)
	return err
}

// resetToken asks for a reset link and gives its token.
func (s *stage) resetToken(email string) string {
	s.t.Helper()
	must(s.t, s.Forgot(s.t.Context(), email))
	s.run()
	return s.token(outbox.PasswordReset, secret.Reset)
}

// move makes a move with a member and closes what a departure would close.
func (s *stage) move(p person, move member.Move) {
	s.t.Helper()
	ctx := s.t.Context()
	must(s.t, s.db.Write(ctx, p.account, func(tx *db.Tx) error {
		m, err := member.Get(ctx, tx, p.account, p.member)
		if err != nil {
			return err
		}
		_, err = member.Go(ctx, tx, access.BySystem(), p.account, m, move)
		return err
	}))
}

func (s *stage) member(p person) (m member.Member) {
	s.t.Helper()
	must(s.t, s.db.Read(s.t.Context(), func(tx *db.Tx) (err error) {
		m, err = member.Get(s.t.Context(), tx, p.account, p.member)
		return err
	}))
	return m
}

// verify says that both trails are whole.
func (s *stage) verify(p person) {
	s.t.Helper()
	must(s.t, s.db.Read(s.t.Context(), func(tx *db.Tx) error {
		_, defects, err := audit.Verify(s.t.Context(), tx, p.account)
		if err != nil {
			return err
		}
		_, more, err := audit.VerifyUser(s.t.Context(), tx, p.user)
		if len(defects)+len(more) > 0 {
			s.t.Errorf("trail: %v %v", defects, more)
		}
		return err
	}))
}
