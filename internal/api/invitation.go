package api

import (
	"net/http"
	"time"
)

// Invitation is an offer of a place to an address.
type Invitation struct {
	ID          string     `json:"id"`
	Email       string     `json:"email"`
	Role        string     `json:"role" doc:"The key of a role."`
	Modules     []string   `json:"modules"`
	SubAccounts []string   `json:"sub_accounts"`
	Status      string     `json:"status" enum:"pending,accepted,declined,withdrawn,expired"`
	InvitedBy   Actor      `json:"invited_by"`
	Message     string     `json:"message"`
	Locale      string     `json:"locale"`
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
	Preview bool   `query:"preview" doc:"Give the verdicts, and send nothing."`
	Body    struct {
		Emails      []string `json:"emails" minItems:"1" maxItems:"20000"`
		Role        string   `json:"role" maxLength:"40"`
		Modules     []string `json:"modules,omitempty" maxItems:"200"`
		SubAccounts []string `json:"sub_accounts,omitempty" maxItems:"1000"`
		Message     string   `json:"message,omitempty" maxLength:"1000"`
		Locale      string   `json:"locale,omitempty" maxLength:"20"`
	}
}

// InviteResults is one verdict per address, in the order given.
type InviteResults struct {
	Results []InviteResult `json:"results"`
}

// InviteResult is what became of one address.
type InviteResult struct {
	Email      string `json:"email" doc:"As it was given."`
	Verdict    string `json:"verdict" enum:"invited,already_invited,already_member,inactive_member,disposable,invalid,duplicate,over_seat_limit"`
	Invitation string `json:"invitation,omitempty" doc:"The id of the invitation that was sent, or is there already."`
	Member     string `json:"member,omitempty" doc:"The id of the member who has the address."`
}

type listInvitationsInput struct {
	Account string `path:"account"`
	Status  string `query:"status" enum:"pending,accepted,declined,withdrawn,expired"`
	Q       string `query:"q" maxLength:"200" doc:"Found in the address."`
	Paging
}

type invitationInput struct {
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
	Logo       string    `json:"logo"`
	Accent     string    `json:"accent"`
	Inviter    string    `json:"inviter" doc:"Who invites."`
	Email      string    `json:"email"`
	Role       string    `json:"role" doc:"The name of the role."`
	Message    string    `json:"message"`
	FirstName  string    `json:"first_name"`
	LastName   string    `json:"last_name"`
	ExpiresAt  time.Time `json:"expires_at"`
	Registered *bool     `json:"registered" doc:"Whether the address can sign in already. Null for a copied link, which does not tell."`
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
	const one = "/v1/accounts/{account}/invitations/{invitation}"
	handle(d, somebody, operation("GET", "/v1/accounts/{account}/invitations", "list-invitations", "invitations", "List invitations"), pending[listInvitationsInput, out[page[Invitation]]])
	handle(d, somebody, carryingList(operation("POST", "/v1/accounts/{account}/invitations", "invite", "invitations", "Invite any number of addresses")), pending[inviteInput, out[InviteResults]])
	handle(d, somebody, operation("GET", one, "get-invitation", "invitations", "Read an invitation"), pending[invitationInput, object[Invitation]])
	handle(d, somebody, operation("DELETE", one, "withdraw-invitation", "invitations", "Withdraw an invitation"), pending[invitationInput, done])
	handle(d, somebody, operation("POST", one+"/resend", "resend-invitation", "invitations", "Send a new link; every older one is dead"), pending[invitationInput, object[Invitation]])
	handle(d, somebody, operation("POST", one+"/link", "copy-invitation-link", "invitations", "Make a link to hand over"), pending[invitationInput, out[Link]])
	handle(d, anyone, operation("POST", "/v1/invitations/inspect", "inspect-invitation", "invitations", "Say what a link offers"), pending[tokenInput, out[Offer]])
	handle(d, anyone, operation("POST", "/v1/invitations/accept", "accept-invitation", "invitations", "Accept an invitation and sign in"), pending[acceptInput, signedInAnswer])
	handle(d, anyone, answering(http.StatusNoContent, operation("POST", "/v1/invitations/decline", "decline-invitation", "invitations", "Decline an invitation")), pending[tokenInput, done])
}
