package server_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"tenure/internal/mailbox"
	"tenure/internal/server/servertest"
)

func TestEveryAddressGetsItsVerdictInItsOrder(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "portal", "Verdicts", "owner@verdicts.example")
		o, modules := c.Owner, c.Modules()[:1]
		c.Invite("here@verdicts.example", "user", obj{"modules": modules})
		o.Post(c.Path("/members"), obj{"first_name": "In", "last_name": "Active", "email": "away@verdicts.example", "active": false, "modules": modules}).OK()
		o.Post(c.Path("/invitations"), obj{"emails": list{"twice@verdicts.example"}, "modules": modules}).OK()
		given := []string{"new@verdicts.example", "NEW@Verdicts.example", "here@verdicts.example", "away@verdicts.example", "twice@verdicts.example",
			"somebody@mailinator.com", "a@b@c", "x@verdicts.example, y@verdicts.example", "x (comment)@verdicts.example", "Z <z@verdicts.example>", "last@verdicts.example"}
		want := []string{"invited", "duplicate", "already_member", "inactive_member", "already_invited", "disposable", "invalid", "invalid", "invalid", "invalid", "invited"}
		order := obj{"emails": given, "role": "user", "modules": modules, "message": "Welcome\r\nBcc: evil@evil.example"}
		before := s.Contents(t, servertest.OnTheWay...)
		preview := o.Post(c.Path("/invitations?preview=true"), order).OK()
		if after := s.Contents(t, servertest.OnTheWay...); after != before {
			t.Errorf("the preview changed the store:\n%s", servertest.Difference(before, after))
		}
		a := o.Post(c.Path("/invitations"), order).OK()
		for i := range given {
			at := fmt.Sprintf("results.%d.", i)
			if a.Text(at+"email") != given[i] || a.Text(at+"verdict") != want[i] {
				t.Errorf("%q: %s, want %s", given[i], a.Text(at+"verdict"), want[i])
			}
			if hasInvitation := a.Text(at+"invitation.id") != ""; hasInvitation != (want[i] == "invited" || want[i] == "already_invited") {
				t.Errorf("%q: invitation %v", given[i], a.At(at+"invitation"))
			}
			if shown := preview.Text(at + "invitation.id"); preview.Text(at+"verdict") != want[i] || preview.At(at+"code") != a.At(at+"code") ||
				preview.At(at+"member") != a.At(at+"member") || (shown != "") != (want[i] == "already_invited") {
				t.Errorf("%q: the preview says %v, then came %v", given[i], preview.At(fmt.Sprint("results.", i)), a.At(fmt.Sprint("results.", i)))
			}
		}
		if effects, told := preview.At("effects").(list); !told || len(effects) > 0 {
			t.Errorf("effects: %v", preview.At("effects"))
		}
		if a.Text("results.2.member") == "" || a.Text("results.6.code") == "" {
			t.Errorf("who and why is missing: %s", a.Body)
		}
		mail := s.Mail(t, "last@verdicts.example", nil)
		if len(mail.Header["Bcc"]) != 0 || len(mail.To) != 1 {
			t.Errorf("a message wrote a header: %v to %v", mail.Header, mail.To)
		}
		o.Post(c.Path("/invitations"), obj{"emails": list{"n@verdicts.example"}, "role": "user"}).Refused(422, "module_required")
		o.Post(c.Path("/invitations?preview=true"), obj{"emails": list{"n@verdicts.example"}, "role": "user"}).Refused(422, "module_required")
		o.Post(c.Path("/invitations"), obj{"emails": list{}, "role": "user", "modules": modules}).Refused(422, "invalid")
		o.Post(c.Path("/invitations"), obj{"emails": "n@verdicts.example", "role": "user", "modules": modules}).Refused(422, "invalid")
		o.Post(c.Path("/invitations"), obj{"emails": list{"n@verdicts.example"}, "role": "king", "modules": modules}).Refused(422, "invalid")
	})
}

