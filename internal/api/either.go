package api

import (
	"reflect"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
)

// eitherOf is an answer with one of two objects, each with a status of its own.
type eitherOf[A, B any] struct {
	Status int
	ETag   string `header:"ETag" doc:"Names this state of the object: for If-Match and If-None-Match."`
	Body   oneOf[A, B]
}

// usual answers with the object that the operation is about.
func usual[A, B any](status int, o *object[A]) *eitherOf[A, B] {
	return &eitherOf[A, B]{status, o.ETag, oneOf[A, B]{a: &o.Body}}
}

// other answers with the object that orWith describes.
func other[A, B any](status int, o *object[B]) *eitherOf[A, B] {
	return &eitherOf[A, B]{status, o.ETag, oneOf[A, B]{b: &o.Body}}
}

type oneOf[A, B any] struct {
	a *A
	b *B
}

// Schema says what it is as a rule; the other one, orWith does.
func (oneOf[A, B]) Schema(r huma.Registry) *huma.Schema {
	return r.Schema(reflect.TypeFor[A](), true, "")
}

// MarshalJSON writes the one it is.
func (o oneOf[A, B]) MarshalJSON() ([]byte, error) {
	if o.a != nil {
		return json.Marshal(o.a, json.Deterministic(true))
	}
	return json.Marshal(o.b, json.Deterministic(true))
}

// orWith lets an operation answer with another status and another object.
func orWith[B any](d *door, status int, meaning string, op huma.Operation) huma.Operation {
	shape := d.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[B](), true, "")
	op.Responses = map[string]*huma.Response{strconv.Itoa(status): {
		Description: meaning,
		Headers:     map[string]*huma.Header{"ETag": {Description: said["ETag"].Description, Schema: &huma.Schema{Type: huma.TypeString}}},
		Content:     map[string]*huma.MediaType{"application/json": {Schema: shape}},
	}}
	return op
}
