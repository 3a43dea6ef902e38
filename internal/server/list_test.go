package server_test

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"

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
