package api

import (
	"context"
	"net/http"
	"time"

	"tenure/internal/access"
	"tenure/internal/holding"
	"tenure/internal/id"
	"tenure/internal/invitation"
	"tenure/internal/once"
	"tenure/internal/signin"
)

// Invitation is an offer of a place to an address.
type Invitation struct {
	ID          string     `json:"id"`
	Email       string     `json:"email"`
	Role        string     `json:"role" doc:"The key of a role."`
	Modules     []string   `json:"modules" doc:"Ids of modules."`
	SubAccounts []string   `json:"sub_accounts" doc:"Ids of sub-accounts."`
	Status      string     `json:"status" enum:"pending,accepted,declined,withdrawn,expired"`
	InvitedBy   Actor      `json:"invited_by"`
	Message     string     `json:"message"`
	Locale      string     `json:"locale" doc:"The language of mails and screens: a tag, such as en."`
	SentAt      time.Time  `json:"sent_at"`
	ExpiresAt   time.Time  `json:"expires_at"`
	CreatedAt   time.Time  `json:"created_at"`
	ClosedAt    *time.Time `json:"closed_at" doc:"When it was accepted, declined or withdrawn."`
	Mail        string     `json:"mail" enum:"queued,sent,failed" doc:"How far its newest mail has come."`
	MailReason  string     `json:"mail_reason,omitempty" doc:"What the mail server said."`
	Member      string     `json:"member,omitempty" doc:"The member it is for, or was accepted as."`
}

// Actor is who did something.
type Actor struct {
	Kind string `json:"kind" enum:"member,key,operator,system"`
	ID   string `json:"id"`
	Name string `json:"name"`
}

type inviteInput struct {
	Account string `path:"account"`
	Preview bool   `query:"preview" doc:"Give the verdicts instead, and invite nobody."`
	Body    struct {
		Emails      []string `json:"emails" minItems:"1" maxItems:"20000"`
		Role        string   `json:"role,omitempty" maxLength:"40" doc:"The account's ordinary role unless named."`
		Modules     []string `json:"modules,omitempty" maxItems:"200" doc:"Ids of modules."`
		SubAccounts []string `json:"sub_accounts,omitempty" maxItems:"1000" doc:"Ids of sub-accounts."`
		Message     string   `json:"message,omitempty" maxLength:"1000"`
		Locale      string   `json:"locale,omitempty" maxLength:"20" doc:"The language of mails and screens: a tag, such as en."`
	}
}

// InviteResults is one verdict per address, in the order given.
type InviteResults struct {
	Results []InviteResult `json:"results"`
	Effects []Effect       `json:"effects" doc:"What it does besides, or with preview would do."`
}

// InviteResult is what became of one address.
type InviteResult struct {
	Email      string      `json:"email" doc:"As it was given."`
	Verdict    string      `json:"verdict" enum:"invited,already_invited,already_member,inactive_member,disposable,invalid,duplicate,over_seat_limit"`
	Code       string      `json:"code,omitempty" doc:"Why it is invalid."`
	Invitation *Invitation `json:"invitation,omitempty" doc:"The one that was sent, or is there already; with preview only that."`
	Member     string      `json:"member,omitempty" doc:"The id of the member who has the address."`
}

type listInvitationsInput struct {
	Account string `path:"account"`
	Status  string `query:"status" enum:"pending,accepted,declined,withdrawn,expired" doc:"Only those of this status; one whose time is over is expired."`
	Q       string `query:"q" maxLength:"200" doc:"Found in the address."`
	Paging
}

type invitationInput struct {
	Account    string `path:"account"`
	Invitation string `path:"invitation"`
}

type withdrawInput struct {
	IfMatch
	Account    string `path:"account"`
	Invitation string `path:"invitation"`
}

// Link is a link to hand over by other means than mail.
type Link struct {
	URL       string    `json:"url"`
	ExpiresAt time.Time `json:"expires_at"`
}

type tokenInput struct {
	Body struct {
		Token string `json:"token" minLength:"1" maxLength:"500"`
	}
}

