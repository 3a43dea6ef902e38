package e2e

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"tenure/internal/mailbox"
)

// The promises of the team preset, through the API of the built program.

func TestS1_OnlyOwnersAreOfferedTheTeam(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		c := h.found(t, "team")
		jo, _ := c.join(t, "jo@example.com", nil)
		for who, want := range map[caller]bool{c.admin: true, jo: false} {
			held, _ := who.ok(t, "GET", "/v1/session", nil).at("permissions").([]any)
			if slices.Contains(held, any("members.manage")) != want {
				t.Errorf("permissions = %v, want members.manage: %v", held, want)
			}
		}
	})
}

func TestS2_AnInvitationHoldsFortyEightHours(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		c := h.found(t, "team")
		nobody := caller{base: h.base}
		inv := c.invite(t, "jo@example.com", nil)
		first := c.token(t, "jo@example.com", "/invitation#")
		h.pass(t, 48*time.Hour+time.Second)
		nobody.refused(t, "invitation_expired", "POST", "/v1/invitations/inspect", map[string]any{"token": first})
		if got := h.operator.ok(t, "GET", c.path+"/invitations?status=expired", nil).texts("items", "email"); !slices.Equal(got, []string{"jo@example.com"}) {
			t.Errorf("expired = %v", got)
		}
		h.operator.ok(t, "POST", c.path+"/invitations/"+inv+"/resend", nil)
		second := c.tokenBut(t, "jo@example.com", "/invitation#", first)
		h.pass(t, 47*time.Hour)
		h.accept(t, second)
		other := h.operator.ok(t, "POST", c.path+"/invitations", map[string]any{"emails": []string{"ann@example.com"}}).text("results", 0, "invitation", "id")
		ann := c.token(t, "ann@example.com", "/invitation#")
		h.operator.ok(t, "DELETE", c.path+"/invitations/"+other, nil)
		nobody.refused(t, "invitation_closed", "POST", "/v1/invitations/inspect", map[string]any{"token": ann})
	})
}

func TestS3_AMemberNeitherInvitesNorDeactivates(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		c := h.found(t, "team")
		jo, _ := c.join(t, "jo@example.com", nil)
		_, ann := c.join(t, "ann@example.com", nil)
		jo.refused(t, "forbidden", "POST", c.path+"/invitations", map[string]any{"emails": []string{"x@example.com"}})
		jo.refused(t, "forbidden", "POST", c.path+"/members", map[string]any{"first_name": "X", "last_name": "Y", "email": "x@example.com", "active": true})
		jo.refused(t, "forbidden", "POST", c.path+"/members/"+ann+"/suspend", nil)
		jo.refused(t, "forbidden", "POST", c.path+"/departures", map[string]any{"members": []string{ann}, "kind": "deactivate"})
		jo.refused(t, "forbidden", "PATCH", c.path+"/members/"+ann, map[string]any{"role": "owner"})
	})
}

func TestS4_OwnersPromoteAndTheLastOneStays(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		c := h.found(t, "team")
		_, jo := c.join(t, "jo@example.com", nil)
		_, ann := c.join(t, "ann@example.com", nil)
		for _, promoted := range []string{jo, ann} {
			c.admin.ok(t, "PATCH", c.path+"/members/"+promoted, map[string]any{"role": "owner"})
		}
		if got := c.admin.ok(t, "GET", c.path+"/members?role=owner", nil).texts("items", "email"); len(got) != 3 {
			t.Errorf("owners = %v", got)
		}
		for _, demoted := range []string{jo, ann} {
			c.admin.ok(t, "PATCH", c.path+"/members/"+demoted, map[string]any{"role": "member"})
		}
		for _, by := range []caller{c.admin, h.operator} {
			by.refused(t, "last_owner", "PATCH", c.path+"/members/"+c.self, map[string]any{"role": "member"})
			by.refused(t, "last_owner", "POST", c.path+"/members/"+c.self+"/suspend", nil)
			for _, kind := range []string{"deactivate", "remove"} {
				plan := by.ok(t, "POST", c.path+"/departures", map[string]any{"members": []string{c.self}, "kind": kind})
				if plan.text("blockers", 0, "code") != "last_owner" {
					t.Errorf("%s: blockers = %v", kind, plan.at("blockers"))
				}
				a := by.refused(t, "blocked", "POST", c.path+"/departures/"+plan.text("id")+"/apply", map[string]any{"digest": plan.text("digest")})
				if a.text("blockers", 0, "code") != "last_owner" {
					t.Errorf("%s: %s", kind, a.raw)
				}
			}
		}
	})
}

