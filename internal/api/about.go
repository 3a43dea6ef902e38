package api

import (
	"context"
	"net/http"
	"time"

	"tenure/internal/access"
	"tenure/internal/account"
)

// About is what a browser must know before anybody is signed in.
type About struct {
	Version   string          `json:"version"`
	SignUp    bool            `json:"sign_up" doc:"Whether people may make accounts themselves."`
	MailFrom  string          `json:"mail_from" doc:"Who sends the mails, for allow lists."`
	Product   string          `json:"product" doc:"The address below which the pages of the product are that embeds this server; empty: not told."`
	Presets   []AboutPreset   `json:"presets"`
	Languages []AboutLanguage `json:"languages"`
}

// AboutPreset is a preset that a new account may have.
type AboutPreset struct {
	Name string `json:"name"`
}

// AboutLanguage is a language that mails and screens speak.
type AboutLanguage struct {
	Code string `json:"code"`
	Name string `json:"name" doc:"In the language itself."`
}

// about registers what anybody may know of this server.
func (d *door) about() {
	handle(d, anyone, operation("GET", "/v1/about", "about", "server", "What this server offers"), func(context.Context, access.Actor, *nothing) (*object[About], error) {
		a := About{Version: d.config.Version, SignUp: d.config.SignUpOpen, MailFrom: d.config.MailFrom, Product: d.config.Product}
		for _, p := range account.Presets() {
			a.Presets = append(a.Presets, AboutPreset{p.Name})
		}
		for _, l := range d.config.Languages {
			a.Languages = append(a.Languages, AboutLanguage(l))
		}
		return unversioned(a), nil
	})
}

// Now is what the server's clock says.
type Now struct {
	Now time.Time `json:"now"`
}

type clockInput struct {
	Body Now
}

// clock registers the clock that tests and demos set, where there is one.
func (d *door) clock() {
	clock := d.config.Clock
	if clock == nil {
		return
	}
	handle(d, operatorOnly, refusing(operation("GET", "/v1/clock", "get-clock", "server", "Read the test clock"), http.StatusNotFound), func(context.Context, access.Actor, *nothing) (*out[Now], error) {
		return body(Now{clock.Now().UTC()}), nil
	})
	handle(d, operatorOnly, refusing(operation("PUT", "/v1/clock", "set-clock", "server", "Set the test clock; it goes on from there"), http.StatusNotFound), func(_ context.Context, _ access.Actor, in *clockInput) (*out[Now], error) {
		clock.Set(in.Body.Now)
		return body(Now{clock.Now().UTC()}), nil
	})
}
