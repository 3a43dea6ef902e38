package history

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/anishathalye/porcupine"

	"tenure/internal/id"
	"tenure/internal/secret"
	"tenure/internal/server/servertest"
)

// link writes the mailed link of an invitation.
func (s *stage) link(account, invitation string, rotation int64) string {
	return s.nodes[0].Parts().Keeper.Token(secret.Link{Kind: secret.Invitation, Account: id.Account(account), ID: invitation, Rotation: rotation})
}

// standing is what a member and their sessions are.
type standing struct {
	live      bool // the session that the register is about
	suspended bool
	role      string
}

// asked is one call: its name, the node it was made at, and the session or role
// it is about.
type asked struct {
	what    string
	node    int
	session int
	role    string
}

// lasting is a call as the store sees it.
type lasting struct{ asked }

// sessions is two kinds of registers. The store knows whether the member is
// suspended. And every node knows of every session whether it is live, from the
// sign-in to whatever ends it, and the role of the moment. While a call that ends
// one is under way, nodes may see it at different moments; once it has returned,
// none may be behind.
var sessions = porcupine.Model{
	Partition: registers,
	Init:      func() any { return standing{role: "member"} },
	Step: func(state, input, output any) (bool, any) {
		now, out := state.(standing), output.(string)
		if in, ok := input.(lasting); ok {
			return now.store(in.what, out)
		}
		in := input.(asked)
		switch in.what {
		case "check":
			if out == "unauthenticated" {
				return !now.live, now
			}
			return now.live && out == now.role, now
		case "sign in":
			now.live = out == ""
		case "end all", "suspend":
			now.live = false
		case "end": // a second one finds none, which the first has still to finish
			now.live = now.live && out != ""
		case "change":
			now.role = in.role
		}
		return true, now
	},
	DescribeOperation: func(input, output any) string { return fmt.Sprintf("%+v → %q", input, output) },
}

// store is the answer that is expected of what does not come from memory.
func (now standing) store(what, out string) (bool, any) {
	switch {
	case what == "sign in" && now.suspended:
		return out == "member_inactive", now
	case what == "suspend":
		now.suspended = true
	case what == "activate" && !now.suspended:
		return out == "already_active", now
	case what == "activate":
		now.suspended = false
	}
	return out == "" || what == "end" && out == "not_found", now
}

// registers takes a history apart: what the store answered, and for each session
// at each node its checks with all that bears on them.
func registers(history []porcupine.Operation) [][]porcupine.Operation {
	type register struct{ node, session int }
	checked := map[register]bool{}
	for _, o := range history {
		if in := o.Input.(asked); in.what == "check" {
			checked[register{in.node, in.session}] = true
		}
	}
	parts := [][]porcupine.Operation{}
	store := []porcupine.Operation{}
	for _, o := range history {
		if in := o.Input.(asked); in.what != "check" {
			o.Input = lasting{in}
			store = append(store, o)
		}
	}
	parts = append(parts, store)
	for r := range checked {
		part := []porcupine.Operation{}
		for _, o := range history {
			in := o.Input.(asked)
			ofSession := in.what == "check" || in.what == "sign in" || in.what == "end"
			if in.what == "activate" || ofSession && in.session != r.session || in.what == "check" && in.node != r.node {
				continue
			}
			part = append(part, o)
		}
		parts = append(parts, part)
	}
	return parts
}

// tokens are the sessions that began, by number.
type tokens struct {
	mu    sync.Mutex // guards what follows
	known []string   // the tokens
	ids   []string
	next  int
}

// TestNoCheckSucceedsAfterASessionHasEnded plays checks of sessions against all
// that ends them and changes what they may do.
func TestNoCheckSucceedsAfterASessionHasEnded(t *testing.T) {
	operations := number(t, "TENURE_HISTORY_OPERATIONS", 150)
	onStages(t, operations, func(t *testing.T, s *stage, chance *rand.Rand, number int) {
		path, _ := s.found(fmt.Sprintf("s%d", number))
		email := fmt.Sprintf("bo@s%d.example", number)
		invited := s.operators[0].Post(path+"/invitations", obj{"emails": []string{email}, "role": "member"}).OK()
		in := s.nodes[0].Nobody(t).Post("/v1/invitations/accept",
			obj{"token": s.link(path[len("/v1/accounts/"):], invited.Text("results.0.invitation.id"), 1), "password": servertest.Password}).OK()
		member := path + "/members/" + in.Text("member.id")
		s.operators[0].Delete(member + "/sessions").OK()
		var r recorder
		all := &tokens{known: make([]string, 64), ids: make([]string, 64)}
		clients(6, operations, chance, func(client int, chance *rand.Rand) {
			node := chance.IntN(len(s.nodes))
			s.sessionCall(t, &r, all, client, node, email, member, chance)
		})
		r.check(t, sessions)
	})
}

// sessionCall makes one call of a client at a node.
func (s *stage) sessionCall(t *testing.T, r *recorder, all *tokens, client, node int, email, member string, chance *rand.Rand) {
	all.mu.Lock()
	begun := all.next
	all.mu.Unlock()
	which := 0
	if begun > 0 {
		which = max(begun-1-chance.IntN(4), 0)
	}
	all.mu.Lock()
	token, id := all.known[which], all.ids[which]
	all.mu.Unlock()
	o := s.operators[node]
	switch dice := chance.IntN(100); {
	case dice < 12 && begun < 64:
		s.begin(t, r, all, client, node, email)
	case token == "":
		return
	case dice < 80:
		r.do(client, asked{what: "check", node: node, session: which}, func() any {
			a := s.nodes[node].Client(t, token).Get("/v1/session")
			if a.Status == 200 {
				return a.Text("role")
			}
			return a.Text("code")
		})
	case dice < 84:
		r.do(client, asked{what: "end", session: which}, func() any { return said(o.Delete(member + "/sessions/" + id)) })
	case dice < 87:
		r.do(client, asked{what: "end all"}, func() any { return said(o.Delete(member + "/sessions")) })
	case dice < 90:
		r.do(client, asked{what: "suspend"}, func() any { return said(o.Post(member+"/suspend", nil)) })
	case dice < 96:
		r.do(client, asked{what: "activate"}, func() any { return said(o.Post(member+"/activate", nil)) })
	default:
		role := []string{"owner", "member"}[chance.IntN(2)]
		r.do(client, asked{what: "change", role: role}, func() any { return said(o.Patch(member, obj{"role": role})) })
	}
}

// begin signs in.
func (s *stage) begin(t *testing.T, r *recorder, all *tokens, client, node int, email string) {
	all.mu.Lock()
	which := all.next
	all.next++
	all.mu.Unlock()
	if which >= len(all.known) {
		return
	}
	r.do(client, asked{what: "sign in", session: which}, func() any {
		a := s.nodes[node].Nobody(t).Post("/v1/sign-in", obj{"email": email, "password": servertest.Password})
		mine := s.nodes[node].Client(t, a.Text("token")).Get("/v1/me/sessions")
		all.mu.Lock()
		defer all.mu.Unlock()
		for i := range mine.List("items") {
			if at := fmt.Sprintf("items.%d.", i); mine.At(at+"current") == true {
				all.known[which], all.ids[which] = a.Text("token"), mine.Text(at+"id")
			}
		}
		return said(a)
	})
}
