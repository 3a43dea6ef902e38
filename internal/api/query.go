package api

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"tenure/internal/credit"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/operator"
	"tenure/internal/page"
	"tenure/internal/resource"
	"tenure/internal/role"
)

// readAddress refuses a path or a query that cannot mean anything before huma
// reads them: an identifier of the wrong form is not_found, a query parameter
// that is repeated, malformed or not UTF-8 is invalid.
func (d *door) readAddress(ctx huma.Context, next func(huma.Context)) {
	r, w := humago.Unwrap(ctx)
	err := checkPath(ctx)
	if err == nil {
		err = checkQuery(r.URL.RawQuery, ctx.Operation().Parameters)
	}
	if err != nil {
		d.refuse(ctx.Context(), err).write(w)
		return
	}
	next(ctx)
}

// forms knows the form of every identifier that stands in a path.
var forms = map[string]func(string) bool{
	"account":      isID[id.Account],
	"member":       isID[id.Member],
	"invitation":   isID[id.Invitation],
	"invoice":      isID[id.Invoice],
	"departure":    isID[id.Departure],
	"session":      isID[id.Session],
	"module":       isID[id.Module],
	"sub_account":  isID[id.SubAccount],
	"role":         role.ValidKey,
	"key":          isID[id.Key],
	"operator_key": operator.ValidID,
	"record":       credit.ValidRecord,
	"type":         resource.ValidType,
	"id":           resource.ValidID,
}

func isID[T id.Kind](s string) bool { return id.Valid(T(s)) }

func checkPath(ctx huma.Context) error {
	for _, p := range ctx.Operation().Parameters {
		if p.In == "path" && !forms[p.Name](ctx.Param(p.Name)) {
			return fault.NotFound()
		}
	}
	return nil
}

func checkQuery(raw string, known []*huma.Param) error {
	query, err := url.ParseQuery(raw)
	if err != nil {
		return fault.Invalid("", "malformed", "The query of the address is not well-formed.")
	}
	for name, values := range query {
		if len(values) > 1 {
			return fault.Invalid(clip(strings.ToValidUTF8(name, "")), "repeated", "This parameter is there more than once.")
		}
		if bad := func(s string) bool { return !utf8.ValidString(s) || strings.ContainsRune(s, 0) }; bad(name) || bad(values[0]) {
			return fault.Invalid(clip(strings.ToValidUTF8(name, "")), "invalid", "Text must be UTF-8 without NUL characters.")
		}
	}
	for _, p := range known {
		if p.In == "query" && query.Has(p.Name) && !written(p.Schema, query.Get(p.Name)) {
			return fault.Invalid(p.Name, "type", "This parameter is not written as the description says.")
		}
	}
	return nil
}

// written reports whether a value is written the way the description says. Huma
// reads more: +5 and 007 as numbers, t as true, and nothing at all as absent.
func written(s *huma.Schema, value string) bool {
	switch {
	case s.Type == huma.TypeInteger:
		n, err := strconv.ParseInt(value, 10, 64)
		return err == nil && strconv.FormatInt(n, 10) == value
	case s.Type == huma.TypeBoolean:
		return value == "true" || value == "false"
	case len(s.Enum) > 0 || s.Format != "":
		return value != ""
	}
	return true
}

// Paging is which part of a list is asked for.
type Paging struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many at most."`
	Cursor string `query:"cursor" maxLength:"500" doc:"Where the page begins: next_cursor of the page before."`
}

// Portion is which part is asked for of a list that is short: the whole, unless a
// limit is named.
type Portion struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"200" doc:"How many at most; all of them unless it is named."`
	Cursor string `query:"cursor" maxLength:"500" doc:"Where the page begins: next_cursor of the page before."`
}

// listOf is a part of a list.
type listOf[T any] struct {
	Items      []T    `json:"items"`
	NextCursor string `json:"next_cursor,omitempty" doc:"Absent on the last page."`
}

// listed encodes one page.
func listed[R, T any](rows []R, next string, shape func(R) T) *out[listOf[T]] {
	p := listOf[T]{Items: make([]T, len(rows)), NextCursor: next}
	for i, row := range rows {
		p.Items[i] = shape(row)
	}
	return body(p)
}

// portioned encodes a part of what was read as a whole: from behind the item whose
// key the cursor holds. Faults: invalid on cursor, also once that item is gone.
func portioned[R, T any](rows []R, p Portion, key func(R) string, shape func(R) T) (*out[listOf[T]], error) {
	if p.Cursor != "" {
		var last string
		if err := page.Read(p.Cursor, &last); err != nil {
			return nil, err
		}
		at := slices.IndexFunc(rows, func(row R) bool { return key(row) == last })
		if at < 0 {
			return nil, page.Malformed()
		}
		rows = rows[at+1:]
	}
	next := ""
	if p.Limit > 0 && len(rows) > p.Limit {
		rows = rows[:p.Limit]
		next = page.Cursor(key(rows[p.Limit-1]))
	}
	return listed(rows, next, shape), nil
}
