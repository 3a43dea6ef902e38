package server_test

import (
	"maps"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"tenure/internal/mailbox"
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

func TestAFactorIsTakenAwayWithACodeOfIt(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Away", "owner@away.example")
		secret, codes := enrolled(t, s, c.Owner)
		c.Owner.Call("DELETE", "/v1/me/totp", obj{"code": "000000"}).Refused(401, "bad_credentials")
		c.Owner.Call("DELETE", "/v1/me/totp", obj{"code": shown(t, s, secret)}).OK()
		if left := c.Owner.Get("/v1/me/totp").OK(); left.At("enabled") != false {
			t.Errorf("after it is taken away: %s", left.Body)
		}
		s.SignIn(t, "owner@away.example") // the password is enough again
		c.Owner.Call("DELETE", "/v1/me/totp", obj{"code": codes[0]}).Refused(409, "factor_not_enabled")
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

// answered finishes a half-done sign-in and gives who is in.
func answered(t *testing.T, s *servertest.Server, half *servertest.Answer, code string) *servertest.Answer {
	t.Helper()
	if half.Text("challenge") == "" {
		t.Fatalf("no challenge: %s", half.Body)
	}
	return s.Nobody(t).Post("/v1/sign-in/totp", obj{"challenge": half.Text("challenge"), "code": code}).OK()
}

// While an account requires a second factor, who has none may set one up and do
// nothing else: from the next request, also with a session from before.
func TestWhoLacksARequiredFactorMayOnlySetOneUp(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Strict", "owner@strict.example")
		jo := c.Invite("jo@strict.example", "member", nil)
		ownersSecret, _ := enrolled(t, s, c.Owner)
		c.Owner.Patch(c.Path(""), obj{"policy": obj{"mfa": "required"}}).OK()
		c.Owner.Get("/v1/session").OK()
		allowed := map[string]bool{
			"GET /v1/me": true, "GET /v1/me/totp": true, "POST /v1/me/totp": true, "POST /v1/me/totp/confirm": true, "POST /v1/me/totp/recovery-codes": true,
			"DELETE /v1/me/totp": true, "POST /v1/me/step-up": true, "GET /v1/me/accounts": true, "POST /v1/me/accounts/{account}/switch": true,
		}
		ids := maps.Clone(missing)
		ids["account"], ids["member"] = c.ID, jo.Member
		for _, o := range operations(t, s) {
			if o.open {
				continue
			}
			a := jo.Call(o.method, o.at(ids), sample[o.id])
			if barred := a.Status == 403 && a.Text("code") == "factor_required"; barred == allowed[o.method+" "+o.path] {
				t.Errorf("%s %s: %d %s", o.method, o.path, a.Status, a.Body)
			}
		}
		jo.Get("/v1/me").OK()
		there := jo.Post("/v1/me/accounts/"+c.ID+"/switch", nil).OK()
		s.Client(t, there.Text("token")).Get("/v1/session").Refused(403, "factor_required")
		again := s.SignIn(t, "jo@strict.example")
		again.Get("/v1/session").Refused(403, "factor_required")
		secret, _ := enrolled(t, s, again)
		again.Get("/v1/session").OK()
		again.Call("DELETE", "/v1/me/totp", obj{"code": shown(t, s, secret)}).Refused(409, "factor_required")
		c.Owner.Call("DELETE", "/v1/me/totp", obj{"code": shown(t, s, ownersSecret)}).Refused(409, "factor_required")
		ann := c.Invite("ann@strict.example", "member", nil)
		ann.Get("/v1/session").Refused(403, "factor_required")
		ann.Post("/v1/sign-out", nil).OK()
		bob := s.SignIn(t, "ann@strict.example")
		bob.Get("/v1/session").Refused(403, "factor_required")
		c.Owner.Patch(c.Path(""), obj{"policy": obj{"mfa": "optional"}}).OK()
		bob.Get("/v1/session").OK()
	})
}

