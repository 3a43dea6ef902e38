package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"tenure/internal/access"
	"tenure/internal/departure"
	"tenure/internal/id"
	"tenure/internal/once"
)

// Plan is what a departure will do, what stands in its way, and how far it is.
type Plan struct {
	ID        string     `json:"id"`
	Kind      string     `json:"kind" enum:"deactivate,remove,delete"`
	State     string     `json:"state" enum:"draft,settling,scheduled,applied,undone,discarded,failed"`
	Members   []string   `json:"members" doc:"In a list the first twenty."`
	Count     int        `json:"member_count" doc:"How many members it is about."`
	People    []Named    `json:"people" doc:"Whom it names: who leaves, and who receives something. In a list the first twenty."`
	At        *time.Time `json:"at,omitempty" doc:"When it is to be applied, if not at once."`
	UnderWay  bool       `json:"under_way" doc:"Whether it is being carried out or undone now: its time has come, and somebody has not had their turn yet."`
	Progress  *Progress  `json:"progress,omitempty" doc:"While it goes through several members, and afterwards; once it is undone, of bringing back who left."`
	Results   []Verdict  `json:"results,omitempty" doc:"What became of each of several members whose turn has come; in a list of those among the first twenty."`
	Digest    string     `json:"digest" doc:"To apply this plan and no other."`
	AppliedAt *time.Time `json:"applied_at,omitempty" doc:"When it was carried out."`
	UndoUntil *time.Time `json:"undo_until,omitempty" doc:"Until when it can be undone."`
	Undoable  bool       `json:"undoable" doc:"Whether the time in which it can be undone is running now."`
	Blockers  []Blocker  `json:"blockers"`
	Decisions Decisions  `json:"decisions"`
	Needed    []Need     `json:"needed"`
	Effects   []Effect   `json:"effects"`
	Skipped   []Effect   `json:"skipped,omitempty" doc:"What undoing could not bring back, and why."`
	CreatedAt time.Time  `json:"created_at"`
}

// Named is somebody by name.
type Named struct {
	Member string `json:"member"`
	Name   string `json:"name" doc:"Empty once they were erased."`
}

// Progress is how many of several members have had their turn.
type Progress struct {
	Done  int `json:"done"`
	Total int `json:"total"`
}

// Verdict is what became of one member.
type Verdict struct {
	Member  string `json:"member"`
	Verdict string `json:"verdict" enum:"applied,blocked,settling,failed,undone" doc:"settling: access has ended, the rest waits in a departure of its own. undone: they are back."`
	Code    string `json:"code,omitempty" doc:"Why it was not applied; of who left in a departure that was undone, why they are not back."`
}

// Blocker is a reason why a plan cannot be applied as it stands.
type Blocker struct {
	Code      string   `json:"code"`
	Member    string   `json:"member"`
	Detail    string   `json:"detail"`
	Resolve   []string `json:"resolve" doc:"What would resolve it."`
	To        string   `json:"to,omitempty" doc:"The member who cannot receive what was decided for them."`
	Count     int64    `json:"count,omitempty" doc:"How many credits or resources stand in the way."`
	Resources []string `json:"resources,omitempty" doc:"The resources that stand in the way, as type/id, at most a hundred."`
}

// Need is a decision that must be taken first.
type Need struct {
	Code    string   `json:"code"`
	Member  string   `json:"member"`
	Options []string `json:"options"`
	Count   int64    `json:"count,omitempty" doc:"How many resources it is about."`
}

// Effect is one thing that a plan does, or did.
type Effect struct {
	Kind     string `json:"kind"`
	Member   string `json:"member"`
	To       string `json:"to,omitempty" doc:"Who receives it."`
	Count    *int64 `json:"count,omitempty"`
	Amount   *int64 `json:"amount,omitempty" doc:"In minor units of the currency."`
	Currency string `json:"currency,omitempty" doc:"ISO 4217."`
	Formula  string `json:"formula,omitempty" doc:"How the amount comes about, in numbers and words."`
	Share    *Share `json:"share,omitempty" doc:"The numbers of the formula."`
	Reason   string `json:"reason,omitempty" enum:"spent,changed,out_of_reach,deleted,assignment_deleted" doc:"Why it was skipped."`
	Detail   string `json:"detail"`
}

