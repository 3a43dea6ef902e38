package server_test

import (
	"strings"
	"testing"
	"time"

	"tenure/internal/mailbox"
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

// Who could add another administrator without a proof would have that one do
// what takes it.
func TestAnotherAdministratorIsMadeWithAFreshProof(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Another", "owner@another.example")
		s.Operator(t).Patch(c.Path(""), obj{"policy": obj{"session_idle": 8 * 3600}}).OK()
		waits := c.Path("/invitations/" + c.Owner.Post(c.Path("/invitations"), obj{"emails": list{"waits@another.example"}, "role": "owner"}).OK().Text("results.0.invitation.id"))
		place := added("place@another.example", true)
		place["role"] = "owner"
		there := c.Path("/members/" + c.Owner.Post(c.Path("/members"), place).OK().Text("id"))
		s.Clock.Set(s.Clock.Now().Add(time.Hour))

		order := func(role string) obj { return obj{"emails": list{role + "@another.example"}, "role": role} }
		place["email"] = "second@another.example"
		tries := func() []*servertest.Answer {
			return []*servertest.Answer{c.Owner.Post(c.Path("/invitations"), order("owner")), c.Owner.Post(c.Path("/members"), place),
				c.Owner.Post(waits+"/resend", nil), c.Owner.Post(waits+"/link", nil), c.Owner.Post(there+"/welcome", nil)}
		}
		for _, refused := range tries() {
			refused.Refused(403, "step_up_required")
		}
		c.Owner.Post(c.Path("/invitations"), order("member")).OK()
		c.Owner.Post(c.Path("/invitations?preview=true"), order("owner")).OK()
		c.Owner.Post("/v1/me/step-up", obj{"password": servertest.Password}).OK()
		for _, done := range tries() {
			done.OK()
		}
	})
}

// Accepting while signed in shows nothing but the session, which may be old.
func TestAcceptingWhileSignedInIsNoFreshProof(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		mine, theirs := s.Found(t, "team", "Mine", "owner@stale.example"), s.Found(t, "team", "Theirs", "owner@fresh.example")
		for _, c := range []*servertest.Company{mine, theirs} {
			s.Operator(t).Patch(c.Path(""), obj{"policy": obj{"session_idle": 8 * 3600}}).OK()
		}
		s.Clock.Set(s.Clock.Now().Add(time.Hour))
		s.Operator(t).Post(theirs.Path("/invitations"), obj{"emails": list{"owner@stale.example"}, "role": "owner"}).OK()
		letter := s.Mail(t, "owner@stale.example", func(m mailbox.Message) bool { return strings.Contains(m.Text, "Theirs") })
		_, token, _ := strings.Cut(letter.Link("/invitation#"), "#")
		in := mine.Owner.Post("/v1/invitations/accept", obj{"token": token}).OK()
		fresh := s.Client(t, in.Text("token"))
		fresh.Post(theirs.Path("/api-keys"), obj{"name": "Robot", "permissions": list{"members.read"}}).Refused(403, "step_up_required")
		mine.Owner.Post("/v1/sign-up", obj{"name": "Third", "preset": "team", "email": "owner@stale.example", "first_name": "O", "last_name": "Wner"}).OK()
		third := mine.Owner.Post("/v1/sign-up/confirm", obj{"token": s.Mailed(t, "owner@stale.example", "/sign-up"), "password": servertest.Password}).OK()
		s.Client(t, third.Text("token")).Post("/v1/accounts/"+third.Text("account.id")+"/api-keys", obj{"name": "Robot", "permissions": list{"members.read"}}).Refused(403, "step_up_required")
	})
}
