package server_test

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tenure/internal/server/servertest"
)

// TestMalformedCursorsAreInvalid: on every list, also where the text in them
// could not be asked for in the store.
func TestMalformedCursorsAreInvalid(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c, ids := stocked(t, s, "portal", "cursors.example")
		lists := 0
		for _, o := range operations(t, s) {
			if !slices.Contains(o.queries, "cursor") {
				continue
			}
			lists++
			client := c.Owner.Client
			if o.operators() || o.id == "list-accounts" {
				client = s.Operator(t)
			}
			for _, raw := range []string{`"\u0000"`, `"dep_\u0000"`, "\"\xff\"", `{"Sort":"","Text":"\u0000","Member":"` + c.Owner.Member + `"}`, `null`, `1e400`} {
				a := client.Get(o.at(ids) + "?cursor=" + base64.RawURLEncoding.EncodeToString([]byte(raw)))
				if a.Status != 422 || !strings.HasPrefix(a.Text("errors.0.field"), "cursor") {
					t.Errorf("%s with %s: %d %s", o.id, raw, a.Status, a.Body)
				}
			}
		}
		if lists < 14 {
			t.Errorf("only %d lists are described", lists)
		}
	})
}

// TestAShortListIsReadInPartsToo: a list that is given as a whole takes limit and
// cursor like any other, and its parts are the whole.
func TestAShortListIsReadInPartsToo(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c, _ := stocked(t, s, "portal", "parts.example")
		s.SignIn(t, c.Owner.Email)
		c.Owner.Post(c.Path("/sub-accounts"), sample["create-sub-account"]).OK()
		for id, path := range map[string]string{
			"list-modules": c.Path("/modules"), "list-sub-accounts": c.Path("/sub-accounts"), "list-roles": c.Path("/roles"), "list-resource-types": c.Path("/resource-types"),
			"list-my-sessions": "/v1/me/sessions", "list-member-sessions": c.Path("/members/" + c.Owner.Member + "/sessions"), "list-my-accounts": "/v1/me/accounts",
		} {
			whole := c.Owner.Get(path).OK()
			parts, cursor := []any{}, ""
			for {
				part := c.Owner.Get(path + "?limit=1&cursor=" + cursor).OK()
				parts = append(parts, part.List("items")...)
				if cursor, _ = part.At("next_cursor").(string); cursor == "" {
					break
				}
			}
			if diff := cmp.Diff(whole.List("items"), parts); diff != "" || len(parts) == 0 || whole.At("next_cursor") != nil {
				t.Errorf("%s: %s in parts is\n%s", id, path, diff)
			}
		}
		gone := c.Owner.Get(c.Path("/sub-accounts?limit=1")).OK()
		c.Owner.Call("DELETE", c.Path("/sub-accounts/"+gone.Text("items.0.id")), nil).OK()
		if a := c.Owner.Get(c.Path("/sub-accounts?cursor=" + gone.Text("next_cursor"))); a.Status != 422 || a.Text("errors.0.field") != "cursor" {
			t.Errorf("after what is gone: %d %s", a.Status, a.Body)
		}
	})
}