// Offer is what a link says before it is accepted.
type Offer struct {
	Account    string    `json:"account" doc:"The name of the account."`
	Preset     string    `json:"preset"`
	Logo       string    `json:"logo" doc:"A data: URL of a picture; empty: none."`
	Accent     string    `json:"accent" doc:"As #rrggbb; empty: the usual one."`
	Inviter    string    `json:"inviter" doc:"Who invites."`
	Email      string    `json:"email"`
	Role       string    `json:"role" doc:"The key of the role."`
	RoleName   string    `json:"role_name"`
	FirstName  string    `json:"first_name"`
	LastName   string    `json:"last_name"`
	ExpiresAt  time.Time `json:"expires_at"`
	Registered *bool     `json:"registered" doc:"Whether the address can sign in already. Null for a copied link, which does not tell."`
	Message    string    `json:"message" doc:"What the inviter wrote to the person. Empty for a copied link, which may have come into other hands."`
	Copied     bool      `json:"copied" doc:"The link did not come by mail: a code will be asked."`
}

type acceptInput struct {
	Body struct {
		Token     string `json:"token" minLength:"1" maxLength:"500"`
		Password  string `json:"password,omitempty" maxLength:"1024"`
		FirstName string `json:"first_name,omitempty" maxLength:"80"`
		LastName  string `json:"last_name,omitempty" maxLength:"80"`
		Code      string `json:"code,omitempty" maxLength:"20" doc:"The mailed code that a copied link asks for."`
	}
}

// invitations registers the way in.
func (d *door) invitations() {
	const all, one = "/v1/accounts/{account}/invitations", "/v1/accounts/{account}/invitations/{invitation}"
	handle(d, somebody, operation("GET", all, "list-invitations", "invitations", "List invitations, newest first"), d.listInvitations)
	handleSteps(d, somebody, carryingList(operation("POST", all, "invite", "invitations", "Invite any number of addresses")), d.invite)
	handle(d, somebody, operation("GET", one, "get-invitation", "invitations", "Read an invitation"), d.getInvitation)
	handle(d, somebody, operation("DELETE", one, "withdraw-invitation", "invitations", "Withdraw an invitation"), d.withdrawInvitation)
	handleOnce(d, somebody, operation("POST", one+"/resend", "resend-invitation", "invitations", "Send a new link; every older one is dead"), d.resendInvitation, sameAgain(d.getInvitation))
	handleOnce(d, somebody, operation("POST", one+"/link", "copy-invitation-link", "invitations", "Make a link to hand over"), d.copyLink, d.copiedLink)
	handle(d, anyone, refusing(operation("POST", "/v1/invitations/inspect", "inspect-invitation", "invitations", "Say what a link offers"), http.StatusNotFound), d.inspectInvitation)
	handleOnce(d, anyone, refusing(operation("POST", "/v1/invitations/accept", "accept-invitation", "invitations", "Accept an invitation and sign in"), http.StatusUnauthorized, http.StatusNotFound), d.acceptInvitation, shownOnce[acceptInput, entranceAnswer])
	handleOnce(d, anyone, refusing(operation("POST", "/v1/invitations/decline", "decline-invitation", "invitations", "Decline an invitation"), http.StatusNotFound), d.declineInvitation, sameDone[tokenInput])
}

func (d *door) listInvitations(ctx context.Context, actor access.Actor, in *listInvitationsInput) (*out[listOf[Invitation]], error) {
	list, next, err := d.rooms.Invitations.List(ctx, actor, id.Account(in.Account), invitation.Filter{
		Status: in.Status, Query: in.Q, Cursor: in.Cursor, Limit: in.Limit,
	})
	if err != nil {
		return nil, err
	}
	return listed(list, next, invitationShape), nil
}

func (d *door) invite(ctx context.Context, actor access.Actor, in *inviteInput) (*out[InviteResults], error) {
	account, order := id.Account(in.Account), invitation.Order{
		Emails: in.Body.Emails, Role: in.Body.Role, Modules: typed[id.Module](in.Body.Modules),
		SubAccounts: typed[id.SubAccount](in.Body.SubAccounts), Message: in.Body.Message, Locale: in.Body.Locale,
	}
	var results []invitation.Result
	var effects []holding.Effect
	var err error
	if in.Preview {
		results, effects, err = d.rooms.Invitations.Preview(ctx, actor, account, order)
	} else {
		results, err = d.rooms.Invitations.Invite(ctx, actor, account, order, nil)
	}
	if err != nil {
		return nil, err
	}
	shapes := InviteResults{Results: make([]InviteResult, len(results)), Effects: effectShapes(effects)}
	for i, r := range results {
		shapes.Results[i] = InviteResult{Email: r.Email, Verdict: string(r.Verdict), Code: r.Code, Member: string(r.Member)}
		if r.Invitation != nil {
			shape := invitationShape(*r.Invitation)
			shapes.Results[i].Invitation = &shape
		}
	}
	return body(shapes), nil
}

