package e2e

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// The promises of the portal preset, through the API of the built program.

func TestW1_WhoSignsUpIsAdministrator(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		nobody := caller{base: h.base}
		asked := map[string]any{"name": "Blue Harbour", "preset": "portal", "email": "maria@example.com", "first_name": "Maria", "last_name": "Jansen"}
		if a := nobody.call(t, "POST", "/v1/sign-up", asked); a.status != 202 {
			t.Fatalf("sign-up: %d %s", a.status, a.raw)
		}
		token := h.token(t, "maria@example.com", "/sign-up#")
		nobody.refused(t, "weak_password", "POST", "/v1/sign-up/confirm", map[string]any{"token": token, "password": "short"})
		in := nobody.ok(t, "POST", "/v1/sign-up/confirm", map[string]any{"token": token, "password": password})
		who := caller{h.base, in.text("token")}.ok(t, "GET", "/v1/session", nil)
		if who.text("role") != "admin" || who.text("email") != "maria@example.com" || who.text("account_id") != in.text("account", "id") {
			t.Errorf("session = %s", who.raw)
		}
		nobody.refused(t, "token_used", "POST", "/v1/sign-up/confirm", map[string]any{"token": token, "password": password})
	})
}

func TestW2_AnyNumberIsInvitedAtOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		c := h.found(t, "portal")
		emails := []string{}
		for i := range 600 {
			emails = append(emails, fmt.Sprintf("guest%d@example.com", i))
		}
		sent := c.admin.ok(t, "POST", c.path+"/invitations", map[string]any{"emails": emails, "modules": []string{c.modules(t)["reports"]}})
		verdicts, echoed := sent.texts("results", "verdict"), sent.texts("results", "email")
		if len(verdicts) != 600 || slices.ContainsFunc(verdicts, func(v string) bool { return v != "invited" }) || !slices.Equal(echoed, emails) {
			t.Errorf("%d verdicts, in order: %v", len(verdicts), slices.Equal(echoed, emails))
		}
		if got := c.admin.ok(t, "GET", c.path+"/overview", nil).at("pending"); got != 600.0 {
			t.Errorf("pending = %v", got)
		}
	})
}

func TestW3_SetPermissionBeforeSending(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		c := h.found(t, "portal")
		mods := c.modules(t)
		c.admin.refused(t, "module_required", "POST", c.path+"/invitations", map[string]any{"emails": []string{"jo@example.com"}})
		sub := c.admin.ok(t, "POST", c.path+"/sub-accounts", map[string]any{"name": "North"}).text("id")
		jo, member := c.join(t, "jo@example.com", map[string]any{"modules": []string{mods["reports"], mods["inbox"]}, "sub_accounts": []string{sub}})
		got := jo.ok(t, "GET", "/v1/session", nil)
		if got.text("role") != "user" || got.text("member_id") != member {
			t.Errorf("session = %s", got.raw)
		}
		want := []any{mods["inbox"], mods["reports"]}
		have, _ := got.at("modules").([]any)
		if len(have) != 2 || !slices.Contains(have, want[0]) || !slices.Contains(have, want[1]) {
			t.Errorf("modules = %v, want %v", have, want)
		}
		if got.text("sub_accounts", 0) != sub {
			t.Errorf("sub-accounts = %v", got.at("sub_accounts"))
		}
	})
}

