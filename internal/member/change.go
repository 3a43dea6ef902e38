package member

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/address"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/holding"
	"tenure/internal/id"
	"tenure/internal/language"
	"tenure/internal/outbox"
	"tenure/internal/role"
)

// Patch is what may change of a place; nil leaves it.
type Patch struct {
	FirstName   *string
	LastName    *string
	JobTitle    *string
	Phone       *string
	Locale      *string
	Email       *string // asked of the new mailbox; the place keeps the old one until it answers
	Role        *string
	Modules     *[]id.Module
	SubAccounts *[]id.SubAccount
	SamePerson  bool // that it is still the same person, with another name and another address
}

func (p Patch) rights() bool { return p.Role != nil || p.Modules != nil || p.SubAccounts != nil }

// Change edits a place: profile, role, grants. It holds from the member's next
// request. ifVersion, when not 0, is the version the caller read. It is changed
// altogether or, with a fault, not at all.
//
// Faults: forbidden, also for one's own address; rank_exceeded, with an address
// also for a place that one could not give; not_found, stale, invalid;
// step_up_required for role and address; the faults of CheckGrants; conflict
// last_owner, identity_swap, and what holdings block; with an address also
// email_taken, not_registered, member_inactive, too_many_attempts.
func (r *Roster) Change(ctx context.Context, actor access.Actor, account id.Account, member id.Member, p Patch, ifVersion int64) (Member, error) {
	if err := access.Allow(actor, account, access.MembersManage); err != nil {
		return Member{}, err
	}
	var to address.Address
	if p.Email != nil {
		var err error
		if to, err = address.Parse(*p.Email); err != nil {
			return Member{}, err
		}
	}
	var m Member
	err := r.db.Write(ctx, account, func(tx *db.Tx) (err error) {
		m, err = r.change(ctx, tx, actor, account, member, p, ifVersion)
		if err != nil || p.Email == nil || to.Key == m.EmailKey {
			return err
		}
		if _, err := AllowGiven(ctx, tx, actor, account, m); err != nil {
			return err
		}
		if actor.Member == m.ID {
			return OwnEmail()
		}
		if err := access.Proven(actor, tx.Now()); err != nil {
			return err
		}
		if err := r.freeAddress(ctx, tx, account, to); err != nil {
			return err
		}
		return r.ways.RequestEmail(ctx, tx, actor, account, m, to)
	})
	return m, err
}

// freeAddress says whether a place of the account may take the address.
func (r *Roster) freeAddress(ctx context.Context, tx *db.Tx, account id.Account, to address.Address) error {
	if err := addressable(ctx, tx, account, to); err != nil {
		return err
	}
	_, err := ByEmail(ctx, tx, account, to.Key)
	if err == nil {
		return EmailTaken()
	}
	if fault.Code(err) == "not_found" {
		return nil
	}
	return err
}

// Regrade is Change for whoever is in a write already: role and grants only.
func (r *Roster) Regrade(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, member id.Member, p Patch) (Member, error) {
	return r.change(ctx, tx, actor, account, member, Patch{Role: p.Role, Modules: p.Modules, SubAccounts: p.SubAccounts}, 0)
}

// change is one member's change inside a write.
func (r *Roster) change(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, member id.Member, p Patch, ifVersion int64) (Member, error) {
	before, err := r.under(ctx, tx, actor, account, member)
	if err != nil {
		return Member{}, err
	}
	if ifVersion != 0 && ifVersion != before.Version {
		return Member{}, fault.Stale()
	}
	m, err := before.with(p)
	if err != nil {
		return Member{}, err
	}
	if err := samePerson(ctx, tx, actor, account, before, m, p); err != nil {
		return Member{}, err
	}
	var c holding.Case
	if p.rights() {
		if m, err = m.shed(ctx, tx, account, p); err != nil {
			return Member{}, err
		}
		if c, _, err = r.regrade(ctx, tx, actor, account, before, m, ahead{}); err != nil {
			return Member{}, err
		}
	}
	changes := profileChanges(before, m)
	if before.Role != m.Role {
		changes = append(changes, audit.Plain("role", before.Role, m.Role))
	}
	changes = append(changes, grantChanges(before, m)...)
	if len(changes) == 0 {
		if p.rights() {
			tx.Stale(string(before.ID)) // who has just made the same change may wait for other nodes still
		}
		return before, nil
	}
	return r.write(ctx, tx, actor, account, before, m, c, changes)
}

