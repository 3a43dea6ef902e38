package access_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tenure/internal/access"
	"tenure/internal/fault"
	"tenure/internal/id"
)

const acme, other = id.Account("acc_acme"), id.Account("acc_other")

// someRole draws any role there could be.
func someRole(t *rapid.T, label string) access.Role {
	return access.Role{
		Key: label, Rank: rapid.IntRange(1, 100).Draw(t, label+" rank"), Administers: rapid.Bool().Draw(t, label+" administers"),
		Permissions: rapid.SliceOfNDistinct(rapid.SampledFrom(access.Permissions), 0, 6, rapid.ID).Draw(t, label+" permissions"),
	}
}

func someMember(t *rapid.T) access.Actor {
	return access.Actor{Kind: access.Member, Account: acme, Member: "mem_a", Role: someRole(t, "actor")}
}

func TestNobodyGrantsWhatTheyDoNotHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		actor, grant := someMember(t), someRole(t, "grant")
		if access.AllowGrant(actor, acme, access.MembersManage, grant) != nil {
			return
		}
		for _, p := range grant.All() {
			if !actor.Role.Administers && !slices.Contains(actor.Role.Permissions, p) {
				t.Fatalf("%+v gives %s", actor.Role, p)
			}
		}
		if grant.Rank > actor.Role.Rank {
			t.Fatalf("rank %d gives rank %d", actor.Role.Rank, grant.Rank)
		}
	})
}

func TestAPeerIsOnlyForWhoAdministers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		actor, target := someMember(t), someRole(t, "target")
		allowed := access.AllowOver(actor, acme, access.MembersManage, target) == nil
		if allowed && target.Rank > actor.Role.Rank {
			t.Fatal("acted on a higher rank")
		}
		if allowed && target.Rank == actor.Role.Rank && !actor.Role.Administers {
			t.Fatal("acted on a peer without administering")
		}
		if actor.Role.Administers && target.Rank <= actor.Role.Rank && !allowed {
			t.Fatal("who administers was refused a rank up to their own")
		}
	})
}

func TestNobodyRaisesTheirOwnRole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, to := someRole(t, "from"), someRole(t, "to")
		if access.AllowOwnRole(from, to) != nil {
			return
		}
		if to.Rank > from.Rank {
			t.Fatal("rank was raised")
		}
		for _, p := range to.All() {
			if !from.Holds(p) {
				t.Fatalf("%s was gained", p)
			}
		}
	})
}

func TestAnotherAccountIsNotThere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom(access.Permissions).Draw(t, "permission")
		if code := fault.Code(access.Allow(someMember(t), other, p)); code != "not_found" {
			t.Fatalf("a member of Acme got %q in another account", code)
		}
		if code := fault.Code(access.Allow(access.Actor{}, acme, p)); code != "unauthenticated" {
			t.Fatalf("nobody got %q", code)
		}
		if err := access.Allow(access.Actor{Kind: access.Operator, Key: "key_op"}, acme, p); err != nil {
			t.Fatalf("the operator got %v", err)
		}
		if code := fault.Code(access.Allow(access.Actor{Kind: access.Member}, "", p)); code != "not_found" {
			t.Fatalf("an empty account was let in: %q", code)
		}
	})
}

func TestWhoDoesNotAdministerGivesOnlyWhatTheyHave(t *testing.T) {
	actor := access.Actor{Kind: access.Member, Account: acme, Modules: []id.Module{"mod_a"}, SubAccounts: []id.SubAccount{"sub_a"}}
	for _, c := range []struct {
		modules []id.Module
		subs    []id.SubAccount
		code    string
	}{
		{nil, nil, ""},
		{[]id.Module{"mod_a"}, []id.SubAccount{"sub_a"}, ""},
		{[]id.Module{"mod_a", "mod_b"}, nil, "rank_exceeded"},
		{nil, []id.SubAccount{"sub_b"}, "rank_exceeded"},
	} {
		if code := fault.Code(access.AllowGrants(actor, c.modules, c.subs)); code != c.code {
			t.Errorf("%v %v: got %q, want %q", c.modules, c.subs, code, c.code)
		}
	}
	actor.Role.Administers = true
	if err := access.AllowGrants(actor, []id.Module{"mod_b"}, []id.SubAccount{"sub_b"}); err != nil {
		t.Error(err)
	}
}