// What matters most takes a proof that is no older than half an hour, and nothing
// else does.
func TestWhatMattersMostIsAskedForAgainAfterHalfAnHour(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Proof", "owner@proof.example")
		c.Owner.Patch(c.Path(""), obj{"policy": obj{"session_idle": 7200}}).OK()
		jo, ann := c.Invite("jo@proof.example", "member", nil), c.Invite("ann@proof.example", "member", nil)
		c.Owner.Post(c.Path("/members/"+ann.Member+"/suspend"), nil).OK()
		plan := c.Owner.Post(c.Path("/departures"), obj{"members": list{jo.Member}, "kind": "deactivate"}).OK()
		if until, err := time.Parse(time.RFC3339, c.Owner.Get("/v1/session").OK().Text("proven_until")); err != nil || until.Sub(s.Clock.Now()) > 30*time.Minute {
			t.Errorf("proven until %v: %v", until, err)
		}
		s.Clock.Set(s.Clock.Now().Add(31 * time.Minute))
		member, departure := c.Path("/members/"+jo.Member), c.Path("/departures/"+plan.Text("id"))
		for what, ask := range map[string]func() *servertest.Answer{
			"apply":     func() *servertest.Answer { return c.Owner.Post(departure+"/apply", obj{"digest": plan.Text("digest")}) },
			"suspend":   func() *servertest.Answer { return c.Owner.Post(member+"/suspend", nil) },
			"activate":  func() *servertest.Answer { return c.Owner.Post(c.Path("/members/"+ann.Member+"/activate"), nil) },
			"promote":   func() *servertest.Answer { return c.Owner.Patch(member, obj{"role": "owner"}) },
			"address":   func() *servertest.Answer { return c.Owner.Patch(member, obj{"email": "new@proof.example"}) },
			"policy":    func() *servertest.Answer { return c.Owner.Patch(c.Path(""), obj{"policy": obj{"mfa": "required"}}) },
			"make role": func() *servertest.Answer { return c.Owner.Post(c.Path("/roles"), sample["create-role"]) },
			"enrol":     func() *servertest.Answer { return c.Owner.Post("/v1/me/totp", nil) },
		} {
			if a := ask(); a.Status != 403 || a.Text("code") != "step_up_required" {
				t.Errorf("%s: %d %s", what, a.Status, a.Body)
			}
		}
		c.Owner.Patch(c.Path(""), obj{"name": "Proven"}).OK()
		c.Owner.Patch(member, obj{"job_title": "Clerk"}).OK()
		c.Owner.Post(c.Path("/members/"+ann.Member+"/activate?preview=true"), nil).OK()
		c.Owner.Patch(c.Path("/members"), obj{"members": list{jo.Member}, "role": "owner"}).Refused(403, "step_up_required")
		s.Operator(t).Patch(member, obj{"role": "owner"}).OK()
		c.Owner.Post("/v1/me/step-up", obj{"password": "not the password at all"}).Refused(401, "bad_credentials")
		c.Owner.Post("/v1/me/step-up", obj{"code": "000000"}).Refused(422, "invalid")
		c.Owner.Post("/v1/me/step-up", obj{"password": servertest.Password}).OK()
		plan = c.Owner.Get(departure).OK()
		receipt := c.Owner.Post(departure+"/apply", obj{"digest": plan.Text("digest")}).OK()
		if receipt.Text("departure") != plan.Text("id") {
			t.Errorf("receipt: %s", receipt.Body)
		}
		s.Clock.Set(s.Clock.Now().Add(31 * time.Minute))
		c.Owner.Post(departure+"/undo", nil).Refused(403, "step_up_required")
	})
}

