package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/founding"
	"tenure/internal/id"
	"tenure/internal/once"
)

// Account is a customer company.
type Account struct {
	ID        string    `json:"id" example:"acc_06f3k2t9d5r7v8w1x2y3z4a5b6"`
	Name      string    `json:"name" example:"Blue Harbour"`
	Preset    Preset    `json:"preset"`
	Policy    Policy    `json:"policy"`
	Logo      string    `json:"logo" doc:"A data: URL of a small picture, or empty."`
	Accent    string    `json:"accent" doc:"#rrggbb, or empty for the default."`
	CreatedAt time.Time `json:"created_at"`
}

// Preset is the name of a preset.
type Preset string

// Schema names the presets there are.
func (Preset) Schema(huma.Registry) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString}
	for _, p := range account.Presets() {
		s.Enum = append(s.Enum, p.Name)
	}
	return s
}

// Policy is what an account has decided about its members. Lengths of time are
// in seconds.
type Policy struct {
	InvitationTTL     int64    `json:"invitation_ttl" doc:"How long a mailed link holds."`
	AddDirectly       bool     `json:"add_directly" doc:"Members are added by a form rather than invited."`
	DepartureKinds    []string `json:"departure_kinds" enum:"deactivate,remove,delete"`
	CreditsMustBeZero bool     `json:"credits_must_be_zero" doc:"Before somebody is deactivated."`
	PhoneRequired     bool     `json:"phone_required" doc:"Before somebody is deactivated."`
	AccessEnds        string   `json:"access_ends" enum:"apply,confirm"`
	UndoWindow        int64    `json:"undo_window" doc:"How long a departure can be undone."`
	MFA               string   `json:"mfa" enum:"optional,required" doc:"Required: who has no second factor may only set one up."`
	SessionIdle       *int64   `json:"session_idle" doc:"Null: 30 minutes for who administers, 30 days for others."`
	SessionAbsolute   *int64   `json:"session_absolute" doc:"Null: 12 hours for who administers, 30 days for others."`
	DisposableAllowed bool     `json:"disposable_allowed" doc:"Throw-away addresses may be invited too."`
	EmailDomains      []string `json:"email_domains" doc:"When there are any, only these may be invited."`
}

// PolicyPatch is a merge-patch of a policy.
type PolicyPatch struct {
	InvitationTTL     Patch[account.Seconds] `json:"invitation_ttl,omitzero" doc:"How long a mailed invitation works, in seconds."`
	AddDirectly       Patch[bool]            `json:"add_directly,omitzero" doc:"Whether the screens offer a form instead of an invitation."`
	DepartureKinds    Patch[[]string]        `json:"departure_kinds,omitzero" enum:"deactivate,remove,delete" maxItems:"3"`
	CreditsMustBeZero Patch[bool]            `json:"credits_must_be_zero,omitzero"`
	PhoneRequired     Patch[bool]            `json:"phone_required,omitzero"`
	AccessEnds        Patch[string]          `json:"access_ends,omitzero" enum:"apply,confirm"`
	UndoWindow        Patch[account.Seconds] `json:"undo_window,omitzero" doc:"How long a departure can be undone, in seconds."`
	MFA               Patch[string]          `json:"mfa,omitzero" enum:"optional,required"`
	SessionIdle       Patch[account.Seconds] `json:"session_idle,omitzero" nullable:"true" doc:"In seconds; null: 30 minutes for who administers, 30 days for others."`
	SessionAbsolute   Patch[account.Seconds] `json:"session_absolute,omitzero" nullable:"true" doc:"In seconds; null: 12 hours for who administers, 30 days for others."`
	DisposableAllowed Patch[bool]            `json:"disposable_allowed,omitzero" doc:"Whether throw-away addresses may be invited."`
	EmailDomains      Patch[[]string]        `json:"email_domains,omitzero" maxItems:"200" doc:"When not empty, only addresses of these domains."`
}

// Overview is what the tabs of the users page count.
type Overview struct {
	Active     int64  `json:"active"`
	Inactive   int64  `json:"inactive" doc:"Suspended members included."`
	Suspended  int64  `json:"suspended" doc:"Their departure is still to settle."`
	Pending    int64  `json:"pending" doc:"Invitations that wait and have not expired."`
	WithoutMFA int64  `json:"without_mfa" doc:"Active members without a second factor."`
	Seats      *Seats `json:"seats,omitempty" doc:"For who brings people in or pays for them; absent while the account has no plan."`
	Credits    *int64 `json:"credits,omitempty" doc:"Credits that are not spent, for who manages them; absent where there have never been any."`
}

type pageInput struct {
	Paging
}

type accountInput struct {
	Account string `path:"account"`
}

// portionInput asks for a short list of an account.
type portionInput struct {
	Account string `path:"account"`
	Portion
}

