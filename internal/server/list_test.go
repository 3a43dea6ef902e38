package server_test

import (
	"encoding/base64"
	"testing"

	"tenure/internal/server/servertest"
)

// TestMalformedCursorsAreInvalid: on every list, also where the text in them
// could not be asked for in the store.
func TestMalformedCursorsAreInvalid(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Cursors", "owner@cursors.example")
		for _, list := range []struct {
			of   *servertest.Client
			path string
		}{
			{c.Owner.Client, c.Path("/members")}, {c.Owner.Client, c.Path("/invitations")}, {c.Owner.Client, c.Path("/departures")},
			{c.Owner.Client, c.Path("/events")}, {c.Owner.Client, c.Path("/invoices")}, {s.Operator(t), "/v1/accounts"},
		} {
			for _, raw := range []string{`"\u0000"`, `"dep_\u0000"`, "\"\xff\"", `{"Sort":"","Text":"\u0000","Member":"` + c.Owner.Member + `"}`, `"` + c.Owner.Member + `"`, `null`, `1e400`} {
				list.of.Get(list.path+"?cursor="+base64.RawURLEncoding.EncodeToString([]byte(raw))).Refused(422, "invalid")
			}
		}
	})
}
