package demo_test

import (
	"log/slog"
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
		for _, signIn := range signIns[1:] {
			if a := s.Nobody(t).Post("/v1/sign-in", servertest.Map{"email": signIn.Email, "password": demo.Password}); a.Status != 200 && a.Text("code") != "account_required" {
				t.Errorf("%s: %d %s", signIn.Email, a.Status, a.Body)
			}
		}
	})
}
