// Package member is a user's place in one account: profile, role, grants and
// status. Administrators edit the place, never the identity behind it.
//
// Invariants. An account that ever had one keeps at least one active,
// registered member whose role administers. An address is held by at most one
// member of an account who is not removed. Every change of status, role, grants
// or address raises the member's epoch, which ends or refreshes what hangs on it.
package member

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"tenure/internal/access"
	"tenure/internal/address"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/factor"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/language"
)

// Member is a place.
type Member struct {
	ID          id.Member
	User        id.User // empty until registered
	Email       string  // as written
	EmailKey    string  // as compared
	FirstName   string
	LastName    string
	JobTitle    string
	Phone       string
	Locale      string
	Status      Status
	Role        string
	Modules     []id.Module
	SubAccounts []id.SubAccount
	MFA         bool // the person has a second factor
	// Credits is what is in their wallet, where members are listed; nil where the
	// account has never had any.
	Credits       *int64
	Epoch         int64
	Version       int64
	RegisteredAt  time.Time // zero: the person has not come in yet
	LastSeenAt    time.Time
	CreatedAt     time.Time
	DeactivatedAt time.Time
}

// Name gives the member's name, or their address while there is none. Who was
// erased has neither, and is called by nothing: a screen has its own word for it.
func (m Member) Name() string {
	if name := strings.TrimSpace(m.FirstName + " " + m.LastName); name != "" {
		return name
	}
	return m.Email
}

// Registered reports whether the person behind the place has come in.
func (m Member) Registered() bool { return !m.RegisteredAt.IsZero() }

const columns = `member_id, user_id, email, email_key, first_name, last_name, job_title, phone, locale, status, role_key,
	access_epoch, version, registered_at, last_seen_at, created_at, deactivated_at`

func scanned(scan func(...any) error) (Member, error) {
	m := Member{Modules: []id.Module{}, SubAccounts: []id.SubAccount{}}
	err := scan((*string)(&m.ID), db.Text((*string)(&m.User)), &m.Email, &m.EmailKey, &m.FirstName, &m.LastName, &m.JobTitle, &m.Phone, &m.Locale,
		(*string)(&m.Status), &m.Role, &m.Epoch, &m.Version, db.Time(&m.RegisteredAt), db.Time(&m.LastSeenAt), db.Time(&m.CreatedAt), db.Time(&m.DeactivatedAt))
	if m.LastSeenAt.Equal(never) {
		m.LastSeenAt = time.Time{}
	}
	return m, err
}

// Get reads a member of any status. Faults: not_found.
func Get(ctx context.Context, tx *db.Tx, account id.Account, member id.Member) (Member, error) {
	return one(ctx, tx, account, `member_id = $2`, string(member))
}

// Here reads a member who is still in the account. Faults: not_found.
func Here(ctx context.Context, tx *db.Tx, account id.Account, member id.Member) (Member, error) {
	m, err := Get(ctx, tx, account, member)
	if err == nil && !m.Status.Here() {
		return Member{}, fault.NotFound()
	}
	return m, err
}

// ByEmail reads who holds the address in the account. Faults: not_found.
func ByEmail(ctx context.Context, tx *db.Tx, account id.Account, emailKey string) (Member, error) {
	return one(ctx, tx, account, `email_key = $2 AND status NOT IN ('removed', 'deleted')`, emailKey)
}

// ByUser reads the user's place in the account. Faults: not_found.
func ByUser(ctx context.Context, tx *db.Tx, account id.Account, user id.User) (Member, error) {
	return one(ctx, tx, account, `user_id = $2 AND status NOT IN ('removed', 'deleted')`, string(user))
}

// load reads what of members stands in other tables: grants and second factors.
func load(ctx context.Context, tx *db.Tx, account id.Account, members []Member) error {
	users := []id.User{}
	for _, m := range members {
		if m.User != "" {
			users = append(users, m.User)
		}
	}
	held := map[id.User]bool{}
	if err := tx.Ask(ctx, append(factor.AskHolders(users, held), askGrants(account, members)...)...); err != nil {
		return fmt.Errorf("read what belongs to members: %w", err)
	}
	for i, m := range members {
		members[i].MFA = held[m.User]
	}
	return nil
}

