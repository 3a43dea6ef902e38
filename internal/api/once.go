package api

import (
	"bytes"
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/go-json-experiment/json/jsontext"

	"tenure/internal/access"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/once"
)

// onceHeader is the header by which a caller says that two requests are one
// (draft-ietf-httpapi-idempotency-key-header).
const onceHeader = "Idempotency-Key"

// replayedHeader marks an answer to what had been done before.
const replayedHeader = "Idempotency-Replayed"

// longestKey is how many characters an Idempotency-Key may have.
const longestKey = 255

// handleOnce is handle for an operation that creates or moves something: it
// honours an Idempotency-Key. What was done before is not done again; the answer
// is then made by again, from what the room kept.
func handleOnce[I, O any](d *door, g gate, op huma.Operation, serve serving[I, O], again func(ctx context.Context, actor access.Actor, in *I, kept once.Kept) (*O, error)) {
	register(d, g, honouring(op), func(ctx context.Context, actor access.Actor, in *I) (*O, error) {
		asked, ok := ctx.Value(onceKey{}).(asking)
		if !ok {
			return serve(ctx, actor, in)
		}
		kept, before, err := d.rooms.Once.Look(ctx, asked.request)
		if err != nil {
			return nil, err
		}
		if !before {
			out, err := serve(ctx, actor, in)
			if kept, before = once.Done(err); !before {
				return out, err
			}
		}
		asked.answer.Set(replayedHeader, "true")
		return again(ctx, actor, in, kept)
	}, d.readOnce)
}

// handleSteps is handleOnce for an operation that commits in several steps: the
// room itself goes on where it was cut short.
func handleSteps[I, O any](d *door, g gate, op huma.Operation, serve serving[I, O]) {
	register(d, g, honouring(op), serve, d.readOnce)
}

type onceKey struct{}

// asking is a request under an Idempotency-Key, and the header of its answer.
type asking struct {
	request *once.Request
	answer  http.Header
}

// readOnce reads the Idempotency-Key of a request, once its body is known.
func (d *door) readOnce(ctx huma.Context, next func(huma.Context)) {
	r, w := humago.Unwrap(ctx)
	keys := r.Header.Values(onceHeader)
	if len(keys) == 0 {
		next(ctx)
		return
	}
	if err := checkKey(keys); err != nil {
		d.refuse(ctx.Context(), err).write(w)
		return
	}
	actor := access.From(ctx.Context())
	order := once.Order{Account: actor.Account, Key: keys[0], Asked: asked(r, ctx)}
	if named := id.Account(ctx.Param("account")); actor.Kind == access.Operator && named != "" {
		order.Account = named
	}
	if actor.Kind != access.Nobody {
		order.Caller = string(actor.Kind) + ":" + actor.Name()
	}
	request := d.rooms.Once.Request(order)
	end, err := d.rooms.Once.Begin(ctx.Context(), request)
	defer end()
	if err != nil {
		d.refuse(ctx.Context(), err).write(w)
		return
	}
	with := once.With(ctx.Context(), request)
	next(huma.WithContext(ctx, context.WithValue(with, onceKey{}, asking{request, w.Header()})))
}

// checkKey refuses what is no key. Faults: invalid on field Idempotency-Key.
func checkKey(keys []string) error {
	switch key := keys[0]; {
	case len(keys) > 1:
		return fault.Invalid(onceHeader, "repeated", "This header is there more than once.")
	case key == "":
		return fault.Invalid(onceHeader, "required", "The key is empty.")
	case len(key) > longestKey:
		return fault.Invalid(onceHeader, "too_long", "The key has more than 255 characters.")
	case strings.ContainsFunc(key, func(c rune) bool { return c < '!' || c > '~' }):
		return fault.Invalid(onceHeader, "invalid", "The key must consist of visible ASCII characters.")
	}
	return nil
}

// asked is everything that was asked for: which operation, of what, and with
// which body. The order of fields and white space make no difference (RFC 8785).
func asked(r *http.Request, ctx huma.Context) []byte {
	body := jsontext.Value("{}")
	if with, ok := ctx.(bodyContext); ok && len(with.body) > 0 {
		body = bytes.Clone(with.body)
		_ = body.Canonicalize() // it was found well-formed; if it is not, it is compared as it is
	}
	return append([]byte(r.Method+" "+r.URL.Path+"?"+r.URL.Query().Encode()+"\n"), body...)
}

// honouring describes that the operation honours an Idempotency-Key.
func honouring(op huma.Operation) huma.Operation {
	least, most := 1, longestKey
	op.Parameters = append(op.Parameters, &huma.Param{
		Name: onceHeader, In: "header",
		Description: "Chosen by the caller, best at random. For 24 hours a request with the same key and the same body is done once, " +
			"and answered alike each time; with another body it is refused.",
		Schema: &huma.Schema{Type: huma.TypeString, MinLength: &least, MaxLength: &most, Pattern: "^[!-~]+$"},
	})
	return op
}

// sameDone is the answer again of a call that says no more than that it is done.
func sameDone[I any](context.Context, access.Actor, *I, once.Kept) (*done, error) {
	return &done{}, nil
}

// sameAccepted is sameDone for calls that never tell what they found.
func sameAccepted[I any](context.Context, access.Actor, *I, once.Kept) (*accepted, error) {
	return &accepted{}, nil
}

// shownOnce is the answer again of a call that gave a secret: nobody has kept it.
func shownOnce[I, O any](context.Context, access.Actor, *I, once.Kept) (*O, error) {
	return nil, fault.Conflict("shown_once", "This was done already. What it gave is shown only once.")
}

// sameAgain is the answer again of a call about an object that its path names.
func sameAgain[I, O any](read serving[I, O]) func(context.Context, access.Actor, *I, once.Kept) (*O, error) {
	return func(ctx context.Context, actor access.Actor, in *I, _ once.Kept) (*O, error) {
		return read(ctx, actor, in)
	}
}

// keptAs reads what was kept.
func keptAs[T any](kept once.Kept) (v T, err error) {
	err = kept.Into(&v)
	return v, err
}
