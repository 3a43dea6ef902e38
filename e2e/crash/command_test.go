package crash

import (
	"context"
	"fmt"

	"tenure/internal/id"
	"tenure/internal/secret"
	"tenure/internal/server/servertest"
)

type obj = map[string]any

var bare = context.Background()

// fact is rows that are counted.
type fact struct {
	from string
	args []any
}

// subject is somebody or something that a command is done to, once.
type subject struct {
	call  call
	facts []fact
}

// command is one of the riskiest: how to prepare a subject for it, what a call
// may hear after the command was done already, and what may be left between its
// commits.
type command struct {
	name    string
	prepare func(s *stage) subject
	again   string
	between []string
}

var number int

// fresh is an address nobody has.
func fresh() string {
	number++
	return fmt.Sprintf("p%d@acme.example", number)
}

func (s *stage) path(rest string) string { return "/v1/accounts/" + s.account + rest }

func (s *stage) token(kind secret.Kind, account, about string) string {
	return s.Parts().Keeper.Token(secret.Link{Kind: kind, Account: id.Account(account), ID: about, Rotation: 1})
}

func (s *stage) invite(email string) (invitation string) {
	s.t.Helper()
	made := s.ok("POST", s.path("/invitations"), servertest.OperatorKey, obj{"emails": []string{email}, "role": "member"})
	return made["results"].([]any)[0].(obj)["invitation"].(obj)["id"].(string)
}

func (s *stage) acceptance(invitation string) call {
	return call{Method: "POST", Path: "/v1/invitations/accept",
		Body: text(s.t, obj{"token": s.token(secret.Invitation, s.account, invitation), "password": servertest.Password, "first_name": "Nora", "last_name": "New"})}
}

// comeIn accepts an invitation and gives the member and the session.
func (s *stage) comeIn(invitation string) (member, user, token string) {
	s.t.Helper()
	c := s.acceptance(invitation)
	status, in := s.ask(c)
	if status >= 300 {
		s.t.Fatalf("accept: %d %v", status, in)
	}
	m := in["member"].(obj)
	return m["id"].(string), m["user_id"].(string), in["token"].(string)
}

// holder is a member who has something of everything: a session, two pins and a
// desk, credits, a seat.
func (s *stage) holder() (member string) {
	s.t.Helper()
	member, _, _ = s.comeIn(s.invite(fresh()))
	for _, key := range []string{"pin/a", "pin/b", "desk/c"} {
		s.ok("PUT", s.path("/resources/"+key+member), servertest.OperatorKey, obj{"name": "A thing", "owner": member})
	}
	s.ok("POST", s.path("/credits/transfers"), servertest.OperatorKey, obj{"from": "company", "to": member, "amount": 7})
	return member
}

// planned plans a departure: the pins and the credits go to the owner, the desks
// stay.
func (s *stage) planned(kind string, members ...string) (departure, digest string) {
	s.t.Helper()
	plan := s.ok("POST", s.path("/departures"), servertest.OperatorKey, obj{"members": members, "kind": kind, "decisions": obj{
		"credits": obj{"to": s.owner}, "resources": obj{"default": obj{"leave": true}, "by_type": obj{"pin": obj{"to": s.owner}}}}})
	return plan["id"].(string), plan["digest"].(string)
}

// left is what tells that a departure has been applied to each of them.
func (s *stage) left(status, departure string, members ...string) []fact {
	in, about := "($2, $3)", []any{s.account, members[0], members[len(members)-1]}
	of := func(table, condition string) fact {
		return fact{table + " WHERE account_id = $1 AND member_id IN " + in + " AND " + condition, about}
	}
	return []fact{
		of("members", "status = '"+status+"'"),
		of("sessions", "ended_at IS NOT NULL"),
		{"resource_owners WHERE account_id = $1 AND ended_by = $2 AND passed_to = $3", []any{s.account, departure, s.owner}},
		{"credit_transactions WHERE account_id = $1 AND departure_id = $2", []any{s.account, departure}},
		of("seats", "ended_at IS NOT NULL"),
		{"departures WHERE account_id = $1 AND departure_id = $2 AND receipt <> ''", []any{s.account, departure}},
		of("departure_members", "verdict = 'applied'"),
		{"outbox WHERE account_id = $1 AND kind = 'access_ended' AND subject_id IN " + in, about},
		{"events WHERE account_id = $1 AND action = 'departure.apply' AND subject_id = $2", []any{s.account, departure}},
	}
}

// bulk is more than one transaction takes.
const bulk = 503

