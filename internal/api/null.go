package api

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"

	"tenure/internal/fault"
)

// checkNulls refuses a null where the description has none. Huma takes it for a
// field that is absent, and what is sent is never ignored. Faults: invalid.
func (d *door) checkNulls(op *huma.Operation, body []byte) error {
	if op.RequestBody == nil || !bytes.Contains(body, []byte("null")) {
		return nil
	}
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		return nil // huma says what is wrong with it
	}
	if field := d.nulled(op.RequestBody.Content["application/json"].Schema, value, ""); field != "" {
		return fault.Invalid(clip(field), "required", "This cannot be null: leave it out, or give it a value.")
	}
	return nil
}

// nulled names an optional field that is null and may not be, if there is one.
func (d *door) nulled(s *huma.Schema, value any, at string) string {
	if s = d.resolved(s); s == nil {
		return ""
	}
	switch value := value.(type) {
	case []any:
		for i, item := range value {
			if field := d.nulled(s.Items, item, fmt.Sprintf("%s[%d]", at, i)); field != "" {
				return field
			}
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(value)) {
			here, p := strings.TrimPrefix(at+"."+name, "."), d.resolved(s.Properties[name])
			if value[name] == nil && p != nil && !p.Nullable && !slices.Contains(s.Required, name) {
				return here
			}
			if field := d.nulled(p, value[name], here); field != "" {
				return field
			}
		}
	}
	return ""
}

// resolved follows a reference; nil stays nil.
func (d *door) resolved(s *huma.Schema) *huma.Schema {
	if s != nil && s.Ref != "" {
		return d.huma.OpenAPI().Components.Schemas.SchemaFromRef(s.Ref)
	}
	return s
}
