package server_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"tenure/internal/mailbox"
	"tenure/internal/server"
	"tenure/internal/server/servertest"
)

func TestSigningInSetsACookieThatScriptsCannotRead(t *testing.T) {
	for origin, want := range map[string]struct{ name, flags string }{
		"":                       {"tenure", ""},
		"https://tenure.example": {"__Host-tenure", "; Secure"},
	} {
		s := servertest.Start(t, "sqlite", func(c *server.Config) { c.Origin = origin })
		s.Found(t, "team", "Cookie", "owner@cookie.example")
		in := s.Nobody(t).Post("/v1/sign-in", obj{"email": "OWNER@cookie.example", "password": servertest.Password}).OK()
		cookie := in.Header.Get("Set-Cookie")
		for _, part := range []string{want.name + "=" + in.Text("token") + "; Path=/", "; HttpOnly", want.flags, "; SameSite=Lax"} {
			if !strings.Contains(cookie, part) {
				t.Errorf("%q lacks %q", cookie, part)
			}
		}
		if strings.Contains(cookie, "Domain") || (want.flags == "" && strings.Contains(cookie, "Secure")) {
			t.Errorf("cookie %q", cookie)
		}
		browser := s.Nobody(t).With("Cookie", want.name+"="+in.Text("token"))
		browser.Get("/v1/session").OK()
		browser.With("Sec-Fetch-Site", "cross-site").Post("/v1/sign-out", nil).Refused(403, "forbidden")
		browser.Get("/v1/session").OK()
		out := browser.Post("/v1/sign-out", nil).OK()
		if gone := out.Header.Get("Set-Cookie"); !strings.HasPrefix(gone, want.name+"=;") || !strings.Contains(gone, "Max-Age=0") {
			t.Errorf("the cookie is not taken back: %q", gone)
		}
		browser.Get("/v1/session").Refused(401, "unauthenticated")
	}
}

// TestUnknownAddressIsAnsweredLikeAKnownOne: what differs would tell who is a
// customer.
func TestUnknownAddressIsAnsweredLikeAKnownOne(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		s.Found(t, "team", "Known", "known@known.example")
		nobody := s.Nobody(t)
		wrong := obj{"email": "known@known.example", "password": "not the password at all"}
		known := nobody.Post("/v1/sign-in", wrong).Refused(401, "bad_credentials")
		wrong["email"] = "unknown@known.example"
		if unknown := nobody.Post("/v1/sign-in", wrong).Refused(401, "bad_credentials"); string(unknown.Body) != string(known.Body) {
			t.Errorf("%s and %s", known.Body, unknown.Body)
		}
		for _, path := range []string{"/v1/password/forgot"} {
			a, b := nobody.Post(path, obj{"email": "known@known.example"}), nobody.Post(path, obj{"email": "unknown@known.example"})
			if a.Status != 202 || b.Status != 202 || string(a.Body) != string(b.Body) {
				t.Errorf("%s: %d %s and %d %s", path, a.Status, a.Body, b.Status, b.Body)
			}
		}
		up := obj{"name": "N", "preset": "team", "email": "known@known.example", "first_name": "A", "last_name": "B"}
		a := nobody.Post("/v1/sign-up", up)
		up["email"] = "unknown@known.example"
		if b := nobody.Post("/v1/sign-up", up); a.Status != 202 || b.Status != 202 || string(a.Body) != string(b.Body) {
			t.Errorf("sign-up: %d %s and %d %s", a.Status, a.Body, b.Status, b.Body)
		}
	})
}

func TestFailuresDelayMoreAndMore(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		s.Found(t, "team", "Delay", "owner@delay.example")
		for _, email := range []string{"owner@delay.example", "unknown@delay.example"} {
			var refused *servertest.Answer
			for range 12 {
				if refused = s.Nobody(t).Post("/v1/sign-in", obj{"email": email, "password": "wrong wrong wrong wrong"}); refused.Status == 429 {
					break
				}
			}
			refused.Refused(429, "too_many_attempts")
			if wait, err := strconv.Atoi(refused.Header.Get("Retry-After")); err != nil || wait < 1 {
				t.Errorf("%s: Retry-After %q", email, refused.Header.Get("Retry-After"))
			}
		}
		s.Nobody(t).Post("/v1/sign-in", obj{"email": "owner@delay.example", "password": servertest.Password}).Refused(429, "too_many_attempts")
		s.Clock.Set(s.Clock.Now().Add(time.Hour))
		s.SignIn(t, "owner@delay.example")
	})
}

