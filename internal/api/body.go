package api

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"tenure/internal/fault"
)

const (
	bodyLimit = 1 << 20 // bytes of an ordinary request
	listLimit = 4 << 20 // bytes of a request that carries a list of people
	// bodyTime is how long a piece of a body may take to arrive that lasts.
	bodyTime = 30 * time.Second
	// depthLimit is how deep objects and lists may nest; ours need four.
	depthLimit = 16
)

// format reads and writes JSON strictly: names match exactly, a repeated name
// is an error, nil lists are empty lists.
var format = huma.Format{
	Marshal:   func(w io.Writer, v any) error { return json.MarshalWrite(w, v, json.Deterministic(true)) },
	Unmarshal: func(data []byte, v any) error { return json.Unmarshal(data, v, json.RejectUnknownMembers(true)) },
}

// adapted names the embedded context other than the method it has of that name.
type adapted = huma.Context

// bodyContext hands huma the body that was read and found well-formed.
type bodyContext struct {
	adapted
	body []byte
}

func (c bodyContext) BodyReader() io.Reader { return bytes.NewReader(c.body) }

// Unwrap gives the context of the adapter.
func (c bodyContext) Unwrap() huma.Context { return c.adapted }

// readBody reads the body within its bound and refuses what is not well-formed
// before huma looks at it. An operation without a body takes none, or an empty
// object.
func (d *door) readBody(ctx huma.Context, next func(huma.Context)) {
	r, w := humago.Unwrap(ctx)
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		next(ctx)
		return
	}
	op := ctx.Operation()
	if op.Metadata[streamed] != nil {
		next(ctx)
		return
	}
	limit := op.MaxBodyBytes
	if limit == 0 {
		limit = bodyLimit
	}
	body, err := receive(w, r, limit, d.config.Slowest)
	if err == nil && len(body) > 0 {
		err = wellFormed(r.Header.Get("Content-Type"), body)
	}
	if err == nil && len(body) == 0 && op.RequestBody != nil && op.RequestBody.Required {
		err = fault.Invalid("", "required", "The request needs a body.")
	}
	if err == nil && op.RequestBody == nil {
		err = noFields(body)
	}
	if err == nil {
		err = d.checkNulls(op, body)
	}
	if err != nil {
		d.refuse(ctx.Context(), err).write(w)
		return
	}
	next(bodyContext{ctx, body})
}

// receive reads at most limit bytes, in at most so long. The deadline stays with a
// body that did not arrive in full: net/http reads the rest of it before it lets
// go of the connection.
func receive(w http.ResponseWriter, r *http.Request, limit int64, within time.Duration) ([]byte, error) {
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Now().Add(within)) // a writer without deadlines has none to set
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	if _, over := errors.AsType[*http.MaxBytesError](err); over {
		return nil, &fault.Fault{
			Kind: fault.KindTooLarge, Code: "too_large",
			Message: "The request is larger than the " + strconv.FormatInt(limit>>20, 10) + " MiB that are read here.",
		}
	}
	if err != nil {
		return nil, fault.Invalid("", "unreadable", "The request did not arrive in full.").Because(err)
	}
	_ = control.SetReadDeadline(time.Time{}) // what is done with it may take longer
	return body, nil
}

// wellFormed refuses a body that is not one JSON value in UTF-8 (RFC 8259),
// that repeats a name, or that holds a NUL, which no database takes.
func wellFormed(contentType string, body []byte) error {
	if contentType != "" {
		media, _, err := mime.ParseMediaType(contentType)
		if err != nil || media != "application/json" && media != "application/merge-patch+json" {
			return fault.Invalid("", "content_type", "The request body must be application/json.")
		}
	}
	decoder := jsontext.NewDecoder(bytes.NewReader(body))
	for {
		token, err := decoder.ReadToken()
		switch {
		case errors.Is(err, io.EOF) && decoder.StackDepth() == 0:
			return nil
		case errors.Is(err, jsontext.ErrDuplicateName):
			return fault.Invalid(duplicate(err), "repeated", "This field is there more than once.")
		case err != nil:
			return fault.Invalid("", "malformed", "The request body is not valid JSON.")
		case decoder.StackDepth() > depthLimit:
			return fault.Invalid("", "malformed", "The request body is nested too deeply.")
		case token.Kind() == '"' && strings.ContainsRune(token.String(), 0):
			return fault.Invalid(fieldAt(decoder.StackPointer()), "invalid", "Text cannot hold a NUL character.")
		}
		if decoder.StackDepth() == 0 && token.Kind() != '{' && token.Kind() != '}' {
			return fault.Invalid("", "type", "The request body must be a JSON object.")
		}
		if decoder.StackDepth() == 0 && token.Kind() == '}' && len(bytes.TrimSpace(body[decoder.InputOffset():])) > 0 {
			return fault.Invalid("", "malformed", "The request body is not valid JSON.")
		}
	}
}

// noFields refuses fields where none are known.
func noFields(body []byte) error {
	if len(body) == 0 {
		return nil
	}
	var fields map[string]any
	if err := json.Unmarshal(body, &fields); err != nil {
		return fault.Invalid("", "malformed", "The request body is not valid JSON.")
	}
	unknown := fault.Unprocessable(unknownField, "The request has a field that is not known here.")
	for name := range fields {
		unknown = unknown.And(clip(name), unknownField, "This field is not known here.")
		break
	}
	if len(fields) == 0 {
		return nil
	}
	return unknown
}

// duplicate names the field that is there more than once.
func duplicate(err error) string {
	if at, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		return fieldAt(at.JSONPointer)
	}
	return ""
}

// fieldAt writes a JSON pointer the way fields are named: emails[3].
func fieldAt(p jsontext.Pointer) string {
	var b strings.Builder
	for token := range p.Tokens() {
		if _, err := strconv.ParseUint(token, 10, 32); err == nil {
			fmt.Fprintf(&b, "[%s]", token)
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(token)
	}
	return clip(b.String())
}

// clip keeps the name of a field, which the caller chose, short.
func clip(field string) string {
	const most = 80
	if len(field) <= most {
		return field
	}
	return strings.ToValidUTF8(field[:most], "") + "…"
}
