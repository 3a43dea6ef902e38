package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"tenure/internal/fault"
)

// object is an answer with one object and its ETag (RFC 9110, section 8.8.3):
// the version that a change is based on, where the object has one, and a digest
// of what is shown, which may change without it.
type object[T any] struct {
	ETag string `header:"ETag" doc:"Names this state of the object: for If-Match and If-None-Match."`
	Body T
}

func (o *object[T]) tag() string { return o.ETag }

// tagger is an answer with an ETag.
type tagger interface{ tag() string }

// versioned encodes an object that changes are based on.
func versioned[T any](v T, version int64) *object[T] {
	return &object[T]{ETag: `"` + strconv.FormatInt(version, 10) + "-" + digest(v) + `"`, Body: v}
}

// unversioned encodes an object that nobody changes by itself.
func unversioned[T any](v T) *object[T] { return &object[T]{ETag: `"` + digest(v) + `"`, Body: v} }

// digest tells two shapes apart.
func digest(v any) string {
	var written bytes.Buffer
	_ = format.Marshal(&written, v) // every shape can be written: it is going to be
	sum := sha256.Sum256(written.Bytes())
	return base64.RawURLEncoding.EncodeToString(sum[:9])
}

// IfMatch is the precondition of a change (RFC 9110, section 13.1.1).
type IfMatch struct {
	Tag string `header:"If-Match" doc:"The ETag the change is based on; once the object has changed since, it is refused with 412." maxLength:"100"`
}

// version is the version that the caller read, 0 without a precondition. What is
// shown besides may have moved on; a change is not based on it. An ETag that no
// object of ours has is stale.
func (m IfMatch) version() (int64, error) {
	if m.Tag == "" || m.Tag == "*" {
		return 0, nil
	}
	number, _, _ := strings.Cut(strings.Trim(strings.TrimPrefix(m.Tag, "W/"), `"`), "-")
	version, err := strconv.ParseInt(number, 10, 64)
	if err != nil || version <= 0 {
		return 0, fault.Stale()
	}
	return version, nil
}

const ifNoneMatch = "If-None-Match"

// comparing lets an operation that reads one object answer that it is still what
// the caller knows.
func comparing(op huma.Operation) huma.Operation {
	most := 2000
	op.Parameters = append(op.Parameters, &huma.Param{
		Name: ifNoneMatch, In: "header", Description: "ETags that the caller knows; if the object still has one of them, the answer is 304 without a body.",
		Schema: &huma.Schema{Type: huma.TypeString, MaxLength: &most},
	})
	op.Middlewares = append(op.Middlewares, func(ctx huma.Context, next func(huma.Context)) {
		r, _ := humago.Unwrap(ctx)
		next(huma.WithValue(ctx, tagsKey{}, strings.Join(r.Header.Values(ifNoneMatch), ",")))
	})
	return op
}

type tagsKey struct{}

// known reports whether the caller has named the tag (RFC 9110, section 13.1.2).
func known(ctx context.Context, tag string) bool {
	tags, _ := ctx.Value(tagsKey{}).(string)
	for named := range strings.SplitSeq(tags, ",") {
		if named = strings.TrimSpace(named); named == "*" || strings.TrimPrefix(named, "W/") == tag {
			return true
		}
	}
	return false
}

// unchanged is the answer that the object is what the caller knows: its ETag.
type unchanged string

// Error makes it an answer that huma gives instead of a body.
func (unchanged) Error() string { return "not modified" }

// GetStatus is 304.
func (unchanged) GetStatus() int { return http.StatusNotModified }

// GetHeaders repeats the ETag.
func (u unchanged) GetHeaders() http.Header { return http.Header{"Etag": {string(u)}} }