// TestAStrangerWhoGuessesLocksNobodyOut: not who is signed in, not a browser that
// was signed in before, and nobody who can read their mail.
func TestAStrangerWhoGuessesLocksNobodyOut(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		const email = "owner@besieged.example"
		s.Found(t, "team", "Besieged", email)
		right := obj{"email": email, "password": servertest.Password}
		guess := func() {
			for range 10 {
				s.Nobody(t).Post("/v1/sign-in", obj{"email": email, "password": "wrong wrong wrong wrong"})
			}
			s.Nobody(t).Post("/v1/sign-in", right).Refused(429, "too_many_attempts")
		}
		page := s.Nobody(t).With("Cookie", "tenure="+s.Nobody(t).Post("/v1/sign-in", right).OK().Text("token"))
		given := page.Get("/v1/me").OK().Header.Get("Set-Cookie")
		known, flags, _ := strings.Cut(given, "; ")
		if !strings.HasPrefix(known, "tenure-browser=tb_") || !strings.Contains(flags, "HttpOnly") || !strings.Contains(flags, "SameSite=Strict") {
			t.Fatalf("the browser is not known: %q", given)
		}
		guess()
		page.Post("/v1/me/step-up", obj{"password": servertest.Password}).OK()
		in := s.Nobody(t).With("Cookie", known).Post("/v1/sign-in", right).OK()
		both := s.Nobody(t).With("Cookie", known+"; tenure="+in.Text("token"))
		if again := both.Get("/v1/me").OK().Header.Get("Set-Cookie"); again != "" {
			t.Errorf("a browser that is known is given %q", again)
		}
		s.Nobody(t).Post("/v1/password/forgot", obj{"email": email}).OK()
		followed := s.Nobody(t).Post("/v1/password/reset", obj{"token": s.Mailed(t, email, "/reset"), "password": "an umbrella left behind"}).OK()
		guess()
		known, _, _ = strings.Cut(followed.Header.Get("Set-Cookie"), "; ")
		s.Nobody(t).With("Cookie", known).Post("/v1/sign-in", obj{"email": email, "password": "an umbrella left behind"}).OK()
	})
}

func TestSeveralPlacesAskWhichOne(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		a := s.Found(t, "team", "Alpha", "two@places.example")
		b := s.Found(t, "team", "Beta", "owner@places.example")
		b.Owner.Post(b.Path("/invitations"), obj{"emails": list{"two@places.example"}}).OK()
		joining := s.Mail(t, "two@places.example", func(m mailbox.Message) bool { return strings.Contains(m.Text, "to join Beta") })
		_, token, _ := strings.Cut(joining.Link("/invitation#"), "#")
		a.Owner.Post("/v1/invitations/accept", obj{"token": token}).OK()
		in := obj{"email": "two@places.example", "password": servertest.Password}
		choice := s.Nobody(t).Post("/v1/sign-in", in).Refused(409, "account_required")
		if choice.Text("accounts.0.name") != "Alpha" || choice.Text("accounts.1.id") != b.ID {
			t.Errorf("choice: %s", choice.Body)
		}
		s.Nobody(t).Post("/v1/sign-in", obj{"email": "two@places.example", "password": "wrong wrong wrong wrong"}).Refused(401, "bad_credentials")
		in["account"] = b.ID
		first := s.Client(t, s.Nobody(t).Post("/v1/sign-in", in).OK().Text("token"))
		if who := first.Get("/v1/session").OK(); who.Text("account_id") != b.ID || who.Text("role") != "member" {
			t.Errorf("%s", who.Body)
		}
		switched := first.Post("/v1/me/accounts/"+a.ID+"/switch", nil).OK()
		if who := s.Client(t, switched.Text("token")).Get("/v1/session").OK(); who.Text("account_id") != a.ID || who.Text("role") != "owner" {
			t.Errorf("%s", who.Body)
		}
		first.Get(a.Path("/members")).Refused(404, "not_found") // a session is one place
		first.Post("/v1/me/accounts/"+missing["account"]+"/switch", nil).Refused(404, "not_found")
	})
}