func one(ctx context.Context, tx *db.Tx, account id.Account, where, value string) (Member, error) {
	m, err := scanned(func(dest ...any) error {
		return tx.One(ctx, `SELECT `+columns+` FROM members WHERE account_id = $1 AND `+where, []any{string(account), value}, dest...)
	})
	if errors.Is(err, db.ErrNone) {
		return m, fault.NotFound()
	}
	if err != nil {
		return m, fmt.Errorf("read member: %w", err)
	}
	list := []Member{m}
	if err := load(ctx, tx, account, list); err != nil {
		return m, err
	}
	return list[0], nil
}

// Place is one of a user's places, in any account.
type Place struct {
	Account id.Account
	Member  id.Member
	Status  Status
}

// OfUser lists the places of a user, whatever their status, also removed ones
// that are not purged yet.
func OfUser(ctx context.Context, tx *db.Tx, user id.User) ([]Place, error) {
	places := []Place{}
	err := tx.Each(ctx, `SELECT account_id, member_id, status FROM members WHERE user_id = $1 ORDER BY account_id, member_id`, []any{string(user)},
		func(scan func(...any) error) error {
			var p Place
			err := scan((*string)(&p.Account), (*string)(&p.Member), (*string)(&p.Status))
			places = append(places, p)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("places of user: %w", err)
	}
	return places, nil
}

// Held is who holds an address.
type Held struct {
	ID     id.Member
	Status Status
}

// Emails finds who holds each of the addresses, given by key.
func Emails(ctx context.Context, tx *db.Tx, account id.Account, keys []string) (map[string]Held, error) {
	held := map[string]Held{}
	for len(keys) > 0 {
		n := min(len(keys), 100)
		args := []any{string(account)}
		for _, k := range keys[:n] {
			args = append(args, k)
		}
		err := tx.Each(ctx, `SELECT email_key, member_id, status FROM members WHERE account_id = $1 AND status NOT IN ('removed', 'deleted')
			AND email_key IN (`+db.Params(2, n)+`)`, args, func(scan func(...any) error) error {
			var key string
			var h Held
			err := scan(&key, (*string)(&h.ID), (*string)(&h.Status))
			held[key] = h
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("find addresses: %w", err)
		}
		keys = keys[n:]
	}
	return held, nil
}

// Names gives the name of each member, also of those who left.
func Names(ctx context.Context, tx *db.Tx, account id.Account, ids []id.Member) (map[id.Member]string, error) {
	faces, err := Faces(ctx, tx, account, ids)
	names := make(map[id.Member]string, len(faces))
	for m, f := range faces {
		names[m] = f.Name
	}
	return names, err
}

// Face is what colleagues see of a member whom they share something with.
type Face struct {
	Name   string // empty for who was erased
	Status Status
}

// Faces gives the face of each member, also of those who left.
func Faces(ctx context.Context, tx *db.Tx, account id.Account, ids []id.Member) (map[id.Member]Face, error) {
	faces := map[id.Member]Face{}
	for len(ids) > 0 {
		n := min(len(ids), 100)
		args := []any{string(account)}
		for _, m := range ids[:n] {
			args = append(args, string(m))
		}
		err := tx.Each(ctx, `SELECT member_id, first_name, last_name, email, status FROM members WHERE account_id = $1 AND member_id IN (`+db.Params(2, n)+`)`,
			args, func(scan func(...any) error) error {
				var m Member
				err := scan((*string)(&m.ID), &m.FirstName, &m.LastName, &m.Email, (*string)(&m.Status))
				faces[m.ID] = Face{m.Name(), m.Status}
				return err
			})
		if err != nil {
			return nil, fmt.Errorf("names of members: %w", err)
		}
		ids = ids[n:]
	}
	return faces, nil
}

// New is what a place begins with. Without a user it waits for its person.
type New struct {
	Account     id.Account
	Email       address.Address
	FirstName   string
	LastName    string
	JobTitle    string
	Phone       string
	Locale      string // the nearest there is, or the default
	Role        string
	Modules     []id.Module
	SubAccounts []id.SubAccount
	Active      bool
	User        id.User
}

// Create makes a place. The caller has checked who may give the role, that the
// grants fit it, and that the user has no other place here. Faults: conflict
// email_taken.
func Create(ctx context.Context, tx *db.Tx, actor access.Actor, n New) (Member, error) {
	var holder id.Member
	if err := tx.Ask(ctx, askHolder(n.Account, n.Email.Key, &holder)); err != nil {
		return Member{}, fmt.Errorf("look for who has an address: %w", err)
	}
	if holder != "" {
		return Member{}, EmailTaken()
	}
	return begin(ctx, tx, actor, n)
}

// askHolder asks which member has the address, given as its key.
func askHolder(account id.Account, emailKey string, holder *id.Member) db.Question {
	return db.AskIfThere(`SELECT member_id FROM members WHERE account_id = $1 AND email_key = $2 AND status NOT IN ('removed', 'deleted')`,
		[]any{string(account), emailKey}, (*string)(holder))
}

// begin is Create for an address that is known to be free.
func begin(ctx context.Context, tx *db.Tx, actor access.Actor, n New) (Member, error) {
	m := Member{
		ID: id.New[id.Member](), User: n.User, Email: n.Email.Written, EmailKey: n.Email.Key, FirstName: n.FirstName, LastName: n.LastName,
		JobTitle: n.JobTitle, Phone: n.Phone, Locale: language.Choose(n.Locale), Status: Inactive, Role: n.Role, Modules: n.Modules, SubAccounts: n.SubAccounts,
		Epoch: 1, Version: 1, CreatedAt: tx.Now(),
	}
	if n.Active {
		m.Status = Active
	}
	if n.User != "" {
		m.RegisteredAt = tx.Now()
	}
	err := tx.Promise(ctx, 1, `INSERT INTO members (account_id, member_id, user_id, email, email_key, first_name, last_name, name_key, search_key,
		job_title, phone, locale, status, role_key, registered_at, created_at, last_seen_at, marked)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 0, $17)`, string(n.Account), string(m.ID), db.Null(string(m.User)), m.Email, m.EmailKey, m.FirstName, m.LastName, m.nameKey(), m.searchKey(),
		m.JobTitle, m.Phone, m.Locale, string(m.Status), m.Role, db.Micros(m.RegisteredAt), db.Micros(m.CreatedAt), mark(tx))
	if err != nil {
		return Member{}, fmt.Errorf("create member: %w", err)
	}
	if err := addGrants(ctx, tx, n.Account, m.ID, m.Modules, m.SubAccounts); err != nil {
		return Member{}, err
	}
	changes := append(profileChanges(Member{}, m), audit.Plain("status", nil, string(m.Status)), audit.Plain("role", nil, m.Role))
	changes = append(changes, grantChanges(Member{}, m)...)
	return m, audit.Record(ctx, tx, actor, audit.Event{Action: "member.add", Subject: audit.Of("member", m.ID), Changes: changes})
}

// EmailTaken says that the address belongs to another member of the account.
func EmailTaken() *fault.Fault {
	return fault.Conflict("email_taken", "Somebody in this account has this e-mail address already.")
}

// OwnEmail says that one's own address is not changed as somebody else's: that
// would do without one's password.
func OwnEmail() *fault.Fault {
	return fault.Forbidden("forbidden", "Change your own e-mail address in your profile, with your password.")
}

// Register gives a place to the user who came in for it. Names, where given,
// replace those the place was made with. Faults: not_found, already_accepted.
func Register(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, member id.Member, user id.User, firstName, lastName string) (Member, error) {
	before, err := Here(ctx, tx, account, member)
	if err != nil {
		return Member{}, err
	}
	if before.Registered() {
		return Member{}, fault.Conflict("already_accepted", "This place has been taken already.")
	}
	m := before
	m.User, m.RegisteredAt = user, tx.Now()
	if m.MFA, err = guarded(ctx, tx, user); err != nil {
		return Member{}, err
	}
	if firstName != "" {
		m.FirstName = firstName
	}
	if lastName != "" {
		m.LastName = lastName
	}
	if m, err = save(ctx, tx, account, before, m, true); err != nil {
		return Member{}, err
	}
	return m, audit.Record(ctx, tx, actor, audit.Event{Action: "member.register", Subject: audit.Of("member", m.ID),
		Changes: append(profileChanges(before, m), audit.Plain("user", nil, string(user)))})
}

// guarded reports whether a user has a second factor.
func guarded(ctx context.Context, tx *db.Tx, user id.User) (bool, error) {
	f, err := factor.Get(ctx, tx, user)
	return f.On(), err
}

// save writes a member over what it was before: exactly that version, and with
// a higher epoch where rights may have changed.
func save(ctx context.Context, tx *db.Tx, account id.Account, before, m Member, rights bool) (Member, error) {
	m.Version = before.Version + 1
	if rights {
		m.Epoch = before.Epoch + 1
	}
	err := tx.ExecOne(ctx, `UPDATE members SET user_id = $3, email = $4, email_key = $5, first_name = $6, last_name = $7, name_key = $8, search_key = $9,
		job_title = $10, phone = $11, locale = $12, status = $13, role_key = $14, access_epoch = $15, version = $16, registered_at = $17, deactivated_at = $18, marked = $21
		WHERE account_id = $1 AND member_id = $2 AND version = $19 AND status = $20`,
		string(account), string(m.ID), db.Null(string(m.User)), m.Email, m.EmailKey, m.FirstName, m.LastName, m.nameKey(), m.searchKey(),
		m.JobTitle, m.Phone, m.Locale, string(m.Status), m.Role, m.Epoch, m.Version, db.Micros(m.RegisteredAt), db.Micros(m.DeactivatedAt),
		before.Version, string(before.Status), mark(tx))
	if err != nil {
		return Member{}, fmt.Errorf("save member %s: %w", m.ID, err)
	}
	if rights {
		tx.Stale(string(m.ID))
	}
	return m, nil
}

// mark is what a row is marked with that is written now: higher than whatever
// was committed before was marked with, or the same.
func mark(tx *db.Tx) int64 { return tx.Chain().Seq + 1 }

// The bounds of the keys, in bytes: more than eighty characters of any script
// take. Only characters that stand for whole phrases come to more, and an index
// of PostgreSQL does not.
const (
	mostName   = 640
	mostSearch = 1024
)

func (m Member) nameKey() string { return atMost(mostName, address.SortKey(m.FirstName, m.LastName)) }

func (m Member) searchKey() string {
	return atMost(mostSearch, address.SortKey(m.FirstName, m.LastName, m.EmailKey))
}

// atMost cuts a key between two characters.
func atMost(bytes int, key string) string {
	if len(key) <= bytes {
		return key
	}
	for !utf8.RuneStart(key[bytes]) {
		bytes--
	}
	return key[:bytes]
}

func profileChanges(before, after Member) []audit.Change {
	changes := []audit.Change{}
	for _, c := range []audit.Change{
		audit.Personal("email", before.Email, after.Email), audit.Personal("first_name", before.FirstName, after.FirstName),
		audit.Personal("last_name", before.LastName, after.LastName), audit.Personal("job_title", before.JobTitle, after.JobTitle),
		audit.Personal("phone", before.Phone, after.Phone), audit.Plain("locale", before.Locale, after.Locale),
	} {
		if c.Before != c.After {
			changes = append(changes, c)
		}
	}
	return changes
}

// Seen notes that the member was here. It is no event and takes no lock: it is
// for db.Housekeep.
func Seen(ctx context.Context, tx *db.Tx, account id.Account, member id.Member, at time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE members SET last_seen_at = $3 WHERE account_id = $1 AND member_id = $2 AND last_seen_at < $3`,
		string(account), string(member), db.Micros(at))
	return err
}
