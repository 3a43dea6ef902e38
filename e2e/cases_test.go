package e2e

import (
	"slices"
	"testing"
	"time"
)

// The promises of the cases preset, through the API of the built program. What
// they say of cases and of money is beside the rooms that keep them.

func TestC1_AdministratorsInviteDeactivateAndChangeLevels(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		c := h.found(t, "cases")
		jo, member := c.join(t, "jo@example.com", map[string]any{"role": "limited"})
		c.invite(t, "ann@example.com", map[string]any{"role": "guest"})
		c.wantListed(t, "/invitations?status=pending", "ann@example.com", true)
		jo.refused(t, "forbidden", "GET", c.path+"/invitations", nil)
		if got := c.admin.ok(t, "PATCH", c.path+"/members/"+member, map[string]any{"role": "standard"}).text("role"); got != "standard" {
			t.Errorf("level = %s", got)
		}
		for _, kind := range []string{"remove", "delete"} {
			c.admin.refused(t, "kind_not_offered", "POST", c.path+"/departures", map[string]any{"members": []string{member}, "kind": kind})
		}
		c.leave(t, member, "deactivate")
		jo.refused(t, "unauthenticated", "GET", "/v1/session", nil)
		nobody := caller{base: h.base}
		nobody.refused(t, "member_inactive", "POST", "/v1/sign-in", map[string]any{"email": "jo@example.com", "password": password})
	})
}

func TestC2_EachLevelSeesWhatItIsFor(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		c := h.found(t, "cases")
		for _, id := range []string{"1", "2", "3"} {
			c.admin.ok(t, "PUT", c.path+"/resources/case/"+id, map[string]any{"name": "Case " + id})
		}
		held, _ := c.admin.ok(t, "GET", "/v1/session", nil).at("permissions").([]any)
		for _, may := range []any{"account.manage", "billing.manage", "members.manage", "roles.manage", "templates.manage", "resources.manage"} {
			if !slices.Contains(held, may) {
				t.Errorf("an administrator may not %v", may)
			}
		}
		for _, level := range []struct {
			role     string
			assigned []string
			sees     []string
		}{{"standard", nil, []string{"1", "2", "3"}}, {"limited", []string{"1", "2"}, []string{"1", "2"}}, {"guest", []string{"3"}, []string{"3"}}} {
			who, member := c.join(t, level.role+"@example.com", map[string]any{"role": level.role})
			for _, id := range level.assigned {
				c.admin.ok(t, "PUT", c.path+"/resources/case/"+id+"/assignees/"+member, nil)
			}
			if got := who.ok(t, "GET", c.path+"/resources?type=case", nil).texts("items", "id"); !slices.Equal(got, level.sees) {
				t.Errorf("%s sees %v, want %v", level.role, got, level.sees)
			}
			for _, settings := range []string{"/billing", "/billing/payment", "/invoices", "/invitations", "/events"} {
				who.refused(t, "forbidden", "GET", c.path+settings, nil)
			}
			who.refused(t, "forbidden", "PATCH", c.path, map[string]any{"name": "Mine"})
			who.refused(t, "forbidden", "PATCH", c.path+"/members/"+member, map[string]any{"role": "admin"})
		}
	})
}

func TestC3_WhoAcceptsIsListedActiveAndLaterInactive(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		c := h.found(t, "cases")
		c.invite(t, "jo@example.com", map[string]any{"role": "standard"})
		c.wantListed(t, "/members?status=active", "jo@example.com", false)
		member := h.accept(t, c.token(t, "jo@example.com", "/invitation#")).text("member", "id")
		c.wantListed(t, "/members?status=active", "jo@example.com", true)
		c.wantListed(t, "/invitations?status=pending", "jo@example.com", false)
		c.wantListed(t, "/invitations?status=accepted", "jo@example.com", true)
		c.leave(t, member, "deactivate")
		c.wantListed(t, "/members?status=active", "jo@example.com", false)
		c.wantListed(t, "/members?status=inactive", "jo@example.com", true)
	})
}

func TestC5_AnInvitationHoldsThirtyDays(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		c := h.found(t, "cases")
		c.invite(t, "jo@example.com", map[string]any{"role": "standard"})
		c.invite(t, "ann@example.com", map[string]any{"role": "guest"})
		jo, ann := c.token(t, "jo@example.com", "/invitation#"), c.token(t, "ann@example.com", "/invitation#")
		h.pass(t, 30*24*time.Hour-time.Minute)
		h.accept(t, jo)
		h.pass(t, 2*time.Minute)
		nobody := caller{base: h.base}
		nobody.refused(t, "invitation_expired", "POST", "/v1/invitations/inspect", map[string]any{"token": ann})
		nobody.refused(t, "invitation_expired", "POST", "/v1/invitations/accept", map[string]any{"token": ann, "password": password, "first_name": "Ann", "last_name": "New"})
	})
}

func TestC6_APendingInvitationIsCopiedResentAndDeleted(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		c := h.found(t, "cases")
		inv := c.invite(t, "jo@example.com", map[string]any{"role": "standard"})
		first := c.token(t, "jo@example.com", "/invitation#")
		nobody := caller{base: h.base}
		accept := func(token string) map[string]any {
			return map[string]any{"token": token, "password": password, "first_name": "Jo", "last_name": "New"}
		}
		copied := c.admin.ok(t, "POST", c.path+"/invitations/"+inv+"/link", nil).text("url")
		nobody.refused(t, "verification_required", "POST", "/v1/invitations/accept", accept(copied[len(h.base+"/invitation#"):]))
		c.admin.ok(t, "POST", c.path+"/invitations/"+inv+"/resend", nil)
		second := c.tokenBut(t, "jo@example.com", "/invitation#", first)
		nobody.refused(t, "invitation_replaced", "POST", "/v1/invitations/inspect", map[string]any{"token": first})
		c.admin.ok(t, "DELETE", c.path+"/invitations/"+inv, nil)
		nobody.refused(t, "invitation_closed", "POST", "/v1/invitations/accept", accept(second))
		c.wantListed(t, "/invitations?status=pending", "jo@example.com", false)
	})
}

func TestC10_AnotherLevelHoldsFromTheNextRequest(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		c := h.found(t, "cases")
		c.admin.ok(t, "PUT", c.path+"/resources/case/1", map[string]any{"name": "Case 1"})
		jo, member := c.join(t, "jo@example.com", map[string]any{"role": "standard"})
		jo.ok(t, "GET", c.path+"/resources/case/1", nil)
		c.admin.ok(t, "PATCH", c.path+"/members/"+member, map[string]any{"role": "limited"})
		jo.refused(t, "not_found", "GET", c.path+"/resources/case/1", nil)
		jo.refused(t, "forbidden", "GET", c.path+"/members", nil)
		c.admin.ok(t, "PATCH", c.path+"/members/"+member, map[string]any{"role": "admin"})
		jo.ok(t, "GET", c.path+"/billing/payment", nil)
		c.admin.ok(t, "PATCH", c.path+"/members/"+member, map[string]any{"role": "guest"})
		jo.refused(t, "forbidden", "GET", c.path+"/billing/payment", nil)
		if got := jo.ok(t, "GET", "/v1/session", nil).text("role"); got != "guest" {
			t.Errorf("level = %s", got)
		}
	})
}
