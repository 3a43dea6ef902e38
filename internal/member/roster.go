package member

import (
	"context"
	"fmt"
	"time"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/address"
	"tenure/internal/attempt"
	"tenure/internal/credit"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/holding"
	"tenure/internal/id"
	"tenure/internal/language"
	"tenure/internal/once"
	"tenure/internal/role"
	"tenure/internal/seat"
)

// Ways is what the roster needs of rooms above it.
type Ways struct {
	// Bind makes or renews the invitation that belongs to a member who was added
	// directly, and sends it. Faults: conflict, with the code of what blocks it.
	Bind func(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, m Member) error
	// Unbind looks for whatever invitation is pending for the address, and then
	// closes it.
	Unbind func(actor access.Actor, account id.Account, emailKey string, now time.Time) db.Inquiry
	// Pending asks for the invitation that Unbind would close.
	Pending func(account id.Account, emailKey string, found *id.Invitation) db.Question
	// RequestEmail asks the new mailbox to confirm an address that an
	// administrator wants this place to have, inside the caller's write.
	RequestEmail func(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, m Member, to address.Address) error
}

// Roster is the members of accounts as doors use them.
type Roster struct {
	db       *db.DB
	holdings []holding.Holding
	ways     Ways
	rolls    *rolls
}

// NewRoster makes the roster. The holdings are asked when a role changes.
func NewRoster(d *db.DB, holdings []holding.Holding, ways Ways) *Roster {
	return &Roster{d, holdings, ways, newRolls(mostRolls)}
}

// List gives a page of members. Faults: those of access.Allow with
// members.read; invalid on status, mfa, sort, cursor, limit.
func (r *Roster) List(ctx context.Context, actor access.Actor, account id.Account, f Filter) (members []Member, next string, err error) {
	if err := allowRead(actor, account); err != nil {
		return nil, "", err
	}
	err = r.db.Read(ctx, func(tx *db.Tx) (err error) {
		members, next, err = list(ctx, tx, r.rolls, account, f)
		return err
	})
	return members, next, err
}

// Get reads one member; everybody may read their own place. Faults: those of
// access.Allow with members.read, which members.manage stands for; not_found.
func (r *Roster) Get(ctx context.Context, actor access.Actor, account id.Account, member id.Member) (m Member, err error) {
	if !actor.In(account) || !actor.Is(member) {
		if err := allowRead(actor, account); err != nil {
			return m, err
		}
	}
	err = r.db.Read(ctx, func(tx *db.Tx) (err error) {
		m, err = Here(ctx, tx, account, member)
		return err
	})
	return m, err
}

// Holdings is what a member has of the account: credits and a seat.
type Holdings struct {
	Credits   *int64    // nil where the account has never had any
	SeatSince time.Time // zero: they have none
}

// Holdings says what a member holds; everybody may ask about themselves. Faults:
// as Get.
func (r *Roster) Holdings(ctx context.Context, actor access.Actor, account id.Account, member id.Member) (h Holdings, err error) {
	if !actor.In(account) || !actor.Is(member) {
		if err := allowRead(actor, account); err != nil {
			return h, err
		}
	}
	err = r.db.Read(ctx, func(tx *db.Tx) error {
		m, err := Here(ctx, tx, account, member)
		if err != nil {
			return err
		}
		one := []Member{m}
		if err := loadCredits(ctx, tx, account, one); err != nil {
			return err
		}
		h.Credits = one[0].Credits
		h.SeatSince, err = seat.Since(ctx, tx, account, member)
		return err
	})
	return h, err
}

// loadCredits reads what is in the wallets of members.
func loadCredits(ctx context.Context, tx *db.Tx, account id.Account, members []Member) error {
	ids := make([]id.Member, len(members))
	for i, m := range members {
		ids[i] = m.ID
	}
	held, err := credit.Balances(ctx, tx, account, ids)
	for i, m := range members {
		if credits, there := held[m.ID]; there {
			members[i].Credits = &credits
		}
	}
	return err
}

// Count gives the counts of the tabs. Faults: those of access.Allow with
// members.read, which members.manage stands for.
func (r *Roster) Count(ctx context.Context, actor access.Actor, account id.Account) (c Counts, err error) {
	if err := allowRead(actor, account); err != nil {
		return c, err
	}
	err = r.db.Read(ctx, func(tx *db.Tx) (err error) {
		c, err = countOf(ctx, tx, account)
		return err
	})
	return c, err
}

