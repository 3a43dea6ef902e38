package api

import (
	"context"
	"net/http"
	"time"

	"tenure/internal/access"
	"tenure/internal/holding"
	"tenure/internal/id"
	"tenure/internal/member"
	"tenure/internal/once"
)

// Member is a person's place in an account.
type Member struct {
	ID            string     `json:"id"`
	UserID        *string    `json:"user_id" doc:"Null until the person has come in."`
	Email         string     `json:"email"`
	FirstName     string     `json:"first_name"`
	LastName      string     `json:"last_name"`
	JobTitle      string     `json:"job_title"`
	Phone         string     `json:"phone"`
	Locale        string     `json:"locale" doc:"The language of mails and screens: a tag, such as en."`
	Status        string     `json:"status" enum:"active,suspended,inactive,removed,deleted"`
	Role          string     `json:"role" doc:"The key of a role."`
	Modules       []string   `json:"modules" doc:"Ids of modules."`
	SubAccounts   []string   `json:"sub_accounts" doc:"Ids of sub-accounts."`
	MFA           bool       `json:"mfa" doc:"Whether they have a second factor."`
	Credits       *int64     `json:"credits,omitempty" doc:"What is in their wallet, where members are listed; absent where the account has never had credits."`
	RegisteredAt  *time.Time `json:"registered_at" doc:"Null until the person has come in."`
	LastSeenAt    *time.Time `json:"last_seen_at" doc:"To the minute; null: never."`
	CreatedAt     time.Time  `json:"created_at"`
	DeactivatedAt *time.Time `json:"deactivated_at" doc:"When their access ended; null while it has not."`
}

// Holdings is what a member has of the account. Which resources they own and
// work on is asked of the resources.
type Holdings struct {
	Credits   *int64     `json:"credits" nullable:"true" doc:"What is in their wallet; null where the account has never had credits."`
	SeatSince *time.Time `json:"seat_since" doc:"Since when a seat is billed for them; null: none is."`
}

// MemberFilter is what the users page narrows and sorts by.
type MemberFilter struct {
	Status     string `query:"status" enum:"active,inactive" doc:"Inactive includes suspended."`
	Role       string `query:"role" maxLength:"40"`
	MFA        string `query:"mfa" enum:"true,false" doc:"Whether they have a second factor."`
	SubAccount string `query:"sub_account" maxLength:"40"`
	Q          string `query:"q" maxLength:"200" doc:"Found in name or address."`
	Sort       string `query:"sort" enum:"name,email,created_at,last_seen_at,credits,-name,-email,-created_at,-last_seen_at,-credits" default:"name" doc:"With a minus sign: descending."`
}

type listMembersInput struct {
	Account string `path:"account"`
	MemberFilter
	Paging
}

type csvInput struct {
	Account string `path:"account"`
	MemberFilter
}

type addMemberInput struct {
	Account string `path:"account"`
	Preview bool   `query:"preview" doc:"Say what it would come to instead, and add nobody."`
	Body    struct {
		FirstName   string   `json:"first_name" maxLength:"80"`
		LastName    string   `json:"last_name" maxLength:"80"`
		Email       string   `json:"email" maxLength:"320"`
		JobTitle    string   `json:"job_title,omitempty" maxLength:"120"`
		Phone       string   `json:"phone,omitempty" maxLength:"40"`
		Locale      string   `json:"locale,omitempty" maxLength:"20" doc:"The language of mails and screens: a tag, such as en."`
		Role        string   `json:"role,omitempty" maxLength:"40" doc:"The role of lowest rank unless named."`
		Modules     []string `json:"modules,omitempty" maxItems:"200" doc:"Ids of modules."`
		SubAccounts []string `json:"sub_accounts,omitempty" maxItems:"1000" doc:"Ids of sub-accounts."`
		Active      bool     `json:"active" doc:"Active: the welcome mail goes out. Not: silence, until somebody activates them."`
	}
}

type memberInput struct {
	Account string `path:"account"`
	Member  string `path:"member"`
}

