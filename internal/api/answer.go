package api

import (
	"maps"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
)

// said are the headers by which an answer says more than its body, with what each
// means. Every answer that may have one is described with it.
var said = map[string]*huma.Header{
	requestHeader:         always(huma.TypeString, "Names the request in the log and in the trail: what the caller sent, or what was made."),
	"RateLimit-Limit":     header(huma.TypeInteger, "Requests that may come at once."),
	"RateLimit-Remaining": header(huma.TypeInteger, "Requests that would be answered now."),
	"RateLimit-Reset":     header(huma.TypeInteger, "Seconds until as many as the limit may come again."),
	"Retry-After":         always(huma.TypeInteger, "Seconds until it makes sense to ask again."),
	"ETag":                always(huma.TypeString, "Names this state of the object: for If-Match and If-None-Match."),
	replayedHeader:        header(huma.TypeBoolean, "The request was done before, under the same key."),
}

// limitHeaders say how much a caller may still ask.
var limitHeaders = []string{"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"}

func header(kind, meaning string) *huma.Header {
	return &huma.Header{Description: meaning, Schema: &huma.Schema{Type: kind}}
}

// always is a header that no answer lacks which is described with it.
func always(kind, meaning string) *huma.Header {
	h := header(kind, meaning)
	h.Required = true
	return h
}

// describeHeaders says of every answer which headers it has.
func (d *door) describeHeaders() {
	components := d.huma.OpenAPI().Components
	components.Headers = maps.Clone(said)
	for status, r := range components.Responses {
		with(r, requestHeader)
		with(r, limitHeaders...)
		switch status {
		case nameOf(http.StatusTooManyRequests):
			with(r, "Retry-After")
		case nameOf(http.StatusUnauthorized):
		default:
			with(r, replayedHeader)
		}
	}
	d.eachOperation(func(path string, op *huma.Operation) {
		for status, r := range op.Responses {
			if r.Ref != "" {
				continue
			}
			with(r, requestHeader)
			if !unlimited[path] {
				with(r, limitHeaders...)
			}
			if status == strconv.Itoa(http.StatusTooManyRequests) {
				with(r, "Retry-After")
			}
			if _, tagged := r.Headers["ETag"]; tagged || status == strconv.Itoa(http.StatusNotModified) {
				with(r, "ETag")
			}
			if takes(op, onceHeader) {
				with(r, replayedHeader)
			}
		}
	})
}

// with lets an answer have the headers.
func with(r *huma.Response, names ...string) {
	if r.Headers == nil {
		r.Headers = map[string]*huma.Header{}
	}
	for _, name := range names {
		r.Headers[name] = &huma.Header{Ref: "#/components/headers/" + name}
	}
}
