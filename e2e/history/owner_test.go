package history

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/anishathalye/porcupine"

	"tenure/internal/server/servertest"
)

// rank is where one of four members stands.
type rank struct {
	owner  bool
	status string
}

type ranks [4]rank

func (r ranks) last(who int) bool {
	for n, other := range r {
		if n != who && other.owner && other.status == "active" {
			return false
		}
	}
	return r[who].owner && r[who].status == "active"
}

type move struct {
	what string
	who  int
}

// owners lets nobody take the last owner away.
var owners = porcupine.Model{
	Init: func() any {
		return ranks{{true, "active"}, {true, "active"}, {true, "active"}, {true, "active"}}
	},
	Step: func(state, input, output any) (bool, any) {
		now, in := state.(ranks), input.(move)
		if in.what == "list" {
			return output.(ranks) == now, now
		}
		out, one := output.(string), &now[in.who]
		last := now.last(in.who)
		switch {
		case in.what == "demote" && last, in.what == "suspend" && last:
			return out == "last_owner", now
		case in.what == "demote" || in.what == "promote":
			one.owner = in.what == "promote"
			return out == "", now
		case in.what == "suspend" && one.status == "inactive":
			return out == "member_inactive", now
		case in.what == "suspend":
			one.status = "suspended"
			return out == "", now
		case in.what == "activate" && one.status == "active":
			return out == "already_active", now
		case in.what == "activate":
			one.status = "active"
			return out == "", now
		case out == "plan_changed": // something came between the plan and the call
			return true, now
		case one.status == "inactive":
			return out == "member_inactive", now
		case one.status == "suspended":
			return out == "departure_open", now
		case last:
			return out == "blocked", now
		}
		one.status = "inactive"
		return out == "", now
	},
	DescribeOperation: func(input, output any) string { return fmt.Sprintf("%+v → %v", input, output) },
}

// TestThereIsAlwaysAnOwner plays demotions, suspensions and departures of all
// owners against each other.
func TestThereIsAlwaysAnOwner(t *testing.T) {
	operations := number(t, "TENURE_HISTORY_OPERATIONS", 100)
	onStages(t, operations, func(t *testing.T, s *stage, chance *rand.Rand, number int) {
		path, owner := s.found(fmt.Sprintf("o%d", number))
		members := []string{owner}
		for n := range 3 {
			invited := s.operators[0].Post(path+"/invitations", obj{"emails": []string{fmt.Sprintf("p%d@o%d.example", n, number)}, "role": "owner"}).OK()
			in := s.nodes[0].Nobody(t).Post("/v1/invitations/accept",
				obj{"token": s.link(path[len("/v1/accounts/"):], invited.Text("results.0.invitation.id"), 1), "password": servertest.Password}).OK()
			members = append(members, in.Text("member.id"))
		}
		var r recorder
		clients(6, operations, chance, func(client int, chance *rand.Rand) {
			o := s.operators[chance.IntN(len(s.operators))]
			m := move{[]string{"demote", "demote", "promote", "suspend", "activate", "leave", "leave", "list"}[chance.IntN(8)], chance.IntN(4)}
			r.do(client, m, func() any { return act(o, path, members, m) })
		})
		r.check(t, owners)
	})
}

// act makes the call of a move.
func act(o *servertest.Client, path string, members []string, m move) any {
	member := path + "/members/" + members[m.who]
	switch m.what {
	case "demote":
		return said(o.Patch(member, obj{"role": "member"}))
	case "promote":
		return said(o.Patch(member, obj{"role": "owner"}))
	case "suspend", "activate":
		return said(o.Post(member+"/"+m.what, nil))
	case "list":
		var now ranks
		a := o.Get(path + "/members").OK()
		for i := range a.List("items") {
			for n, id := range members {
				if at := fmt.Sprintf("items.%d.", i); a.Text(at+"id") == id {
					now[n] = rank{a.Text(at+"role") == "owner", a.Text(at + "status")}
				}
			}
		}
		return now
	}
	plan := o.Post(path+"/departures", obj{"members": []string{members[m.who]}, "kind": "deactivate"})
	if plan.Status >= 300 {
		return plan.Text("code")
	}
	return said(o.Post(path+"/departures/"+plan.Text("id")+"/apply", obj{"digest": plan.Text("digest")}))
}