func TestPeopleEndTheirOtherSessions(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Sessions", "owner@sessions.example")
		phone, tablet, laptop := s.SignIn(t, "owner@sessions.example"), s.SignIn(t, "owner@sessions.example"), s.SignIn(t, "owner@sessions.example")
		for _, item := range phone.Get("/v1/me/sessions").OK().List("items") {
			if one := item.(map[string]any); one["current"] == true {
				c.Owner.Delete("/v1/me/sessions/" + one["id"].(string)).OK()
			}
		}
		phone.Get("/v1/session").Refused(401, "unauthenticated")
		tablet.Get("/v1/session").OK()
		c.Owner.Delete("/v1/me/sessions").OK()
		for _, ended := range []*servertest.Person{tablet, laptop} {
			ended.Get("/v1/session").Refused(401, "unauthenticated")
		}
		c.Owner.Get("/v1/session").OK()
	})
}

func TestForgottenPasswordIsSetAnewOnce(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Forgot", "owner@forgot.example")
		nobody := s.Nobody(t)
		nobody.Post("/v1/password/forgot", obj{"email": "owner@forgot.example"}).OK()
		token := s.Mailed(t, "owner@forgot.example", "/reset")
		nobody.Post("/v1/password/reset", obj{"token": token, "password": "short"}).Refused(422, "weak_password")
		if a := nobody.Post("/v1/password/reset", obj{"token": token, "password": "an umbrella left behind"}); a.Status != 204 || !strings.HasPrefix(a.Header.Get("Set-Cookie"), "tenure-browser=tb_") || len(a.Header.Values("Set-Cookie")) != 1 {
			t.Errorf("%d %s", a.Status, a.Body)
		}
		c.Owner.Get("/v1/session").Refused(401, "unauthenticated")
		nobody.Post("/v1/password/reset", obj{"token": token, "password": "an umbrella left again"}).Refused(410, "token_used")
		nobody.Post("/v1/sign-in", obj{"email": "owner@forgot.example", "password": servertest.Password}).Refused(401, "bad_credentials")
		nobody.Post("/v1/sign-in", obj{"email": "owner@forgot.example", "password": "an umbrella left behind"}).OK()
		nobody.Post("/v1/password/reset", obj{"token": "tr_nonsense", "password": "an umbrella left behind"}).Refused(404, "not_found")
	})
}

func TestPeopleKeepTheirOwnPlace(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Me", "owner@me.example")
		m := c.Invite("me@me.example", "member", nil)
		me := m.Get("/v1/me").OK()
		if me.Text("email") != "me@me.example" || me.Text("account_id") != c.ID || me.Text("id") != m.Member {
			t.Errorf("me: %s", me.Body)
		}
		changed := m.With("If-Match", me.Header.Get("ETag")).Patch("/v1/me", obj{"job_title": "Illustrator", "locale": "nl"}).OK()
		if changed.Text("job_title") != "Illustrator" || changed.Text("locale") != "nl" {
			t.Errorf("%s", changed.Body)
		}
		m.With("If-Match", me.Header.Get("ETag")).Patch("/v1/me", obj{"job_title": "Late"}).Refused(412, "stale")
		for _, field := range []string{"role", "status", "email", "modules", "user_id"} {
			m.Patch("/v1/me", obj{field: "owner"}).Refused(422, "unknown_field")
		}
		other := s.SignIn(t, "me@me.example")
		m.Post("/v1/me/password", obj{"current": "wrong wrong wrong wrong", "new": "a lantern in the fog"}).Refused(401, "bad_credentials")
		if weak := m.Post("/v1/me/password", obj{"current": servertest.Password, "new": "short"}).Refused(422, "weak_password"); weak.At("errors.0.field") != "new" {
			t.Errorf("%s", weak.Body)
		}
		if a := m.Post("/v1/me/password", obj{"current": servertest.Password, "new": "a lantern in the fog"}); a.Status != 204 {
			t.Errorf("%d %s", a.Status, a.Body)
		}
		other.Get("/v1/session").Refused(401, "unauthenticated")
		m.Get("/v1/session").OK()
		m.Delete("/v1/me/sessions/"+missing["session"]).Refused(404, "not_found")
		s.Operator(t).Get("/v1/me").Refused(403, "forbidden")
	})
}

