package server_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"

	"tenure/internal/db"
	"tenure/internal/server/servertest"
)

// TestNonsenseInThePathIsNotFound: an identifier of no form that there is
// answers as one that nobody has.
func TestNonsenseInThePathIsNotFound(t *testing.T) {
	s := servertest.Start(t, "sqlite")
	mine, own := stocked(t, s, "portal", "mine.example")
	for _, o := range operations(t, s) {
		for name := range own {
			if !strings.Contains(o.path, "{"+name+"}") {
				continue
			}
			client, nonsense := mine.Owner.Client, maps.Clone(own)
			if o.operators() {
				client = s.Operator(t)
			}
			nonsense[name] = "%00%ff'%20OR%201=1"
			client.Call(o.method, o.at(nonsense), sample[o.id]).Refused(404, "not_found")
		}
	}
}

// naming is the operations whose body names objects, each with one body for
// every place where it does. The name stands for an identifier of the kind.
var naming = []struct {
	operation, kind string
	body            func(id string) obj
}{
	{"plan-departure", "member", func(id string) obj { return obj{"members": list{id}, "kind": "deactivate"} }},
	{"change-members", "member", func(id string) obj { return obj{"members": list{id}, "role": "admin"} }},
	{"invite", "module", func(id string) obj { return obj{"emails": list{"x@mine.example"}, "modules": list{id}} }},
	{"invite", "sub_account", func(id string) obj {
		return obj{"emails": list{"x@mine.example"}, "role": "admin", "sub_accounts": list{id}}
	}},
	{"add-member", "module", func(id string) obj {
		return obj{"first_name": "A", "last_name": "B", "email": "x@mine.example", "active": true, "modules": list{id}}
	}},
	{"add-member", "sub_account", func(id string) obj {
		return obj{"first_name": "A", "last_name": "B", "email": "x@mine.example", "active": true, "role": "admin", "sub_accounts": list{id}}
	}},
	{"change-member", "module", func(id string) obj { return obj{"modules": list{id}} }},
	{"change-member", "sub_account", func(id string) obj { return obj{"sub_accounts": list{id}} }},
	{"change-members", "module", func(id string) obj { return obj{"members": list{"{member}"}, "modules": list{id}} }},
	{"transfer-credits", "member", func(id string) obj { return obj{"from": id, "to": "company", "amount": 1} }},
	{"transfer-credits", "member", func(id string) obj { return obj{"from": "company", "to": id, "amount": 1} }},
	{"download-record", "member", func(id string) obj { return obj{"member": id} }},
	{"add-owner", "member", func(id string) obj { return obj{"member": id, "reason": "lost"} }},
}

// TestForeignAndMissingAreAlikeInBodies is the same for what a body names. Only
// the identifier itself may come back, as it was given.
func TestForeignAndMissingAreAlikeInBodies(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		mine, own := stocked(t, s, "portal", "mine.example")
		_, theirs := stocked(t, s, "portal", "theirs.example")
		byID := map[string]operation{}
		for _, o := range operations(t, s) {
			byID[o.id] = o
		}
		for _, n := range naming {
			o, client := byID[n.operation], mine.Owner.Client
			if n.operation == "add-owner" || n.operation == "download-record" {
				client = s.Operator(t)
			}
			before := fingerprint(t, s)
			call := func(id string) (int, string) {
				raw, err := json.Marshal(n.body(id))
				if err != nil {
					t.Fatal(err)
				}
				a := client.Call(o.method, o.at(own), strings.ReplaceAll(string(raw), "{member}", own["member"]))
				return a.Status, strings.ReplaceAll(string(a.Body), id, "{"+n.kind+"}")
			}
			foreign, said := call(theirs[n.kind])
			absent, alike := call(missing[n.kind])
			if foreign != absent || said != alike {
				t.Errorf("%s with a foreign %s: %d %s, with a missing one: %d %s", n.operation, n.kind, foreign, said, absent, alike)
			}
			if after := fingerprint(t, s); after != before {
				t.Errorf("%s with a foreign %s changed something:\nbefore %s\nafter  %s", n.operation, n.kind, before, after)
			}
		}
	})
}

