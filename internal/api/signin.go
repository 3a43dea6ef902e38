package api

import (
	"context"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"

	"tenure/internal/access"
	"tenure/internal/founding"
	"tenure/internal/id"
	"tenure/internal/once"
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

// Challenge asks for the second factor of somebody whose password was right.
type Challenge struct {
	Challenge string    `json:"challenge" doc:"Goes with the code to POST /v1/sign-in/totp. It works once."`
	Methods   []string  `json:"methods" enum:"totp,recovery_code,mailed_code" doc:"Which codes it takes. A mailed one while an administrator has opened the reset of a lost factor."`
	ExpiresAt time.Time `json:"expires_at"`
}

// Entrance is a session, or what is asked for first.
type Entrance struct {
	session   *Session
	challenge *Challenge
}

// Schema says that it is one of the two.
func (Entrance) Schema(r huma.Registry) *huma.Schema {
	return &huma.Schema{OneOf: []*huma.Schema{
		r.Schema(reflect.TypeFor[Session](), true, ""), r.Schema(reflect.TypeFor[Challenge](), true, ""),
	}}
}

// MarshalJSON writes the one it is.
func (e Entrance) MarshalJSON() ([]byte, error) {
	if e.challenge != nil {
		return json.Marshal(e.challenge, json.Deterministic(true))
	}
	return json.Marshal(e.session, json.Deterministic(true))
}

// entranceAnswer is a session with its cookie, or a challenge.
type entranceAnswer struct {
	SetCookie string `header:"Set-Cookie"`
	Body      Entrance
}

// signedOutAnswer takes the cookie back.
type signedOutAnswer struct {
	SetCookie string `header:"Set-Cookie"`
}

// resetAnswer signs nobody in; the browser is known from then on.
type resetAnswer struct {
	SetCookie string `header:"Set-Cookie"`
}

type signInInput struct {
	Body struct {
		Email    string `json:"email" maxLength:"320"`
		Password string `json:"password" maxLength:"1024"`
		Account  string `json:"account,omitempty" maxLength:"40" doc:"Which of several places."`
	}
}

type challengeInput struct {
	Body struct {
		Challenge string `json:"challenge" minLength:"1" maxLength:"200"`
	}
}

type answerInput struct {
	Body struct {
		Challenge string `json:"challenge" minLength:"1" maxLength:"200"`
		Code      string `json:"code" minLength:"1" maxLength:"40" doc:"Of the authenticator app, a recovery code, or a mailed one."`
	}
}

type signUpInput struct {
	Body struct {
		Name      string `json:"name" maxLength:"120" doc:"Of the account."`
		Preset    Preset `json:"preset"`
		Email     string `json:"email" maxLength:"320"`
		FirstName string `json:"first_name" maxLength:"80"`
		LastName  string `json:"last_name" maxLength:"80"`
		Locale    string `json:"locale,omitempty" maxLength:"20" doc:"The language of mails and screens: a tag, such as en."`
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
	handleOnce(d, anyone, refusing(operation("POST", "/v1/sign-up/confirm", "confirm-sign-up", "sign-in", "Make the account and sign in"), http.StatusNotFound), d.confirmSignUp, shownOnce[passwordByTokenInput, entranceAnswer])
}

func (d *door) askSignUp(ctx context.Context, _ access.Actor, in *signUpInput) (*accepted, error) {
	return &accepted{}, d.rooms.Founding.SignUp(ctx, founding.Order{
		Name: in.Body.Name, Preset: string(in.Body.Preset), Email: in.Body.Email, FirstName: in.Body.FirstName, LastName: in.Body.LastName, Locale: in.Body.Locale,
	})
}

func (d *door) confirmSignUp(ctx context.Context, actor access.Actor, in *passwordByTokenInput) (*entranceAnswer, error) {
	founded, err := d.rooms.Founding.Confirm(ctx, actor, in.Body.Token, in.Body.Password, founding.Visit{UserAgent: actor.Origin.UserAgent, IP: actor.Origin.IP})
	if err != nil {
		return nil, err
	}
	return d.entered(signin.Arrival{Session: founded.Session, Member: founded.Owner, Account: founded.Account, Challenge: founded.Challenge}), nil
}

// signIn registers how people come and go.
func (d *door) signIn() {
	handle(d, anyone, refusing(operation("POST", "/v1/sign-in", "sign-in", "sign-in", "Sign in; who has a second factor gets a challenge"), http.StatusUnauthorized, http.StatusNotFound), d.signInWith)
	handle(d, anyone, refusing(operation("POST", "/v1/sign-in/totp", "answer-challenge", "sign-in", "Finish signing in with a code of the second factor"), http.StatusUnauthorized, http.StatusNotFound), d.answerChallenge)
	handle(d, anyone, answering(http.StatusAccepted, refusing(operation("POST", "/v1/sign-in/totp/mail-code", "mail-code", "sign-in", "Ask for a mailed code in place of a lost factor that is being reset"), http.StatusNotFound)), d.mailCode)
	handle(d, anyone, operation("POST", "/v1/sign-out", "sign-out", "sign-in", "End this session"), d.signOut)
	handleOnce(d, anyone, answering(http.StatusAccepted, operation("POST", "/v1/password/forgot", "forget-password", "sign-in", "Ask for a link to set a new password")), d.forgotPassword, sameAccepted[forgotInput])
	handleOnce(d, anyone, refusing(operation("POST", "/v1/password/reset", "reset-password", "sign-in", "Set a new password by the mailed link; it signs nobody in"), http.StatusNotFound), d.resetPassword, sameReset)
	handleOnce(d, anyone, refusing(operation("POST", "/v1/email/confirm", "confirm-email", "sign-in", "Confirm a new address from its mailbox"), http.StatusNotFound), d.confirmEmail, sameDone[tokenInput])
}

func (d *door) signInWith(ctx context.Context, _ access.Actor, in *signInInput) (*entranceAnswer, error) {
	arrival, err := d.rooms.SignIn.SignIn(ctx, signin.Credentials{
		Email: in.Body.Email, Password: in.Body.Password, Account: id.Account(in.Body.Account),
	})
	if err != nil {
		return nil, err
	}
	return d.entered(arrival), nil
}

func (d *door) answerChallenge(ctx context.Context, actor access.Actor, in *answerInput) (*signedInAnswer, error) {
	arrival, err := d.rooms.SignIn.Answer(ctx, actor, in.Body.Challenge, in.Body.Code)
	if err != nil {
		return nil, err
	}
	return d.arrived(arrival), nil
}

func (d *door) mailCode(ctx context.Context, _ access.Actor, in *challengeInput) (*accepted, error) {
	return &accepted{}, d.rooms.SignIn.MailCode(ctx, in.Body.Challenge)
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

func (d *door) resetPassword(ctx context.Context, _ access.Actor, in *passwordByTokenInput) (*resetAnswer, error) {
	browser, err := d.rooms.SignIn.Reset(ctx, in.Body.Token, in.Body.Password)
	if err != nil {
		return nil, err
	}
	known := d.recognising(browser)
	return &resetAnswer{known.String()}, nil
}

// sameReset is the answer to a password that was set already.
func sameReset(context.Context, access.Actor, *passwordByTokenInput, once.Kept) (*resetAnswer, error) {
	return &resetAnswer{}, nil
}

func (d *door) confirmEmail(ctx context.Context, _ access.Actor, in *tokenInput) (*done, error) {
	return &done{}, d.rooms.SignIn.ConfirmEmail(ctx, in.Body.Token)
}

// entered encodes somebody signed in, or the challenge that comes first.
func (d *door) entered(a signin.Arrival) *entranceAnswer {
	if a.Challenge != nil {
		return &entranceAnswer{Body: Entrance{challenge: &Challenge{a.Challenge.Token, texts(a.Challenge.Methods), a.Challenge.ExpiresAt}}}
	}
	in := d.arrived(a)
	return &entranceAnswer{SetCookie: in.SetCookie, Body: Entrance{session: &in.Body}}
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
