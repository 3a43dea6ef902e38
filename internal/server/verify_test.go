package server_test

import (
	"log/slog"
	"strings"
	"testing"

	"tenure/internal/db"
	"tenure/internal/server"
	"tenure/internal/server/servertest"
)

func verified(t *testing.T, s *servertest.Server) string {
	t.Helper()
	report, err := server.Verify(t.Context(), server.Config{Database: s.Database, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(report.Defects, "; ")
}

// An account that was made for somebody who never came in has lost no owner,
// whatever their role became meanwhile.
func TestVerifyMissesNoOwnerThatNeverWas(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := s.Operator(t)
		made := o.Post("/v1/accounts", obj{"name": "Acme", "preset": "team", "owner": obj{"email": "owner@acme.example", "first_name": "O", "last_name": "Wner"}}).OK()
		path := "/v1/accounts/" + made.Text("account.id") + "/members/" + made.Text("owner.id")
		o.Patch(path, obj{"role": "member"}).OK()
		s.Accept(t, s.Mailed(t, "owner@acme.example", "/invitation"), "owner@acme.example")
		if said := verified(t, s); said != "" {
			t.Error(said)
		}
		o.Post(path+"/suspend", nil).OK()
		o.Patch(path, obj{"role": "owner"}).OK() // also not while they are suspended
		if said := verified(t, s); said != "" {
			t.Error(said)
		}
	})
}

// The owner is taken away behind the server's back.
func TestVerifyMissesTheOwnerThatWas(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		for name, change := range map[string]string{
			"demoted": `UPDATE members SET role_key = 'member' WHERE account_id = $1`,
			"gone":    `UPDATE members SET status = 'removed' WHERE account_id = $1`,
		} {
			c := s.Found(t, "team", "Acme", name+"@acme.example")
			err := s.Parts().DB.Housekeep(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), change, c.ID)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if said := verified(t, s); !strings.Contains(said, c.ID+": the account had an owner and has none") {
				t.Errorf("%s: verify says %q", name, said)
			}
		}
	})
}
