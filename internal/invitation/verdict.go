package invitation

import (
	"tenure/internal/account"
	"tenure/internal/address"
	"tenure/internal/fault"
	"tenure/internal/member"
)

// Verdict says what became of one address of an order.
type Verdict string

// The verdicts.
const (
	Invited        Verdict = "invited"
	AlreadyInvited Verdict = "already_invited" // an invitation is pending
	AlreadyMember  Verdict = "already_member"  // active or suspended
	InactiveMember Verdict = "inactive_member" // could be activated instead
	Disposable     Verdict = "disposable"      // a throw-away address
	Invalid        Verdict = "invalid"         // no address, or one that the account does not take
	Duplicate      Verdict = "duplicate"       // named before in the same order
	OverSeatLimit  Verdict = "over_seat_limit" // every seat is taken or reserved
)

// candidate is one address of an order, judged as far as it can be without
// looking at who is in the account.
type candidate struct {
	given   string
	address address.Address
	final   Verdict // invalid or duplicate: nothing else counts
	barred  Verdict // what policy says, unless the person is here already
	code    string  // why, for invalid
}

// candidates reads the addresses of an order.
func candidates(given []string, policy account.Policy) []candidate {
	seen := make(map[string]bool, len(given))
	all := make([]candidate, len(given))
	for i, text := range given {
		c := candidate{given: text}
		parsed, err := address.Parse(text)
		switch {
		case err != nil:
			c.final, c.code = Invalid, fieldCode(err)
		case seen[parsed.Key]:
			c.address, c.final = parsed, Duplicate
		default:
			seen[parsed.Key] = true
			c.address = parsed
			c.barred, c.code = barred(policy, parsed)
		}
		all[i] = c
	}
	return all
}

// barred says whether policy keeps an address out.
func barred(policy account.Policy, a address.Address) (Verdict, string) {
	err := policy.Admits(a)
	if err == nil {
		return "", ""
	}
	if code := fieldCode(err); code != "disposable" {
		return Invalid, code
	}
	return Disposable, ""
}

// fieldCode gives the code of the field that a fault is about.
func fieldCode(err error) string {
	if f := fault.As(err); f != nil && len(f.Fields) > 0 {
		return f.Fields[0].Code
	}
	return fault.Code(err)
}

// judge gives the verdict on a candidate: who, if anybody, holds the address in
// the account, and whether an invitation for it is open. It looks at nothing
// outside the account.
func judge(c candidate, holder member.Status, open bool) Verdict {
	switch {
	case c.final != "":
		return c.final
	case holder == member.Active || holder == member.Suspended:
		return AlreadyMember
	case holder == member.Inactive:
		return InactiveMember
	case open:
		return AlreadyInvited
	case c.barred != "":
		return c.barred
	default:
		return Invited
	}
}
