package client_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tenure/client"
	"tenure/internal/server/servertest"
)

type obj = servertest.Map

// app is a host app behind a guard: it says who came in.
func app(g *client.Guard, needs ...client.Need) http.Handler {
	return g.Protect(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s, ok := client.SessionFrom(r.Context())
		fmt.Fprint(w, s.MemberID, " ", s.Role, " ", ok)
	}), needs...)
}

// ask sends a request to a handler; headers are names and values in turn.
func ask(h http.Handler, method string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://app.example/", nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func refused(t *testing.T, w *httptest.ResponseRecorder, status int, code string) {
	t.Helper()
	if w.Code != status || !strings.Contains(w.Body.String(), `"code":"`+code+`"`) || w.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("got %d %s, want %d %s", w.Code, w.Body, status, code)
	}
}

func TestAGuardLetsInWhoIsSignedInAndNobodyElse(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "portal", "Guarded", "owner@guarded.example")
		m := c.Invite("maria@guarded.example", "user", obj{"modules": c.Modules()[:1]})
		h := app(client.NewGuard(s.Witnessed(t)))
		bearer := func(token string) []string { return []string{"Authorization", "Bearer " + token} }
		for name, headers := range map[string][]string{
			"a bearer": bearer(m.Token()), "the cookie": {"Cookie", "other=1; tenure=" + m.Token()},
			"the cookie besides the app's own scheme": {"Cookie", "tenure=" + m.Token(), "Authorization", "Basic YXBwOmFwcA=="},
		} {
			if w := ask(h, "GET", headers...); w.Code != 200 || w.Body.String() != m.Member+" user true" {
				t.Errorf("%s: %d %s", name, w.Code, w.Body)
			}
		}
		for name, headers := range map[string][]string{
			"nothing": nil, "a bearer nobody has": bearer("tn_" + c.ID + "_" + strings.Repeat("A", 43)), "an empty bearer": bearer(""),
			"the operator key": bearer(servertest.OperatorKey), "the app's own scheme": {"Authorization", "Basic YXBwOmFwcA=="},
			"a bad bearer besides a good cookie": {"Authorization", "Bearer x", "Cookie", "tenure=" + m.Token()},
			"the name in a header":               {"X-Tenure-Member", m.Member}, "an empty cookie": {"Cookie", "tenure="},
		} {
			if w := ask(h, "GET", headers...); w.Code != 401 {
				t.Errorf("%s: %d %s", name, w.Code, w.Body)
			}
		}
		refused(t, ask(h, "GET"), 401, "unauthenticated")
		c.Owner.Post(c.Path("/members/"+m.Member+"/suspend"), nil).OK()
		refused(t, ask(h, "GET", bearer(m.Token())...), 401, "unauthenticated") // at the very next request
	})
}

func TestAGuardAsksForWhatIsNeeded(t *testing.T) {
	s := servertest.Start(t, "sqlite")
	c := s.Found(t, "portal", "Needs", "owner@needs.example")
	modules := c.Owner.Get(c.Path("/modules")).OK()
	m := c.Invite("maria@needs.example", "user", obj{"modules": []string{modules.Text("items.0.id")}})
	g := client.NewGuard(s.Witnessed(t))
	for _, asked := range []struct {
		name       string
		need       client.Need
		user, boss int
	}{
		{"a module by key", client.Module(modules.Text("items.0.key")), 200, 200},
		{"a module by id", client.Module(modules.Text("items.0.id")), 200, 200},
		{"another module", client.Module(modules.Text("items.1.key")), 403, 200},
		{"a module for administrators", client.Module("pricing"), 403, 200},
		{"no module", client.Module("nonsense"), 403, 403},
		{"an empty module", client.Module(""), 403, 403},
		{"a permission", client.Permission("members.manage"), 403, 200},
		{"a role", client.Role("user", "admin"), 200, 200},
		{"another role", client.Role("admin"), 403, 200},
	} {
		h := app(g, client.Role("user", "admin"), asked.need)
		for token, status := range map[string]int{m.Token(): asked.user, c.Owner.Token(): asked.boss} {
			if w := ask(h, "GET", "Authorization", "Bearer "+token); w.Code != status {
				t.Errorf("%s: %d %s, want %d", asked.name, w.Code, w.Body, status)
			}
		}
	}
	refused(t, ask(app(g, client.Module("pricing")), "GET", "Authorization", "Bearer "+m.Token()), 403, "forbidden")
	c.Owner.Patch(c.Path("/members/"+m.Member), obj{"modules": []string{modules.Text("items.1.id")}}).OK()
	if w := ask(app(g, client.Module(modules.Text("items.1.key"))), "GET", "Authorization", "Bearer "+m.Token()); w.Code != 200 {
		t.Errorf("after they were given the module: %d %s", w.Code, w.Body)
	}
}

