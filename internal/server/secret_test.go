package server_test

import (
	"context"
	"encoding/hex"
	"strings"
	"testing"

	"tenure/internal/db"
	"tenure/internal/mailbox"
	"tenure/internal/server/servertest"
)

// TestNoSecretIsLoggedOrStored walks the ways on which secrets travel, and then
// looks for each of them in everything that was logged and in every column of
// the store.
func TestNoSecretIsLoggedOrStored(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		nobody := s.Nobody(t)
		secrets := map[string]string{"operator key": servertest.OperatorKey, "password": servertest.Password, "wrong password": "four velvet wagons rolling",
			"new password": "seven violet herons waiting", "reset password": "nine copper kettles humming", "master secret": "servertest-servertest-servertest"}
		c := s.Found(t, "team", "Canary", "owner@canary.example")
		secrets["owner's session"] = c.Owner.Token()
		sent := c.Owner.Post(c.Path("/invitations"), obj{"emails": list{"p@canary.example"}}).OK()
		mailed := s.Mailed(t, "p@canary.example", "/invitation")
		secrets["mailed token"] = mailed
		link := c.Owner.Post(c.Path("/invitations/"+sent.Text("results.0.invitation.id")+"/link"), nil).OK()
		_, copied, _ := strings.Cut(link.Text("url"), "#")
		secrets["copied token"] = copied
		accept := obj{"token": copied, "password": servertest.Password}
		nobody.Post("/v1/invitations/accept", accept).Refused(409, "verification_required")
		code := s.Mail(t, "p@canary.example", func(m mailbox.Message) bool { return m.Code != "" }).Code
		secrets["code"] = `"` + code + `"`
		accept["code"] = code
		in := nobody.Post("/v1/invitations/accept", accept).OK()
		secrets["session"] = in.Text("token")
		m := s.Client(t, in.Text("token"))
		nobody.Post("/v1/sign-in", obj{"email": "p@canary.example", "password": secrets["wrong password"]}).Refused(401, "bad_credentials")
		nobody.Post("/v1/sign-in", obj{"email": "p@canary.example", "password": secrets["wrong password"], "odd": 1}).Refused(422, "unknown_field")
		nobody.With("Authorization", "Bearer tn_canary_session_canary").Get("/v1/session").Refused(401, "unauthenticated")
		secrets["nobody's session"] = "tn_canary_session_canary"
		m.Post("/v1/me/password", obj{"current": servertest.Password, "new": secrets["new password"]}).OK()
		nobody.Post("/v1/password/forgot", obj{"email": "p@canary.example"}).OK()
		reset := s.Mailed(t, "p@canary.example", "/reset")
		secrets["reset token"] = reset
		nobody.Post("/v1/password/reset", obj{"token": reset, "password": secrets["reset password"]}).OK()
		nobody.Get("/v1/invitations/" + mailed) // somebody pastes a token into the address bar
		look(t, "the log", s.Log.String(), secrets)
		look(t, "the metrics", string(nobody.Get("/metrics").OK().Body), secrets)
		look(t, "the store", dump(t, s), secrets)
	})
}

func look(t *testing.T, where, text string, secrets map[string]string) {
	t.Helper()
	if len(text) < 100 {
		t.Errorf("%s is nearly empty: the test looks in the wrong place", where)
	}
	for name, secret := range secrets {
		for _, form := range []string{secret, hex.EncodeToString([]byte(secret))} {
			if i := strings.Index(text, form); i >= 0 {
				t.Errorf("%s holds the %s: …%s…", where, name, text[max(0, i-80):min(len(text), i+20)])
			}
		}
	}
}

// dump writes every value of the tables that hold what people send.
func dump(t *testing.T, s *servertest.Server) string {
	t.Helper()
	var all strings.Builder
	err := s.Parts().DB.Read(context.Background(), func(tx *db.Tx) error {
		for _, query := range []string{
			`SELECT action, changes, COALESCE(personal, '') FROM events`, `SELECT action, changes, COALESCE(personal, '') FROM user_events`,
			`SELECT kind, recipient, facts FROM outbox`, `SELECT subject_id, reason, mail_id FROM outbox`, `SELECT user_agent, ip, session_id FROM sessions`,
			`SELECT password_hash, email, user_id FROM users`, `SELECT message, modules, invitation_id FROM invitations`, `SELECT name, value, '' FROM settings`,
			`SELECT key_id, '', '' FROM operator_keys`, `SELECT attempt_key, '', '' FROM attempts`, `SELECT kind, ref, reason FROM jobs`,
			`SELECT name, first_name, last_name FROM sign_ups`, `SELECT decisions, digest, receipt FROM departures`,
		} {
			if err := tx.Each(context.Background(), query, nil, func(scan func(...any) error) error {
				var a, b, c string
				err := scan(&a, &b, &c)
				all.WriteString(a + "|" + b + "|" + c + "\n")
				return err
			}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}
