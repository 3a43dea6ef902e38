package api

import (
	"net/http"
	"time"

	"tenure/internal/access"
)

// cookies are the names of the two that a browser keeps: the session, and what
// the browser is known by after it.
type cookies struct{ session, browser string }

// cookiesOf gives the names: over https those that browsers bind to this very
// host (RFC 6265bis, section 4.1.3.2).
func cookiesOf(https bool) cookies {
	if https {
		return cookies{"__Host-tenure", "__Host-tenure-browser"}
	}
	return cookies{"tenure", "tenure-browser"}
}

// knownFor is how long a browser is known by its cookie: as long as browsers keep
// one at most (RFC 6265bis, section 5.5).
const knownFor = 400 * 24 * time.Hour

// keep is the cookie that holds a session; an empty token ends it.
func (d *door) keep(token string, expires time.Time) http.Cookie {
	c := http.Cookie{
		Name: d.cookies.session, Value: token, Path: "/", Expires: expires,
		HttpOnly: true, Secure: d.https, SameSite: http.SameSiteLaxMode,
	}
	if token == "" {
		c.Expires, c.MaxAge = time.Time{}, -1
	}
	return c
}

// recognising is the cookie by which a browser is known.
func (d *door) recognising(token string) http.Cookie {
	return http.Cookie{
		Name: d.cookies.browser, Value: token, Path: "/", MaxAge: int(knownFor.Seconds()),
		HttpOnly: true, Secure: d.https, SameSite: http.SameSiteStrictMode,
	}
}

// remember has a browser that shows a session known as its person's, unless it is
// already (ADR 20). What every request of a host app asks does not bear it, and
// neither does an answer with the cookie of a session.
func (d *door) remember(w http.ResponseWriter, r *http.Request, v *visit) {
	c := v.caller
	if c.actor.Kind != access.Member || c.by.bearer || !ofAPI(r.URL.Path) || v.free {
		return
	}
	if token := d.rooms.SignIn.Browser(c.actor); token != v.origin.Browser {
		cookie := d.recognising(token)
		w.Header().Add("Set-Cookie", cookie.String())
	}
}

// cookieOf is the value of a cookie, empty without it.
func cookieOf(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}
