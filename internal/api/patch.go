package api

import (
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Patch is one field of a merge-patch (RFC 7396): absent, null, or a value. A
// pointer would lose the difference between the first two.
type Patch[T any] struct {
	given bool
	null  bool
	value T
}

// UnmarshalJSONFrom notes that the field is there, and whether it is null.
func (p *Patch[T]) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	p.given = true
	if d.PeekKind() == 'n' {
		p.null = true
		return d.SkipValue()
	}
	return json.UnmarshalDecode(d, &p.value)
}

// Schema is the one of the value: huma asks for it by this name.
func (Patch[T]) Schema(r huma.Registry) *huma.Schema {
	return r.Schema(reflect.TypeFor[T](), true, "")
}

// Value is nil when the field is absent. A null, which comes only where the
// description has one, empties it.
func (p Patch[T]) Value() *T {
	if !p.given {
		return nil
	}
	return &p.value
}

// orNull is the value, or nil for null.
func (p Patch[T]) orNull() *T {
	if p.null {
		return nil
	}
	return &p.value
}

// holds reports whether there is a value that is not null.
func (p Patch[T]) holds() bool { return p.given && !p.null }

// mayBeNull says of fields that are objects that they may be null: a tag can say so
// of plain values alone.
func mayBeNull(r huma.Registry, s *huma.Schema, names ...string) *huma.Schema {
	for _, name := range names {
		object := *r.SchemaFromRef(s.Properties[name].Ref)
		object.Nullable = true
		s.Properties[name] = &object
	}
	return s
}

// set puts the value in place when the field is there.
func set[T any](to *T, p Patch[T]) {
	if p.given {
		*to = p.value
	}
}