func TestW4_AdministrationIsForAdministrators(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		c := h.found(t, "portal")
		mods := c.modules(t)
		jo, member := c.join(t, "jo@example.com", map[string]any{"modules": []string{mods["reports"]}})
		for _, key := range []string{"pricing", "payment", "user_management"} {
			given := map[string]any{"modules": []string{mods["reports"], mods[key]}}
			c.admin.refused(t, "module_admin_only", "PATCH", c.path+"/members/"+member, given)
			given["emails"] = []string{"ann@example.com"}
			c.admin.refused(t, "module_admin_only", "POST", c.path+"/invitations", given)
		}
		for path, body := range map[string]any{
			"POST " + c.path + "/invitations":                       map[string]any{"emails": []string{"x@example.com"}, "modules": []string{mods["reports"]}},
			"GET " + c.path + "/members":                            nil,
			"PATCH " + c.path + "/members/" + member:                map[string]any{"role": "admin"},
			"PATCH " + c.path + "/members/" + c.self:                map[string]any{"role": "user"},
			"POST " + c.path + "/members/" + c.self + "/suspend":    nil,
			"POST " + c.path + "/modules":                           map[string]any{"key": "mine", "name": "Mine"},
			"PATCH " + c.path + "/modules/" + mods["pricing"]:       map[string]any{"admin_only": false},
			"POST " + c.path + "/sub-accounts":                      map[string]any{"name": "Mine"},
			"PATCH " + c.path:                                       map[string]any{"name": "Mine"},
			"GET " + c.path + "/events":                             nil,
			"GET " + c.path + "/invitations":                        nil,
			"POST " + c.path + "/departures":                        map[string]any{"members": []string{c.self}, "kind": "remove"},
			"GET " + c.path + "/members/" + c.self + "/sessions":    nil,
			"DELETE " + c.path + "/members/" + c.self + "/sessions": nil,
			"POST " + c.path + "/owners":                            map[string]any{"member": member, "reason": "mine"},
		} {
			var method, rest string
			fmt.Sscanf(path, "%s %s", &method, &rest)
			jo.refused(t, "forbidden", method, rest, body)
		}
	})
}

func TestW5_AMemberSeesOnlyTheirSubAccounts(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		c := h.found(t, "portal")
		mods := c.modules(t)
		north := c.admin.ok(t, "POST", c.path+"/sub-accounts", map[string]any{"name": "North"}).text("id")
		south := c.admin.ok(t, "POST", c.path+"/sub-accounts", map[string]any{"name": "South"}).text("id")
		jo, member := c.join(t, "jo@example.com", map[string]any{"modules": []string{mods["reports"]}, "sub_accounts": []string{north}})
		if got := jo.ok(t, "GET", c.path+"/sub-accounts", nil).texts("items", "name"); !slices.Equal(got, []string{"North"}) {
			t.Errorf("Jo sees %v", got)
		}
		jo.refused(t, "not_found", "GET", c.path+"/sub-accounts/"+south, nil)
		if got := c.admin.ok(t, "GET", c.path+"/sub-accounts", nil).texts("items", "name"); len(got) != 2 {
			t.Errorf("the administrator sees %v", got)
		}
		c.admin.ok(t, "PATCH", c.path+"/members/"+member, map[string]any{"sub_accounts": []string{}})
		if got := jo.ok(t, "GET", "/v1/session", nil).at("sub_accounts"); fmt.Sprint(got) != "[]" {
			t.Errorf("at the next request Jo still reaches %v", got)
		}
	})
}

func TestW6_EachAddressHasItsVerdict(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		c := h.found(t, "portal")
		grant := map[string]any{"modules": []string{c.modules(t)["reports"]}}
		c.join(t, "member@example.com", grant)
		_, gone := c.join(t, "inactive@example.com", grant)
		c.leave(t, gone, "deactivate")
		c.invite(t, "waiting@example.com", grant)
		emails := []string{"new@example.com", "Member@Example.com", "waiting@example.com", "inactive@example.com", "x@mailinator.com",
			"not an address", "NEW@example.com", "two@example.com,three@example.com"}
		sent := c.admin.ok(t, "POST", c.path+"/invitations", map[string]any{"emails": emails, "modules": grant["modules"]})
		want := []string{"invited", "already_member", "already_invited", "inactive_member", "disposable", "invalid", "duplicate", "invalid"}
		if got := sent.texts("results", "verdict"); !slices.Equal(got, want) {
			t.Errorf("verdicts = %v\nwant       %v", got, want)
		}
		if got := c.listed(t, "/invitations?status=pending"); len(got) != 2 || !slices.Contains(got, "new@example.com") || !slices.Contains(got, "waiting@example.com") {
			t.Errorf("pending = %v", got)
		}
	})
}

