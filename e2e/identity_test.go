package e2e

import (
	"testing"
	"time"
)

// TestF7_ALoginIsNotHandedOn: a new name with a new address is asked about, at
// once and one shortly after the other, and an address counts once its mailbox
// has confirmed it. Then nothing of the person before works here any more.
func TestF7_ALoginIsNotHandedOn(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		c := h.found(t, "field")
		maria, member := c.join(t, "maria@example.com", map[string]any{"role": "user"})
		place := c.path + "/members/" + member
		second := caller{base: h.base}.ok(t, "POST", "/v1/sign-in", map[string]any{"email": "maria@example.com", "password": password})
		devices := []caller{maria, {h.base, second.text("token")}}
		signedIn := func(want int) {
			t.Helper()
			for _, device := range devices {
				if got := device.call(t, "GET", "/v1/session", nil); got.status != want {
					t.Errorf("a device of hers is answered %d, want %d", got.status, want)
				}
			}
		}

		refused := c.admin.refused(t, "identity_swap", "PATCH", place, map[string]any{"first_name": "Piet", "email": "piet@example.com"})
		if refused.status != 409 || refused.text("errors", 0, "field") != "same_person" {
			t.Errorf("%d %s", refused.status, refused.raw)
		}
		if now := c.admin.ok(t, "GET", place, nil); now.text("first_name") != "Jo" || now.text("email") != "maria@example.com" {
			t.Errorf("it was refused and done: %s", now.raw)
		}
		c.admin.ok(t, "PATCH", place, map[string]any{"email": "piet@example.com"})
		c.admin.refused(t, "identity_swap", "PATCH", place, map[string]any{"first_name": "Piet"})
		c.admin.ok(t, "PATCH", place, map[string]any{"phone": "+31 20 555 0100"})
		signedIn(200)

		c.admin.ok(t, "PATCH", place, map[string]any{"first_name": "Mia", "email": "mia@example.com", "same_person": true})
		signedIn(200)
		confirm := h.token(t, "mia@example.com", "/confirm#")
		h.operator.call(t, "GET", "/confirm", nil) // looking at the page confirms nothing
		signedIn(200)
		caller{base: h.base}.ok(t, "POST", "/v1/email/confirm", map[string]any{"token": confirm})
		signedIn(401)
		if now := c.admin.ok(t, "GET", place, nil); now.text("email") != "mia@example.com" || now.text("first_name") != "Mia" {
			t.Errorf("%s", now.raw)
		}
		caller{base: h.base}.refused(t, "bad_credentials", "POST", "/v1/sign-in", map[string]any{"email": "mia@example.com", "password": password})
		caller{base: h.base}.refused(t, "token_used", "POST", "/v1/email/confirm", map[string]any{"token": confirm})

		// The first address that was asked for is dead since the second was.
		caller{base: h.base}.refused(t, "token_used", "POST", "/v1/email/confirm", map[string]any{"token": h.token(t, "piet@example.com", "/confirm#")})
		// A week on, a correction is a correction.
		h.pass(t, 8*24*time.Hour)
		h.operator.ok(t, "PATCH", place, map[string]any{"last_name": "Visser"})
	})
}