func (r *Roster) write(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, before, m Member, c holding.Case, changes []audit.Change) (Member, error) {
	if before.Role != m.Role {
		if err := access.Proven(actor, tx.Now()); err != nil {
			return Member{}, err
		}
	}
	granted := len(grantChanges(before, m)) > 0
	m, err := save(ctx, tx, account, before, m, granted || before.Role != m.Role)
	if err != nil {
		return Member{}, err
	}
	if granted {
		if err := putGrants(ctx, tx, account, m.ID, m.Modules, m.SubAccounts); err != nil {
			return Member{}, err
		}
	}
	if before.Role != m.Role {
		for _, h := range r.holdings {
			if _, err := h.Apply(ctx, tx, c); err != nil {
				return Member{}, fmt.Errorf("regrade %s: %w", h.Name(), err)
			}
		}
		if err := KeepOwner(ctx, tx, account, before); err != nil {
			return Member{}, err
		}
		if err := tellRole(ctx, tx, actor, account, m, c.To); err != nil {
			return Member{}, err
		}
	}
	if err := audit.Record(ctx, tx, actor, audit.Event{Action: "member.update", Subject: audit.Of("member", m.ID), Changes: changes}); err != nil {
		return Member{}, err
	}
	return m, nil
}

// ahead is what the changes of one call that come before this one would have
// done already, where none of them is written: how many owners there would be
// fewer, and how much room less.
type ahead struct {
	owners int
	room   int64
}

// regrade checks a change of role or grants and asks the holdings about it.
func (r *Roster) regrade(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, before, m Member, first ahead) (c holding.Case, found holding.Finding, err error) {
	from, err := role.Get(ctx, tx, account, before.Role)
	if err != nil {
		return c, found, err
	}
	to, err := role.Get(ctx, tx, account, m.Role)
	if err != nil {
		return c, found, err
	}
	c = holding.Case{Kind: holding.Regrade, Account: account, Member: m.ID, From: from, To: to, At: tx.Now(), Actor: actor, Taken: first.room}
	if before.Role != m.Role {
		if err := access.AllowGrant(actor, account, access.MembersManage, to); err != nil {
			return c, found, err
		}
	}
	if actor.Member == m.ID {
		if err := access.AllowOwnRole(from, to); err != nil {
			return c, found, err
		}
	}
	if err := access.AllowGrants(actor, added(before.Modules, m.Modules), added(before.SubAccounts, m.SubAccounts)); err != nil {
		return c, found, err
	}
	if err := CheckGrants(ctx, tx, account, to, m.Modules, m.SubAccounts); err != nil {
		return c, found, err
	}
	if before.Role == m.Role {
		return c, found, nil
	}
	if before.Owns(from) && !m.Owns(to) {
		owners, err := Owners(ctx, tx, account)
		if err != nil {
			return c, found, err
		}
		if owners-first.owners <= 1 {
			return c, found, lastOwner()
		}
	}
	if found, err = holding.Survey(ctx, tx, r.holdings, c); err != nil {
		return c, found, err
	}
	return c, found, found.Refusal()
}

// shed drops the chosen modules of somebody whose new role has its modules
// without choosing, unless the patch says which it wants.
func (m Member) shed(ctx context.Context, tx *db.Tx, account id.Account, p Patch) (Member, error) {
	if p.Role == nil || p.Modules != nil {
		return m, nil
	}
	to, err := role.Get(ctx, tx, account, m.Role)
	if err == nil && !to.Chooses() {
		m.Modules = []id.Module{}
	}
	return m, err
}

// added gives what is in the second list and not in the first.
func added[T comparable](before, after []T) []T {
	fresh := []T{}
	for _, v := range after {
		if !slices.Contains(before, v) {
			fresh = append(fresh, v)
		}
	}
	return fresh
}

// Verdict is what became of one member of many.
type Verdict struct {
	Member  id.Member
	Verdict string // changed, unchanged, or the code of the fault
	Detail  string
}

// The verdicts that are no faults.
const (
	changed   = "changed"
	unchanged = "unchanged"
)

// refused makes a fault the verdict. Any other error is given back.
func (v *Verdict) refused(err error) error {
	f := fault.As(err)
	if f == nil {
		return err
	}
	v.Verdict, v.Detail = f.Code, f.Message
	return nil
}

// ChangeMany gives the same role or grants to several members. Each is a change
// of its own: one that is refused holds up no other. Faults: forbidden, invalid,
// step_up_required for a role.
func (r *Roster) ChangeMany(ctx context.Context, actor access.Actor, account id.Account, members []id.Member, p Patch) ([]Verdict, error) {
	if err := allowMany(actor, account, members, p); err != nil {
		return nil, err
	}
	if p.Role != nil { // asked once for all of them
		if err := access.Proven(actor, r.db.Now()); err != nil {
			return nil, err
		}
	}
	verdicts := make([]Verdict, 0, len(members))
	for _, m := range members {
		verdict := Verdict{Member: m, Verdict: changed}
		err := r.db.Write(ctx, account, func(tx *db.Tx) error {
			seq := tx.Chain().Seq
			_, err := r.change(ctx, tx, actor, account, m, p, 0)
			if err == nil && tx.Chain().Seq == seq {
				verdict.Verdict = unchanged
			}
			return err
		})
		if err := verdict.refused(err); err != nil {
			return nil, err
		}
		verdicts = append(verdicts, verdict)
	}
	return verdicts, nil
}