func TestW7_APendingInvitationIsRemovedOrResent(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		c := h.found(t, "portal")
		grant := map[string]any{"modules": []string{c.modules(t)["reports"]}}
		nobody := caller{base: h.base}
		inv := c.invite(t, "jo@example.com", grant)
		first := c.token(t, "jo@example.com", "/invitation#")
		again := c.admin.ok(t, "POST", c.path+"/invitations/"+inv+"/resend", nil)
		if again.text("id") != inv {
			t.Errorf("resent as %s, not %s", again.text("id"), inv)
		}
		second := c.tokenBut(t, "jo@example.com", "/invitation#", first)
		nobody.refused(t, "invitation_replaced", "POST", "/v1/invitations/inspect", map[string]any{"token": first})
		nobody.ok(t, "POST", "/v1/invitations/inspect", map[string]any{"token": second})
		c.admin.ok(t, "DELETE", c.path+"/invitations/"+inv, nil)
		nobody.refused(t, "invitation_closed", "POST", "/v1/invitations/accept", map[string]any{"token": second, "password": password, "first_name": "J", "last_name": "B"})
		c.wantListed(t, "/invitations?status=pending", "jo@example.com", false)
		if a := c.admin.call(t, "POST", c.path+"/invitations/"+inv+"/resend", nil); a.status != 409 {
			t.Errorf("a withdrawn invitation was resent: %d", a.status)
		}
	})
}

func TestW8_TheLinkHoldsSevenDays(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		c := h.found(t, "portal")
		grant := map[string]any{"modules": []string{c.modules(t)["reports"]}}
		nobody := caller{base: h.base}
		c.invite(t, "jo@example.com", grant)
		c.invite(t, "late@example.com", grant)
		jo, late := c.token(t, "jo@example.com", "/invitation#"), c.token(t, "late@example.com", "/invitation#")
		h.pass(t, 7*24*time.Hour-time.Minute)
		in := h.accept(t, jo)
		if caller := (caller{h.base, in.text("token")}); caller.ok(t, "GET", "/v1/session", nil).text("email") != "jo@example.com" {
			t.Error("who accepted is not signed in")
		}
		h.pass(t, time.Minute+time.Second)
		nobody.refused(t, "invitation_expired", "POST", "/v1/invitations/inspect", map[string]any{"token": late})
		nobody.refused(t, "invitation_expired", "POST", "/v1/invitations/accept", map[string]any{"token": late, "password": password, "first_name": "L", "last_name": "T"})
		active := h.operator.ok(t, "GET", c.path+"/members?status=active", nil).texts("items", "email")
		if !slices.Contains(active, "jo@example.com") || slices.Contains(active, "late@example.com") {
			t.Errorf("active = %v", active)
		}
	})
}

func TestW9_DeactivatedOrRemoved(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		c := h.found(t, "portal")
		grant := map[string]any{"modules": []string{c.modules(t)["reports"]}}
		jo, member := c.join(t, "jo@example.com", grant)
		ann, other := c.join(t, "ann@example.com", grant)
		_, receipt := c.leave(t, member, "deactivate")
		if receipt.at("members", 0, "sessions_ended") != 1.0 {
			t.Errorf("receipt = %s", receipt.raw)
		}
		jo.refused(t, "unauthenticated", "GET", "/v1/session", nil)
		c.wantListed(t, "/members?status=active", "jo@example.com", false)
		c.wantListed(t, "/members?status=inactive", "jo@example.com", true)
		caller{base: h.base}.refused(t, "member_inactive", "POST", "/v1/sign-in", map[string]any{"email": "jo@example.com", "password": password})
		c.leave(t, other, "remove")
		ann.refused(t, "unauthenticated", "GET", "/v1/session", nil)
		c.wantListed(t, "/members", "ann@example.com", false)
		c.admin.refused(t, "not_found", "GET", c.path+"/members/"+other, nil)
		c.admin.refused(t, "kind_not_offered", "POST", c.path+"/departures", map[string]any{"members": []string{member}, "kind": "delete"})
	})
}

func TestW10_WhoWasRemovedIsInvitedAgain(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		c := h.found(t, "portal")
		grant := map[string]any{"modules": []string{c.modules(t)["reports"]}}
		old, member := c.join(t, "jo@example.com", grant)
		first := c.token(t, "jo@example.com", "/invitation#")
		c.leave(t, member, "remove")
		c.invite(t, "jo@example.com", grant)
		in := caller{base: h.base}.ok(t, "POST", "/v1/invitations/accept", map[string]any{
			"token": c.tokenBut(t, "jo@example.com", "/invitation#", first), "password": password, "first_name": "Jo", "last_name": "Bakker"})
		if in.text("member", "id") == member || in.text("member", "id") == "" {
			t.Errorf("member = %s", in.text("member", "id"))
		}
		old.refused(t, "unauthenticated", "GET", "/v1/session", nil)
		c.wantListed(t, "/members?status=active", "jo@example.com", true)
	})
}