// FirstOwner is who is invited to own a new account.
type FirstOwner struct {
	Email     string `json:"email" maxLength:"320"`
	FirstName string `json:"first_name" maxLength:"80"`
	LastName  string `json:"last_name" maxLength:"80"`
}

type newAccountInput struct {
	Body struct {
		Name   string     `json:"name" maxLength:"120"`
		Preset Preset     `json:"preset"`
		Owner  FirstOwner `json:"owner"`
		Locale string     `json:"locale,omitempty" maxLength:"20" doc:"The language of the invitation."`
	}
}

// Founded is an account that the operator made: nobody is in it until the
// owner accepts.
type Founded struct {
	Account    Account    `json:"account"`
	Owner      Member     `json:"owner"`
	Invitation Invitation `json:"invitation"`
}

type ownerInput struct {
	Account string `path:"account"`
	Body    struct {
		Email  string `json:"email,omitempty" maxLength:"320" doc:"Invites this address as an owner."`
		Member string `json:"member,omitempty" maxLength:"40" doc:"Promotes this member."`
		Reason string `json:"reason" minLength:"1" maxLength:"500" doc:"Why, for the trail."`
	}
}

// NewOwner is who was promoted, or the invitation that was sent.
type NewOwner struct {
	Member     *Member     `json:"member,omitempty"`
	Invitation *Invitation `json:"invitation,omitempty"`
}

type patchAccountInput struct {
	IfMatch
	Account string `path:"account"`
	Body    struct {
		Name   Patch[string]      `json:"name,omitzero" maxLength:"120"`
		Logo   Patch[string]      `json:"logo,omitzero" nullable:"true" maxLength:"100000" doc:"A data: URL of a picture; empty: none."`
		Accent Patch[string]      `json:"accent,omitzero" nullable:"true" maxLength:"7" doc:"As #rrggbb; empty: the usual one."`
		Policy Patch[PolicyPatch] `json:"policy,omitzero"`
	}
}

// accounts registers what is about an account as a whole.
func (d *door) accounts() {
	handleOnce(d, operatorOnly, answering(http.StatusCreated, operation("POST", "/v1/accounts", "create-account", "accounts", "Create an account and invite its owner")), d.createAccount, d.createdAccount)
	handle(d, operatorOnly, operation("GET", "/v1/accounts", "list-accounts", "accounts", "List accounts"), d.listAccounts)
	handle(d, somebody, operation("GET", "/v1/accounts/{account}", "get-account", "accounts", "Read an account"), d.getAccount)
	handle(d, somebody, operation("PATCH", "/v1/accounts/{account}", "change-account", "accounts", "Change name, looks or policy"), d.changeAccount)
	handleOnce(d, operatorOnly, operation("POST", "/v1/accounts/{account}/owners", "add-owner", "accounts", "Give an account an owner"), d.addOwner, d.addedOwner)
	handle(d, somebody, operation("GET", "/v1/accounts/{account}/overview", "get-overview", "accounts", "Count what the tabs show"), d.overview)
}

func (d *door) createAccount(ctx context.Context, actor access.Actor, in *newAccountInput) (*object[Founded], error) {
	founded, err := d.rooms.Founding.Create(ctx, actor, founding.Order{
		Name: in.Body.Name, Preset: string(in.Body.Preset), Email: in.Body.Owner.Email, FirstName: in.Body.Owner.FirstName,
		LastName: in.Body.Owner.LastName, Locale: in.Body.Locale,
	})
	if err != nil {
		return nil, err
	}
	return d.founded(ctx, actor, founded)
}

// createdAccount gives an account again that was made under the same key.
func (d *door) createdAccount(ctx context.Context, actor access.Actor, _ *newAccountInput, kept once.Kept) (*object[Founded], error) {
	made, err := keptAs[founding.Made](kept)
	if err != nil {
		return nil, err
	}
	founded, err := d.rooms.Founding.Founded(ctx, actor, made)
	if err != nil {
		return nil, err
	}
	return d.founded(ctx, actor, founded)
}

// founded is the answer for an account that has begun. The invitation is read from
// its own passage.
func (d *door) founded(ctx context.Context, actor access.Actor, f founding.Founded) (*object[Founded], error) {
	inv, err := d.rooms.Invitations.Get(ctx, actor, f.Account.ID, f.Invitation)
	if err != nil {
		return nil, err
	}
	return versioned(Founded{accountShape(f.Account), memberShape(f.Owner), invitationShape(inv)}, f.Account.Version), nil
}

