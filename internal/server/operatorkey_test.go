package server_test

import (
	"context"
	"log/slog"
	"runtime"
	"sync"
	"testing"
	"time"

	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/id"
	"tenure/internal/server"
	"tenure/internal/server/servertest"
)

// TestOperatorKeysRotate walks the life of a key: it is added, acts and is named
// by what it did, is listed, and takes the place of the one that added it.
func TestOperatorKeysRotate(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		op := s.Operator(t)
		first := op.Get("/v1/operator-keys").OK()
		if len(first.List("items")) != 1 || first.Text("items.0.created_by.name") != "Tenure" || first.Text("items.0.hint") != "test" {
			t.Fatalf("at the beginning: %s", first.Body)
		}
		configured := first.Text("items.0.id")
		op.Delete("/v1/operator-keys/"+configured).Refused(409, "last_operator_key")
		op.Post("/v1/operator-keys", obj{"name": "", "expires_at": "2100-01-01T00:00:00Z"}).Refused(422, "invalid")
		op.Post("/v1/operator-keys", obj{"name": "Late", "expires_at": "2020-01-01T00:00:00Z"}).Refused(422, "invalid")

		added := op.Post("/v1/operator-keys", obj{"name": "Deploys"}).OK()
		id, key := added.Text("id"), added.Text("key")
		if added.Status != 201 || added.Text("created_by.id") != configured || added.At("last_used_at") != nil || key[len(key)-4:] != added.Text("hint") {
			t.Errorf("added: %d %s", added.Status, added.Body)
		}
		with := s.Client(t, key)
		made := with.Post("/v1/accounts", sample["create-account"]).OK()
		event := with.Get("/v1/accounts/" + made.Text("account.id") + "/events").OK()
		if event.Text("items.0.actor.kind") != "operator" || event.Text("items.0.actor.id") != id || event.Text("items.0.actor.name") != "Deploys" {
			t.Errorf("the account's trail: %s", event.Body)
		}
		read := with.Get("/v1/operator-keys/" + id).OK()
		if read.At("key") != nil || read.Text("name") != "Deploys" {
			t.Errorf("read: %s", read.Body)
		}
		with.With("If-Match", `"9-x"`).Delete("/v1/operator-keys/"+configured).Refused(412, "stale")
		with.With("If-Match", with.Get("/v1/operator-keys/"+configured).OK().Header.Get("ETag")).Delete("/v1/operator-keys/" + configured).OK()
		op.Get("/v1/operator-keys").Refused(401, "unauthenticated")
		op.Post("/v1/accounts", sample["create-account"]).Refused(401, "unauthenticated")
		with.Delete("/v1/operator-keys/"+id).Refused(409, "last_operator_key")

		told := with.Get("/v1/operator-events").OK()
		if len(told.List("items")) != 3 || told.Text("items.0.action") != "operator_key.revoke" || told.Text("items.0.actor.name") != "Deploys" ||
			told.Text("items.0.subject.name") != "From the configuration" || told.Text("items.0.changes.name.0") != "From the configuration" || told.Text("items.2.actor.name") != "Tenure" {
			t.Errorf("the operator's trail: %s", told.Body)
		}
		page := with.Get("/v1/operator-events?limit=1&action=operator_key.add").OK()
		if next := with.Get("/v1/operator-events?limit=1&action=operator_key.add&cursor=" + page.Text("next_cursor")).OK(); page.Text("items.0.id") == next.Text("items.0.id") || next.At("next_cursor") != nil {
			t.Errorf("pages: %s %s", page.Body, next.Body)
		}
	})
}

// TestARevokedOperatorKeyIsRefusedOnEveryNode revokes on one node what another
// one knows by heart.
func TestARevokedOperatorKeyIsRefusedOnEveryNode(t *testing.T) {
	dbtest.On(t, dbtest.Postgres, func(t *testing.T, _ string) {
		s := servertest.Start(t, dbtest.Postgres)
		other := s.Beside(t)
		for range 5 {
			added := s.Operator(t).Post("/v1/operator-keys", obj{"name": "Short-lived"}).OK()
			there := other.Client(t, added.Text("key"))
			there.Get("/v1/accounts").OK()
			known(t, other, added.Text("key"))
			s.Operator(t).Delete("/v1/operator-keys/" + added.Text("id")).OK()
			there.Get("/v1/accounts").Refused(401, "unauthenticated")
			there.Post("/v1/accounts", sample["create-account"]).Refused(401, "unauthenticated")
		}
	})
}