var commands = []command{
	{name: "accept", again: "already_accepted", prepare: func(s *stage) subject {
		email := fresh()
		invitation := s.invite(email)
		return subject{s.acceptance(invitation), []fact{
			{"invitations WHERE account_id = $1 AND email = $2 AND status = 'accepted'", []any{s.account, email}},
			{"members WHERE account_id = $1 AND email = $2 AND registered_at IS NOT NULL", []any{s.account, email}},
			{"users WHERE email = $1", []any{email}},
			{"sessions s JOIN members m ON m.account_id = s.account_id AND m.member_id = s.member_id WHERE s.account_id = $1 AND m.email = $2", []any{s.account, email}},
			{"events WHERE account_id = $1 AND action = 'invitation.accept' AND subject_id = $2", []any{s.account, invitation}},
		}}
	}},
	{name: "apply a departure", prepare: func(s *stage) subject {
		h := s.holder()
		departure, digest := s.planned("remove", h)
		return subject{call{Method: "POST", Path: s.path("/departures/" + departure + "/apply"), Token: servertest.OperatorKey, Body: text(s.t, obj{"digest": digest})},
			append(s.left("removed", departure, h), fact{"jobs WHERE account_id = $1 AND ref = $2", []any{s.account, departure}})}
	}},
	{name: "undo a departure", again: "departure_over", prepare: func(s *stage) subject {
		h := s.holder()
		departure, digest := s.planned("deactivate", h)
		s.ok("POST", s.path("/departures/"+departure+"/apply"), servertest.OperatorKey, obj{"digest": digest})
		return subject{call{Method: "POST", Path: s.path("/departures/" + departure + "/undo"), Token: servertest.OperatorKey}, append(s.left("active", departure, h), []fact{
			{"departures WHERE account_id = $1 AND departure_id = $2 AND state = 'undone'", []any{s.account, departure}},
			{"events WHERE account_id = $1 AND action = 'departure.undo' AND subject_id = $2", []any{s.account, departure}},
			{"events WHERE account_id = $1 AND action = 'member.undo' AND subject_id = $2", []any{s.account, h}},
			{"resource_owners WHERE account_id = $1 AND member_id = $2 AND until IS NULL", []any{s.account, h}},
		}...)}
	}},
	// One of two is gone, both are, and only then is it closed.
	{name: "carry out a departure of two", between: []string{"1 1 2 1 1 0 1 1 0", "2 2 4 2 2 0 2 2 0"}, prepare: func(s *stage) subject {
		one, other := s.holder(), s.holder()
		departure, digest := s.planned("deactivate", one, other)
		s.ok("POST", s.path("/departures/"+departure+"/apply"), servertest.OperatorKey, obj{"digest": digest})
		return subject{call{Account: s.account, Carry: departure}, s.left("inactive", departure, one, other)}
	}},
	{name: "invite many", between: []string{"500 500 500"}, prepare: func(s *stage) subject {
		emails := make([]string, bulk)
		number++
		domain := fmt.Sprintf("bulk%d.example", number)
		for n := range emails {
			emails[n] = fmt.Sprintf("p%d@%s", n, domain)
		}
		like := []any{s.account, "%@" + domain}
		return subject{call{Method: "POST", Path: s.path("/invitations"), Token: servertest.OperatorKey, Body: text(s.t, obj{"emails": emails, "role": "member"})}, []fact{
			{`invitations WHERE account_id = $1 AND email LIKE $2 ESCAPE '\'`, like},
			{`events e JOIN invitations i ON i.account_id = e.account_id AND i.invitation_id = e.subject_id WHERE e.account_id = $1 AND e.action = 'invitation.create' AND i.email LIKE $2 ESCAPE '\'`, like},
			{`outbox o JOIN invitations i ON i.account_id = o.account_id AND i.invitation_id = o.subject_id WHERE o.account_id = $1 AND i.email LIKE $2 ESCAPE '\'`, like},
		}}
	}},
	{name: "confirm an address", again: "token_used", prepare: func(s *stage) subject {
		_, user, token := s.comeIn(s.invite(fresh()))
		email := fresh()
		s.ok("POST", "/v1/me/email", token, obj{"email": email, "password": servertest.Password})
		return subject{call{Method: "POST", Path: "/v1/email/confirm", Body: text(s.t, obj{"token": s.token(secret.Confirm, "", user)})}, []fact{
			{"users WHERE user_id = $1 AND email = $2", []any{user, email}},
			{"email_changes WHERE user_id = $1 AND used_at IS NOT NULL", []any{user}},
			{"sessions WHERE user_id = $1 AND ended_at IS NULL", []any{user}},
			{"jobs j JOIN members m ON m.account_id = j.account_id AND m.member_id = j.ref WHERE m.user_id = $1", []any{user}},
			{"user_events WHERE user_id = $1", []any{user}},
			{"outbox WHERE subject_id = $1 AND kind = 'email_changed'", []any{user}},
		}}
	}},
}