func TestS2_InvitationIsResentWithdrawnAndListed(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Resend", "owner@resend.example")
		o, nobody := c.Owner, s.Nobody(t)
		sent := o.Post(c.Path("/invitations"), obj{"emails": list{"p@resend.example"}, "message": "Welcome aboard."}).OK()
		path := c.Path("/invitations/" + sent.Text("results.0.invitation.id"))
		first := s.Mailed(t, "p@resend.example", "/invitation")
		offer := nobody.Post("/v1/invitations/inspect", obj{"token": first}).OK()
		if offer.Text("account") != "Resend" || offer.Text("inviter") != "Nora New" || offer.Text("role") != "member" || offer.Text("role_name") != "Member" || offer.At("registered") != false ||
			offer.Text("message") != "Welcome aboard." {
			t.Errorf("the link offers %s", offer.Body)
		}
		o.Post(path+"/resend", nil).OK()
		second := ""
		s.Mail(t, "p@resend.example", func(m mailbox.Message) bool {
			_, second, _ = strings.Cut(m.Link("/invitation#"), "#")
			return second != first
		})
		nobody.Post("/v1/invitations/inspect", obj{"token": first}).Refused(410, "invitation_replaced")
		nobody.Post("/v1/invitations/accept", obj{"token": first, "password": servertest.Password}).Refused(410, "invitation_replaced")
		listed := o.Get(c.Path("/invitations?status=pending")).OK()
		if listed.Text("items.0.email") != "p@resend.example" || listed.Text("items.0.invited_by.name") != "Nora New" || strings.Contains(string(listed.Body), second) {
			t.Errorf("listed %s", listed.Body)
		}
		s.Clock.Set(s.Clock.Now().Add(49 * time.Hour))
		nobody.Post("/v1/invitations/inspect", obj{"token": second}).Refused(410, "invitation_expired")
		o = s.SignIn(t, "owner@resend.example")
		if a := o.Get(c.Path("/invitations?status=expired")).OK(); a.Text("items.0.status") != "expired" {
			t.Errorf("nothing swept, and still it is not expired: %s", a.Body)
		}
		if a := o.Delete(path); a.Status != 204 {
			t.Errorf("%d %s", a.Status, a.Body)
		}
		nobody.Post("/v1/invitations/accept", obj{"token": second, "password": servertest.Password}).Refused(410, "invitation_closed")
		o.Post(path+"/resend", nil).Refused(409, "invitation_closed")
		if a := o.Get(c.Path("/invitations?status=withdrawn")).OK(); len(a.List("items")) != 1 {
			t.Errorf("%s", a.Body)
		}
		o.Get(c.Path("/invitations?status=lost")).Refused(422, "invalid")
	})
}

// TestCopiedLinkProvesNoMailbox: who holds it is mailed a code first, and learns
// nothing before.
func TestCopiedLinkProvesNoMailbox(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Copy", "owner@copy.example")
		nobody := s.Nobody(t)
		sent := c.Owner.Post(c.Path("/invitations"), obj{"emails": list{"p@copy.example"}, "message": "For you alone."}).OK()
		link := c.Owner.Post(c.Path("/invitations/"+sent.Text("results.0.invitation.id")+"/link"), nil).OK()
		url, token, _ := strings.Cut(link.Text("url"), "#")
		if url != s.Origin()+"/invitation" {
			t.Errorf("the link leads to %s", url)
		}
		if offer := nobody.Post("/v1/invitations/inspect", obj{"token": token}).OK(); offer.At("registered") != nil || offer.At("copied") != true || offer.Text("message") != "" {
			t.Errorf("a copied link tells %s", offer.Body)
		}
		accept := obj{"token": token, "password": servertest.Password, "first_name": "P", "last_name": "Q"}
		nobody.Post("/v1/invitations/accept", accept).Refused(409, "verification_required")
		code := s.Mail(t, "p@copy.example", func(m mailbox.Message) bool { return m.Code != "" }).Code
		accept["code"] = "000000"
		if code == "000000" {
			accept["code"] = "000001"
		}
		nobody.Post("/v1/invitations/accept", accept).Refused(422, "invalid")
		accept["code"] = code
		in := nobody.Post("/v1/invitations/accept", accept).OK()
		if in.Text("member.email") != "p@copy.example" || in.Text("account.name") != "Copy" {
			t.Errorf("came in as %s", in.Body)
		}
		nobody.Post("/v1/invitations/accept", accept).Refused(409, "already_accepted")
	})
}

