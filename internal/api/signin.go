package api

import (
	"net/http"
	"time"
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
		Preset    string `json:"preset" enum:"portal,team,credits,cases,field"`
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
	handle(d, anyone, answering(http.StatusAccepted, operation("POST", "/v1/sign-up", "sign-up", "sign-in", "Ask for an account; the rest is mailed")), pending[signUpInput, accepted])
	handle(d, anyone, operation("POST", "/v1/sign-up/confirm", "confirm-sign-up", "sign-in", "Make the account and sign in"), pending[passwordByTokenInput, signedInAnswer])
}

// signIn registers how people come and go.
func (d *door) signIn() {
	handle(d, anyone, operation("POST", "/v1/sign-in", "sign-in", "sign-in", "Sign in"), pending[signInInput, signedInAnswer])
	handle(d, anyone, operation("POST", "/v1/sign-out", "sign-out", "sign-in", "End this session"), pending[nothing, signedOutAnswer])
	handle(d, anyone, answering(http.StatusAccepted, operation("POST", "/v1/password/forgot", "forget-password", "sign-in", "Ask for a link to set a new password")), pending[forgotInput, accepted])
	handle(d, anyone, answering(http.StatusNoContent, operation("POST", "/v1/password/reset", "reset-password", "sign-in", "Set a new password by the mailed link")), pending[passwordByTokenInput, done])
	handle(d, anyone, answering(http.StatusNoContent, operation("POST", "/v1/email/confirm", "confirm-email", "sign-in", "Confirm a new address from its mailbox")), pending[tokenInput, done])
}
