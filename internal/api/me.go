package api

import (
	"net/http"
	"time"
)

// Me is the caller's own place.
type Me struct {
	Member
	AccountID string `json:"account_id"`
}

type patchMeInput struct {
	IfMatch
	Body struct {
		FirstName Patch[string] `json:"first_name,omitzero" maxLength:"80"`
		LastName  Patch[string] `json:"last_name,omitzero" maxLength:"80"`
		JobTitle  Patch[string] `json:"job_title,omitzero" nullable:"true" maxLength:"120"`
		Phone     Patch[string] `json:"phone,omitzero" nullable:"true" maxLength:"40"`
		Locale    Patch[string] `json:"locale,omitzero" maxLength:"20"`
	}
}

type changePasswordInput struct {
	Body struct {
		Current string `json:"current" maxLength:"1024"`
		New     string `json:"new" maxLength:"1024"`
	}
}

type requestEmailInput struct {
	Body struct {
		Email    string `json:"email" maxLength:"320"`
		Password string `json:"password" maxLength:"1024"`
	}
}

// Device is a session, as people know it: where they are signed in.
type Device struct {
	ID         string    `json:"id"`
	Current    bool      `json:"current" doc:"The session that asks."`
	UserAgent  string    `json:"user_agent"`
	IP         string    `json:"ip"`
	CreatedAt  time.Time `json:"created_at"`
	LastSeenAt time.Time `json:"last_seen_at"`
}

// Ended is how many sessions a call ended.
type Ended struct {
	Ended int `json:"ended"`
}

// Place is one of the caller's own places.
type Place struct {
	Account PlaceAccount `json:"account"`
	Member  string       `json:"member"`
	Status  string       `json:"status" enum:"active,suspended,inactive"`
	Current bool         `json:"current"`
}

// PlaceAccount is what somebody sees of an account before going there.
type PlaceAccount struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Preset string `json:"preset"`
	Logo   string `json:"logo"`
	Accent string `json:"accent"`
}

type deviceInput struct {
	Session string `path:"session"`
}

type memberDeviceInput struct {
	Account string `path:"account"`
	Member  string `path:"member"`
	Session string `path:"session"`
}

// me registers what people do with their own place and identity.
func (d *door) me() {
	handle(d, person, operation("GET", "/v1/me", "get-me", "me", "Read my profile"), pending[nothing, object[Me]])
	handle(d, person, operation("PATCH", "/v1/me", "change-me", "me", "Change my profile"), pending[patchMeInput, object[Me]])
	handle(d, person, answering(http.StatusNoContent, operation("POST", "/v1/me/password", "change-password", "me", "Change my password; every other session ends")), pending[changePasswordInput, done])
	handle(d, person, answering(http.StatusAccepted, operation("POST", "/v1/me/email", "request-email", "me", "Ask for another address; its mailbox confirms")), pending[requestEmailInput, accepted])
	handle(d, person, operation("GET", "/v1/me/sessions", "list-my-sessions", "me", "List where I am signed in"), pending[nothing, out[listOf[Device]]])
	handle(d, person, operation("DELETE", "/v1/me/sessions", "end-my-sessions", "me", "End all my other sessions"), pending[nothing, out[Ended]])
	handle(d, person, operation("DELETE", "/v1/me/sessions/{session}", "end-my-session", "me", "End one of my sessions"), pending[deviceInput, done])
	handle(d, person, operation("GET", "/v1/me/accounts", "list-my-accounts", "me", "List my places"), pending[nothing, out[listOf[Place]]])
	handle(d, person, operation("POST", "/v1/me/accounts/{account}/switch", "switch-account", "me", "Begin a session in another of my accounts"), pending[accountInput, signedInAnswer])
}

// memberSessions registers the sessions of others.
func (d *door) memberSessions() {
	const all = "/v1/accounts/{account}/members/{member}/sessions"
	handle(d, somebody, operation("GET", all, "list-member-sessions", "members", "List where a member is signed in"), pending[memberInput, out[listOf[Device]]])
	handle(d, somebody, operation("DELETE", all, "end-member-sessions", "members", "End all sessions of a member"), pending[memberInput, out[Ended]])
	handle(d, somebody, operation("DELETE", all+"/{session}", "end-member-session", "members", "End a session of a member"), pending[memberDeviceInput, done])
}
