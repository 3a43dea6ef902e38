package api

import (
	"context"
	"net/http"
	"time"

	"tenure/internal/access"
	"tenure/internal/id"
	"tenure/internal/member"
	"tenure/internal/session"
	"tenure/internal/signin"
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
		Locale    Patch[string] `json:"locale,omitzero" maxLength:"20" doc:"The language of mails and screens: a tag, such as en."`
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
	AccountID  string    `json:"account_id"`
	Current    bool      `json:"current" doc:"The session that asks."`
	Device     string    `json:"device" example:"Firefox on Linux"`
	IP         string    `json:"ip"`
	CreatedAt  time.Time `json:"created_at"`
	LastSeenAt time.Time `json:"last_seen_at" doc:"To the minute."`
	ExpiresAt  time.Time `json:"expires_at" doc:"At the latest."`
}

// Ended is how many sessions a call ended.
type Ended struct {
	Ended int64 `json:"ended" doc:"How many sessions ended."`
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
	Logo   string `json:"logo" doc:"A data: URL of a picture; empty: none."`
	Accent string `json:"accent" doc:"As #rrggbb; empty: the usual one."`
}

type deviceInput struct {
	Session string `path:"session"`
}

type memberSessionsInput struct {
	Account string `path:"account"`
	Member  string `path:"member"`
	Portion
}

type memberDeviceInput struct {
	Account string `path:"account"`
	Member  string `path:"member"`
	Session string `path:"session"`
}

// me registers what people do with their own place and identity.
func (d *door) me() {
	handle(d, newcomer, operation("GET", "/v1/me", "get-me", "me", "Read my profile"), d.getMe)
	handle(d, person, operation("PATCH", "/v1/me", "change-me", "me", "Change my profile"), d.changeMe)
	handleOnce(d, person, operation("POST", "/v1/me/password", "change-password", "me", "Change my password; every other session ends"), d.changePassword, sameDone[changePasswordInput])
	handleOnce(d, person, answering(http.StatusAccepted, operation("POST", "/v1/me/email", "request-email", "me", "Ask for another address; its mailbox confirms")), d.requestEmail, sameAccepted[requestEmailInput])
	handle(d, person, operation("GET", "/v1/me/sessions", "list-my-sessions", "me", "List where I am signed in"), d.listMySessions)
	handle(d, person, operation("DELETE", "/v1/me/sessions", "end-my-sessions", "me", "End all my other sessions"), d.endMySessions)
	handle(d, person, operation("DELETE", "/v1/me/sessions/{session}", "end-my-session", "me", "End one of my sessions"), d.endMySession)
	handle(d, newcomer, operation("GET", "/v1/me/accounts", "list-my-accounts", "me", "List my places"), d.listMyAccounts)
	handle(d, newcomer, operation("POST", "/v1/me/accounts/{account}/switch", "switch-account", "me", "Begin a session in another of my accounts"), d.switchAccount)
}

func (d *door) getMe(ctx context.Context, actor access.Actor, _ *nothing) (*object[Me], error) {
	m, err := d.rooms.SignIn.Me(ctx, actor)
	if err != nil {
		return nil, err
	}
	return versioned(Me{memberShape(m), string(actor.Account)}, m.Version), nil
}

func (d *door) changeMe(ctx context.Context, actor access.Actor, in *patchMeInput) (*object[Me], error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	b := in.Body
	p := member.Patch{FirstName: b.FirstName.Value(), LastName: b.LastName.Value(), JobTitle: b.JobTitle.Value(), Phone: b.Phone.Value(), Locale: b.Locale.Value()}
	m, err := d.rooms.SignIn.UpdateMe(ctx, actor, p, version)
	if err != nil {
		return nil, err
	}
	return versioned(Me{memberShape(m), string(actor.Account)}, m.Version), nil
}

func (d *door) changePassword(ctx context.Context, actor access.Actor, in *changePasswordInput) (*done, error) {
	return &done{}, d.rooms.SignIn.ChangePassword(ctx, actor, in.Body.Current, in.Body.New)
}

