package api

import (
	"net/http"
	"time"
)

// Plan is what a departure will do, what stands in its way, and how far it is.
type Plan struct {
	ID        string       `json:"id"`
	Kind      string       `json:"kind" enum:"deactivate,remove,delete"`
	State     string       `json:"state" enum:"draft,settling,scheduled,applied,undone,discarded,failed"`
	At        *time.Time   `json:"at,omitempty"`
	Members   []string     `json:"members"`
	Digest    string       `json:"digest" doc:"To apply this plan and no other."`
	AppliedAt *time.Time   `json:"applied_at,omitempty"`
	UndoUntil *time.Time   `json:"undo_until,omitempty"`
	Blockers  []Blocker    `json:"blockers"`
	Decisions Decisions    `json:"decisions"`
	Needed    []Need       `json:"needed"`
	Effects   []Effect     `json:"effects"`
	Results   []PlanResult `json:"results,omitempty"`
	CreatedAt time.Time    `json:"created_at"`
}

// Blocker is a reason why a plan cannot be applied as it stands.
type Blocker struct {
	Code    string   `json:"code"`
	Member  string   `json:"member"`
	Detail  string   `json:"detail"`
	Resolve []string `json:"resolve" doc:"What would resolve it."`
}

// Need is a decision that must be taken first.
type Need struct {
	Code    string   `json:"code"`
	Member  string   `json:"member"`
	Options []string `json:"options"`
}

// Effect is one thing that a plan does, or did.
type Effect struct {
	Kind     string `json:"kind"`
	Member   string `json:"member"`
	Count    *int64 `json:"count,omitempty"`
	Amount   *int64 `json:"amount,omitempty" doc:"In minor units of the currency."`
	Currency string `json:"currency,omitempty"`
	Formula  string `json:"formula,omitempty"`
	Detail   string `json:"detail"`
}

// PlanResult is what became of one member of a plan.
type PlanResult struct {
	Member  string `json:"member"`
	Verdict string `json:"verdict"`
	Code    string `json:"code,omitempty"`
}

// Decisions is what was decided about what the leaver holds.
type Decisions struct {
	Invitations *InvitationDecision `json:"invitations,omitempty"`
}

// InvitationDecision is what happens to the invitations the leaver sent. One
// of the two is given.
type InvitationDecision struct {
	To       string `json:"to,omitempty" enum:"applier" doc:"They pass to whoever applies the plan."`
	Withdraw bool   `json:"withdraw,omitempty" doc:"They are withdrawn."`
}

// Receipt says what was done, signed by the server's key.
type Receipt struct {
	Departure string          `json:"departure"`
	AppliedAt time.Time       `json:"applied_at"`
	By        Actor           `json:"by"`
	Members   []ReceiptMember `json:"members"`
	ChainHead ChainHead       `json:"chain_head"`
	KeyID     string          `json:"key_id"`
	Signature string          `json:"signature"`
}

// ReceiptMember is what happened to one member.
type ReceiptMember struct {
	Member        string   `json:"member"`
	Email         string   `json:"email"`
	SessionsEnded int64    `json:"sessions_ended"`
	KeysEnded     int64    `json:"keys_ended"`
	Effects       []Effect `json:"effects"`
}

// ChainHead is the end of the account's trail when the receipt was made.
type ChainHead struct {
	Seq  int64  `json:"seq"`
	Hash string `json:"hash"`
}

type listDeparturesInput struct {
	Account string `path:"account"`
	State   string `query:"state" enum:"draft,settling,scheduled,applied,undone,discarded,failed"`
	Member  string `query:"member" maxLength:"40"`
	Paging
}

type planInput struct {
	Account string `path:"account"`
	Body    struct {
		Members   []string   `json:"members" minItems:"1" maxItems:"10000"`
		Kind      string     `json:"kind" enum:"deactivate,remove,delete"`
		Decisions *Decisions `json:"decisions,omitempty"`
	}
}

type departureInput struct {
	Account   string `path:"account"`
	Departure string `path:"departure"`
}

type decideInput struct {
	IfMatch
	Account   string `path:"account"`
	Departure string `path:"departure"`
	Body      struct {
		Decisions Decisions `json:"decisions"`
	}
}

type applyInput struct {
	Account   string `path:"account"`
	Departure string `path:"departure"`
	Body      struct {
		Digest string `json:"digest" minLength:"1" maxLength:"100"`
	}
}

// departures registers the way out.
func (d *door) departures() {
	const all, one = "/v1/accounts/{account}/departures", "/v1/accounts/{account}/departures/{departure}"
	handle(d, somebody, operation("GET", all, "list-departures", "departures", "List departures"), pending[listDeparturesInput, out[page[Plan]]])
	handle(d, somebody, carryingList(answering(http.StatusCreated, operation("POST", all, "plan-departure", "departures", "Plan a departure; nothing happens yet"))), pending[planInput, object[Plan]])
	handle(d, somebody, operation("GET", one, "get-departure", "departures", "Read a plan as it stands now"), pending[departureInput, object[Plan]])
	handle(d, somebody, operation("PATCH", one, "decide-departure", "departures", "Take decisions"), pending[decideInput, object[Plan]])
	handle(d, somebody, operation("DELETE", one, "discard-departure", "departures", "Discard a plan that was not applied"), pending[departureInput, done])
	handle(d, somebody, operation("POST", one+"/apply", "apply-departure", "departures", "Apply the plan with this digest"), pending[applyInput, out[Receipt]])
	handle(d, somebody, operation("POST", one+"/undo", "undo-departure", "departures", "Undo within the window"), pending[departureInput, object[Plan]])
	handle(d, somebody, operation("GET", one+"/receipt", "get-receipt", "departures", "Read the receipt"), pending[departureInput, out[Receipt]])
}