// Share is the part of a price that falls on part of a period.
type Share struct {
	Price         int64 `json:"price" doc:"Of a seat for a whole period, in minor units of the currency."`
	Seconds       int64 `json:"seconds" doc:"Of the period, that are paid for or credited."`
	PeriodSeconds int64 `json:"period_seconds" doc:"How long the period is."`
}

type listDeparturesInput struct {
	Account string `path:"account"`
	State   string `query:"state" enum:"draft,settling,scheduled,applied,undone,discarded,failed" doc:"Only those in this state."`
	Member  string `query:"member" maxLength:"40" doc:"Only those that this member is to leave in, or has."`
	Paging
}

type planInput struct {
	Account string `path:"account"`
	Body    struct {
		Members   []string   `json:"members" minItems:"1" maxItems:"1000"`
		Kind      string     `json:"kind" enum:"deactivate,remove,delete"`
		At        *time.Time `json:"at,omitempty" doc:"When it is to be applied. Once it is applied with this, it waits until then."`
		Decisions *Decisions `json:"decisions,omitempty"`
	}
}

type departureInput struct {
	Account   string `path:"account"`
	Departure string `path:"departure"`
}

type discardInput struct {
	IfMatch
	Account   string `path:"account"`
	Departure string `path:"departure"`
}

type decideInput struct {
	IfMatch
	Account   string `path:"account"`
	Departure string `path:"departure"`
	Body      struct {
		Kind      Patch[string]         `json:"kind,omitzero" enum:"deactivate,remove,delete"`
		Decisions Patch[DecisionsPatch] `json:"decisions,omitzero"`
	}
}

// departures registers the way out.
func (d *door) departures() {
	const all, one = "/v1/accounts/{account}/departures", "/v1/accounts/{account}/departures/{departure}"
	handle(d, somebody, operation("GET", all, "list-departures", "departures", "List departures, newest first"), d.listDepartures)
	handleOnce(d, somebody, carryingList(answering(http.StatusCreated, operation("POST", all, "plan-departure", "departures", "Plan a departure; nothing happens yet"))), d.planDeparture, d.plannedDeparture)
	handle(d, somebody, operation("GET", one, "get-departure", "departures", "Read a plan as it stands now"), d.getDeparture)
	handle(d, somebody, carryingList(operation("PATCH", one, "decide-departure", "departures", "Take decisions")), d.decideDeparture)
	handle(d, somebody, operation("DELETE", one, "discard-departure", "departures", "Discard a plan that was not applied"), d.discardDeparture)
	handleOnce(d, somebody, underWay(d, operation("POST", one+"/apply", "apply-departure", "departures", "Apply the plan with this digest")), d.applyDeparture, d.appliedDeparture)
	handleOnce(d, somebody, underWay(d, operation("POST", one+"/undo", "undo-departure", "departures", "Undo within the window")), d.undoDeparture, d.undoneDeparture)
	handle(d, somebody, operation("GET", one+"/receipt", "get-receipt", "departures", "Read the receipt"), d.getReceipt)
}

func (d *door) listDepartures(ctx context.Context, actor access.Actor, in *listDeparturesInput) (*out[listOf[Plan]], error) {
	departures, next, err := d.rooms.Departures.List(ctx, actor, id.Account(in.Account), departure.Filter{
		State: departure.State(in.State), Member: id.Member(in.Member), Cursor: in.Cursor, Limit: in.Limit,
	})
	if err != nil {
		return nil, err
	}
	return listed(departures, next, planShape), nil
}

func (d *door) planDeparture(ctx context.Context, actor access.Actor, in *planInput) (*object[Plan], error) {
	plan, err := d.rooms.Departures.Plan(ctx, actor, id.Account(in.Account), departure.Order{
		Members: typed[id.Member](in.Body.Members), Kind: departure.Kind(in.Body.Kind), Decisions: in.Body.Decisions.raw(), At: timeOf(in.Body.At),
	})
	if err != nil {
		return nil, err
	}
	return versioned(planShape(plan), plan.Version), nil
}

