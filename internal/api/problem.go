package api

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"

	"tenure/internal/fault"
)

// Problem is what every refusal looks like: RFC 9457, with a stable code and
// the fields that are wrong. It never repeats what was sent.
type Problem struct {
	Type   string  `json:"type" doc:"Names the kind of problem; urn:tenure:problem: and the code." example:"urn:tenure:problem:not_found"`
	Title  string  `json:"title" doc:"The meaning of the status." example:"Not Found"`
	Status int     `json:"status" doc:"The HTTP status." example:"404"`
	Detail string  `json:"detail" doc:"A plain sentence for people." example:"There is no such thing here."`
	Code   string  `json:"code" doc:"Stable; what programs read." example:"not_found"`
	Errors []Wrong `json:"errors,omitempty" doc:"The fields that are wrong."`
	// Extra is what callers rely on besides the code; besides has the names.
	Extra map[string]any `json:",embed"`

	retryAfter time.Duration
}

// Wrong is one field that is wrong.
type Wrong struct {
	Field  string `json:"field" example:"email"`
	Code   string `json:"code" example:"invalid"`
	Detail string `json:"detail"`
}

// besides is what a problem may have besides, each with some codes only.
type besides struct {
	Accounts  []choice  `json:"accounts,omitempty" doc:"With account_required: the places to choose from."`
	Balance   int64     `json:"balance,omitempty" doc:"With insufficient_credits: how many credits the wallet holds."`
	Blockers  []Blocker `json:"blockers,omitempty" doc:"With blocked, and where one cause alone is the code: what stands in the way."`
	Departure string    `json:"departure,omitempty" doc:"With departure_open: the one that is open."`
	Invited   string    `json:"invited,omitempty" doc:"With wrong_user: the address that is invited."`
	Member    string    `json:"member,omitempty" doc:"With departure_open: the member it is about."`
	Needed    []Need    `json:"needed,omitempty" doc:"With decision_required: what has to be decided first."`
	Plan      *Plan     `json:"plan,omitempty" doc:"With plan_changed: the new plan, with its digest."`
	SignedIn  string    `json:"signed_in,omitempty" doc:"With wrong_user: the address of who is signed in."`
}

// TransformSchema documents the further members instead of the field that holds them.
func (*Problem) TransformSchema(r huma.Registry, s *huma.Schema) *huma.Schema {
	delete(s.Properties, "Extra")
	maps.Copy(s.Properties, huma.SchemaFromType(r, reflect.TypeFor[besides]()).Properties)
	s.Required = []string{"type", "title", "status", "detail", "code"}
	s.AdditionalProperties = true
	return s
}

// Error makes a problem an error, as huma wants its answers.
func (p *Problem) Error() string { return p.Code + ": " + p.Detail }

// GetStatus is the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is application/problem+json, whatever was negotiated.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// GetHeaders says when to come back.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.retryAfter > 0 {
		h.Set("Retry-After", strconv.FormatInt(seconds(p.retryAfter), 10))
	}
	return h
}