type patchMemberInput struct {
	IfMatch
	Account string `path:"account"`
	Member  string `path:"member"`
	Preview bool   `query:"preview" doc:"Give the effects instead, and change nothing."`
	Body    struct {
		FirstName   Patch[string]   `json:"first_name,omitzero" maxLength:"80"`
		LastName    Patch[string]   `json:"last_name,omitzero" maxLength:"80"`
		Email       Patch[string]   `json:"email,omitzero" maxLength:"320" doc:"Holds once it is confirmed from the new mailbox."`
		JobTitle    Patch[string]   `json:"job_title,omitzero" nullable:"true" maxLength:"120"`
		Phone       Patch[string]   `json:"phone,omitzero" nullable:"true" maxLength:"40"`
		Locale      Patch[string]   `json:"locale,omitzero" maxLength:"20" doc:"The language of mails and screens: a tag, such as en."`
		Role        Patch[string]   `json:"role,omitzero" maxLength:"40"`
		Modules     Patch[[]string] `json:"modules,omitzero" maxItems:"200" doc:"Ids of modules."`
		SubAccounts Patch[[]string] `json:"sub_accounts,omitzero" maxItems:"1000" doc:"Ids of sub-accounts."`
		SamePerson  bool            `json:"same_person,omitempty" doc:"That it is still the same person, where name and address are both new: without it that is refused with identity_swap."`
	}
}

type patchMembersInput struct {
	Account string `path:"account"`
	Preview bool   `query:"preview" doc:"Give the verdicts and effects instead, and change nobody."`
	Body    struct {
		Members     []string        `json:"members" minItems:"1" maxItems:"1000"`
		Role        Patch[string]   `json:"role,omitzero" maxLength:"40"`
		Modules     Patch[[]string] `json:"modules,omitzero" maxItems:"200" doc:"Ids of modules."`
		SubAccounts Patch[[]string] `json:"sub_accounts,omitzero" maxItems:"1000" doc:"Ids of sub-accounts."`
	}
}

// MemberResults is what became of each member, in the order given.
type MemberResults struct {
	Results []MemberResult `json:"results"`
	Effects []Effect       `json:"effects,omitzero" doc:"With preview: what it would do besides, member by member."`
}

// Prospect is what adding somebody would come to.
type Prospect struct {
	Role    string   `json:"role" doc:"The key of the role they would have."`
	Effects []Effect `json:"effects" doc:"What would follow once they come in. Empty for who is added without being active."`
}

// MemberResult is what became of one member.
type MemberResult struct {
	Member  string `json:"member"`
	Verdict string `json:"verdict" doc:"changed, unchanged, or the code of the refusal." example:"changed"`
	Detail  string `json:"detail,omitempty"`
}

type previewInput struct {
	Account string `path:"account"`
	Member  string `path:"member"`
	Preview bool   `query:"preview" doc:"Give the effects, and change nothing."`
}

// Suspended is a member whose access has ended, with what is still to settle.
type Suspended struct {
	Member    Member `json:"member"`
	Departure Plan   `json:"departure"`
}

// MemberAfter is a member after a change, or with preview what the change would
// do.
type MemberAfter struct {
	Member
	Effects []Effect `json:"effects,omitempty" doc:"What it does besides, or with preview would do."`
}

// members registers the people of an account.
func (d *door) members() {
	const all, one = "/v1/accounts/{account}/members", "/v1/accounts/{account}/members/{member}"
	handle(d, somebody, operation("GET", all, "list-members", "members", "List members"), d.listMembers)
	handle(d, somebody, answeringWith(operation("GET", all+".csv", "export-members", "members", "Export members as CSV"), fileHeaders, csvType), d.exportMembers)
	handleOnce(d, somebody, orWith[Prospect](d, http.StatusOK, "With preview: what it would come to.", answering(http.StatusCreated, operation("POST", all, "add-member", "members", "Add a member directly"))), d.addMember, d.addedMember)
	handle(d, somebody, operation("PATCH", all, "change-members", "members", "Change role and grants of many"), d.changeMembers)
	handle(d, somebody, operation("GET", one, "get-member", "members", "Read a member"), d.getMember)
	handle(d, somebody, operation("GET", one+"/holdings", "get-member-holdings", "members", "Say what a member holds"), d.getHoldings)
	handle(d, somebody, operation("PATCH", one, "change-member", "members", "Change profile, role or grants"), d.changeMember)
	handleOnce(d, somebody, operation("POST", one+"/activate", "activate-member", "members", "Make a member active again"), d.activateMember, d.activatedMember)
	handleOnce(d, somebody, operation("POST", one+"/welcome", "welcome-member", "members", "Send the welcome mail again"), d.welcomeMember, sameAgain(d.getMember))
	handleOnce(d, somebody, operation("POST", one+"/unlock", "unlock-member", "members", "Let somebody sign in again after failures"), d.unlockMember, sameDone[memberInput])
	handleOnce(d, somebody, operation("POST", one+"/suspend", "suspend-member", "members", "End somebody's access now, settle later"), d.suspendMember, d.suspendedMember)
}