func TestNewAddressHoldsOnceItsMailboxConfirms(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Address", "owner@address.example")
		m := c.Invite("old@address.example", "member", nil)
		m.Post("/v1/me/email", obj{"email": "new@address.example", "password": "wrong wrong wrong wrong"}).Refused(401, "bad_credentials")
		if a := m.Post("/v1/me/email", obj{"email": "new@address.example", "password": servertest.Password}); a.Status != 202 {
			t.Errorf("%d %s", a.Status, a.Body)
		}
		if got := m.Get("/v1/me").OK().Text("email"); got != "old@address.example" {
			t.Errorf("the address is %s before anybody confirmed", got)
		}
		token := s.Mailed(t, "new@address.example", "/confirm")
		if a := s.Nobody(t).Post("/v1/email/confirm", obj{"token": token}); a.Status != 204 {
			t.Errorf("%d %s", a.Status, a.Body)
		}
		m.Get("/v1/session").Refused(401, "unauthenticated")
		s.Nobody(t).Post("/v1/email/confirm", obj{"token": token}).Refused(410, "token_used")
		s.Mail(t, "old@address.example", func(m mailbox.Message) bool { return strings.Contains(m.Text, "new@address.example") })
		again := s.SignIn(t, "new@address.example")
		again.Get("/v1/me").OK()

		asked := c.Owner.Patch(c.Path("/members/"+m.Member), obj{"email": "given@address.example"}).OK()
		if asked.Text("email") == "given@address.example" {
			t.Errorf("an administrator set an address by themselves: %s", asked.Body)
		}
		s.Nobody(t).Post("/v1/email/confirm", obj{"token": s.Mailed(t, "given@address.example", "/confirm")}).OK()
		if got := c.Owner.Get(c.Path("/members/" + m.Member)).OK().Text("email"); got != "given@address.example" {
			t.Errorf("the place has %s", got)
		}
	})
}

func TestSignUpMakesAnAccountOnceConfirmed(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		nobody := s.Nobody(t)
		nobody.Post("/v1/sign-up", obj{"name": "Studio", "preset": "team", "email": "s@up.example", "first_name": "S", "last_name": "Up"}).OK()
		token := s.Mailed(t, "s@up.example", "/sign-up")
		nobody.Post("/v1/sign-up/confirm", obj{"token": token, "password": "short"}).Refused(422, "weak_password")
		in := nobody.Post("/v1/sign-up/confirm", obj{"token": token, "password": servertest.Password}).OK()
		if in.Text("account.name") != "Studio" || in.Text("member.role") != "owner" || !strings.HasPrefix(in.Header.Get("Set-Cookie"), "tenure=") {
			t.Errorf("%s", in.Body)
		}
		nobody.Post("/v1/sign-up/confirm", obj{"token": token, "password": servertest.Password}).Refused(410, "token_used")
	})
	closed := servertest.Start(t, "sqlite", func(c *server.Config) { c.SignUp = false })
	closed.Nobody(t).Post("/v1/sign-up", sample["sign-up"]).Refused(403, "forbidden")
	if closed.Nobody(t).Get("/v1/about").OK().At("sign_up") != false {
		t.Error("the browser is not told that sign-up is closed")
	}
}

func TestUnlockLetsSomebodyInAgain(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Unlock", "owner@unlock.example")
		m := c.Invite("m@unlock.example", "member", nil)
		for s.Nobody(t).Post("/v1/sign-in", obj{"email": "m@unlock.example", "password": "wrong wrong wrong wrong"}).Status != http.StatusTooManyRequests {
		}
		if a := c.Owner.Post(c.Path("/members/"+m.Member+"/unlock"), nil); a.Status != 204 {
			t.Errorf("%d %s", a.Status, a.Body)
		}
		s.SignIn(t, "m@unlock.example")
	})
}