func (p *Problem) write(w http.ResponseWriter) {
	for name, values := range p.GetHeaders() {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", p.ContentType(""))
	w.WriteHeader(p.Status)
	_ = json.MarshalWrite(w, p, json.Deterministic(true)) // the caller is gone, or reads it
}

var statuses = map[fault.Kind]int{
	fault.KindInternal:        http.StatusInternalServerError,
	fault.KindInvalid:         http.StatusUnprocessableEntity,
	fault.KindUnauthenticated: http.StatusUnauthorized,
	fault.KindForbidden:       http.StatusForbidden,
	fault.KindNotFound:        http.StatusNotFound,
	fault.KindConflict:        http.StatusConflict,
	fault.KindGone:            http.StatusGone,
	fault.KindStale:           http.StatusPreconditionFailed,
	fault.KindTooLarge:        http.StatusRequestEntityTooLarge,
	fault.KindTooMany:         http.StatusTooManyRequests,
	fault.KindUnavailable:     http.StatusServiceUnavailable,
}

// refuse is the one place where an error becomes an answer. An error that is
// no fault is a defect of ours: it is logged here, once, and answered without
// detail. So is a fault of the internal kind, and the cause of any other stays
// inside.
func (d *door) refuse(ctx context.Context, err error) *Problem {
	var done *Problem
	if errors.As(err, &done) {
		return done
	}
	f := fault.As(err)
	if f == nil && ctx.Err() != nil {
		// The caller went away; nobody reads this.
		f = fault.Unavailable("The request was given up.")
	}
	if f == nil || f.Kind == fault.KindInternal {
		d.log.ErrorContext(ctx, "request failed", "request_id", requestID(ctx), "error", err.Error())
		f = &fault.Fault{Kind: fault.KindInternal, Code: "internal", Message: "Something went wrong on our side."}
	}
	p := problem(statuses[f.Kind], f.Code, f.Message)
	for _, w := range f.Fields {
		p.Errors = append(p.Errors, Wrong{w.Field, w.Code, w.Detail})
	}
	for name, value := range f.Extra {
		p.Extra[name] = shapeOf(value)
	}
	p.retryAfter = f.RetryAfter
	return p.asAuthZEN(routeOf(ctx).pattern)
}

func problem(status int, code, detail string) *Problem {
	return &Problem{
		Type: "urn:tenure:problem:" + code, Title: http.StatusText(status),
		Status: status, Detail: detail, Code: code, Extra: map[string]any{},
	}
}

var teaching sync.Once

// teachHuma replaces the way huma words its refusals: it would repeat the
// object around a wrong field, a password included. The hooks are variables of
// its package, so they are set once for the process.
func teachHuma() {
	teaching.Do(func() {
		huma.ValidateStrictCasing = true
		huma.DefaultArrayNullable = false
		huma.NewError = func(status int, msg string, errs ...error) huma.StatusError { return wrong(status, msg, errs...) }
		huma.NewErrorWithContext = func(ctx huma.Context, status int, msg string, errs ...error) huma.StatusError {
			return wrong(status, msg, errs...).asAuthZEN(ctx.Operation().Path)
		}
	})
}

// wrong words what huma found. Its status is not ours: whatever is wrong with
// the input is 422.
func wrong(status int, _ string, errs ...error) *Problem {
	if status >= http.StatusInternalServerError {
		return problem(status, "internal", "Something went wrong on our side.")
	}
	f := &fault.Fault{Kind: fault.KindInvalid, Code: "invalid", Message: "Something in the request is not valid."}
	for _, err := range errs {
		var found huma.ErrorDetailer
		if !errors.As(err, &found) {
			return problem(http.StatusUnprocessableEntity, "invalid", "The request cannot be read.")
		}
		if len(f.Fields) < mostFields {
			f.Fields = append(f.Fields, verdict(found.ErrorDetail()))
		}
	}
	p := problem(http.StatusUnprocessableEntity, f.Code, f.Message)
	for _, w := range f.Fields {
		p.Errors = append(p.Errors, Wrong(w))
		if w.Code == unknownField {
			p = p.as(unknownField, "The request has a field that is not known here.")
		}
	}
	return p
}

const unknownField = "unknown_field"

// mostFields is how many wrong fields an answer names.
const mostFields = 20

func (p *Problem) as(code, detail string) *Problem {
	p.Type, p.Code, p.Detail = "urn:tenure:problem:"+code, code, detail
	return p
}

// verdict turns one finding of huma into a field of ours, by the words of its
// message: it has no codes. The messages hold bounds and names, never values.
func verdict(d *huma.ErrorDetail) fault.Field {
	field := d.Location
	for _, part := range []string{"body.", "query.", "path.", "header."} {
		field = strings.TrimPrefix(field, part)
	}
	if field = clip(field); field == "body" {
		field = ""
	}
	switch {
	case d.Message == "unexpected property", d.Message == "unknown query parameter":
		return fault.Field{Field: field, Code: unknownField, Detail: "This field is not known here."}
	case strings.HasPrefix(d.Message, "expected required property "):
		name := strings.Fields(strings.TrimPrefix(d.Message, "expected required property "))[0]
		return fault.Field{Field: strings.TrimPrefix(field+"."+name, "."), Code: "required", Detail: "This field is required."}
	case strings.HasPrefix(d.Message, "expected length <= "), strings.HasPrefix(d.Message, "expected array length <= "):
		return fault.Field{Field: field, Code: "too_long", Detail: "This is too long."}
	case strings.HasPrefix(d.Message, "expected length >= "), strings.HasPrefix(d.Message, "expected array length >= "):
		return fault.Field{Field: field, Code: "too_short", Detail: "This is too short."}
	case strings.HasPrefix(d.Message, "expected value to be one of "):
		return fault.Field{Field: field, Code: "not_offered", Detail: "It must be" + strings.TrimPrefix(d.Message, "expected value to be") + "."}
	case strings.HasPrefix(d.Message, "expected number"):
		return fault.Field{Field: field, Code: "out_of_range", Detail: "This number is not in the range that is allowed."}
	case strings.HasPrefix(d.Message, "expected "):
		return fault.Field{Field: field, Code: "type", Detail: "It must be " + strings.TrimPrefix(d.Message, "expected ") + "."}
	default:
		return fault.Field{Field: field, Code: "invalid", Detail: "This is not valid."}
	}
}