// allowRead: who may change members may of course see them.
func allowRead(actor access.Actor, account id.Account) error {
	if actor.In(account) && actor.Holds(access.MembersManage) {
		return nil
	}
	return access.Allow(actor, account, access.MembersRead)
}

// Addition is what a person is added with.
type Addition struct {
	FirstName   string
	LastName    string
	Email       string
	JobTitle    string
	Phone       string
	Locale      string // empty: the language of whoever adds
	Role        string // empty: the account's ordinary role
	Modules     []id.Module
	SubAccounts []id.SubAccount
	Active      bool
}

// Add gives a person a place without asking them first. An active place sends
// them the welcome mail; one that is not active stays silent until somebody
// activates it. Whether the address is known elsewhere makes no difference to
// the answer.
//
// Faults: those of access.AllowGrant with members.manage; step_up_required for a
// role that manages anything; invalid; the faults of CheckGrants; conflict
// email_taken, and what holdings block for an active one.
func (r *Roster) Add(ctx context.Context, actor access.Actor, account id.Account, a Addition) (Member, error) {
	if err := access.Allow(actor, account, access.MembersManage); err != nil {
		return Member{}, err
	}
	n, err := a.checked(account)
	if err != nil {
		return Member{}, err
	}
	var m Member
	err = r.db.Write(ctx, account, func(tx *db.Tx) error {
		unbind := r.ways.Unbind(actor, account, n.Email.Key, tx.Now())
		known, err := fitting(ctx, tx, actor, account, a, n.Email, unbind.Questions...)
		if err != nil {
			return err
		}
		if err := access.ProvenToGive(actor, known.role, tx.Now()); err != nil {
			return err
		}
		n.Role, n.Locale = known.role.Key, known.locale
		if err := unbind.Then(ctx, tx); err != nil {
			return err
		}
		if m, err = begin(ctx, tx, actor, n); err != nil {
			return err
		}
		if err := once.Keep(ctx, tx, m.ID); err != nil {
			return err
		}
		if m.Status != Active {
			return nil
		}
		return r.ways.Bind(ctx, tx, actor, account, m)
	})
	return m, err
}

// fitting reads the surroundings of an addition, and whatever else is to be
// asked, and says whether it fits them. Faults: those of Add but what holdings
// block.
func fitting(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, a Addition, to address.Address, also ...db.Question) (surroundings, error) {
	known, err := surrounding(ctx, tx, actor, account, a, to.Key, also)
	if err != nil {
		return known, err
	}
	if err := allowed(ctx, tx, actor, account, a, known.role); err != nil {
		return known, err
	}
	if err := known.policy.Admits(to); err != nil {
		return known, err
	}
	if known.holder != "" {
		return known, EmailTaken()
	}
	return known, nil
}

func (a Addition) checked(account id.Account) (New, error) {
	n := New{Account: account, Modules: a.Modules, SubAccounts: a.SubAccounts, Active: a.Active}
	var err error
	if n.Email, err = address.Parse(a.Email); err != nil {
		return n, err
	}
	for _, f := range []struct {
		name     string
		from     string
		to       *string
		most     int
		required bool
	}{
		{"first_name", a.FirstName, &n.FirstName, 80, true},
		{"last_name", a.LastName, &n.LastName, 80, true},
		{"job_title", a.JobTitle, &n.JobTitle, 120, false},
	} {
		if *f.to, err = text(f.name, f.from, f.most, f.required); err != nil {
			return n, err
		}
	}
	if a.Locale != "" {
		if err := knownLocale(a.Locale); err != nil {
			return n, err
		}
	}
	n.Phone, err = Phone(a.Phone)
	return n, err
}

// LocaleFor gives the language for somebody who is being added or invited: the
// one asked for, or that of the member who does it, else the default.
func LocaleFor(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, asked string) (string, error) {
	if asked != "" || actor.Kind != access.Member {
		return language.Choose(asked), nil
	}
	var own string
	if err := tx.Ask(ctx, askLocale(account, actor.Member, &own)); err != nil {
		return "", fmt.Errorf("read locale: %w", err)
	}
	return language.Choose(own), nil
}

// askLocale asks for the language of a member, if there is one.
func askLocale(account id.Account, member id.Member, locale *string) db.Question {
	return db.AskEach(`SELECT locale FROM members WHERE account_id = $1 AND member_id = $2`, []any{string(account), string(member)},
		func(scan func(...any) error) error { return scan(locale) })
}

