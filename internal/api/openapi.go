package api

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
)

const openAPIType = "application/vnd.oai.openapi+json;version=3.1"

// description is the document that huma fills as operations are registered.
func description(version string) *huma.OpenAPI {
	return &huma.OpenAPI{
		OpenAPI: "3.1.0",
		Info: &huma.Info{
			Title: "Tenure", Version: version,
			Description: "Who belongs to which account, in what role, and how they come in and go out.\n\n" +
				"Refusals are RFC 9457 problems with a stable code. Lists come in pages: `next_cursor` is the `cursor` of the next. " +
				"Every object has an ETag, for `If-Match` and `If-None-Match`. What is sent twice under one `Idempotency-Key` is done once. " +
				"Every answer that is limited says in `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset` what may still be asked.",
			License: &huma.License{Name: "Apache License 2.0", Identifier: "Apache-2.0"},
		},
		Servers: []*huma.Server{{URL: "/", Description: "The server that gives this description."}},
		Tags:    tags,
		Components: &huma.Components{
			Schemas: huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer),
			SecuritySchemes: map[string]*huma.SecurityScheme{
				"session": {Type: "apiKey", In: "cookie", Name: "__Host-tenure", Description: "The session cookie that signing in sets; `tenure` over plain http on localhost."},
				"bearer":  {Type: "http", Scheme: "bearer", Description: "A session token, an API key of an account, or an operator key."},
			},
		},
	}
}

// complete adds to the description what huma does not know of. Answers may have
// more fields one day; requests may not.
func (d *door) complete() {
	asked := map[string]bool{}
	for _, path := range d.huma.OpenAPI().Paths {
		for _, op := range []*huma.Operation{path.Post, path.Put, path.Patch} {
			if op == nil || op.RequestBody == nil {
				continue
			}
			for _, content := range op.RequestBody.Content {
				d.reach(content.Schema, asked)
			}
		}
	}
	for name, s := range d.huma.OpenAPI().Components.Schemas.Map() {
		if s.AdditionalProperties == false && !asked[name] {
			s.AdditionalProperties = nil
		}
	}
	d.describeRefusals()
	d.describeHeaders()
}

// document gives the OpenAPI description, indented.
func (d *door) document() ([]byte, error) {
	raw, err := json.Marshal(d.huma.OpenAPI())
	if err != nil {
		return nil, err
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, raw, "", "  "); err != nil {
		return nil, err
	}
	indented.WriteByte('\n')
	return indented.Bytes(), nil
}

// reach notes the names of the schemas that one is made of.
func (d *door) reach(s *huma.Schema, found map[string]bool) {
	if s == nil {
		return
	}
	if s.Ref != "" {
		name := s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]
		if !found[name] {
			found[name] = true
			d.reach(d.huma.OpenAPI().Components.Schemas.SchemaFromRef(s.Ref), found)
		}
		return
	}
	d.reach(s.Items, found)
	for _, property := range s.Properties {
		d.reach(property, found)
	}
}

// describe serves the description; it is fixed once every operation is there.
func (d *door) describe() {
	d.complete()
	document := sync.OnceValues(d.document) // it takes longer than everything else at a start
	d.plain("GET /openapi.json", func(w http.ResponseWriter, r *http.Request) {
		written, err := document()
		if err != nil {
			d.refuse(r.Context(), err).write(w)
			return
		}
		w.Header().Set("Content-Type", openAPIType)
		w.Header().Set("Cache-Control", "no-cache")
		_, _ = w.Write(written) // the caller is gone, or reads it
	})
}
