package book

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"tenure/client"
)

// visit is one request of somebody who is signed in.
type visit struct {
	w       http.ResponseWriter
	r       *http.Request
	binding *binding
	me      client.Session
	tenure  *client.Client // calls as them
	account client.Account
	shelf   *shelf // what their company keeps here
}

// page asks Tenure what has to be asked, and then serves.
func (b *binding) page(p page) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		me, _ := client.SessionFrom(r.Context())
		v := &visit{w: w, r: r, binding: b, me: me, tenure: b.guard.As(r)}
		if err := v.enter(p); err != nil {
			b.refuse(w, r, err)
			return
		}
		if err := p.serve(v); err != nil {
			b.refuse(w, r, err)
		}
	})
}

// enter gives an error unless Tenure lets the member do what the page is for.
func (v *visit) enter(p page) (err error) {
	if v.account, err = v.tenure.Account(v.r.Context(), v.me.AccountID); err != nil {
		return err
	}
	if p.edition != "" && p.edition != v.account.Preset {
		return errNotHere
	}
	if p.asks != nil {
		d, err := v.tenure.Evaluate(v.r.Context(), p.asks(v))
		if err != nil {
			return err
		}
		if !d.Allowed {
			return deniedError{d.Reason}
		}
	}
	v.shelf = v.binding.shelves.of(v.me.AccountID)
	return nil
}

// deniedError is a decision against what was asked.
type deniedError struct{ reason string }

func (e deniedError) Error() string { return "denied: " + e.reason }

// errNotHere is a page that there is not, for this customer.
var errNotHere = errors.New("no such page")

// wrongError is something that was typed and cannot be taken.
type wrongError struct{ detail string }

func (e wrongError) Error() string { return e.detail }

// refusal is what somebody reads instead of the page.
type refusal struct {
	Status        int
	Title, Detail string
	Back          string // to another page of Fieldbook
	SignIn        string // at Tenure
}

// refuse answers in place of a page, with the status that says why.
func (b *binding) refuse(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil {
		return // nobody waits any more
	}
	told := b.tell(r, err)
	if told.Status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "5")
	}
	b.draw(w, told.Status, "refusal.html", sheet{Title: told.Title, Body: told, Tenure: b.tenure})
}

// tell says why. What nobody foresaw is trouble like any other: it shows nothing.
func (b *binding) tell(r *http.Request, err error) refusal {
	signedOut := refusal{Status: http.StatusUnauthorized, Title: "You are signed out", Detail: "Fieldbook shows its pages to people whom Tenure knows at this moment.", SignIn: b.signIn(r)}
	notHere := refusal{Status: http.StatusNotFound, Title: "There is no such page", Detail: "Or it is not one of those that you reach.", Back: "/app/"}
	forbidden := refusal{Status: http.StatusForbidden, Title: "This is not yours to open", Detail: "Your role does not allow it. An administrator of your account can change that.", Back: "/app/"}
	var denied deniedError
	var missing *client.MissingError
	var wrong wrongError
	var unavailable *client.UnavailableError
	var problem *client.Problem
	switch {
	case errors.Is(err, client.ErrSignedOut):
		return signedOut
	case errors.Is(err, client.ErrCrossOrigin):
		return refusal{Status: http.StatusForbidden, Title: "This came from another site", Detail: "Nothing was changed.", Back: "/app/"}
	case errors.Is(err, errNotHere):
		return notHere
	case errors.As(err, &denied):
		return map[string]refusal{"unauthenticated": signedOut, "not_found": notHere}[denied.reason].or(forbidden)
	case errors.As(err, &missing):
		return forbidden
	case errors.As(err, &wrong):
		return refusal{Status: http.StatusUnprocessableEntity, Title: "That did not work", Detail: wrong.detail, Back: before(r)}
	case errors.As(err, &unavailable): // before the problem it may hold
	case errors.As(err, &problem):
		switch problem.Status {
		case http.StatusUnauthorized:
			return signedOut
		case http.StatusNotFound:
			return notHere
		case http.StatusForbidden:
			return refusal{Status: problem.Status, Title: forbidden.Title, Detail: problem.Detail, Back: "/app/"}
		default:
			return refusal{Status: problem.Status, Title: "That did not work", Detail: problem.Detail, Back: before(r)}
		}
	}
	return refusal{Status: http.StatusServiceUnavailable, Title: "Please try again in a moment", Detail: "It cannot be checked now what you may see, so Fieldbook shows nothing."}
}

// before is the page of Fieldbook that a request came from.
func before(r *http.Request) string {
	from, err := url.Parse(r.Referer())
	if err != nil || from.Host != r.Host || !strings.HasPrefix(from.Path, "/app/") {
		return "/app/"
	}
	return from.Path
}

// signIn is Tenure's page for signing in, with the way back to this one. Tenure
// knows the product (--product), and leads nowhere else.
func (b *binding) signIn(r *http.Request) string {
	back := "/app/"
	if r.Method == http.MethodGet {
		back = r.URL.RequestURI()
	}
	return b.tenure + "/sign-in?return=" + url.QueryEscape(b.origin+back)
}

func (r refusal) or(other refusal) refusal {
	if r.Status == 0 {
		return other
	}
	return r
}

// typed reads a field of a form, which must have something in it.
func (v *visit) typed(field, label string, longest int) (string, error) {
	text := strings.TrimSpace(v.r.PostFormValue(field))
	switch {
	case text == "":
		return "", wrongError{fmt.Sprintf("%s is empty.", label)}
	case utf8.RuneCountInString(text) > longest:
		return "", wrongError{fmt.Sprintf("%s is longer than %d characters.", label, longest)}
	default:
		return text, nil
	}
}

// goTo sends the browser on, after something was done.
func (v *visit) goTo(place string) error {
	http.Redirect(v.w, v.r, place, http.StatusSeeOther)
	return nil
}

func (v *visit) nowhere() error { return errNotHere }

// signOut ends the session at Tenure: the cookie is worth nothing then.
func (v *visit) signOut() error {
	if err := v.tenure.SignOut(v.r.Context()); err != nil {
		return err
	}
	return v.goTo("/app/")
}