// An invitation is accepted by who has a second factor only with its code, and
// stays open until then.
func TestAnInvitationIsAcceptedWithTheSecondFactor(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		here, there := s.Found(t, "team", "Here", "owner@here.example"), s.Found(t, "team", "There", "owner@there.example")
		jo := here.Invite("jo@here.example", "member", nil)
		secret, codes := enrolled(t, s, jo)
		invited := there.Owner.Post(there.Path("/invitations"), obj{"emails": list{"jo@here.example"}, "role": "owner"}).OK()
		offer := func(name string) string {
			m := s.Mail(t, "jo@here.example", func(m mailbox.Message) bool { return strings.Contains(m.Subject, name) })
			_, token, _ := strings.Cut(m.Link("/invitation#"), "#")
			return token
		}
		accept := obj{"token": offer("There"), "password": servertest.Password, "first_name": "Jo", "last_name": "Bakker"}
		half := s.Nobody(t).Post("/v1/invitations/accept", accept).OK()
		if half.Header.Get("Set-Cookie") != "" || half.Text("token") != "" {
			t.Fatalf("in by the password alone: %s", half.Body)
		}
		one := there.Path("/invitations/" + invited.Text("results.0.invitation.id"))
		if now := there.Owner.Get(one).OK(); now.Text("status") != "pending" {
			t.Errorf("before the code: %s", now.Body)
		}
		s.Nobody(t).Post("/v1/sign-in/totp", obj{"challenge": half.Text("challenge"), "code": "000000"}).Refused(401, "bad_credentials")
		in := answered(t, s, half, shown(t, s, secret))
		if in.Text("account.id") != there.ID || in.Text("member.first_name") != "Jo" || in.Text("member.role") != "owner" || in.At("member.mfa") != true {
			t.Errorf("in: %s", in.Body)
		}
		if now := there.Owner.Get(one).OK(); now.Text("status") != "accepted" {
			t.Errorf("after the code: %s", now.Body)
		}
		s.Nobody(t).Post("/v1/invitations/accept", accept).Refused(409, "already_accepted")
		// Withdrawn between the password and the code, it leads nowhere.
		third := s.Found(t, "team", "Third", "owner@third.example")
		invited = third.Owner.Post(third.Path("/invitations"), obj{"emails": list{"jo@here.example"}, "role": "member"}).OK()
		accept["token"] = offer("Third")
		half = s.Nobody(t).Post("/v1/invitations/accept", accept).OK()
		third.Owner.Delete(third.Path("/invitations/" + invited.Text("results.0.invitation.id"))).OK()
		s.Nobody(t).Post("/v1/sign-in/totp", obj{"challenge": half.Text("challenge"), "code": codes[0]}).Refused(410, "invitation_closed")
	})
}

func TestASignUpOfWhoHasASecondFactorTakesItsCode(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "First", "owner@first.example")
		secret, _ := enrolled(t, s, c.Owner)
		s.Nobody(t).Post("/v1/sign-up", obj{"name": "Second", "preset": "team", "email": "owner@first.example", "first_name": "O", "last_name": "Wner"}).OK()
		token := s.Mailed(t, "owner@first.example", "/sign-up")
		half := s.Nobody(t).Post("/v1/sign-up/confirm", obj{"token": token, "password": servertest.Password}).OK()
		in := answered(t, s, half, shown(t, s, secret))
		if in.Text("account.name") != "Second" || in.Text("member.role") != "owner" {
			t.Errorf("in: %s", in.Body)
		}
	})
}

// A factor that is lost is reset by an administrator's word and the person's
// password and mailbox.
func TestALostFactorIsResetByMail(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Lost", "owner@lost.example")
		jo := c.Invite("jo@lost.example", "member", nil)
		c.Owner.Post(c.Path("/members/"+jo.Member+"/reset-factor"), nil).OK() // nothing to reset, and no word of that
		enrolled(t, s, jo)
		if a := c.Owner.Post(c.Path("/members/"+jo.Member+"/reset-factor"), nil).OK(); a.Status != 202 || strings.TrimSpace(string(a.Body)) != "{}" {
			t.Errorf("the administrator is told %d %s", a.Status, a.Body)
		}
		code := regexp.MustCompile(`\n(\d{6})\n`)
		mailed := func(but string) string {
			var found string
			s.Mail(t, "jo@lost.example", func(m mailbox.Message) bool {
				match := code.FindStringSubmatch(strings.ReplaceAll(m.Text, "\r", ""))
				if match != nil && match[1] != but {
					found = match[1]
				}
				return found != ""
			})
			return found
		}
		first := mailed("")
		half := s.Nobody(t).Post("/v1/sign-in", obj{"email": "jo@lost.example", "password": servertest.Password}).OK()
		if half.At("methods.2") != "mailed_code" {
			t.Errorf("methods: %s", half.Body)
		}
		s.Nobody(t).Post("/v1/sign-in/totp/mail-code", obj{"challenge": half.Text("challenge")}).OK()
		second := mailed(first)
		in := answered(t, s, half, second)
		if in.At("member.mfa") != false {
			t.Errorf("in: %s", in.Body)
		}
		jo.Get("/v1/session").Refused(401, "unauthenticated")
		s.SignIn(t, "jo@lost.example").Get("/v1/session").OK()
		events := c.Owner.Get(c.Path("/events?action=member.reset_factor")).OK()
		if len(events.List("items")) != 2 || strings.Contains(string(events.Body), first) {
			t.Errorf("events: %s", events.Body)
		}
		if strings.Contains(s.Log.String(), first) || strings.Contains(s.Log.String(), second) {
			t.Error("a code was logged")
		}
	})
}