func (d *door) requestEmail(ctx context.Context, actor access.Actor, in *requestEmailInput) (*accepted, error) {
	return &accepted{}, d.rooms.SignIn.RequestEmail(ctx, actor, in.Body.Email, in.Body.Password)
}

func (d *door) listMySessions(ctx context.Context, actor access.Actor, in *Portion) (*out[listOf[Device]], error) {
	entries, err := d.rooms.SignIn.Sessions(ctx, actor)
	if err != nil {
		return nil, err
	}
	return portioned(entries, *in, sessionID, deviceShape(actor))
}

func (d *door) endMySessions(ctx context.Context, actor access.Actor, _ *nothing) (*out[Ended], error) {
	ended, err := d.rooms.SignIn.EndOtherSessions(ctx, actor)
	if err != nil {
		return nil, err
	}
	return body(Ended{ended}), nil
}

func (d *door) endMySession(ctx context.Context, actor access.Actor, in *deviceInput) (*done, error) {
	return &done{}, d.rooms.SignIn.EndSession(ctx, actor, id.Session(in.Session))
}

func (d *door) listMyAccounts(ctx context.Context, actor access.Actor, in *Portion) (*out[listOf[Place]], error) {
	places, err := d.rooms.SignIn.Accounts(ctx, actor)
	if err != nil {
		return nil, err
	}
	return portioned(places, *in, func(p signin.Place) string { return string(p.Account.ID) }, func(p signin.Place) Place {
		return Place{
			Account: PlaceAccount{string(p.Account.ID), p.Account.Name, p.Account.Preset, p.Account.Logo, p.Account.Accent},
			Member:  string(p.Member), Status: string(p.Status), Current: p.Current,
		}
	})
}

func (d *door) switchAccount(ctx context.Context, actor access.Actor, in *accountInput) (*signedInAnswer, error) {
	arrival, err := d.rooms.SignIn.Switch(ctx, actor, id.Account(in.Account))
	if err != nil {
		return nil, err
	}
	return d.arrived(arrival), nil
}

// memberSessions registers the sessions of others.
func (d *door) memberSessions() {
	const all = "/v1/accounts/{account}/members/{member}/sessions"
	handle(d, somebody, operation("GET", all, "list-member-sessions", "members", "List where a member is signed in"), d.listMemberSessions)
	handle(d, somebody, operation("DELETE", all, "end-member-sessions", "members", "End all sessions of a member"), d.endMemberSessions)
	handle(d, somebody, operation("DELETE", all+"/{session}", "end-member-session", "members", "End a session of a member"), d.endMemberSession)
}

func (d *door) listMemberSessions(ctx context.Context, actor access.Actor, in *memberSessionsInput) (*out[listOf[Device]], error) {
	entries, err := d.rooms.SignIn.MemberSessions(ctx, actor, id.Account(in.Account), id.Member(in.Member))
	if err != nil {
		return nil, err
	}
	return portioned(entries, in.Portion, sessionID, deviceShape(actor))
}

func (d *door) endMemberSessions(ctx context.Context, actor access.Actor, in *memberInput) (*out[Ended], error) {
	ended, err := d.rooms.SignIn.EndMemberSessions(ctx, actor, id.Account(in.Account), id.Member(in.Member))
	if err != nil {
		return nil, err
	}
	return body(Ended{ended}), nil
}

func (d *door) endMemberSession(ctx context.Context, actor access.Actor, in *memberDeviceInput) (*done, error) {
	return &done{}, d.rooms.SignIn.EndMemberSession(ctx, actor, id.Account(in.Account), id.Member(in.Member), id.Session(in.Session))
}

func sessionID(e session.Entry) string { return string(e.ID) }

func deviceShape(actor access.Actor) func(session.Entry) Device {
	return func(e session.Entry) Device {
		return Device{
			ID: string(e.ID), AccountID: string(e.Account), Current: e.ID == actor.Session && actor.Session != "", Device: e.Device.String(),
			IP: e.IP, CreatedAt: e.CreatedAt, LastSeenAt: e.LastSeenAt, ExpiresAt: e.ExpiresAt,
		}
	}
}
