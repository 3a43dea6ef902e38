package client

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"
)

// Guard lets requests to a host app through only while their session lasts. It
// asks the server at every request and remembers nothing, so that whoever was
// let go is out at their next request. It is safe for concurrent use.
//
// It takes the session of a person: the cookie that Tenure has set, when the app
// stands behind the same host, or a session token as a bearer. The keys of
// accounts and of the operator are for Tenure's own API, and count here as
// nobody.
type Guard struct {
	base        string
	http        *http.Client
	timeout     time.Duration
	refuse      func(w http.ResponseWriter, r *http.Request, err error)
	crossOrigin *http.CrossOriginProtection
}

// Option sets up a Guard.
type Option func(*Guard)

// OnRefusal replaces what is answered when a request is not let through. The
// error is ErrSignedOut, *MissingError, *Problem, *UnavailableError or
// ErrCrossOrigin. The function must answer, and not with what it protects.
func OnRefusal(refuse func(w http.ResponseWriter, r *http.Request, err error)) Option {
	return func(g *Guard) { g.refuse = refuse }
}

// SignInAt sends the browser of who is not signed in to a page, with GET and
// HEAD only; everything else is refused as without it. The page is Tenure's own
// at {origin}/sign-in, or one of the app's.
func SignInAt(page string) Option {
	return OnRefusal(func(w http.ResponseWriter, r *http.Request, err error) {
		if errors.Is(err, ErrSignedOut) && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
			w.Header().Set("Cache-Control", "no-store")
			http.Redirect(w, r, page, http.StatusSeeOther)
			return
		}
		Refuse(w, r, err)
	})
}

// Over replaces the HTTP client that asks the server. Redirects are never
// followed, whatever it says.
func Over(c *http.Client) Option {
	return func(g *Guard) {
		own := *c
		g.http = &own
	}
}

// Within bounds how long an answer may take; 5 seconds unless said.
func Within(timeout time.Duration) Option { return func(g *Guard) { g.timeout = timeout } }

// Trusting lets pages of another origin, such as https://app.example.com, send
// requests that change something with the cookie. Panics on what is no origin.
func Trusting(origin string) Option {
	return func(g *Guard) {
		if err := g.crossOrigin.AddTrustedOrigin(origin); err != nil {
			panic("client.Trusting: " + err.Error())
		}
	}
}

// NewGuard makes the guard of a host app from the address of its Tenure server,
// such as http://localhost:8080. It keeps connections open between requests.
func NewGuard(base string, options ...Option) *Guard {
	pooled := http.DefaultTransport.(*http.Transport).Clone()
	pooled.MaxIdleConns, pooled.MaxIdleConnsPerHost = 256, 256
	g := &Guard{
		base: strings.TrimRight(base, "/"), http: &http.Client{Transport: pooled}, timeout: 5 * time.Second,
		refuse: Refuse, crossOrigin: http.NewCrossOriginProtection(),
	}
	for _, set := range options {
		set(g)
	}
	g.http.CheckRedirect = stay
	return g
}

// Need is what a member must have to be let through.
type Need struct {
	name string
	met  func(Session) bool
}

// Permission needs a permission, such as members.manage.
func Permission(permission string) Need {
	return Need{"permission " + permission, func(s Session) bool { return s.Holds(permission) }}
}

// Module needs a module that the member may open, by its key or its id.
func Module(module string) Need {
	return Need{"module " + module, func(s Session) bool { return s.Opens(module) }}
}

// Role needs one of the roles, by their keys.
func Role(keys ...string) Need {
	return Need{"role " + strings.Join(keys, " or "), func(s Session) bool {
		for _, k := range keys {
			if s.Role == k {
				return true
			}
		}
		return false
	}}
}

// ErrCrossOrigin says that a page of another origin sent a request that changes
// something, with a cookie that the browser added by itself.
var ErrCrossOrigin = errors.New("the request came from another site")

// Protect lets a request through to next when somebody is signed in who has all
// that is needed; SessionFrom gives next who it is. Everything else is refused,
// also when the server cannot be asked.
func (g *Guard) Protect(next http.Handler, needs ...Need) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s, cookie, err := g.session(r)
		if err == nil && cookie && g.crossOrigin.Check(r) != nil {
			err = ErrCrossOrigin
		}
		for _, n := range needs {
			if err == nil && !n.met(s) {
				err = &MissingError{s, n.name}
			}
		}
		if err != nil {
			g.refuse(w, r, err)
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), sessionKey{}, s)))
	})
}

type sessionKey struct{}

// SessionFrom gives who was let through. It is false outside of Protect.
func SessionFrom(ctx context.Context) (Session, bool) {
	s, ok := ctx.Value(sessionKey{}).(Session)
	return s, ok
}

// Refuse answers a request that is not let through the way Tenure does: with a
// problem (RFC 9457) of status 401, 403 or 503. It logs, to slog's default, why a
// session cannot be checked.
func Refuse(w http.ResponseWriter, r *http.Request, err error) {
	status, code, detail := http.StatusServiceUnavailable, "unavailable", "It cannot be checked now whether you are signed in. Please try again."
	var missing *MissingError
	var refused *Problem
	var unavailable *UnavailableError
	switch {
	case errors.Is(err, ErrSignedOut):
		status, code, detail = http.StatusUnauthorized, "unauthenticated", "You are not signed in."
	case errors.As(err, &missing):
		status, code, detail = http.StatusForbidden, "forbidden", "Your role does not allow this."
	case errors.Is(err, ErrCrossOrigin):
		status, code, detail = http.StatusForbidden, "forbidden", "This request came from another site."
	case errors.As(err, &unavailable): // before the problem it may hold
		slog.WarnContext(r.Context(), "a request is refused", "error", err)
		w.Header().Set("Retry-After", "5")
	case errors.As(err, &refused):
		status, code, detail = refused.Status, refused.Code, refused.Detail
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{ // the caller is gone, or reads it
		"type": "urn:tenure:problem:" + code, "title": http.StatusText(status), "status": status, "detail": detail, "code": code,
	})
}
