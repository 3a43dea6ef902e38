package access_test

import (
	"testing"

	"tenure/internal/access"
	"tenure/internal/fault"
)

func TestEventsAreReadByWhoMayAndByWhomTheyAreAbout(t *testing.T) {
	plain := access.Actor{Kind: access.Member, Account: acme, Member: "mem_1"}
	reader := access.Actor{Kind: access.Member, Account: acme, Member: "mem_2", Role: access.Role{Permissions: []access.Permission{access.EventsRead}}}
	for _, c := range []struct {
		name        string
		actor       access.Actor
		subject, by string
		code        string
	}{
		{"about oneself", plain, "mem_1", "", ""},
		{"by oneself", plain, "", "mem_1", ""},
		{"about oneself by another", plain, "mem_1", "mem_2", ""},
		{"all", plain, "", "", "forbidden"},
		{"about another", plain, "mem_2", "", "forbidden"},
		{"all, by who may", reader, "", "", ""},
		{"the operator", access.Actor{Kind: access.Operator}, "", "", ""},
		{"nobody", access.Actor{}, "", "", "unauthenticated"},
		{"about oneself elsewhere", access.Actor{Kind: access.Member, Account: other, Member: "mem_1"}, "mem_1", "", "not_found"},
	} {
		if err := access.AllowEvents(c.actor, acme, c.subject, c.by); fault.Code(err) != c.code {
			t.Errorf("%s: %v, want %q", c.name, err, c.code)
		}
	}
	for _, c := range []struct {
		name  string
		actor access.Actor
		kind  access.Kind
		by    string
		sees  bool
	}{
		{"what they did", plain, access.Member, "mem_1", true},
		{"what another did", plain, access.Member, "mem_2", false},
		{"what the operator did", plain, access.Operator, "opk_1", false},
		{"what another did, by who may", reader, access.Member, "mem_1", true},
	} {
		if got := access.SeesOrigin(c.actor, acme, c.kind, c.by); got != c.sees {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
