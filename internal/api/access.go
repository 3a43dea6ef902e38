package api

import (
	"context"
	"net/http"
	"strings"

	"tenure/internal/access"
	"tenure/internal/decision"
	"tenure/internal/fault"
	"tenure/internal/id"
)

// The paths of the OpenID AuthZEN Authorization API 1.0, sections 6 and 7.
const (
	evaluationPath  = "/access/v1/evaluation"
	evaluationsPath = "/access/v1/evaluations"
)

// Entity is a subject or a resource (AuthZEN, sections 5.1 and 5.2).
type Entity struct {
	Type       string         `json:"type" maxLength:"100"`
	ID         string         `json:"id" maxLength:"200"`
	Properties map[string]any `json:"properties,omitempty"`
}

// Action is what is to be done (AuthZEN, section 5.3).
type Action struct {
	Name       string         `json:"name" maxLength:"100" doc:"A permission, or module: and the key of a module." example:"resources.read"`
	Properties map[string]any `json:"properties,omitempty"`
}

// Evaluation is one question (AuthZEN, section 6.1). In a list, what is absent is
// as above the list.
type Evaluation struct {
	Subject  *Entity        `json:"subject,omitempty" doc:"Type member with the id of a member, or session with a token or the id of a session. The operator names the account of a member in properties.account."`
	Action   *Action        `json:"action,omitempty"`
	Resource *Entity        `json:"resource,omitempty" doc:"A resource by type and id; properties.sub_account says which part of the account it is about."`
	Context  map[string]any `json:"context,omitempty" doc:"Nothing in it is looked at."`
}

// Decision is the answer to one question (AuthZEN, section 6.2).
type Decision struct {
	Decision bool            `json:"decision"`
	Context  DecisionContext `json:"context"`
}

// DecisionContext says why.
type DecisionContext struct {
	Reason string         `json:"reason,omitempty" example:"allowed" doc:"allowed, forbidden, not_found, unauthenticated, factor_required or unknown_action."`
	Error  *DecisionError `json:"error,omitempty" doc:"Of a question in a list that cannot be read."`
}

// DecisionError is what is wrong with one question of a list (AuthZEN, section
// 7.2.1).
type DecisionError struct {
	Status  int    `json:"status" example:"400"`
	Message string `json:"message"`
}

// evaluated is the decisions of a list, in its order; without a list the one
// decision.
type evaluated struct {
	Decision    *bool            `json:"decision,omitempty"`
	Context     *DecisionContext `json:"context,omitempty"`
	Evaluations []Decision       `json:"evaluations,omitempty"`
}

type evaluationInput struct {
	Body Evaluation
}

type evaluationsInput struct {
	Body struct {
		Evaluation
		Evaluations []Evaluation `json:"evaluations,omitempty" maxItems:"500"`
		Options     *struct {
			Semantic string `json:"evaluations_semantic,omitempty" enum:"execute_all,deny_on_first_deny,permit_on_first_permit"`
		} `json:"options,omitempty"`
	}
}

// decide registers what host products ask at each of their requests.
func (d *door) decide() {
	handle(d, somebody, refusing(operation("POST", evaluationPath, "evaluate", "access", "May they do this?"), http.StatusNotFound), d.evaluate)
	handle(d, somebody, refusing(operation("POST", evaluationsPath, "evaluate-many", "access", "May they do these?"), http.StatusNotFound), d.evaluateMany)
}

func (d *door) evaluate(ctx context.Context, actor access.Actor, in *evaluationInput) (*out[Decision], error) {
	q, err := in.Body.question(Evaluation{})
	if err != nil {
		return nil, err
	}
	answers, err := d.rooms.Decisions.Decide(ctx, actor, []decision.Question{q})
	if err != nil {
		return nil, err
	}
	return body(decisionShape(answers[0])), nil
}

