package server_test

import (
	"strings"
	"testing"

	"tenure/internal/server"
	"tenure/internal/server/servertest"
)

// TestLinksComeFromTheConfigurationAlone_ZitadelCVE202564101 sends every header that servers have
// made links from.
func TestLinksComeFromTheConfigurationAlone_ZitadelCVE202564101(t *testing.T) {
	s := servertest.Start(t, "sqlite", func(c *server.Config) { c.Origin = "https://people.tenure.example/" })
	c := s.Found(t, "team", "Links", "owner@links.example")
	evil := c.Owner.With("Host", "evil.example").With("X-Forwarded-Host", "evil.example").With("Forwarded", "host=evil.example").
		With("X-Forwarded-Proto", "http").With("Origin", "https://people.tenure.example").With("Referer", "https://evil.example/")
	sent := evil.Post(c.Path("/invitations"), obj{"emails": list{"p@links.example"}}).OK()
	link := evil.Post(c.Path("/invitations/"+sent.Text("results.0.invitation.id")+"/link"), nil).OK()
	evil.Post("/v1/password/forgot", obj{"email": "owner@links.example"}).OK()
	if !strings.HasPrefix(link.Text("url"), "https://people.tenure.example/invitation#") {
		t.Errorf("a copied link leads to %s", link.Text("url"))
	}
	s.Mailed(t, "owner@links.example", "/reset")
	for _, to := range []string{"p@links.example", "owner@links.example"} {
		mail := s.Mail(t, to, nil)
		for _, l := range mail.Links {
			if !strings.HasPrefix(l, "https://people.tenure.example/") {
				t.Errorf("%s was mailed the link %s", to, l)
			}
		}
		if strings.Contains(string(mail.Raw), "evil.example") {
			t.Errorf("the mail to %s holds what a header said", to)
		}
	}
}

// TestForwardedAddressCountsFromTrustedProxiesOnly_FleetCVE202646356: anybody can write the header
// (Fleet CVE-2026-46356).
func TestForwardedAddressCountsFromTrustedProxiesOnly_FleetCVE202646356(t *testing.T) {
	for _, c := range []struct {
		name, forwarded, want string
		trusted               []string
	}{
		{"nobody is trusted", "203.0.113.9", "127.0.0.1", nil},
		{"another is trusted", "203.0.113.9", "127.0.0.1", []string{"10.0.0.0/8"}},
		{"the proxy is trusted", "203.0.113.9", "203.0.113.9", []string{"127.0.0.0/8"}},
		{"only the last hop is known", "198.51.100.1, 203.0.113.9", "203.0.113.9", []string{"127.0.0.1"}},
		{"two trusted hops", "203.0.113.9, 10.1.2.3", "203.0.113.9", []string{"127.0.0.1", "10.0.0.0/8"}},
		{"nonsense", "203.0.113.9, unknown", "127.0.0.1", []string{"127.0.0.1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := servertest.Start(t, "sqlite", func(config *server.Config) { config.TrustedProxies = c.trusted })
			account := s.Found(t, "team", "Proxy", "owner@proxy.example")
			account.Owner.With("X-Forwarded-For", c.forwarded).Post(account.Path("/sub-accounts"), obj{"name": "North"}).OK()
			events := account.Owner.Get(account.Path("/events?action=sub_account.create")).OK()
			if got := events.Text("items.0.ip"); got != c.want {
				t.Errorf("the trail says %q, want %q", got, c.want)
			}
		})
	}
}
