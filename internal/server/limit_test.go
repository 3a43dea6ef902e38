package server_test

import (
	"fmt"
	"strings"
	"testing"

	"tenure/internal/server"
	"tenure/internal/server/servertest"
)

// slow lets a caller make 20 requests at once and an address without one 10, and
// then none for a while.
func slow(t *testing.T, change ...func(*server.Config)) *servertest.Server {
	t.Helper()
	return servertest.Start(t, "sqlite", append(change, func(c *server.Config) { c.RateLimit = "2,1" })...)
}

// until asks until it is refused and gives how often it was answered.
func until(t *testing.T, most int, ask func(n int) *servertest.Answer) int {
	t.Helper()
	for n := range most {
		a := ask(n)
		if a.Status != 429 {
			continue
		}
		a.Refused(429, "rate_limited")
		if retry := a.Header.Get("Retry-After"); retry != "1" || a.Header.Get("RateLimit-Remaining") != "0" || a.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("refused with %v", a.Header)
		}
		return n
	}
	return most
}

func TestWhoAsksTooOftenIsToldWhenToComeBack(t *testing.T) {
	s := slow(t)
	c := s.Found(t, "team", "Often", "owner@often.example")
	first := c.Owner.Get("/v1/me").OK().Header
	if first.Get("RateLimit-Limit") != "20" || first.Get("RateLimit-Remaining") != "19" || first.Get("RateLimit-Reset") != "1" {
		t.Errorf("the first answer says %v", first)
	}
	sessions := []*servertest.Client{c.Owner.Client, s.SignIn(t, "owner@often.example").Client} // another session is no other caller
	if n := until(t, 60, func(n int) *servertest.Answer { return sessions[n%2].Get("/v1/me") }); n < 19 || n > 36 {
		t.Errorf("%d requests were answered", n)
	}
	for range 60 { // what a host app asks is never too much
		if a := c.Owner.Get("/v1/session").OK(); a.Header.Get("RateLimit-Limit") != "" {
			t.Errorf("%v", a.Header)
		}
		s.Nobody(t).Get("/healthz").OK()
		s.Operator(t).Get("/v1/accounts").OK()
	}
	metrics := string(s.Nobody(t).Get("/metrics").OK().Body)
	if !strings.Contains(metrics, `tenure_rate_limited_total{of="caller"} 1`) || !strings.Contains(metrics, `tenure_rate_limit_callers{of="address"} 1`) {
		t.Errorf("the metrics lack what was refused")
	}
}

// TestWhatCostsMuchIsAskedLessOften: a hash of a password takes a thousand times
// what another request takes, and anybody may have one made.
func TestWhatCostsMuchIsAskedLessOften(t *testing.T) {
	s := servertest.Start(t, "sqlite", func(c *server.Config) { c.RateLimit = "1000,40" })
	guess := func(n int) *servertest.Answer {
		return s.Nobody(t).Post("/v1/sign-in", obj{"email": fmt.Sprintf("n%d@costly.example", n), "password": "a guess of somebody's"})
	}
	if n := until(t, 100, guess); n < 8 || n > 60 {
		t.Errorf("%d passwords were looked at", n)
	}
	s.Nobody(t).Get("/v1/about").OK()
}

// TestForgedForwardedAddressesDoNotResetALimit_FleetCVE202646356: whoever writes
// another address into a header each time is still one.
func TestForgedForwardedAddressesDoNotResetALimit_FleetCVE202646356(t *testing.T) {
	forged := func(s *servertest.Server) func(n int) *servertest.Answer {
		return func(n int) *servertest.Answer {
			return s.Nobody(t).With("X-Forwarded-For", fmt.Sprintf("198.51.100.%d", n)).Get("/v1/about")
		}
	}
	if n := until(t, 60, forged(slow(t))); n > 30 {
		t.Errorf("%d requests were answered", n)
	}
	trusted := slow(t, func(c *server.Config) { c.TrustedProxies = []string{"127.0.0.0/8"} })
	if n := until(t, 60, forged(trusted)); n != 60 {
		t.Errorf("behind a proxy that is trusted, %d requests of others were answered", n)
	}
	same := func(n int) *servertest.Answer { // the left-most anybody could have written, and a /64 is one subscriber
		return trusted.Nobody(t).With("X-Forwarded-For", fmt.Sprintf("203.0.113.%d, 2001:db8::%x", n, n)).Get("/v1/about")
	}
	if n := until(t, 60, same); n > 30 {
		t.Errorf("%d requests of one subscriber were answered", n)
	}
}

// TestCredentialsThatDoNotCountAreNobodys: a made-up token is no way around.
func TestCredentialsThatDoNotCountAreNobodys(t *testing.T) {
	s := slow(t)
	if n := until(t, 60, func(n int) *servertest.Answer { return s.Client(t, fmt.Sprintf("tn_made_up_%d", n)).Get("/v1/me") }); n > 30 {
		t.Errorf("%d requests were answered", n)
	}
}

// TestTokensThatNobodyHasDoNotReachTheStoreForEver: who is known goes on from the
// same address, and so does a product, which asks whose session it is on behalf
// of everybody.
func TestTokensThatNobodyHasDoNotReachTheStoreForEver(t *testing.T) {
	s := slow(t)
	c := s.Found(t, "team", "Junk", "owner@junk.example")
	c.Owner.Get("/v1/session").OK()
	operator := s.Operator(t)
	operator.Get("/v1/accounts").OK()
	vain := func(prefix string, n int, path string) *servertest.Answer {
		return s.Client(t, fmt.Sprintf("%s%s_%043d", prefix, c.ID, n)).Get(path)
	}
	for _, prefix := range []string{"tn_", "tk_", "top_"} {
		for n := range 60 {
			vain(prefix, n, "/v1/session").Refused(401, "unauthenticated")
		}
	}
	for _, prefix := range []string{"tn_", "tk_", "top_"} {
		asked := 0
		for ; asked < 60 && vain(prefix, asked, "/v1/accounts").Status == 401; asked++ {
		}
		if asked > 30 {
			t.Errorf("the store was asked about %d tokens of the kind %s", asked, prefix)
		}
	}
	c.Owner.Get("/v1/me").OK()
	operator.Get("/v1/accounts").OK()
	if metrics := string(s.Nobody(t).Get("/metrics").OK().Body); strings.Contains(metrics, `tenure_rate_limited_total{of="token"} 0`) {
		t.Error("no token was held back before the store")
	}
}

func TestRateLimitsThatCannotBeAreRefusedAtTheStart(t *testing.T) {
	for _, text := range []string{"1000", "0,1", "1,-1", "a,b", "1,2,3", "1000000001,1"} {
		_, err := server.New(t.Context(), server.Config{Listen: "127.0.0.1:0", Database: t.TempDir() + "/t.db", RateLimit: text})
		if !server.IsConfigError(err) || !strings.Contains(err.Error(), "--rate-limit") {
			t.Errorf("%q: %v", text, err)
		}
	}
	off := servertest.Start(t, "sqlite", func(c *server.Config) { c.RateLimit = "off" })
	if a := off.Nobody(t).Get("/v1/about").OK(); a.Header.Get("RateLimit-Limit") != "" {
		t.Errorf("%v", a.Header)
	}
}