func (in MemberFilter) filter() member.Filter {
	return member.Filter{Status: in.Status, Role: in.Role, SubAccount: id.SubAccount(in.SubAccount), MFA: in.MFA, Query: in.Q, Sort: in.Sort}
}

func (d *door) listMembers(ctx context.Context, actor access.Actor, in *listMembersInput) (*out[listOf[Member]], error) {
	f := in.filter()
	f.Cursor, f.Limit = in.Cursor, in.Limit
	members, next, err := d.rooms.Roster.List(ctx, actor, id.Account(in.Account), f)
	if err != nil {
		return nil, err
	}
	return listed(members, next, memberShape), nil
}

func (d *door) addMember(ctx context.Context, actor access.Actor, in *addMemberInput) (*eitherOf[Member, Prospect], error) {
	account, addition := id.Account(in.Account), member.Addition{
		FirstName: in.Body.FirstName, LastName: in.Body.LastName, Email: in.Body.Email, JobTitle: in.Body.JobTitle, Phone: in.Body.Phone,
		Locale: in.Body.Locale, Role: in.Body.Role, Modules: typed[id.Module](in.Body.Modules), SubAccounts: typed[id.SubAccount](in.Body.SubAccounts),
		Active: in.Body.Active,
	}
	if in.Preview {
		role, effects, err := d.rooms.Roster.PreviewAdd(ctx, actor, account, addition)
		if err != nil {
			return nil, err
		}
		return other[Member](http.StatusOK, unversioned(Prospect{role, effectShapes(effects)})), nil
	}
	m, err := d.rooms.Roster.Add(ctx, actor, account, addition)
	if err != nil {
		return nil, err
	}
	return usual[Member, Prospect](http.StatusCreated, versioned(memberShape(m), m.Version)), nil
}

// addedMember gives a member again who was added under the same key.
func (d *door) addedMember(ctx context.Context, actor access.Actor, in *addMemberInput, kept once.Kept) (*eitherOf[Member, Prospect], error) {
	m, err := keptAs[string](kept)
	if err != nil {
		return nil, err
	}
	again, err := d.getMember(ctx, actor, &memberInput{in.Account, m})
	if err != nil {
		return nil, err
	}
	return usual[Member, Prospect](http.StatusCreated, again), nil
}

func (d *door) getMember(ctx context.Context, actor access.Actor, in *memberInput) (*object[Member], error) {
	m, err := d.rooms.Roster.Get(ctx, actor, id.Account(in.Account), id.Member(in.Member))
	if err != nil {
		return nil, err
	}
	return versioned(memberShape(m), m.Version), nil
}

func (d *door) getHoldings(ctx context.Context, actor access.Actor, in *memberInput) (*object[Holdings], error) {
	h, err := d.rooms.Roster.Holdings(ctx, actor, id.Account(in.Account), id.Member(in.Member))
	if err != nil {
		return nil, err
	}
	return unversioned(Holdings{Credits: h.Credits, SeatSince: moment(h.SeatSince)}), nil
}

func (in *patchMemberInput) patch() member.Patch {
	b := in.Body
	return member.Patch{
		FirstName: b.FirstName.Value(), LastName: b.LastName.Value(), Email: b.Email.Value(), JobTitle: b.JobTitle.Value(), Phone: b.Phone.Value(),
		Locale: b.Locale.Value(), Role: b.Role.Value(), Modules: ids[id.Module](b.Modules), SubAccounts: ids[id.SubAccount](b.SubAccounts),
		SamePerson: b.SamePerson,
	}
}

func (d *door) changeMember(ctx context.Context, actor access.Actor, in *patchMemberInput) (*object[MemberAfter], error) {
	account, who := id.Account(in.Account), id.Member(in.Member)
	if in.Preview {
		return d.previewMember(ctx, actor, account, who, in.patch())
	}
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	m, err := d.rooms.Roster.Change(ctx, actor, account, who, in.patch(), version)
	if err != nil {
		return nil, err
	}
	return versioned(MemberAfter{Member: memberShape(m)}, m.Version), nil
}

func (d *door) previewMember(ctx context.Context, actor access.Actor, account id.Account, who id.Member, p member.Patch) (*object[MemberAfter], error) {
	m, effects, err := d.rooms.Roster.Preview(ctx, actor, account, who, p)
	if err != nil {
		return nil, err
	}
	return versioned(MemberAfter{memberShape(m), effectShapes(effects)}, m.Version), nil
}