// TestUnknownParametersAreRefusedEverywhere adds a parameter nobody knows.
func TestUnknownParametersAreRefusedEverywhere(t *testing.T) {
	s := servertest.Start(t, "sqlite")
	c, ids := stocked(t, s, "portal", "strict.example")
	for _, o := range operations(t, s) {
		client := c.Owner.Client
		if o.id == "list-keys" || o.id == "sign-out" {
			continue // the one takes anything that caches add, the other ends the session the rest needs
		}
		if strings.HasSuffix(o.id, "account") || strings.HasSuffix(o.id, "accounts") || strings.HasSuffix(o.id, "clock") || o.operators() {
			client = s.Operator(t)
		}
		if strings.HasPrefix(o.path, "/v1/me") {
			client = c.Owner.Client
		}
		a := client.Call(o.method, o.at(ids)+"?surprise=1", sample[o.id])
		want := 422
		if strings.HasPrefix(o.path, "/access/") {
			want = 400 // AuthZEN has no other status for what cannot be read
		}
		if a.Status != want || a.Text("code") != "unknown_field" {
			t.Errorf("%s: %d %s", o.id, a.Status, a.Body)
		}
	}
}

// fingerprint tells what is in the store, but for what sessions and mails do by
// themselves: how many rows each table has, and how far each thing has come.
func fingerprint(t *testing.T, s *servertest.Server) string {
	t.Helper()
	var all strings.Builder
	err := s.Parts().DB.Read(context.Background(), func(tx *db.Tx) error {
		for _, query := range []string{
			`SELECT COUNT(*), COALESCE(CAST(SUM(seq) AS BIGINT), 0) FROM heads`,
			`SELECT COUNT(*), COALESCE(CAST(SUM(seq) AS BIGINT), 0) FROM user_heads`,
			`SELECT COUNT(*), COALESCE(CAST(SUM(version) AS BIGINT), 0) FROM accounts`,
			`SELECT COUNT(*), COALESCE(CAST(SUM(version) AS BIGINT), 0) FROM modules`,
			`SELECT COUNT(*), COALESCE(CAST(SUM(version) AS BIGINT), 0) FROM sub_accounts`,
			`SELECT COUNT(*), COALESCE(CAST(SUM(version) AS BIGINT), 0) FROM roles`,
			`SELECT COUNT(*), COALESCE(CAST(SUM(version) AS BIGINT), 0) FROM members`,
			`SELECT COUNT(*), COALESCE(CAST(SUM(version) AS BIGINT), 0) FROM users`,
			`SELECT COUNT(*), COALESCE(CAST(SUM(version + copy_rotation + code_rotation) AS BIGINT), 0) FROM invitations`,
			`SELECT COUNT(*), COALESCE(CAST(SUM(version) AS BIGINT), 0) FROM departures`,
			`SELECT COUNT(*), COUNT(ended_at) FROM sessions`, `SELECT COUNT(*), 0 FROM events`, `SELECT COUNT(*), 0 FROM user_events`,
			`SELECT COUNT(*), 0 FROM outbox`, `SELECT COUNT(*), 0 FROM sign_ups`, `SELECT COUNT(*), 0 FROM email_changes`,
			`SELECT COUNT(*), 0 FROM attempts`, `SELECT COUNT(*), COUNT(since) FROM factors`, `SELECT COUNT(*), 0 FROM recovery_codes`, `SELECT COUNT(*), COUNT(used_at) FROM challenges`, `SELECT COUNT(*), 0 FROM member_modules`, `SELECT COUNT(*), 0 FROM member_sub_accounts`,
			`SELECT COUNT(*), COALESCE(CAST(SUM(used) AS BIGINT), 0) FROM wallets`, `SELECT COUNT(*), 0 FROM credit_transactions`, `SELECT COUNT(*), 0 FROM downloads`,
			`SELECT COUNT(*), COALESCE(CAST(SUM(version) AS BIGINT), 0) FROM records`, `SELECT COUNT(*), COALESCE(CAST(SUM(version) AS BIGINT), 0) FROM credit_prices`,
			`SELECT COUNT(*), 0 FROM operator_keys`,
		} {
			var rows, mark int64
			if err := tx.One(context.Background(), query, nil, &rows, &mark); err != nil {
				return err
			}
			fmt.Fprintf(&all, "%s=%d/%d ", query[strings.LastIndexByte(query, ' ')+1:], rows, mark)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}
