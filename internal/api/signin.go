package api

import (
	"context"
	"net/http"
	"time"

	"tenure/internal/access"
	"tenure/internal/founding"
	"tenure/internal/id"
	"tenure/internal/signin"
)

// Session is what signing in and accepting give; the cookie is set as well.
type Session struct {
	Token     string    `json:"token" doc:"For programs; browsers use the cookie."`
	ExpiresAt time.Time `json:"expires_at"`
	Member    Member    `json:"member"`
	Account   Account   `json:"account"`
}

// signedInAnswer is a session with its cookie.
type signedInAnswer struct {
	SetCookie string `header:"Set-Cookie"`
	Body      Session
}

// signedOutAnswer takes the cookie back.
type signedOutAnswer struct {
	SetCookie string `header:"Set-Cookie"`
}

type signInInput struct {
	Body struct {
		Email    string `json:"email" maxLength:"320"`
		Password string `json:"password" maxLength:"1024"`
		Account  string `json:"account,omitempty" maxLength:"40" doc:"Which of several places."`
	}
}

type signUpInput struct {
	Body struct {
		Name      string `json:"name" maxLength:"120" doc:"Of the account."`
		Preset    Preset `json:"preset"`
		Email     string `json:"email" maxLength:"320"`
		FirstName string `json:"first_name" maxLength:"80"`
		LastName  string `json:"last_name" maxLength:"80"`
		Locale    string `json:"locale,omitempty" maxLength:"20"`
	}
}

type passwordByTokenInput struct {
	Body struct {
		Token    string `json:"token" minLength:"1" maxLength:"500"`
		Password string `json:"password" maxLength:"1024"`
	}
}

type forgotInput struct {
	Body struct {
		Email string `json:"email" maxLength:"320"`
	}
}

// nothing is the input of a call that needs none.
type nothing struct{}

// signUp registers how an account begins by itself.
func (d *door) signUp() {
	handleOnce(d, anyone, answering(http.StatusAccepted, operation("POST", "/v1/sign-up", "sign-up", "sign-in", "Ask for an account; the rest is mailed")), d.askSignUp, sameAccepted[signUpInput])
	handleOnce(d, anyone, operation("POST", "/v1/sign-up/confirm", "confirm-sign-up", "sign-in", "Make the account and sign in"), d.confirmSignUp, shownOnce[passwordByTokenInput, signedInAnswer])
}

func (d *door) askSignUp(ctx context.Context, _ access.Actor, in *signUpInput) (*accepted, error) {
	return &accepted{}, d.rooms.Founding.SignUp(ctx, founding.Order{
		Name: in.Body.Name, Preset: string(in.Body.Preset), Email: in.Body.Email, FirstName: in.Body.FirstName, LastName: in.Body.LastName, Locale: in.Body.Locale,
	})
}

func (d *door) confirmSignUp(ctx context.Context, actor access.Actor, in *passwordByTokenInput) (*signedInAnswer, error) {
	founded, err := d.rooms.Founding.Confirm(ctx, actor, in.Body.Token, in.Body.Password, founding.Visit{UserAgent: actor.Origin.UserAgent, IP: actor.Origin.IP})
	if err != nil {
		return nil, err
	}
	return d.arrived(signin.Arrival{Session: founded.Session, Member: founded.Owner, Account: founded.Account}), nil
}

// signIn registers how people come and go.
func (d *door) signIn() {
	handle(d, anyone, operation("POST", "/v1/sign-in", "sign-in", "sign-in", "Sign in"), d.signInWith)
	handle(d, anyone, operation("POST", "/v1/sign-out", "sign-out", "sign-in", "End this session"), d.signOut)
	handleOnce(d, anyone, answering(http.StatusAccepted, operation("POST", "/v1/password/forgot", "forget-password", "sign-in", "Ask for a link to set a new password")), d.forgotPassword, sameAccepted[forgotInput])
	handleOnce(d, anyone, operation("POST", "/v1/password/reset", "reset-password", "sign-in", "Set a new password by the mailed link; it signs nobody in"), d.resetPassword, sameDone[passwordByTokenInput])
	handleOnce(d, anyone, operation("POST", "/v1/email/confirm", "confirm-email", "sign-in", "Confirm a new address from its mailbox"), d.confirmEmail, sameDone[tokenInput])
}

func (d *door) signInWith(ctx context.Context, _ access.Actor, in *signInInput) (*signedInAnswer, error) {
	arrival, err := d.rooms.SignIn.SignIn(ctx, signin.Credentials{
		Email: in.Body.Email, Password: in.Body.Password, Account: id.Account(in.Body.Account),
	})
	if err != nil {
		return nil, err
	}
	return d.arrived(arrival), nil
}

// signOut takes the cookie back whatever it was worth.
func (d *door) signOut(ctx context.Context, actor access.Actor, _ *nothing) (*signedOutAnswer, error) {
	gone := d.keep("", time.Time{})
	if actor.Kind != access.Member {
		return &signedOutAnswer{gone.String()}, nil
	}
	return &signedOutAnswer{gone.String()}, d.rooms.SignIn.SignOut(ctx, actor)
}

func (d *door) forgotPassword(ctx context.Context, _ access.Actor, in *forgotInput) (*accepted, error) {
	return &accepted{}, d.rooms.SignIn.Forgot(ctx, in.Body.Email)
}

func (d *door) resetPassword(ctx context.Context, _ access.Actor, in *passwordByTokenInput) (*done, error) {
	return &done{}, d.rooms.SignIn.Reset(ctx, in.Body.Token, in.Body.Password)
}

func (d *door) confirmEmail(ctx context.Context, _ access.Actor, in *tokenInput) (*done, error) {
	return &done{}, d.rooms.SignIn.ConfirmEmail(ctx, in.Body.Token)
}

// arrived encodes somebody signed in, with the cookie.
func (d *door) arrived(a signin.Arrival) *signedInAnswer {
	cookie := d.keep(a.Session.Token, a.Session.ExpiresAt)
	return &signedInAnswer{
		SetCookie: cookie.String(),
		Body: Session{
			Token: a.Session.Token, ExpiresAt: a.Session.ExpiresAt, Member: memberShape(a.Member), Account: accountShape(a.Account),
		},
	}
}
