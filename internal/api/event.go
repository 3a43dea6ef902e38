package api

import (
	"context"
	"encoding/hex"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"tenure/internal/access"
	"tenure/internal/audit"
	"tenure/internal/id"
)

// Event is one audited fact.
type Event struct {
	Seq       int64             `json:"seq"`
	ID        string            `json:"id"`
	At        time.Time         `json:"at"`
	Action    string            `json:"action" example:"member.deactivate"`
	Actor     Actor             `json:"actor"`
	Subject   Subject           `json:"subject"`
	Changes   map[string]Change `json:"changes" doc:"By field: before and after."`
	RequestID string            `json:"request_id"`
	IP        string            `json:"ip"`
	Hash      string            `json:"hash"`
	Prev      string            `json:"prev"`
}

// Change is a field before and after: any JSON value.
type Change [2]any

// Schema says that null is a value too.
func (Change) Schema(huma.Registry) *huma.Schema {
	two := 2
	value := &huma.Schema{Extensions: map[string]any{"type": []string{"string", "number", "boolean", "object", "array", "null"}}}
	return &huma.Schema{Type: huma.TypeArray, Items: value, MinItems: &two, MaxItems: &two}
}

// Subject is what an event is about.
type Subject struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
	Name string `json:"name"`
}

type listEventsInput struct {
	Account string    `path:"account"`
	Actor   string    `query:"actor" maxLength:"60"`
	Action  string    `query:"action" maxLength:"60" doc:"One action, or a family: invitation."`
	Subject string    `query:"subject" maxLength:"60"`
	Since   time.Time `query:"since"`
	Until   time.Time `query:"until"`
	Paging
}

// Fact is an entry of the trail with the names of whom it is about.
type Fact struct {
	audit.Entry
	ActorName   string
	SubjectName string
}

// events registers the trail.
func (d *door) events() {
	handle(d, somebody, operation("GET", "/v1/accounts/{account}/events", "list-events", "events", "Read the trail, newest first"), d.listEvents)
}

func (d *door) listEvents(ctx context.Context, actor access.Actor, in *listEventsInput) (*out[listOf[Event]], error) {
	facts, next, err := d.rooms.Trail(ctx, actor, id.Account(in.Account), audit.Filter{
		Actor: in.Actor, Action: in.Action, Subject: in.Subject, Since: in.Since, Until: in.Until, Limit: in.Limit,
	}, in.Cursor)
	if err != nil {
		return nil, err
	}
	return listed(facts, next, eventShape), nil
}

func eventShape(f Fact) Event {
	changes := make(map[string]Change, len(f.Changes))
	for field, values := range f.Changes {
		changes[field] = values
	}
	return Event{
		Seq: f.Seq, ID: string(f.ID), At: f.At, Action: f.Action, Actor: Actor{f.Actor.Kind, f.Actor.ID, f.ActorName},
		Subject: Subject{f.Subject.Kind, f.Subject.ID, f.SubjectName}, Changes: changes, RequestID: f.RequestID, IP: f.IP,
		Hash: hex.EncodeToString(f.Hash), Prev: hex.EncodeToString(f.Prev),
	}
}