// TestAGuardThatCannotAskLetsNobodyIn: no server, another server, a slow one,
// one that sends elsewhere.
func TestAGuardThatCannotAskLetsNobodyIn(t *testing.T) {
	gone := httptest.NewServer(nil)
	gone.Close()
	held := make(chan struct{})
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.URL.Path, "/html"):
			fmt.Fprint(w, "<h1>Welcome</h1>")
		case strings.HasPrefix(r.URL.Path, "/json"):
			fmt.Fprint(w, `{"status":"ok"}`)
		case strings.HasPrefix(r.URL.Path, "/moved"):
			http.Redirect(w, r, "/whole", http.StatusFound)
		case r.URL.Path == "/whole":
			fmt.Fprint(w, `{"member_id":"mem_0","account_id":"acc_0"}`)
		case strings.HasPrefix(r.URL.Path, "/broken"):
			http.Error(w, "no", http.StatusBadGateway)
		case strings.HasPrefix(r.URL.Path, "/slow"):
			<-held
		}
	}))
	t.Cleanup(other.Close)
	t.Cleanup(func() { close(held) })
	for _, base := range []string{gone.URL, other.URL + "/html", other.URL + "/json", other.URL + "/moved", other.URL + "/broken", other.URL + "/slow", "localhost:8080", ""} {
		w := ask(app(client.NewGuard(base, client.Within(50*time.Millisecond))), "GET", "Authorization", "Bearer canary")
		refused(t, w, 503, "unavailable")
		if w.Header().Get("Retry-After") == "" || strings.Contains(w.Body.String(), "canary") {
			t.Errorf("%s: %v %s", base, w.Header(), w.Body)
		}
	}
}