func (d *door) changeMembers(ctx context.Context, actor access.Actor, in *patchMembersInput) (*out[MemberResults], error) {
	p := member.Patch{Role: in.Body.Role.Value(), Modules: ids[id.Module](in.Body.Modules), SubAccounts: ids[id.SubAccount](in.Body.SubAccounts)}
	account, members := id.Account(in.Account), typed[id.Member](in.Body.Members)
	var verdicts []member.Verdict
	var effects []holding.Effect
	var err error
	if in.Preview {
		verdicts, effects, err = d.rooms.Roster.PreviewMany(ctx, actor, account, members, p)
	} else {
		verdicts, err = d.rooms.Roster.ChangeMany(ctx, actor, account, members, p)
	}
	if err != nil {
		return nil, err
	}
	results := MemberResults{Results: make([]MemberResult, len(verdicts))}
	if in.Preview {
		results.Effects = effectShapes(effects)
	}
	for i, v := range verdicts {
		results.Results[i] = MemberResult{Member: string(v.Member), Verdict: v.Verdict, Detail: v.Detail}
	}
	return body(results), nil
}

func (d *door) activateMember(ctx context.Context, actor access.Actor, in *previewInput) (*object[MemberAfter], error) {
	m, effects, err := d.rooms.Departures.Activate(ctx, actor, id.Account(in.Account), id.Member(in.Member), in.Preview)
	if err != nil {
		return nil, err
	}
	return versioned(MemberAfter{memberShape(m), effectShapes(effects)}, m.Version), nil
}

// activatedMember says again what became of a member under the same key.
func (d *door) activatedMember(ctx context.Context, actor access.Actor, in *previewInput, kept once.Kept) (*object[MemberAfter], error) {
	effects, err := keptAs[[]holding.Effect](kept)
	if err != nil {
		return nil, err
	}
	m, err := d.rooms.Roster.Get(ctx, actor, id.Account(in.Account), id.Member(in.Member))
	if err != nil {
		return nil, err
	}
	return versioned(MemberAfter{memberShape(m), effectShapes(effects)}, m.Version), nil
}

func (d *door) welcomeMember(ctx context.Context, actor access.Actor, in *memberInput) (*object[Member], error) {
	m, err := d.rooms.Roster.Welcome(ctx, actor, id.Account(in.Account), id.Member(in.Member))
	if err != nil {
		return nil, err
	}
	return versioned(memberShape(m), m.Version), nil
}

func (d *door) unlockMember(ctx context.Context, actor access.Actor, in *memberInput) (*done, error) {
	return &done{}, d.rooms.SignIn.Unlock(ctx, actor, id.Account(in.Account), id.Member(in.Member))
}

func (d *door) suspendMember(ctx context.Context, actor access.Actor, in *memberInput) (*object[Suspended], error) {
	m, plan, err := d.rooms.Departures.Suspend(ctx, actor, id.Account(in.Account), id.Member(in.Member))
	if err != nil {
		return nil, err
	}
	return versioned(Suspended{memberShape(m), planShape(plan)}, m.Version), nil
}

// suspendedMember gives a suspension again that was made under the same key.
func (d *door) suspendedMember(ctx context.Context, actor access.Actor, in *memberInput, kept once.Kept) (*object[Suspended], error) {
	departure, err := keptAs[id.Departure](kept)
	if err != nil {
		return nil, err
	}
	m, err := d.rooms.Roster.Get(ctx, actor, id.Account(in.Account), id.Member(in.Member))
	if err != nil {
		return nil, err
	}
	plan, err := d.rooms.Departures.Get(ctx, actor, id.Account(in.Account), departure)
	if err != nil {
		return nil, err
	}
	return versioned(Suspended{memberShape(m), planShape(plan)}, m.Version), nil
}

func memberShape(m member.Member) Member {
	return Member{
		ID: string(m.ID), UserID: filled(string(m.User)), Email: m.Email, FirstName: m.FirstName, LastName: m.LastName,
		JobTitle: m.JobTitle, Phone: m.Phone, Locale: m.Locale, Status: string(m.Status), Role: m.Role,
		Modules: texts(m.Modules), SubAccounts: texts(m.SubAccounts), MFA: m.MFA, Credits: m.Credits, RegisteredAt: moment(m.RegisteredAt),
		LastSeenAt: moment(m.LastSeenAt), CreatedAt: m.CreatedAt, DeactivatedAt: moment(m.DeactivatedAt),
	}
}