// evaluateMany answers a list. A question of it that cannot be read is decided
// false with the error; the others are answered.
func (d *door) evaluateMany(ctx context.Context, actor access.Actor, in *evaluationsInput) (*out[evaluated], error) {
	if len(in.Body.Evaluations) == 0 {
		one, err := d.evaluate(ctx, actor, &evaluationInput{in.Body.Evaluation})
		if err != nil {
			return nil, err
		}
		return body(evaluated{Decision: &one.Body.Decision, Context: &one.Body.Context}), nil
	}
	all := evaluated{Evaluations: make([]Decision, len(in.Body.Evaluations))}
	questions, places := []decision.Question{}, []int{}
	for i, one := range in.Body.Evaluations {
		q, err := one.question(in.Body.Evaluation)
		if f := fault.As(err); f != nil {
			all.Evaluations[i].Context.Error = &DecisionError{http.StatusBadRequest, f.Fields[0].Field + ": " + f.Fields[0].Detail}
			continue
		}
		questions, places = append(questions, q), append(places, i)
	}
	answers, err := d.rooms.Decisions.Decide(ctx, actor, questions)
	if err != nil {
		return nil, err
	}
	for i, a := range answers {
		all.Evaluations[places[i]] = decisionShape(a)
	}
	if o := in.Body.Options; o != nil {
		all.Evaluations = upTo(all.Evaluations, o.Semantic)
	}
	return body(all), nil
}

// upTo cuts a list behind the decision that the semantic ends it with (AuthZEN,
// section 7.1.2.1).
func upTo(all []Decision, semantic string) []Decision {
	for i, one := range all {
		if semantic == "deny_on_first_deny" && !one.Decision || semantic == "permit_on_first_permit" && one.Decision {
			return all[:i+1]
		}
	}
	return all
}

// question reads a question; what is absent is taken from the defaults. Faults:
// invalid, naming the field.
func (e Evaluation) question(defaults Evaluation) (decision.Question, error) {
	if e.Subject == nil {
		e.Subject = defaults.Subject
	}
	if e.Action == nil {
		e.Action = defaults.Action
	}
	if e.Resource == nil {
		e.Resource = defaults.Resource
	}
	var q decision.Question
	for _, part := range []struct {
		name   string
		absent bool
	}{{"subject", e.Subject == nil}, {"action", e.Action == nil}, {"resource", e.Resource == nil}} {
		if part.absent {
			return q, fault.Invalid(part.name, "required", "This field is required.")
		}
	}
	if e.Subject.Type != decision.ByMember && e.Subject.Type != decision.BySession {
		return q, fault.Invalid("subject.type", "unknown", "Either member or session.")
	}
	acc, err := e.Subject.property("subject", "account")
	if err != nil {
		return q, err
	}
	sub, err := e.Resource.property("resource", "sub_account")
	if err != nil {
		return q, err
	}
	return decision.Question{Subject: decision.Subject{Type: e.Subject.Type, ID: e.Subject.ID, Account: id.Account(acc)}, Action: e.Action.Name,
		Type: e.Resource.Type, ID: e.Resource.ID, SubAccount: id.SubAccount(sub)}, nil
}

// property reads a property that is text; others are not looked at.
func (e *Entity) property(of, name string) (string, error) {
	value, given := e.Properties[name]
	text, ok := value.(string)
	if given && !ok {
		return "", fault.Invalid(of+".properties."+name, "type", "It must be string.")
	}
	return text, nil
}

func decisionShape(a decision.Answer) Decision {
	return Decision{Decision: a.Allowed, Context: DecisionContext{Reason: a.Reason}}
}

// asAuthZEN gives what is invalid the status that AuthZEN has for it (section
// 10.1.2), where its API is asked.
func (p *Problem) asAuthZEN(path string) *Problem {
	if strings.HasPrefix(path, "/access/") && p.Status == http.StatusUnprocessableEntity {
		p.Status, p.Title = http.StatusBadRequest, http.StatusText(http.StatusBadRequest)
	}
	return p
}
