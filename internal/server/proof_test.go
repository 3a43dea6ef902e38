package server_test

import (
	"testing"
	"time"

	"tenure/internal/server/servertest"
)

func TestSeveralRolesAtOnceTakeOneProofBeforeAnyIsChanged(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Proof", "owner@proof.example")
		member := c.Invite("mila@proof.example", "member", nil)
		s.Operator(t).Patch(c.Path(""), obj{"policy": obj{"session_idle": 8 * 3600}}).OK()
		s.Clock.Set(s.Clock.Now().Add(time.Hour))
		change := obj{"members": []string{member.Member}, "role": "owner"}
		c.Owner.Patch(c.Path("/members"), change).Refused(403, "step_up_required")
		c.Owner.Post("/v1/me/step-up", obj{"password": servertest.Password}).OK()
		if a := c.Owner.Patch(c.Path("/members"), change).OK(); a.Text("results.0.verdict") != "changed" {
			t.Errorf("%s", a.Body)
		}
	})
}

func TestAKeyIsMadeWithAFreshProof(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Fresh", "owner@fresh.example")
		s.Operator(t).Patch(c.Path(""), obj{"policy": obj{"session_idle": 8 * 3600}}).OK()
		s.Clock.Set(s.Clock.Now().Add(time.Hour))
		body := obj{"name": "Robot", "permissions": list{"members.read"}}
		c.Owner.Post(c.Path("/api-keys"), body).Refused(403, "step_up_required")
		c.Owner.Post("/v1/me/step-up", obj{"password": servertest.Password}).OK()
		c.Owner.Post(c.Path("/api-keys"), body).OK()
	})
}
