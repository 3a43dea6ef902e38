package invitation

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tenure/internal/account"
	"tenure/internal/address"
	"tenure/internal/member"
)

func TestVerdictsAgreeWithANaiveModel(t *testing.T) {
	pool := []string{"ann@example.com", "ANN@Example.com", "bob@example.com", " bob@example.com", "cy@mailinator.com", "dee@other.example", "no address", "", "éva@example.com", "E\u0301VA@example.com"}
	rapid.Check(t, func(t *rapid.T) {
		policy := account.Policy{DisposableAllowed: rapid.Bool().Draw(t, "disposable allowed")}
		if rapid.Bool().Draw(t, "own domains only") {
			policy.EmailDomains = []string{"example.com", "mailinator.com"}
		}
		given := rapid.SliceOfN(rapid.SampledFrom(pool), 0, 12).Draw(t, "given")
		members, open := map[string]member.Status{}, map[string]bool{}
		for _, text := range pool {
			a, err := address.Parse(text)
			if err != nil {
				continue
			}
			members[a.Key] = rapid.SampledFrom([]member.Status{"", "", member.Active, member.Suspended, member.Inactive}).Draw(t, "holder of "+a.Key)
			open[a.Key] = rapid.Bool().Draw(t, "open for "+a.Key)
		}
		for i, c := range candidates(given, policy) {
			got := judge(c, members[c.address.Key], open[c.address.Key])
			if want := naive(given, i, policy, members, open); got != want {
				t.Fatalf("verdict on %q (number %d of %q) is %s; want %s", given[i], i, given, got, want)
			}
			if got == Invalid && c.code == "" {
				t.Fatalf("%q is invalid without a reason", given[i])
			}
		}
	})
}

// naive says the same as the code, address by address and rule by rule.
func naive(given []string, i int, policy account.Policy, members map[string]member.Status, open map[string]bool) Verdict {
	a, err := address.Parse(given[i])
	if err != nil {
		return Invalid
	}
	for _, earlier := range given[:i] {
		if b, err := address.Parse(earlier); err == nil && b.Key == a.Key {
			return Duplicate
		}
	}
	if members[a.Key] == member.Active || members[a.Key] == member.Suspended {
		return AlreadyMember
	}
	if members[a.Key] == member.Inactive {
		return InactiveMember
	}
	if open[a.Key] {
		return AlreadyInvited
	}
	if len(policy.EmailDomains) > 0 && !strings.Contains(strings.Join(policy.EmailDomains, " "), a.Domain) {
		return Invalid
	}
	if a.Domain == "mailinator.com" && !policy.DisposableAllowed {
		return Disposable
	}
	return Invited
}