func (d *door) addOwner(ctx context.Context, actor access.Actor, in *ownerInput) (*object[NewOwner], error) {
	acc := id.Account(in.Account)
	added, err := d.rooms.Founding.AddOwner(ctx, actor, acc, founding.Successor{Email: in.Body.Email, Member: id.Member(in.Body.Member), Reason: in.Body.Reason})
	if err != nil {
		return nil, err
	}
	return d.newOwner(ctx, actor, acc, added)
}

// addedOwner gives an owner again who was added under the same key.
func (d *door) addedOwner(ctx context.Context, actor access.Actor, in *ownerInput, kept once.Kept) (*object[NewOwner], error) {
	made, err := keptAs[founding.Made](kept)
	if err != nil {
		return nil, err
	}
	added, err := d.rooms.Founding.Owner(ctx, actor, made)
	if err != nil {
		return nil, err
	}
	return d.newOwner(ctx, actor, id.Account(in.Account), added)
}

// newOwner is the answer for an owner who was added. The invitation is read from
// its own passage.
func (d *door) newOwner(ctx context.Context, actor access.Actor, acc id.Account, added founding.NewOwner) (*object[NewOwner], error) {
	var n NewOwner
	if added.Member != nil {
		shape := memberShape(*added.Member)
		n.Member = &shape
	}
	if added.Invitation != "" {
		inv, err := d.rooms.Invitations.Get(ctx, actor, acc, added.Invitation)
		if err != nil {
			return nil, err
		}
		shape := invitationShape(inv)
		n.Invitation = &shape
	}
	return unversioned(n), nil
}

func (d *door) listAccounts(ctx context.Context, actor access.Actor, in *pageInput) (*out[listOf[Account]], error) {
	accounts, next, err := d.rooms.Accounts.List(ctx, actor, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	return listed(accounts, next, accountShape), nil
}

func (d *door) getAccount(ctx context.Context, actor access.Actor, in *accountInput) (*object[Account], error) {
	a, err := d.rooms.Accounts.Get(ctx, actor, id.Account(in.Account))
	if err != nil {
		return nil, err
	}
	return versioned(accountShape(a), a.Version), nil
}

func (d *door) changeAccount(ctx context.Context, actor access.Actor, in *patchAccountInput) (*object[Account], error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	p := account.Patch{Name: in.Body.Name.Value(), Logo: in.Body.Logo.Value(), Accent: in.Body.Accent.Value()}
	if policy := in.Body.Policy.Value(); policy != nil {
		p.Policy = policy.onto
	}
	a, err := d.rooms.Accounts.Update(ctx, actor, id.Account(in.Account), p, version)
	if err != nil {
		return nil, err
	}
	return versioned(accountShape(a), a.Version), nil
}

// onto gives a policy with the patch in place. Where the limits of a session are
// null, the defaults hold.
func (p PolicyPatch) onto(to account.Policy) account.Policy {
	set(&to.InvitationTTL, p.InvitationTTL)
	set(&to.AddDirectly, p.AddDirectly)
	set(&to.DepartureKinds, p.DepartureKinds)
	set(&to.CreditsMustBeZero, p.CreditsMustBeZero)
	set(&to.PhoneRequired, p.PhoneRequired)
	set(&to.AccessEnds, p.AccessEnds)
	set(&to.UndoWindow, p.UndoWindow)
	set(&to.MFA, p.MFA)
	set(&to.DisposableAllowed, p.DisposableAllowed)
	set(&to.EmailDomains, p.EmailDomains)
	if p.SessionIdle.given {
		to.SessionIdle = p.SessionIdle.orNull()
	}
	if p.SessionAbsolute.given {
		to.SessionAbsolute = p.SessionAbsolute.orNull()
	}
	return to
}

func (d *door) overview(ctx context.Context, actor access.Actor, in *accountInput) (*object[Overview], error) {
	o, err := d.rooms.Overview(ctx, actor, id.Account(in.Account))
	if err != nil {
		return nil, err
	}
	return unversioned(o), nil
}

func accountShape(a account.Account) Account {
	return Account{
		ID: string(a.ID), Name: a.Name, Preset: Preset(a.Preset), Policy: policyShape(a.Policy),
		Logo: a.Logo, Accent: a.Accent, CreatedAt: a.CreatedAt,
	}
}

func policyShape(p account.Policy) Policy {
	return Policy{
		InvitationTTL: int64(p.InvitationTTL), AddDirectly: p.AddDirectly, DepartureKinds: p.DepartureKinds,
		CreditsMustBeZero: p.CreditsMustBeZero, PhoneRequired: p.PhoneRequired, AccessEnds: p.AccessEnds,
		UndoWindow: int64(p.UndoWindow), MFA: p.MFA, SessionIdle: (*int64)(p.SessionIdle),
		SessionAbsolute: (*int64)(p.SessionAbsolute), DisposableAllowed: p.DisposableAllowed, EmailDomains: p.EmailDomains,
	}
}