func TestS5_SupportGivesAnAccountItsOwner(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		made := h.operator.ok(t, "POST", "/v1/accounts", map[string]any{"name": "Lost", "preset": "team",
			"owner": map[string]any{"email": "never@example.com", "first_name": "N", "last_name": "Ever"}})
		path := "/v1/accounts/" + made.text("account", "id")
		h.operator.ok(t, "POST", path+"/invitations", map[string]any{"emails": []string{"jo@example.com"}, "role": "member"})
		in := h.accept(t, h.token(t, "jo@example.com", "/invitation#"))
		flags := []string{"--server", h.base, "--operator-key", operatorKey, "--reason", "ticket 4711"}
		out, code := run(t, append([]string{"account", "add-owner", made.text("account", "id"), in.text("member", "id")}, flags...)...)
		if code != 0 {
			t.Fatalf("add-owner: %s", out)
		}
		jo := caller{h.base, in.text("token")}
		if got := jo.ok(t, "GET", "/v1/session", nil).text("role"); got != "owner" {
			t.Errorf("role = %s", got)
		}
		event := jo.ok(t, "GET", path+"/events?action=owner.add", nil)
		if event.text("items", 0, "actor", "kind") != "operator" || event.text("items", 0, "changes", "reason", 1) != "ticket 4711" {
			t.Errorf("events = %s", event.raw)
		}
		out, code = run(t, append([]string{"account", "add-owner", made.text("account", "id"), "second@example.com"}, flags...)...)
		if code != 0 {
			t.Fatalf("add-owner by address: %s", out)
		}
		h.accept(t, h.token(t, "second@example.com", "/invitation#"))
		jo.refused(t, "forbidden", "POST", path+"/owners", map[string]any{"email": "third@example.com", "reason": "no"})
	})
}

func TestS6_ASwitchMakesInactiveAndActive(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		c := h.found(t, "team")
		jo, member := c.join(t, "jo@example.com", nil)
		signIn := map[string]any{"email": "jo@example.com", "password": password}
		c.leave(t, member, "deactivate")
		jo.refused(t, "unauthenticated", "GET", "/v1/session", nil)
		nobody := caller{base: h.base}
		nobody.refused(t, "member_inactive", "POST", "/v1/sign-in", signIn)
		c.admin.ok(t, "POST", c.path+"/members/"+member+"/activate", nil)
		jo.refused(t, "unauthenticated", "GET", "/v1/session", nil)
		if got := nobody.ok(t, "POST", "/v1/sign-in", signIn).text("member", "id"); got != member {
			t.Errorf("signed in as %s", got)
		}
	})
}

func TestS7_ASecondFactorProtectsTheSignInAndIsSeenInTheList(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		c := h.found(t, "team")
		jo, _ := c.join(t, "jo@example.com", nil)
		nobody, signIn := caller{base: h.base}, map[string]any{"email": "jo@example.com", "password": password}
		setup := jo.ok(t, "POST", "/v1/me/totp", nil)
		if !strings.HasPrefix(setup.text("qr"), "data:image/png;base64,") {
			t.Errorf("no picture: %.80s", setup.text("qr"))
		}
		shown := func() string { // what the app shows next
			h.pass(t, 30*time.Second)
			now, err := time.Parse(time.RFC3339, h.operator.ok(t, "GET", "/v1/clock", nil).text("now"))
			if err != nil {
				t.Fatal(err)
			}
			code, err := totp.GenerateCode(setup.text("secret"), now)
			if err != nil {
				t.Fatal(err)
			}
			return code
		}
		codes, _ := jo.ok(t, "POST", "/v1/me/totp/confirm", map[string]any{"code": shown()}).at("recovery_codes").([]any)
		if len(codes) != 10 {
			t.Fatalf("recovery codes = %v", codes)
		}
		enter := func(code any) answer {
			half := nobody.ok(t, "POST", "/v1/sign-in", signIn)
			return nobody.call(t, "POST", "/v1/sign-in/totp", map[string]any{"challenge": half.text("challenge"), "code": code})
		}
		code := shown()
		if in := enter(code); in.text("member", "email") != "jo@example.com" || in.at("member", "mfa") != true {
			t.Errorf("signed in: %s", in.raw)
		}
		if again := enter(code); again.text("code") != "bad_credentials" {
			t.Errorf("the same code again: %s", again.raw)
		}
		if in := enter(codes[0]); in.text("token") == "" {
			t.Errorf("by a recovery code: %s", in.raw)
		}
		if again := enter(codes[0]); again.text("code") != "bad_credentials" {
			t.Errorf("the same recovery code again: %s", again.raw)
		}
		h.mail(t, "jo@example.com", func(m mailbox.Message) bool { return strings.Contains(m.Subject, "recovery code") })
		c.wantListed(t, "/members?mfa=true", "jo@example.com", true)
		c.wantListed(t, "/members?mfa=false", "jo@example.com", false)
		if overview := c.admin.ok(t, "GET", c.path+"/overview", nil); overview.at("without_mfa") != float64(1) {
			t.Errorf("overview = %s", overview.raw)
		}
		c.admin.ok(t, "PATCH", c.path, map[string]any{"policy": map[string]any{"mfa": "required"}})
		c.admin.refused(t, "factor_required", "GET", c.path+"/members", nil)
		jo.ok(t, "GET", "/v1/session", nil)
	})
}

func TestS8_MailsSpeakDutchAndEnglish(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		c := h.found(t, "team")
		for locale, word := range map[string]string{"nl": "uitgenodigd", "en": "invited"} {
			to := locale + "@example.com"
			c.invite(t, to, map[string]any{"locale": locale})
			m := h.mail(t, to, func(mailbox.Message) bool { return true })
			if !strings.Contains(m.Text, word) || !strings.Contains(m.HTML, word) {
				t.Errorf("%s: %s\n%s", locale, m.Subject, m.Text)
			}
		}
	})
}