// plannedDeparture gives a plan again that was made under the same key.
func (d *door) plannedDeparture(ctx context.Context, actor access.Actor, in *planInput, kept once.Kept) (*object[Plan], error) {
	planned, err := keptAs[string](kept)
	if err != nil {
		return nil, err
	}
	return d.getDeparture(ctx, actor, &departureInput{in.Account, planned})
}

func (d *door) getDeparture(ctx context.Context, actor access.Actor, in *departureInput) (*object[Plan], error) {
	plan, err := d.rooms.Departures.Get(ctx, actor, id.Account(in.Account), id.Departure(in.Departure))
	if err != nil {
		return nil, err
	}
	return versioned(planShape(plan), plan.Version), nil
}

func (d *door) decideDeparture(ctx context.Context, actor access.Actor, in *decideInput) (*object[Plan], error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	kind, decided := (*departure.Kind)(in.Body.Kind.Value()), in.Body.Decisions.Value().patch()
	plan, err := d.rooms.Departures.Decide(ctx, actor, id.Account(in.Account), id.Departure(in.Departure), kind, decided, version)
	if err != nil {
		return nil, err
	}
	return versioned(planShape(plan), plan.Version), nil
}

func (d *door) discardDeparture(ctx context.Context, actor access.Actor, in *discardInput) (*done, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return &done{}, d.rooms.Departures.Discard(ctx, actor, id.Account(in.Account), id.Departure(in.Departure), version)
}

// undone is the plan that was undone with 200, or with 202 while several members
// are being brought back.
func undone(p departure.Plan) *eitherOf[Plan, Plan] {
	plan := versioned(planShape(p), p.Version)
	if p.UnderWay() {
		return other[Plan](http.StatusAccepted, plan)
	}
	return usual[Plan, Plan](http.StatusOK, plan)
}

func (d *door) undoDeparture(ctx context.Context, actor access.Actor, in *departureInput) (*eitherOf[Plan, Plan], error) {
	plan, err := d.rooms.Departures.Undo(ctx, actor, id.Account(in.Account), id.Departure(in.Departure))
	if err != nil {
		return nil, err
	}
	return undone(plan), nil
}

// undoneDeparture says again what undoing under the same key came to.
func (d *door) undoneDeparture(ctx context.Context, actor access.Actor, in *departureInput, _ once.Kept) (*eitherOf[Plan, Plan], error) {
	plan, err := d.rooms.Departures.Undone(ctx, actor, id.Account(in.Account), id.Departure(in.Departure))
	if err != nil {
		return nil, err
	}
	return undone(plan), nil
}

func planShape(p departure.Plan) Plan {
	shape := Plan{
		ID: string(p.ID), Kind: string(p.Kind), State: string(p.State), Members: texts(p.Members()), Count: p.Count(), At: moment(p.At), Digest: p.Digest,
		UnderWay: p.UnderWay(), AppliedAt: moment(p.AppliedAt), UndoUntil: moment(p.UndoUntil), Undoable: p.Undoable(), Blockers: blockerShapes(p.Blockers),
		Needed: needShapes(p.Needed), Effects: effectShapes(p.Effects), People: make([]Named, len(p.People)), CreatedAt: p.CreatedAt,
	}
	for i, one := range p.People {
		shape.People[i] = Named{string(one.Member), one.Name}
	}
	if shape.Count > 1 && p.State != departure.Draft {
		done, total := p.Progress()
		shape.Progress, shape.Results = &Progress{done, total}, verdictShapes(p.Parts)
	}
	if len(p.Skipped) > 0 {
		shape.Skipped = effectShapes(p.Skipped)
	}
	// What is stored was checked when it was decided.
	_ = json.Unmarshal(encoded(p.Decisions), &shape.Decisions)
	return shape
}

// verdictShapes tells what became of those whose turn has come.
func verdictShapes(parts []departure.Part) []Verdict {
	var shapes []Verdict
	for _, part := range parts {
		switch {
		case part.Verdict == "":
		case part.Back == departure.Returned:
			shapes = append(shapes, Verdict{string(part.Member), "undone", ""})
		case part.Back == departure.Stays:
			shapes = append(shapes, Verdict{string(part.Member), string(part.Verdict), part.Stays})
		default:
			shapes = append(shapes, Verdict{string(part.Member), string(part.Verdict), part.Code})
		}
	}
	return shapes
}