func (d *door) getInvitation(ctx context.Context, actor access.Actor, in *invitationInput) (*object[Invitation], error) {
	inv, err := d.rooms.Invitations.Get(ctx, actor, id.Account(in.Account), id.Invitation(in.Invitation))
	if err != nil {
		return nil, err
	}
	return versioned(invitationShape(inv), inv.Version), nil
}

func (d *door) withdrawInvitation(ctx context.Context, actor access.Actor, in *withdrawInput) (*done, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return &done{}, d.rooms.Invitations.Withdraw(ctx, actor, id.Account(in.Account), id.Invitation(in.Invitation), version)
}

func (d *door) resendInvitation(ctx context.Context, actor access.Actor, in *invitationInput) (*object[Invitation], error) {
	inv, err := d.rooms.Invitations.Resend(ctx, actor, id.Account(in.Account), id.Invitation(in.Invitation))
	if err != nil {
		return nil, err
	}
	return versioned(invitationShape(inv), inv.Version), nil
}

func (d *door) copyLink(ctx context.Context, actor access.Actor, in *invitationInput) (*out[Link], error) {
	token, expires, err := d.rooms.Invitations.CopyLink(ctx, actor, id.Account(in.Account), id.Invitation(in.Invitation))
	if err != nil {
		return nil, err
	}
	return d.linked(token, expires), nil
}

// copiedLink gives a link again that was made under the same key.
func (d *door) copiedLink(ctx context.Context, actor access.Actor, in *invitationInput, kept once.Kept) (*out[Link], error) {
	copied, err := keptAs[invitation.Copied](kept)
	if err != nil {
		return nil, err
	}
	token, expires, err := d.rooms.Invitations.CopiedLink(ctx, actor, id.Account(in.Account), id.Invitation(in.Invitation), copied)
	if err != nil {
		return nil, err
	}
	return d.linked(token, expires), nil
}

func (d *door) linked(token string, expires time.Time) *out[Link] {
	return body(Link{URL: d.config.Origin.JoinPath("invitation").String() + "#" + token, ExpiresAt: expires})
}

func (d *door) inspectInvitation(ctx context.Context, _ access.Actor, in *tokenInput) (*out[Offer], error) {
	v, err := d.rooms.Invitations.Inspect(ctx, in.Body.Token)
	if err != nil {
		return nil, err
	}
	offer := Offer{
		Account: v.Account.Name, Preset: v.Account.Preset, Logo: v.Account.Logo, Accent: v.Account.Accent, Inviter: v.Inviter,
		Email: v.Email, Role: v.Role.Key, RoleName: v.Role.Name, FirstName: v.FirstName, LastName: v.LastName, ExpiresAt: v.ExpiresAt, Message: v.Message, Copied: v.Copied,
	}
	if !v.Copied {
		offer.Registered = &v.Registered
	}
	return body(offer), nil
}

func (d *door) acceptInvitation(ctx context.Context, actor access.Actor, in *acceptInput) (*entranceAnswer, error) {
	arrival, err := d.rooms.Invitations.Accept(ctx, actor, invitation.Acceptance{
		Token: in.Body.Token, Password: in.Body.Password, FirstName: in.Body.FirstName, LastName: in.Body.LastName, Code: in.Body.Code,
		UserAgent: actor.Origin.UserAgent, IP: actor.Origin.IP,
	})
	if err != nil {
		return nil, err
	}
	return d.entered(signin.Arrival(arrival)), nil
}

func (d *door) declineInvitation(ctx context.Context, actor access.Actor, in *tokenInput) (*done, error) {
	return &done{}, d.rooms.Invitations.Decline(ctx, actor, in.Body.Token)
}

func invitationShape(inv invitation.Listed) Invitation {
	return Invitation{
		ID: string(inv.ID), Email: inv.Email, Role: inv.Role, Modules: texts(inv.Modules), SubAccounts: texts(inv.SubAccounts),
		Status: string(inv.Status), InvitedBy: Actor{Kind: string(inv.Sponsor.Kind), ID: inv.Sponsor.ID, Name: inv.Inviter},
		Message: inv.Message, Locale: inv.Locale, SentAt: inv.SentAt, ExpiresAt: inv.ExpiresAt, CreatedAt: inv.CreatedAt,
		ClosedAt: moment(inv.ClosedAt), Mail: string(inv.Mail.Status), MailReason: inv.Mail.Reason, Member: string(inv.Member),
	}
}
