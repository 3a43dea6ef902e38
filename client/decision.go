package client

import (
	"context"
	"net/http"
)

// Entity is what a question is about, or who wants to do something: a type and an
// id (AuthZEN 1.0, sections 5.1 and 5.2).
type Entity struct {
	Type       string         `json:"type"`
	ID         string         `json:"id"`
	Properties map[string]any `json:"properties,omitempty"`
}

// Part is the entity, asked about in one part of the account.
func (e Entity) Part(subAccount string) Entity {
	e.Properties = map[string]any{"sub_account": subAccount}
	return e
}

// Question asks whether a subject may do something to a resource.
type Question struct {
	Subject  Entity
	Action   string // a permission such as resources.read, or module: and the key of a module
	Resource Entity
}

// The wire has the action as an object (AuthZEN 1.0, section 6.1).
type evaluation struct {
	Subject  Entity `json:"subject"`
	Action   action `json:"action"`
	Resource Entity `json:"resource"`
}

type action struct {
	Name string `json:"name"`
}

func (q Question) wire() evaluation { return evaluation{q.Subject, action{q.Action}, q.Resource} }

// To asks whether the member may do something to a thing.
func (s Session) To(action string, thing Entity) Question {
	return Question{Subject: Entity{Type: "member", ID: s.MemberID}, Action: action, Resource: thing}
}

// AccountEntity is the member's account, for questions that are about no single
// thing.
func (s Session) AccountEntity() Entity { return Entity{Type: "account", ID: s.AccountID} }

// Decision is the answer to a question, and holds for this moment.
type Decision struct {
	Allowed bool
	Reason  string // allowed, forbidden, not_found, unauthenticated, factor_required or unknown_action
}

// The wire has the reason in a context (AuthZEN 1.0, section 6.2).
type decided struct {
	Decision bool `json:"decision"`
	Context  struct {
		Reason string `json:"reason"`
	} `json:"context"`
}

func (d decided) decision() Decision { return Decision{d.Decision, d.Context.Reason} }

// Evaluate asks one question. A session asks about its own member; an API key
// with members.read or resources.read about anybody of its account.
func (c *Client) Evaluate(ctx context.Context, q Question) (Decision, error) {
	var d decided
	err := c.call(ctx, http.MethodPost, "/access/v1/evaluation", q.wire(), &d)
	return d.decision(), err
}

// EvaluateAll asks up to 500 questions at once, and gives a decision for each in
// their order.
func (c *Client) EvaluateAll(ctx context.Context, questions []Question) ([]Decision, error) {
	if len(questions) == 0 {
		return nil, nil
	}
	asked := make([]evaluation, len(questions))
	for i, q := range questions {
		asked[i] = q.wire()
	}
	var answered struct {
		Evaluations []decided `json:"evaluations"`
	}
	if err := c.call(ctx, http.MethodPost, "/access/v1/evaluations", map[string]any{"evaluations": asked}, &answered); err != nil {
		return nil, err
	}
	decisions := make([]Decision, len(questions)) // what is not answered is not allowed
	for i, d := range answered.Evaluations {
		if i < len(decisions) {
			decisions[i] = d.decision()
		}
	}
	return decisions, nil
}