// surroundings are what an addition has to fit.
type surroundings struct {
	role   access.Role // that is to be given
	policy account.Policy
	locale string
	holder id.Member // who has the address
}

// surrounding reads the surroundings of an addition, and whatever else is to be
// asked, at once. Faults: invalid on role.
func surrounding(ctx context.Context, tx *db.Tx, actor access.Actor, acc id.Account, a Addition, emailKey string, also []db.Question) (s surroundings, err error) {
	roles := []access.Role{}
	questions := append([]db.Question{role.AskList(acc, &roles), account.AskPolicy(acc, &s.policy), askHolder(acc, emailKey, &s.holder)}, also...)
	if s.locale = a.Locale; a.Locale == "" && actor.Kind == access.Member {
		questions = append(questions, askLocale(acc, actor.Member, &s.locale))
	}
	if err := tx.Ask(ctx, questions...); err != nil {
		return s, fmt.Errorf("read what an addition has to fit: %w", err)
	}
	s.locale = language.Choose(s.locale)
	if a.Role == "" {
		s.role = role.Lowest(roles)
		return s, nil
	}
	s.role, err = role.Among(roles, a.Role)
	return s, err
}

// allowed says whether the actor may give an addition its role and grants, and
// whether they fit. Faults: those of access.AllowGrant and CheckGrants.
func allowed(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, a Addition, given access.Role) error {
	if err := access.AllowGrant(actor, account, access.MembersManage, given); err != nil {
		return err
	}
	if err := access.AllowGrants(actor, a.Modules, a.SubAccounts); err != nil {
		return err
	}
	return CheckGrants(ctx, tx, account, given, a.Modules, a.SubAccounts)
}

// Welcome sends the set-password mail of a member who was added directly once
// more, and vouches for it. Faults: those of AllowGiven; step_up_required for a
// role that manages anything; not_found; conflict already_accepted,
// member_inactive; too_many_attempts; seat_limit where the last one's time is
// over and there is no room for another.
func (r *Roster) Welcome(ctx context.Context, actor access.Actor, account id.Account, member id.Member) (Member, error) {
	if err := access.Allow(actor, account, access.MembersManage); err != nil {
		return Member{}, err
	}
	var m Member
	err := r.db.Write(ctx, account, func(tx *db.Tx) (err error) {
		if m, err = Here(ctx, tx, account, member); err != nil {
			return err
		}
		given, err := AllowGiven(ctx, tx, actor, account, m)
		if err != nil {
			return err
		}
		if err := access.ProvenToGive(actor, given, tx.Now()); err != nil {
			return err
		}
		if m.Registered() {
			return fault.Conflict("already_accepted", "This person has come in already.")
		}
		if m.Status != Active {
			return fault.Conflict("member_inactive", "Activate this person first.")
		}
		if err := attempt.Of("welcome", string(m.ID), attempt.Mails).Add(ctx, tx); err != nil {
			return err
		}
		return r.ways.Bind(ctx, tx, actor, account, m)
	})
	return m, err
}

// under reads a member whom the actor may change.
func (r *Roster) under(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, member id.Member) (Member, error) {
	m, err := Here(ctx, tx, account, member)
	if err != nil {
		return m, err
	}
	held, err := role.Get(ctx, tx, account, m.Role)
	if err != nil {
		return m, err
	}
	return m, access.AllowOver(actor, account, access.MembersManage, held)
}

// AllowGiven says whether the actor may give somebody the place as it is, with
// its role, which it reads, and grants. That is more than to act on who has it: whoever hands a
// place to another mailbox, or opens it again, gives it.
//
// Faults: those of access.AllowGrant with members.manage and of
// access.AllowGrants.
func AllowGiven(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, m Member) (access.Role, error) {
	held, err := role.Get(ctx, tx, account, m.Role)
	if err != nil {
		return held, err
	}
	if err := access.AllowGrant(actor, account, access.MembersManage, held); err != nil {
		return held, err
	}
	return held, access.AllowGrants(actor, m.Modules, m.SubAccounts)
}

// addressable says whether an account's members may have the address.
func addressable(ctx context.Context, tx *db.Tx, acc id.Account, to address.Address) error {
	a, err := account.Get(ctx, tx, acc)
	if err != nil {
		return err
	}
	return a.Policy.Admits(to)
}
