package server_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"tenure/internal/server/servertest"
)

// TestWhoComesInReadsTheirPlaceAsItIs: what coming in answers is what reading
// the place and the account answers afterwards, whichever way one came.
func TestWhoComesInReadsTheirPlaceAsItIs(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "portal", "Arrivals", "owner@arrivals.example")
		modules := c.Modules()[:1]
		sub := c.Owner.Post(c.Path("/sub-accounts"), obj{"name": "South"}).OK().Text("id")
		c.Owner.Post(c.Path("/members"), obj{"first_name": "A", "last_name": "Added", "email": "added@arrivals.example", "active": true, "modules": modules}).OK()
		c.Owner.Post(c.Path("/invitations"), obj{"emails": list{"invited@arrivals.example"}, "modules": modules, "sub_accounts": list{sub}}).OK()
		s.Nobody(t).Post("/v1/sign-up", obj{"name": "Signed up", "preset": "team", "email": "up@arrivals.example", "first_name": "S", "last_name": "Up"}).OK()
		accept := func(email string) *servertest.Answer {
			return s.Nobody(t).Post("/v1/invitations/accept", obj{"token": s.Mailed(t, email, "/invitation"), "password": servertest.Password, "first_name": "N"}).OK()
		}
		for name, in := range map[string]*servertest.Answer{
			"added": accept("added@arrivals.example"), "invited": accept("invited@arrivals.example"),
			"signed up": s.Nobody(t).Post("/v1/sign-up/confirm", obj{"token": s.Mailed(t, "up@arrivals.example", "/sign-up"), "password": servertest.Password}).OK(),
			"signed in": s.Nobody(t).Post("/v1/sign-in", obj{"email": "owner@arrivals.example", "password": servertest.Password}).OK(),
		} {
			self := s.Client(t, in.Text("token"))
			account := "/v1/accounts/" + in.Text("account.id")
			if got, want := in.At("account").(obj), whole(t, self.Get(account).OK()); !reflect.DeepEqual(got, want) {
				t.Errorf("%s: the account is %v, afterwards %v", name, got, want)
			}
			got, want := in.At("member").(obj), whole(t, self.Get(account+"/members/"+in.Text("member.id")).OK())
			for _, place := range []obj{got, want} {
				delete(place, "last_seen_at") // which the reading itself moves
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%s: the place is %v, afterwards %v", name, got, want)
			}
		}
	})
}

// whole is the body of an answer.
func whole(t *testing.T, a *servertest.Answer) (body obj) {
	t.Helper()
	if err := json.Unmarshal(a.Body, &body); err != nil {
		t.Fatal(err)
	}
	return body
}
