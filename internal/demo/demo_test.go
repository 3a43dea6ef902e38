package demo_test

import (
	"log/slog"
	"slices"
	"testing"

	"tenure/internal/demo"
	"tenure/internal/server"
	"tenure/internal/server/servertest"
)

// TestDemoIsWholeAndShowsEveryState: what it makes is made by the rules, on
// both engines, and there is something to see on every tab.
func TestDemoIsWholeAndShowsEveryState(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		signIns, err := demo.Fill(t.Context(), s.Parts(), s.Clock)
		if err != nil {
			t.Fatal(err)
		}
		report, err := server.Verify(t.Context(), server.Config{Database: s.Database, Log: slog.New(slog.DiscardHandler)})
		if err != nil || len(report.Defects) > 0 || report.Accounts != 5 {
			t.Errorf("%+v %v", report, err)
		}
		in := s.Nobody(t).Post("/v1/sign-in", servertest.Map{"email": signIns[0].Email, "password": demo.Password}).OK()
		admin, account := s.Client(t, in.Text("token")), "/v1/accounts/"+in.Text("account.id")
		tabs := admin.Get(account + "/overview").OK()
		if people := tabs.Number("active") + tabs.Number("inactive"); people != 250 || tabs.Number("suspended") != 2 || tabs.Number("inactive") < 10 {
			t.Errorf("tabs: %s", tabs.Body)
		}
		invitations := 0
		for _, status := range []string{"pending", "accepted", "declined", "withdrawn", "expired"} {
			n := len(admin.Get(account + "/invitations?limit=200&status=" + status).OK().List("items"))
			if n == 0 {
				t.Errorf("no invitation is %s", status)
			}
			invitations += n
		}
		if invitations != 40 {
			t.Errorf("%d invitations", invitations)
		}
		wantHoldings(t, s, signIns)
		for _, signIn := range signIns[1:] {
			if a := s.Nobody(t).Post("/v1/sign-in", servertest.Map{"email": signIn.Email, "password": demo.Password}); a.Status != 200 && a.Text("code") != "account_required" {
				t.Errorf("%s: %d %s", signIn.Email, a.Status, a.Body)
			}
		}
	})
}

// wantHoldings wants something to see on every screen about what people hold, by
// who administers an account of each preset that has them.
func wantHoldings(t *testing.T, s *servertest.Server, signIns []demo.SignIn) {
	t.Helper()
	for name, wanted := range map[string]struct {
		resources, records int
		billed             bool
		departures         []string
	}{
		"Brandt & Osei":   {resources: 6, billed: true, departures: []string{"applied", "scheduled"}},
		"Kestrel Freight": {records: 5, departures: []string{"applied"}},
		"Zonnedak":        {resources: 10, billed: true, departures: []string{"applied", "settling"}},
	} {
		i := slices.IndexFunc(signIns, func(in demo.SignIn) bool { return in.Account == name })
		in := s.Nobody(t).Post("/v1/sign-in", servertest.Map{"email": signIns[i].Email, "password": demo.Password}).OK()
		admin, account := s.Client(t, in.Text("token")), "/v1/accounts/"+in.Text("account.id")
		if n := len(admin.Get(account + "/resources").OK().List("items")); n != wanted.resources {
			t.Errorf("%s: %d resources", name, n)
		}
		if n := len(admin.Get(account + "/records").OK().List("items")); n != wanted.records {
			t.Errorf("%s: %d records", name, n)
		}
		if a := admin.Get(account + "/billing/upcoming").OK(); (a.Number("total") > 0) != wanted.billed {
			t.Errorf("%s: what is to pay: %s", name, a.Body)
		}
		for _, state := range wanted.departures {
			if len(admin.Get(account+"/departures?state="+state).OK().List("items")) == 0 {
				t.Errorf("%s: no departure is %s", name, state)
			}
		}
	}
}
