package api

import (
	"context"
	"encoding/hex"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"tenure/internal/access"
	"tenure/internal/audit"
	"tenure/internal/id"
	"tenure/internal/trail"
)

// Event is one audited fact.
type Event struct {
	Seq       int64             `json:"seq" doc:"From 1, without a gap, in each account."`
	ID        string            `json:"id"`
	At        time.Time         `json:"at"`
	Action    string            `json:"action" example:"member.deactivate"`
	Actor     Actor             `json:"actor"`
	Subject   Subject           `json:"subject"`
	Changes   map[string]Change `json:"changes" doc:"By field: before and after."`
	RequestID string            `json:"request_id" doc:"The X-Request-Id of the request that did it."`
	IP        string            `json:"ip"`
	Hash      string            `json:"hash" doc:"Over this event and the hash of the one before: SHA-256, in hexadecimal."`
	Prev      string            `json:"prev" doc:"The hash of the event before."`
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

// EventFilter narrows the trail; what is given together all holds.
type EventFilter struct {
	Actor   string    `query:"actor" maxLength:"60" doc:"The id of who did it, or system."`
	Action  string    `query:"action" maxLength:"60" doc:"One action, or a family: invitation."`
	Subject string    `query:"subject" maxLength:"160" doc:"The id of what it was done to."`
	Since   time.Time `query:"since" doc:"At this time or later."`
	Until   time.Time `query:"until" doc:"Before this time."`
}

func (f EventFilter) filter() audit.Filter {
	return audit.Filter{Actor: f.Actor, Action: f.Action, Subject: f.Subject, Since: f.Since, Until: f.Until}
}

type listEventsInput struct {
	Account string `path:"account"`
	EventFilter
	Paging
}

// events registers the trail.
func (d *door) events() {
	const all = "/v1/accounts/{account}/events"
	handle(d, somebody, operation("GET", all, "list-events", "events", "Read the trail, newest first"), d.listEvents)
	event := d.schema(reflect.TypeFor[Event]())
	export := answeringWith(operation("GET", all+"/export", "export-events", "events", "Export the trail, oldest first"), trailHeaders, ndjson, csvType)
	handle(d, somebody, itemByItem(export, ndjson, event), d.exportEvents)
	follow := answeringWith(operation("GET", all+"/stream", "follow-events", "events", "Follow the trail as server-sent events"), streamHeaders, eventStream)
	follow = itemByItem(follow, eventStream, event)
	follow.Middlewares = huma.Middlewares{d.fromOwnPages}
	handle(d, somebody, follow, d.followEvents)
}

func (d *door) listEvents(ctx context.Context, actor access.Actor, in *listEventsInput) (*out[listOf[Event]], error) {
	f := in.filter()
	f.Limit = in.Limit
	facts, next, err := d.rooms.Trail.List(ctx, actor, id.Account(in.Account), f, in.Cursor)
	if err != nil {
		return nil, err
	}
	return listed(facts, next, eventShape), nil
}

func eventShape(f trail.Fact) Event {
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
