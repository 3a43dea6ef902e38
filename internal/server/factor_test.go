package server_test

import (
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"tenure/internal/server/servertest"
)

// enrolled sets up a second factor for somebody and gives its secret and the
// recovery codes.
func enrolled(t *testing.T, s *servertest.Server, p *servertest.Person) (secret string, codes []any) {
	t.Helper()
	secret = p.Post("/v1/me/totp", nil).OK().Text("secret")
	return secret, p.Post("/v1/me/totp/confirm", obj{"code": shown(t, s, secret)}).OK().List("recovery_codes")
}

// shown is the code that an authenticator app shows now; the clock goes on, so
// that the next one is another.
func shown(t *testing.T, s *servertest.Server, secret string) string {
	t.Helper()
	s.Clock.Set(s.Clock.Now().Add(30 * time.Second))
	code, err := totp.GenerateCode(secret, s.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func TestSigningInTakesACodeOfTheSecondFactor(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Twice", "owner@twice.example")
		setup := c.Owner.Post("/v1/me/totp", nil).OK()
		secret := setup.Text("secret")
		if !strings.HasPrefix(setup.Text("uri"), "otpauth://totp/Tenure:owner@twice.example?") || !strings.HasPrefix(setup.Text("qr"), "data:image/png;base64,") || len(secret) != 32 {
			t.Fatalf("setup: %s", setup.Body)
		}
		if before := c.Owner.Get("/v1/me/totp").OK(); before.At("enabled") != false || before.At("since") != nil {
			t.Errorf("before the first code: %s", before.Body)
		}
		other := s.SignIn(t, "owner@twice.example")
		if codes := c.Owner.Post("/v1/me/totp/confirm", obj{"code": shown(t, s, secret)}).OK().List("recovery_codes"); len(codes) != 10 {
			t.Errorf("recovery codes: %v", codes)
		}
		other.Get("/v1/session").Refused(401, "unauthenticated")
		c.Owner.Get("/v1/session").OK()
		if after := c.Owner.Get("/v1/me/totp").OK(); after.At("enabled") != true || after.Number("recovery_codes_left") != 10 {
			t.Errorf("after the first code: %s", after.Body)
		}
		half := s.Nobody(t).Post("/v1/sign-in", obj{"email": "owner@twice.example", "password": servertest.Password}).OK()
		if half.Text("token") != "" || half.Header.Get("Set-Cookie") != "" || len(half.List("methods")) != 2 || half.At("methods.0") != "totp" {
			t.Fatalf("the password alone gives %s %v", half.Body, half.Header)
		}
		answer := obj{"challenge": half.Text("challenge"), "code": "000000"}
		s.Nobody(t).Post("/v1/sign-in/totp", answer).Refused(401, "bad_credentials")
		answer["code"] = shown(t, s, secret)
		in := s.Nobody(t).Post("/v1/sign-in/totp", answer).OK()
		if !strings.HasPrefix(in.Header.Get("Set-Cookie"), "tenure="+in.Text("token")) || in.At("member.mfa") != true {
			t.Errorf("signed in: %s %v", in.Body, in.Header)
		}
		s.Client(t, in.Text("token")).Get("/v1/session").OK()
		s.Nobody(t).Post("/v1/sign-in/totp", answer).Refused(410, "token_used")
		s.Nobody(t).Post("/v1/sign-in/totp", obj{"challenge": "tf_nonsense", "code": "000000"}).Refused(404, "not_found")
	})
}

func TestMembersAreFilteredAndCountedByTheirSecondFactor(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Filter", "owner@filter.example")
		jo := c.Invite("jo@filter.example", "member", nil)
		enrolled(t, s, jo)
		for filter, want := range map[string]string{"true": "jo@filter.example", "false": "owner@filter.example"} {
			list := c.Owner.Get(c.Path("/members?mfa=" + filter)).OK()
			if len(list.List("items")) != 1 || list.Text("items.0.email") != want || list.At("items.0.mfa") != (filter == "true") {
				t.Errorf("mfa=%s: %s", filter, list.Body)
			}
		}
		if n := c.Owner.Get(c.Path("/overview")).OK().Number("without_mfa"); n != 1 {
			t.Errorf("without_mfa = %v", n)
		}
		c.Owner.Get(c.Path("/members?mfa=maybe")).Refused(422, "invalid")
	})
}
