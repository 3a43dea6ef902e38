// Package page is how a long list is read: a page at a time, each beginning
// where the last one ended, by key and never by count, so that a list stays
// stable while rows come and go.
package page

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"tenure/internal/fault"
)

// The bounds of a page.
const (
	Default = 50
	Most    = 200
)

// Limit gives the number of rows of a page. Faults: invalid on field limit.
func Limit(asked int) (int, error) {
	switch {
	case asked == 0:
		return Default, nil
	case asked < 1 || asked > Most:
		return 0, fault.Invalid("limit", "out_of_range", "Between 1 and 200.")
	default:
		return asked, nil
	}
}

// Cursor writes down where a page ended. It is opaque to callers.
func Cursor(key any) string {
	raw, err := json.Marshal(key)
	if err != nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

// Malformed is the fault of a cursor that no page ended with: invalid on field
// cursor.
func Malformed() error {
	return fault.Invalid("cursor", "malformed", "Use the next_cursor of the page before, unchanged.")
}

// Read gives back what Cursor wrote. Faults: Malformed.
func Read(cursor string, key any) error {
	malformed := Malformed()
	if len(cursor) > 2048 {
		return malformed
	}
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return malformed
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	var text any
	if decoder.Decode(key) != nil || decoder.More() || !utf8.Valid(raw) || json.Unmarshal(raw, &text) != nil || text == nil || hasNUL(text) {
		return malformed
	}
	return nil
}

// hasNUL reports whether a decoded value has a text with NUL in it, which no
// column keeps.
func hasNUL(v any) bool {
	switch v := v.(type) {
	case string:
		return strings.ContainsRune(v, 0)
	case []any:
		return slices.ContainsFunc(v, hasNUL)
	case map[string]any:
		for _, inner := range v {
			if hasNUL(inner) {
				return true
			}
		}
	}
	return false
}