func allowMany(actor access.Actor, account id.Account, members []id.Member, p Patch) error {
	if err := access.Allow(actor, account, access.MembersManage); err != nil {
		return err
	}
	if len(members) == 0 || len(members) > 1000 {
		return fault.Invalid("members", "out_of_range", "Between 1 and 1,000 members.")
	}
	if !p.rights() {
		return fault.Invalid("role", "required", "Say what to change: role, modules or sub_accounts.")
	}
	return nil
}

// with gives the member with the patch in place, its texts checked.
func (m Member) with(p Patch) (Member, error) {
	var err error
	for _, f := range []struct {
		name     string
		from     *string
		to       *string
		most     int
		required bool
	}{
		{"first_name", p.FirstName, &m.FirstName, 80, true},
		{"last_name", p.LastName, &m.LastName, 80, true},
		{"job_title", p.JobTitle, &m.JobTitle, 120, false},
	} {
		if f.from == nil {
			continue
		}
		if *f.to, err = text(f.name, *f.from, f.most, f.required); err != nil {
			return m, err
		}
	}
	if p.Locale != nil {
		if err = knownLocale(*p.Locale); err != nil {
			return m, err
		}
		m.Locale = *p.Locale
	}
	if p.Phone != nil {
		if m.Phone, err = Phone(*p.Phone); err != nil {
			return m, err
		}
	}
	if p.Role != nil {
		m.Role = *p.Role
	}
	if p.Modules != nil {
		m.Modules = *p.Modules
	}
	if p.SubAccounts != nil {
		m.SubAccounts = *p.SubAccounts
	}
	return m, nil
}

// EditProfile writes a person's own profile: names, job title, phone, locale.
// Nothing else of the patch is looked at. Faults: not_found, invalid.
func EditProfile(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, member id.Member, p Patch) (Member, error) {
	before, err := Here(ctx, tx, account, member)
	if err != nil {
		return Member{}, err
	}
	m, err := before.with(Patch{FirstName: p.FirstName, LastName: p.LastName, JobTitle: p.JobTitle, Phone: p.Phone, Locale: p.Locale})
	if err != nil {
		return Member{}, err
	}
	changes := profileChanges(before, m)
	if len(changes) == 0 {
		return before, nil
	}
	if m, err = save(ctx, tx, account, before, m, false); err != nil {
		return Member{}, err
	}
	return m, audit.Record(ctx, tx, actor, audit.Event{Action: "member.update", Subject: audit.Of("member", m.ID), Changes: changes})
}

// tellRole writes the mail that says what the member may do from now on.
func tellRole(ctx context.Context, tx *db.Tx, by access.Actor, acc id.Account, m Member, to access.Role) error {
	if m.Status != Active || !m.Registered() {
		return nil
	}
	in, err := account.Get(ctx, tx, acc)
	if err != nil {
		return err
	}
	names, err := Names(ctx, tx, acc, []id.Member{by.Member})
	if err != nil {
		return err
	}
	_, err = outbox.Add(ctx, tx, outbox.Mail{Account: acc, Kind: outbox.RoleChanged, To: m.Email, Locale: m.Locale, Subject: string(m.ID),
		Facts: map[string]string{"account": in.Name, "accent": in.Accent, "name": m.FirstName, "role": to.Name, "by": names[by.Member]}})
	return err
}

// text checks a line of human text.
func text(field, s string, most int, required bool) (string, error) {
	if strings.TrimSpace(s) == "" {
		if required {
			return "", fault.Invalid(field, "required", "This is required.")
		}
		return "", nil
	}
	return address.Text(field, s, most)
}

// knownLocale says whether there is such a language. Faults: invalid on field
// locale.
func knownLocale(tag string) error {
	if !language.Known(tag) {
		return fault.Invalid("locale", "unknown", "There is no such language here.")
	}
	return nil
}

// Phone checks a telephone number as people write it: digits, with an optional
// plus in front (ITU-T E.164 allows fifteen), spaces, dots, dashes and brackets
// between. Empty is no number. Faults: invalid on field phone.
func Phone(s string) (string, error) {
	s, err := text("phone", s, 40, false)
	if err != nil || s == "" {
		return "", err
	}
	digits := 0
	for i, c := range s {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c == '+' && i == 0, strings.ContainsRune(" .-()/", c):
		default:
			return "", errPhone()
		}
	}
	if digits < 5 || digits > 15 {
		return "", errPhone()
	}
	return s, nil
}

func errPhone() error {
	return fault.Invalid("phone", "invalid", "A telephone number has 5 to 15 digits.")
}
