package server_test

import (
	"maps"
	"strings"
	"testing"

	"tenure/internal/server/servertest"
)

// TestNonsenseInThePathIsNotFound: an identifier of no form that there is
// answers as one that nobody has.
func TestNonsenseInThePathIsNotFound(t *testing.T) {
	s := servertest.Start(t, "sqlite")
	mine, own := stocked(t, s, "portal", "mine.example")
	for _, o := range operations(t, s) {
		for name := range own {
			if !strings.Contains(o.path, "{"+name+"}") {
				continue
			}
			client, nonsense := mine.Owner.Client, maps.Clone(own)
			if o.operators() {
				client = s.Operator(t)
			}
			nonsense[name] = "%00%ff'%20OR%201=1"
			client.Call(o.method, o.at(nonsense), sample[o.id]).Refused(404, "not_found")
		}
	}
}

// TestUnknownParametersAreRefusedEverywhere adds a parameter nobody knows.
func TestUnknownParametersAreRefusedEverywhere(t *testing.T) {
	s := servertest.Start(t, "sqlite")
	c, ids := stocked(t, s, "portal", "strict.example")
	for _, o := range operations(t, s) {
		client := c.Owner.Client
		if o.id == "list-keys" || o.id == "sign-out" {
			continue // the one takes anything that caches add, the other ends the session the rest needs
		}
		if strings.HasSuffix(o.id, "account") || strings.HasSuffix(o.id, "accounts") || strings.HasSuffix(o.id, "clock") || o.operators() {
			client = s.Operator(t)
		}
		if strings.HasPrefix(o.path, "/v1/me") {
			client = c.Owner.Client
		}
		a := client.Call(o.method, o.at(ids)+"?surprise=1", sample[o.id])
		want := 422
		if strings.HasPrefix(o.path, "/access/") {
			want = 400 // AuthZEN has no other status for what cannot be read
		}
		if a.Status != want || a.Text("code") != "unknown_field" {
			t.Errorf("%s: %d %s", o.id, a.Status, a.Body)
		}
	}
}
