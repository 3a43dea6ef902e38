package api

import "time"

// Event is one audited fact.
type Event struct {
	Seq       int64             `json:"seq"`
	ID        string            `json:"id"`
	At        time.Time         `json:"at"`
	Action    string            `json:"action" example:"member.deactivate"`
	Actor     Actor             `json:"actor"`
	Subject   Subject           `json:"subject"`
	Changes   map[string][2]any `json:"changes" doc:"By field: before and after."`
	RequestID string            `json:"request_id"`
	IP        string            `json:"ip"`
	Hash      string            `json:"hash"`
	Prev      string            `json:"prev"`
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

// events registers the trail.
func (d *door) events() {
	handle(d, somebody, operation("GET", "/v1/accounts/{account}/events", "list-events", "events", "Read the trail, newest first"), pending[listEventsInput, out[page[Event]]])
}