// TestAcceptingTakesNeitherAddressNorRole: whoever holds a link writes another
// address or role beside it, and is refused; the invitation waits for whom it
// names.
func TestAcceptingTakesNeitherAddressNorRole_GrafanaCVE202239306(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Grafana", "owner@grafana.example")
		c.Owner.Post(c.Path("/invitations"), obj{"emails": list{"invited@grafana.example"}, "role": "member"}).OK()
		token := s.Mailed(t, "invited@grafana.example", "/invitation")
		joining := func(more obj) obj {
			body := obj{"token": token, "password": servertest.Password, "first_name": "In", "last_name": "Vited"}
			maps.Copy(body, more)
			return body
		}
		for _, more := range []obj{{"email": "eve@grafana.example"}, {"role": "owner"}, {"email": "eve@grafana.example", "role": "owner"}} {
			s.Nobody(t).Post("/v1/invitations/accept", joining(more)).Refused(422, "unknown_field")
		}
		in := s.Nobody(t).Post("/v1/invitations/accept", joining(nil)).OK()
		if in.Text("member.email") != "invited@grafana.example" || in.Text("member.role") != "member" {
			t.Errorf("%s", in.Body)
		}
		if all := c.Owner.Get(c.Path("/members")).OK(); len(all.List("items")) != 2 {
			t.Errorf("%s", all.Body)
		}
	})
}

func TestInvitationIsForItsAddressAlone(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Wrong", "owner@wrong.example")
		other := s.Found(t, "team", "Other", "other@wrong.example")
		c.Owner.Post(c.Path("/invitations"), obj{"emails": list{"p@wrong.example", "no@wrong.example", "other@wrong.example"}}).OK()
		token := s.Mailed(t, "p@wrong.example", "/invitation")
		wrong := other.Owner.Post("/v1/invitations/accept", obj{"token": token}).Refused(409, "wrong_user")
		if wrong.Text("invited") != "p@wrong.example" || wrong.Text("signed_in") != "other@wrong.example" {
			t.Errorf("both addresses are to be shown: %s", wrong.Body)
		}
		s.Nobody(t).Post("/v1/invitations/accept", obj{"token": token, "password": "short"}).Refused(422, "weak_password")
		if a := s.Nobody(t).Post("/v1/invitations/decline", obj{"token": s.Mailed(t, "no@wrong.example", "/invitation")}); a.Status != 204 {
			t.Errorf("%d %s", a.Status, a.Body)
		}
		joining := s.Mail(t, "other@wrong.example", func(m mailbox.Message) bool { return strings.Contains(m.Text, "to join Wrong") })
		_, known, _ := strings.Cut(joining.Link("/invitation#"), "#")
		s.Nobody(t).Post("/v1/invitations/accept", obj{"token": known, "password": "not the password of them"}).Refused(401, "bad_credentials")
		joined := other.Owner.Post("/v1/invitations/accept", obj{"token": known}).OK()
		if joined.Text("account.id") != c.ID || joined.Text("member.user_id") != other.Owner.User {
			t.Errorf("joined as %s", joined.Body)
		}
		places := other.Owner.Get("/v1/me/accounts").OK()
		if len(places.List("items")) != 2 {
			t.Errorf("places: %s", places.Body)
		}
		for _, token := range []string{"ti_x", "nonsense", token[:len(token)-2] + "AA", strings.Repeat("a", 500)} {
			s.Nobody(t).Post("/v1/invitations/inspect", obj{"token": token}).Refused(404, "not_found")
		}
	})
}

func TestTenThousandAddressesFitIntoOneCall(t *testing.T) {
	s := servertest.Start(t, "sqlite")
	c := s.Found(t, "team", "Many", "owner@many.example")
	emails := make([]string, 10_000)
	for i := range emails {
		emails[i] = fmt.Sprintf("person.number.%d@many.example", i)
	}
	a := c.Owner.Post(c.Path("/invitations"), obj{"emails": emails}).OK()
	if n := len(a.List("results")); n != len(emails) || a.Text("results.9999.verdict") != "invited" {
		t.Errorf("%d results", n)
	}
	if o := c.Owner.Get(c.Path("/overview")).OK(); o.Number("pending") != 10_000 {
		t.Errorf("%s", o.Body)
	}
}
