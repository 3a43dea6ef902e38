package api

import (
	"context"
	"maps"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"tenure/internal/access"
)

// gate says whom an operation lets in at all. What they may do there is the
// room's to decide.
type gate int

const (
	anyone       gate = iota // with or without credentials
	somebody                 // a session, an API key or the operator key
	person                   // a session
	newcomer                 // a session, also one that must set a second factor up first
	operatorOnly             // the operator key
)

// operation describes an operation as the contract lists it.
func operation(method, path, id, tag, summary string) huma.Operation {
	return huma.Operation{Method: method, Path: path, OperationID: id, Tags: []string{tag}, Summary: summary}
}

// carryingList lets an operation take a body that carries a list of people or of
// resources.
func carryingList(op huma.Operation) huma.Operation {
	op.MaxBodyBytes = listLimit
	return op
}

// answering gives an operation another status than the usual one.
func answering(status int, op huma.Operation) huma.Operation {
	op.DefaultStatus = status
	return op
}

// refusing lets an operation refuse with statuses that its shape does not bring
// with it.
func refusing(op huma.Operation, statuses ...int) huma.Operation {
	op.Metadata = map[string]any{refusedWith: statuses}
	return op
}

// refusedWith is where an operation has those statuses. Huma's own list of them
// would bring others with it.
const refusedWith = "refused with"

// answeringWith lets an operation answer with text of other types than JSON, and
// with headers besides.
func answeringWith(op huma.Operation, headers map[string]*huma.Header, types ...string) huma.Operation {
	content := map[string]*huma.MediaType{}
	for _, t := range types {
		content[t] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString}}
	}
	op.Responses = map[string]*huma.Response{"200": {Description: "OK", Headers: maps.Clone(headers), Content: content}}
	return op
}

// itemByItem says what each line or event is of a text that is answered: what
// OpenAPI calls itemSchema from 3.2 on.
func itemByItem(op huma.Operation, mediaType string, item *huma.Schema) huma.Operation {
	op.Responses["200"].Content[mediaType].Extensions = map[string]any{"x-item-schema": item}
	return op
}

// handle puts an operation behind its gate. The order is the one of the
// answers: who are you, is there such a thing, can this be read.
func handle[I, O any](d *door, g gate, op huma.Operation, serve serving[I, O]) {
	register(d, g, op, serve)
}

// serving decodes, calls a room once and encodes.
type serving[I, O any] func(ctx context.Context, actor access.Actor, in *I) (*O, error)

// register is handle with more to look at once the body has been read.
func register[I, O any](d *door, g gate, op huma.Operation, serve serving[I, O], after ...func(huma.Context, func(huma.Context))) {
	gates := map[gate]func(huma.Context, func(huma.Context)){somebody: d.signedIn, person: d.asMember, newcomer: d.asNewcomer, operatorOnly: d.asOperator}
	if check, ok := gates[g]; ok {
		op.Middlewares = append(op.Middlewares, check)
		op.Security = []map[string][]string{{"session": {}}, {"bearer": {}}}
	} else {
		op.Security = []map[string][]string{}
	}
	op.Middlewares = append(op.Middlewares, d.readAddress, d.inAccount, d.readBody)
	op.Middlewares = append(op.Middlewares, after...)
	if op.MaxBodyBytes == 0 {
		op.MaxBodyBytes = bodyLimit
	}
	if _, tagged := any((*O)(nil)).(tagger); tagged && op.Method == http.MethodGet {
		op = comparing(op)
	}
	op.BodyReadTimeout = -1 // readBody has its own; one set later would end a long answer
	huma.Register(d.huma, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := serve(ctx, access.From(ctx), in)
		if err != nil {
			return nil, d.refuse(ctx, err)
		}
		if t, tagged := any(out).(tagger); tagged && op.Method == http.MethodGet && known(ctx, t.tag()) {
			return nil, unchanged(t.tag())
		}
		return out, nil
	})
}

// out is an answer with a body.
type out[T any] struct {
	Body T
}

func body[T any](v T) *out[T] { return &out[T]{v} }

// done is an answer without a body.
type done struct{}

// accepted is the one answer of calls that never tell what they found.
type accepted struct {
	Body struct{}
}

// plain registers a handler that huma does not know, on the same mux.
func (d *door) plain(pattern string, serve http.HandlerFunc) { d.mux.HandleFunc(pattern, serve) }
