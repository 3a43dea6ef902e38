package api

import (
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
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
	Locale        string     `json:"locale"`
	Status        string     `json:"status" enum:"active,suspended,inactive,removed,deleted"`
	Role          string     `json:"role" doc:"The key of a role."`
	Modules       []string   `json:"modules"`
	SubAccounts   []string   `json:"sub_accounts"`
	MFA           bool       `json:"mfa"`
	RegisteredAt  *time.Time `json:"registered_at" doc:"Null until the person has come in."`
	LastSeenAt    *time.Time `json:"last_seen_at"`
	CreatedAt     time.Time  `json:"created_at"`
	DeactivatedAt *time.Time `json:"deactivated_at"`
}

// MemberFilter is what the users page narrows and sorts by.
type MemberFilter struct {
	Status     string `query:"status" enum:"active,inactive" doc:"Inactive includes suspended."`
	Role       string `query:"role" maxLength:"40"`
	MFA        string `query:"mfa" enum:"true,false"`
	SubAccount string `query:"sub_account" maxLength:"40"`
	Q          string `query:"q" maxLength:"200" doc:"Found in name or address."`
	Sort       string `query:"sort" enum:"name,email,created_at,last_seen_at,-name,-email,-created_at,-last_seen_at" default:"name" doc:"With a minus sign: descending."`
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
	Body    struct {
		FirstName   string   `json:"first_name" maxLength:"80"`
		LastName    string   `json:"last_name" maxLength:"80"`
		Email       string   `json:"email" maxLength:"320"`
		JobTitle    string   `json:"job_title,omitempty" maxLength:"120"`
		Phone       string   `json:"phone,omitempty" maxLength:"40"`
		Locale      string   `json:"locale,omitempty" maxLength:"20"`
		Role        string   `json:"role,omitempty" maxLength:"40" doc:"The role of lowest rank unless named."`
		Modules     []string `json:"modules,omitempty" maxItems:"200"`
		SubAccounts []string `json:"sub_accounts,omitempty" maxItems:"1000"`
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
		Locale      Patch[string]   `json:"locale,omitzero" maxLength:"20"`
		Role        Patch[string]   `json:"role,omitzero" maxLength:"40"`
		Modules     Patch[[]string] `json:"modules,omitzero" maxItems:"200"`
		SubAccounts Patch[[]string] `json:"sub_accounts,omitzero" maxItems:"1000"`
	}
}

type patchMembersInput struct {
	Account string `path:"account"`
	Body    struct {
		Members     []string        `json:"members" minItems:"1" maxItems:"10000"`
		Role        Patch[string]   `json:"role,omitzero" maxLength:"40"`
		Modules     Patch[[]string] `json:"modules,omitzero" maxItems:"200"`
		SubAccounts Patch[[]string] `json:"sub_accounts,omitzero" maxItems:"1000"`
	}
}

// MemberResults is what became of each member, in the order given.
type MemberResults struct {
	Results []MemberResult `json:"results"`
}

// MemberResult is what became of one member.
type MemberResult struct {
	Member  string `json:"member"`
	Verdict string `json:"verdict" doc:"changed, unchanged, or refused."`
	Code    string `json:"code,omitempty" doc:"Why it was refused."`
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

// members registers the people of an account.
func (d *door) members() {
	const one = "/v1/accounts/{account}/members/{member}"
	handle(d, somebody, operation("GET", "/v1/accounts/{account}/members", "list-members", "members", "List members"), pending[listMembersInput, out[page[Member]]])
	handle(d, somebody, operation("GET", "/v1/accounts/{account}/members.csv", "export-members", "members", "Export members as CSV"), pending[csvInput, huma.StreamResponse])
	handle(d, somebody, answering(http.StatusCreated, operation("POST", "/v1/accounts/{account}/members", "add-member", "members", "Add a member directly")), pending[addMemberInput, object[Member]])
	handle(d, somebody, carryingList(operation("PATCH", "/v1/accounts/{account}/members", "change-members", "members", "Change role and grants of many")), pending[patchMembersInput, out[MemberResults]])
	handle(d, somebody, operation("GET", one, "get-member", "members", "Read a member"), pending[memberInput, object[Member]])
	handle(d, somebody, operation("PATCH", one, "change-member", "members", "Change profile, role or grants"), pending[patchMemberInput, object[Member]])
	handle(d, somebody, operation("POST", one+"/activate", "activate-member", "members", "Make a member active again"), pending[previewInput, object[Member]])
	handle(d, somebody, answering(http.StatusAccepted, operation("POST", one+"/welcome", "welcome-member", "members", "Send the welcome mail again")), pending[memberInput, accepted])
	handle(d, somebody, operation("POST", one+"/unlock", "unlock-member", "members", "Let somebody sign in again after failures"), pending[memberInput, done])
	handle(d, somebody, operation("POST", one+"/suspend", "suspend-member", "members", "End somebody's access now, settle later"), pending[memberInput, out[Suspended]])
}