func TestTheErrorsOfAGuardAreTyped(t *testing.T) {
	s := servertest.Start(t, "sqlite")
	c := s.Found(t, "team", "Typed", "owner@typed.example")
	request := func(ctx context.Context, token string) *http.Request {
		r := httptest.NewRequestWithContext(ctx, "GET", "/", nil)
		r.Header.Set("Authorization", "Bearer "+token)
		return r
	}
	g := client.NewGuard(s.Witnessed(t) + "/")
	if who, err := g.Session(request(t.Context(), c.Owner.Token())); err != nil || who.AccountID != c.ID || !who.Holds("members.manage") || who.Holds("nonsense") || who.ExpiresAt.IsZero() {
		t.Errorf("%+v %v", who, err)
	}
	if _, err := g.Session(request(t.Context(), "canary")); !errors.Is(err, client.ErrSignedOut) {
		t.Errorf("nobody: %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := g.Session(request(ended, c.Owner.Token())); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
	var unavailable *client.UnavailableError
	if _, err := client.NewGuard("http://127.0.0.1:1").Session(request(t.Context(), "canary")); !errors.As(err, &unavailable) || strings.Contains(err.Error(), "canary") {
		t.Errorf("unreachable: %v", err)
	}
	var seen error
	h := client.NewGuard(s.Witnessed(t), client.OnRefusal(func(w http.ResponseWriter, _ *http.Request, err error) {
		seen = err
		w.WriteHeader(http.StatusTeapot)
	})).Protect(http.NotFoundHandler(), client.Permission("nonsense"))
	var missing *client.MissingError
	if w := ask(h, "GET", "Authorization", "Bearer "+c.Owner.Token()); w.Code != http.StatusTeapot || !errors.As(seen, &missing) || missing.Session.MemberID != c.Owner.Member {
		t.Errorf("%d %v", w.Code, seen)
	}
}

// TestAGuardCarriesTheCredentialAndNothingElse looks at what comes out on the
// wire, and at how many connections it takes.
func TestAGuardCarriesTheCredentialAndNothingElse(t *testing.T) {
	s := servertest.Start(t, "sqlite")
	c := s.Found(t, "team", "Carried", "owner@carried.example")
	base, err := url.Parse(s.Witnessed(t))
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var came []*http.Request
	var connections atomic.Int64
	onTheWay := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		came = append(came, r.Clone(context.Background()))
		mu.Unlock()
		httputil.NewSingleHostReverseProxy(base).ServeHTTP(w, r)
	}))
	onTheWay.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	onTheWay.Start()
	t.Cleanup(onTheWay.Close)
	h := app(client.NewGuard(onTheWay.URL))
	for range 50 {
		if w := ask(h, "GET", "Cookie", "app=private; tenure="+c.Owner.Token()+"; __Host-tenure=other", "X-Forwarded-For", "203.0.113.9", "X-Api-Key", "private",
			"Origin", "https://app.example", "Referer", "https://app.example/private", "Proxy-Authorization", "Basic private"); w.Code != 200 {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	if n := connections.Load(); n != 1 {
		t.Errorf("%d connections for requests one after the other", n)
	}
	r := came[0]
	if r.Method != "GET" || r.URL.String() != "/v1/session" || r.Header.Get("Cookie") != "__Host-tenure=other; tenure="+c.Owner.Token() {
		t.Errorf("%s %s with %v", r.Method, r.URL, r.Header)
	}
	for name, values := range r.Header {
		if name != "Cookie" && name != "User-Agent" && name != "Accept-Encoding" {
			t.Errorf("%s: %v went out", name, values)
		}
	}
}

// TestAPageOfAnotherSiteChangesNothing: a browser adds the cookie by itself.
func TestAPageOfAnotherSiteChangesNothing(t *testing.T) {
	s := servertest.Start(t, "sqlite")
	c := s.Found(t, "team", "Sites", "owner@sites.example")
	cookie, bearer := []string{"Cookie", "tenure=" + c.Owner.Token()}, []string{"Authorization", "Bearer " + c.Owner.Token()}
	h := app(client.NewGuard(s.Witnessed(t), client.Trusting("https://trusted.example")))
	for _, asked := range []struct {
		method string
		by     []string
		site   []string
		status int
	}{
		{"POST", cookie, []string{"Sec-Fetch-Site", "same-origin"}, 200},
		{"POST", cookie, []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"DELETE", cookie, []string{"Sec-Fetch-Site", "same-site"}, 403},
		{"POST", cookie, []string{"Origin", "https://evil.example"}, 403},
		{"POST", cookie, []string{"Origin", "https://trusted.example"}, 200},
		{"GET", cookie, []string{"Sec-Fetch-Site", "cross-site"}, 200},
		{"POST", bearer, []string{"Sec-Fetch-Site", "cross-site"}, 200},
		{"POST", cookie, nil, 200}, // no browser
	} {
		if w := ask(h, asked.method, append(asked.site, asked.by...)...); w.Code != asked.status {
			t.Errorf("%s %v: %d %s, want %d", asked.method, asked.site, w.Code, w.Body, asked.status)
		}
	}
}

func TestABrowserIsSentToSignIn(t *testing.T) {
	s := servertest.Start(t, "sqlite")
	h := app(client.NewGuard(s.Witnessed(t), client.SignInAt("/sign-in")))
	if w := ask(h, "GET"); w.Code != 303 || w.Header().Get("Location") != "/sign-in" || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	refused(t, ask(h, "POST"), 401, "unauthenticated")
	c := s.Found(t, "team", "Sent", "owner@sent.example")
	refused(t, ask(app(client.NewGuard(s.Witnessed(t), client.SignInAt("/sign-in")), client.Role("nobody")), "GET", "Authorization", "Bearer "+c.Owner.Token()), 403, "forbidden")
}