// known waits until a node knows an operator key without the store, which a
// context that is over keeps it from asking.
func known(t *testing.T, s *servertest.Server, key string) {
	t.Helper()
	over, cancel := context.WithCancel(t.Context())
	cancel()
	keys := s.Parts().Rooms.Operators
	for !t.Failed() {
		if _, err := keys.Check(t.Context(), key); err != nil {
			t.Fatal(err)
		}
		if _, err := keys.Check(over, key); err == nil {
			return
		}
	}
}

// TestAResetIsHeardOfByTheNodesThatServe resets the keys from beside a node that
// knows one by heart.
func TestAResetIsHeardOfByTheNodesThatServe(t *testing.T) {
	dbtest.On(t, dbtest.Postgres, func(t *testing.T, _ string) {
		s := servertest.Start(t, dbtest.Postgres)
		known(t, s, servertest.OperatorKey)
		made, ended, err := server.ResetOperatorKeys(t.Context(), server.Config{Database: s.Database, Log: slog.New(slog.DiscardHandler)})
		if err != nil || ended != 1 {
			t.Fatalf("%d keys ended, %v", ended, err)
		}
		s.Operator(t).Get("/v1/accounts").Refused(401, "unauthenticated")
		s.Client(t, made).Get("/v1/accounts").OK()
	})
}

// TestNothingCommitsByAnOperatorKeyThatWasRevokedMeanwhile lets a request in, and
// revokes its key while it waits for its turn to write.
func TestNothingCommitsByAnOperatorKeyThatWasRevokedMeanwhile(t *testing.T) {
	dbtest.On(t, dbtest.Postgres, func(t *testing.T, _ string) {
		s := servertest.Start(t, dbtest.Postgres)
		c, d := s.Found(t, "team", "Meanwhile", "owner@meanwhile.example"), s.Parts().DB
		added := s.Operator(t).Post("/v1/operator-keys", obj{"name": "Slow"}).OK()
		held, release := make(chan struct{}), make(chan struct{})
		var running sync.WaitGroup
		running.Go(func() {
			if err := d.Write(t.Context(), id.Account(c.ID), func(*db.Tx) error {
				close(held)
				<-release
				return nil
			}); err != nil {
				t.Error(err)
			}
		})
		<-held
		running.Go(func() {
			s.Client(t, added.Text("key")).Post(c.Path("/modules"), obj{"key": "late", "name": "Late"}).Refused(401, "unauthenticated")
		})
		for d.Stats().Waiting == 0 && !t.Failed() {
			runtime.Gosched()
		}
		s.Operator(t).Delete("/v1/operator-keys/" + added.Text("id")).OK()
		close(release)
		running.Wait()
	})
}

// TestVerifyLooksAtTheOperatorToo changes the operator's trail and keys behind the
// server's back.
func TestVerifyLooksAtTheOperatorToo(t *testing.T) {
	for want, query := range map[string]string{
		"operator: event 1 is not what was recorded":               `UPDATE user_events SET action = 'nothing' WHERE user_id = 'operator' AND seq = 1`,
		"operator: event 1 is the last event, but the head says 2": `DELETE FROM user_events WHERE user_id = 'operator' AND seq = 2`,
		"operator: event 0 the head is missing":                    `DELETE FROM user_heads WHERE user_id = 'operator'`,
		"operator: no key counts that does not run out":            `UPDATE operator_keys SET ended_at = 1`,
	} {
		servertest.Each(t, func(t *testing.T, s *servertest.Server) {
			s.Operator(t).Post("/v1/operator-keys", obj{"name": "Second"}).OK()
			if said := verified(t, s); said != "" {
				t.Fatal(said)
			}
			if err := s.Parts().DB.Housekeep(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), query)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			if said := verified(t, s); said != want {
				t.Errorf("verify says %q, want %q", said, want)
			}
		})
	}
}

// TestAnOperatorKeyRunsOut moves the clock to the end of a key.
func TestAnOperatorKeyRunsOut(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		now := time.Date(2030, time.May, 1, 12, 0, 0, 0, time.UTC)
		s.Clock.Set(now)
		added := s.Operator(t).Post("/v1/operator-keys", obj{"name": "For a while", "expires_at": now.Add(time.Hour)}).OK()
		with := s.Client(t, added.Text("key"))
		with.Get("/v1/accounts").OK()
		s.Clock.Set(now.Add(time.Hour))
		with.Get("/v1/accounts").Refused(401, "unauthenticated")
		if listed := s.Operator(t).Get("/v1/operator-keys/" + added.Text("id")).OK(); listed.Text("expires_at") != "2030-05-01T13:00:00Z" {
			t.Errorf("%s", listed.Body)
		}
	})
}
