package history

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/anishathalye/porcupine"

	"tenure/internal/server/servertest"
)

// offered is what an invitation is.
type offered struct {
	status   string
	rotation int64
}

type use struct {
	what     string
	rotation int64
}

// free is how often an invitation is resent before one has to wait.
const free = 4

// invitations is how one leaves pending: once, by its newest link.
var invitations = porcupine.Model{
	Init: func() any { return offered{"pending", 1} },
	Step: func(state, input, output any) (bool, any) {
		now, in, out := state.(offered), input.(use), output.(string)
		byLink := in.what == "accept" || in.what == "decline"
		switch {
		case now.status == "accepted":
			return out == "already_accepted", now
		case now.status != "pending":
			return out == "invitation_closed", now
		case byLink && in.rotation != now.rotation:
			return out == "invitation_replaced", now
		case in.what == "resend" && out == "too_many_attempts":
			return now.rotation > free, now
		case in.what == "resend":
			now.rotation++
		default:
			now.status = map[string]string{"accept": "accepted", "decline": "declined", "withdraw": "withdrawn"}[in.what]
		}
		return out == "", now
	},
	DescribeOperation: func(input, output any) string { return fmt.Sprintf("%+v → %q", input, output) },
}

// crowd is how often the links of one invitation are used: by as many at the
// same time if all accept, else by a few, so that an order can be looked for.
const crowd, few = 64, 8

// TestAnInvitationIsAcceptedOnce has a crowd accept each invitation while it is
// sent again, declined and withdrawn. At most one gets in, and nobody by an old
// link.
func TestAnInvitationIsAcceptedOnce(t *testing.T) {
	operations := number(t, "TENURE_HISTORY_OPERATIONS", crowd)
	onStages(t, operations, func(t *testing.T, s *stage, chance *rand.Rand, number int) {
		path, _ := s.found(fmt.Sprintf("a%d", number))
		for n := 0; n < operations; n += crowd {
			s.accepted(t, path, fmt.Sprintf("p%d@a%d.example", n, number), chance)
		}
	})
}

func (s *stage) accepted(t *testing.T, path, email string, chance *rand.Rand) {
	t.Helper()
	invited := s.operators[0].Post(path+"/invitations", obj{"emails": []string{email}, "role": "member"}).OK()
	invitation := invited.Text("results.0.invitation.id")
	var r recorder
	plain := chance.IntN(2) == 0 // a race of acceptances only
	if plain {
		clients(crowd, crowd, chance, func(client int, chance *rand.Rand) {
			u, node := use{"accept", 1}, chance.IntN(len(s.nodes))
			r.do(client, u, func() any { return s.use(t, node, path, invitation, u) })
		})
	} else {
		clients(few, crowd, chance, func(client int, chance *rand.Rand) {
			what := []string{"accept", "resend", "accept", "withdraw", "decline"}[min(chance.IntN(40)/8, 4)]
			u, node := use{what, 1 + chance.Int64N(3)}, chance.IntN(len(s.nodes))
			r.do(client, u, func() any { return s.use(t, node, path, invitation, u) })
		})
	}
	r.check(t, invitations)
	accepted := 0
	for _, o := range r.operations {
		if o.Input.(use).what == "accept" && o.Output == "" {
			accepted++
		}
	}
	if got := len(s.operators[0].Get(path + "/members?q=" + email).OK().List("items")); got != accepted || plain && accepted != 1 {
		t.Errorf("%d acceptances made %d members", accepted, got)
	}
}

// use makes one call about an invitation.
func (s *stage) use(t *testing.T, node int, path, invitation string, u use) string {
	nobody, one := s.nodes[node].Nobody(t), path+"/invitations/"+invitation
	token := s.link(path[len("/v1/accounts/"):], invitation, u.rotation)
	switch u.what {
	case "accept":
		return said(nobody.Post("/v1/invitations/accept", obj{"token": token, "password": servertest.Password, "first_name": "Nora", "last_name": "New"}))
	case "decline":
		return said(nobody.Post("/v1/invitations/decline", obj{"token": token}))
	case "resend":
		return said(s.operators[node].Post(one+"/resend", nil))
	}
	return said(s.operators[node].Delete(one))
}
