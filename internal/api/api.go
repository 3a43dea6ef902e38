// Package api is the REST door: it decodes, calls a room once, and encodes. It
// is the only place that knows HTTP, and holds no rule of the domain.
//
// Invariants. GET, HEAD and OPTIONS change nothing. What is not known is
// refused and never ignored. A refusal is a problem with a stable code and
// repeats nothing that was sent. No link is made from a header of the request.
package api

import (
	"context"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// Config is what the door must know about the server it stands in.
type Config struct {
	Origin         *url.URL // where people reach the server; decides on cookies
	Version        string
	SignUpOpen     bool
	Product        string // where the product is that embeds this server; empty: not told
	MailFrom       string // who sends the mails, to show
	Languages      []Language
	TrustedProxies []netip.Prefix // who may say what the client's address is
	Log            *slog.Logger
	App            fs.FS // the browser app, as it was built
	AppBuilt       bool
	Mailbox        http.Handler // the mailbox page of the demo, or nil
	Limits         Limits       // how much each caller may ask
	Clock          Clock        // nil unless it may be set
	Keys           Signer
	Heartbeat      time.Duration // how long a stream is silent at most
	// Slowest is how long a request may take to arrive, and an answer to be taken
	// that does not last.
	Slowest time.Duration
	// Ready says why the server cannot take requests, Metrics what /metrics
	// answers, and Observe is told of every request by its route.
	Ready   func(ctx context.Context) error
	Metrics http.Handler
	// MetricsToken is what /metrics asks for of anybody but the operator. Without
	// one, only who asks from this machine is answered.
	MetricsToken string
	Observe      func(method, pattern string, status int, took time.Duration)
}

// Language is one the server speaks: its code and its own name for itself.
type Language struct {
	Code string
	Name string
}

// Clock is a clock that tests and demos set.
type Clock interface {
	Now() time.Time
	Set(now time.Time)
}

// door is the API as it is being put together.
type door struct {
	config      Config
	rooms       Rooms
	log         *slog.Logger
	https       bool
	cookies     cookies
	crossOrigin *http.CrossOriginProtection
	mux         *router
	huma        huma.API
}

// New puts the API together. It gives the handler of everything the server
// answers.
func New(c Config, rooms Rooms) (*Handler, error) {
	teachHuma()
	d := &door{
		config: c, rooms: rooms, log: c.Log, https: c.Origin.Scheme == "https",
		crossOrigin: http.NewCrossOriginProtection(), mux: &router{},
	}
	d.cookies = cookiesOf(d.https)
	if err := d.crossOrigin.AddTrustedOrigin(c.Origin.Scheme + "://" + c.Origin.Host); err != nil {
		return nil, err
	}
	d.huma = humago.New(d.mux, huma.Config{
		OpenAPI: description(c.Version), Formats: map[string]huma.Format{"application/json": format, "json": format},
		DefaultFormat: "application/json", RejectUnknownQueryParameters: true,
	})
	for _, subject := range []func(){
		d.health, d.keys, d.about, d.clock, d.signUp, d.signIn, d.session, d.me, d.factors, d.accounts, d.areas, d.roles, d.apiKeys,
		d.members, d.memberSessions, d.invitations, d.departures, d.resources, d.decide, d.credits, d.records, d.events, d.billing, d.operatorKeys,
	} {
		subject()
	}
	d.describe()
	return &Handler{d.trace(d.guardHeaders(d.watch(d.identify(d.limited(d.dispatch()))))), d.routes()}, nil
}

// dispatch finds the operation, the browser app or neither.
func (d *door) dispatch() http.Handler {
	app := newBrowser(d.config.App, d.config.AppBuilt)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen := routeOf(r.Context())
		found, pattern := d.mux.Handler(r)
		switch {
		case pattern != "":
			_, seen.pattern, _ = strings.Cut(pattern, " ")
			if !strings.Contains(pattern, "{") { // there is nothing to read from the path
				found.ServeHTTP(w, r)
				return
			}
			d.mux.ServeHTTP(w, r)
		case d.config.Mailbox != nil && (r.URL.Path == "/mailbox" || strings.HasPrefix(r.URL.Path, "/mailbox/")):
			seen.pattern = "/mailbox"
			d.config.Mailbox.ServeHTTP(w, r)
		case !ofAPI(r.URL.Path) && (r.Method == http.MethodGet || r.Method == http.MethodHead):
			seen.pattern, seen.quiet = "/", true
			app.ServeHTTP(w, r)
		default:
			notHere(w, r, found)
		}
	})
}

// ofAPI reports whether a path belongs to the API rather than to the app.
func ofAPI(path string) bool {
	for _, root := range []string{"/v1", "/access", "/.well-known", "/openapi.json", "/healthz", "/readyz", "/metrics"} {
		if path == root || strings.HasPrefix(path, root+"/") {
			return true
		}
	}
	return false
}

// notHere says that there is no such operation, or none with this method: the
// mux knows which, but would say it as text.
func notHere(w http.ResponseWriter, r *http.Request, unmatched http.Handler) {
	heard := &overheard{header: http.Header{}}
	unmatched.ServeHTTP(heard, r)
	if heard.status == http.StatusMethodNotAllowed {
		w.Header()["Allow"] = heard.header["Allow"]
		problem(http.StatusMethodNotAllowed, "method_not_allowed", "This does not take that method.").write(w)
		return
	}
	problem(http.StatusNotFound, "not_found", "There is no such thing here.").write(w)
}

// overheard takes an answer that nobody gets.
type overheard struct {
	header http.Header
	status int
}

func (o *overheard) Header() http.Header         { return o.header }
func (o *overheard) Write(b []byte) (int, error) { return len(b), nil }
func (o *overheard) WriteHeader(status int)      { o.status = status }
