// Package decision tells a host product what somebody may do, at each of its
// requests: the rights of now of a member or a session, and whether the thing
// that is meant is there for them.
//
// It answers what the OpenID AuthZEN Authorization API 1.0 asks; the door speaks
// its JSON.
//
// Invariants. What has ended decides false. A caller learns nothing of another
// account: who is there and who is not are answered alike.
package decision

import (
	"context"
	"slices"
	"strings"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/member"
	"tenure/internal/resource"
	"tenure/internal/session"
)

// Desk is where decisions are asked for.
type Desk struct {
	db       *db.DB
	sessions *session.Cache
}

// NewDesk makes the desk.
func NewDesk(d *db.DB, sessions *session.Cache) *Desk { return &Desk{d, sessions} }

// The types of subjects.
const (
	ByMember  = "member"
	BySession = "session" // by its token, or by its id
)

// Subject is who wants to do something.
type Subject struct {
	Type    string
	ID      string
	Account id.Account // where the caller is in no account itself; otherwise empty or the caller's own
}

// Question is one thing that somebody wants to do.
type Question struct {
	Subject    Subject
	Action     string
	Type, ID   string        // of the resource
	SubAccount id.SubAccount // that the host product asks about
}

// Answer is a decision and the reason for it, one of those of access.Decide.
type Answer struct {
	Allowed bool
	Reason  string
}

// Decide answers questions, each by itself. Keys with members.read or
// resources.read and the operator ask about anybody of the account; a session
// asks about itself.
//
// Faults: unauthenticated; forbidden; not_found for another account; invalid on
// subject.type and subject.properties.account.
func (d *Desk) Decide(ctx context.Context, caller access.Actor, questions []Question) ([]Answer, error) {
	found := map[Subject]subject{}
	for _, q := range questions {
		if _, known := found[q.Subject]; known {
			continue
		}
		s, err := d.subject(ctx, caller, q.Subject)
		if err != nil {
			return nil, err
		}
		found[q.Subject] = s
	}
	answers := make([]Answer, len(questions))
	err := d.db.Read(ctx, func(tx *db.Tx) error {
		for i, q := range questions {
			var err error
			if answers[i], err = answer(ctx, tx, found[q.Subject], q); err != nil {
				return err
			}
		}
		return nil
	})
	return answers, err
}

// subject is who is asked about: the actor, if memory gave one, or the member to
// be looked up.
type subject struct {
	account id.Account
	actor   access.Actor
	member  id.Member
}

// subject says who is meant, and whether the caller may ask about them.
func (d *Desk) subject(ctx context.Context, caller access.Actor, s Subject) (subject, error) {
	if s.Type != ByMember && s.Type != BySession {
		return subject{}, fault.Invalid("subject.type", "unknown", "Either member or session.")
	}
	if err := mayAsk(caller, s); err != nil {
		return subject{}, err
	}
	acc := caller.Account
	if caller.Kind == access.Operator {
		acc = s.Account
	}
	if s.Type == ByMember {
		if acc == "" {
			return subject{}, fault.Invalid("subject.properties.account", "required", "Say which account the member is of.")
		}
		return subject{account: acc, member: id.Member(s.ID)}, nil
	}
	actor, err := d.bySession(ctx, acc, s.ID)
	if fault.Code(err) == "unauthenticated" {
		return subject{account: acc}, notOthers(caller, access.Actor{})
	}
	if err != nil {
		return subject{}, err
	}
	return subject{account: actor.Account, actor: actor}, notOthers(caller, actor)
}

// mayAsk says who asks at all.
func mayAsk(caller access.Actor, s Subject) error {
	switch {
	case caller.Kind == access.Nobody:
		return fault.Unauthenticated()
	case s.Account != "" && !caller.In(s.Account):
		return fault.NotFound()
	case caller.Kind == access.Member && s.Type == ByMember && id.Member(s.ID) != caller.Member:
		return aboutOthers()
	case caller.Kind == access.Key && !caller.Holds(access.MembersRead) && !caller.Holds(access.ResourcesRead):
		return fault.Forbidden("forbidden", "This key is not made for asking about members or resources.")
	}
	return nil
}

// notOthers refuses a session that asks about another one.
func notOthers(caller, about access.Actor) error {
	if caller.Kind == access.Member && caller.Session != about.Session {
		return aboutOthers()
	}
	return nil
}

func aboutOthers() error {
	return fault.Forbidden("forbidden", "A session asks only about itself.")
}

// bySession finds the actor of a session. A token counts as being used, as it
// does when its bearer comes by themselves; an identifier does not. Where acc is
// given, a session of another account is none. Faults: unauthenticated.
func (d *Desk) bySession(ctx context.Context, acc id.Account, name string) (access.Actor, error) {
	if !strings.HasPrefix(name, session.Prefix) {
		return d.sessions.Find(ctx, acc, id.Session(name))
	}
	actor, _, err := d.sessions.Glance(ctx, name)
	if err != nil {
		return access.Actor{}, err
	}
	if acc != "" && actor.Account != acc {
		return access.Actor{}, fault.Unauthenticated()
	}
	actor, _, err = d.sessions.Check(ctx, name)
	return actor, err
}

func answer(ctx context.Context, tx *db.Tx, s subject, q Question) (Answer, error) {
	if s.actor.Kind == access.Nobody && s.member != "" {
		var err error
		s.actor, err = member.Actor(ctx, tx, s.account, s.member)
		if err != nil && fault.Code(err) != "unauthenticated" {
			return Answer{}, err
		}
	}
	asked := access.Asked{Action: q.Action, SubAccount: q.SubAccount}
	if s.actor.Kind != access.Nobody {
		if err := look(ctx, tx, s, q, &asked); err != nil {
			return Answer{}, err
		}
	}
	allowed, reason := access.Decide(s.actor, asked)
	return Answer{allowed, reason}, nil
}

// look finds the thing that is meant: the account itself, or a resource, if it
// is of a type that is kept.
func look(ctx context.Context, tx *db.Tx, s subject, q Question, asked *access.Asked) error {
	if q.SubAccount != "" {
		subs, err := account.ListSubAccounts(ctx, tx, s.account)
		if err != nil {
			return err
		}
		asked.Missing = !slices.ContainsFunc(subs, func(known account.SubAccount) bool { return known.ID == q.SubAccount })
	}
	if q.Type == "account" {
		asked.Missing = asked.Missing || q.ID != string(s.account)
		return nil
	}
	thing, kept, err := resource.Thing(ctx, tx, s.account, s.actor.Member, resource.Key{Type: q.Type, ID: q.ID})
	asked.Thing, asked.Missing = thing, asked.Missing || kept && thing == nil
	return err
}
