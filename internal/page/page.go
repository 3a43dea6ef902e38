// Package page is how a long list is read: a page at a time, each beginning
// where the last one ended, by key and never by count, so that a list stays
// stable while rows come and go.
package page

import (
	"bytes"
	"encoding/base64"
	"encoding/json"

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

// Read gives back what Cursor wrote. Faults: invalid on field cursor.
func Read(cursor string, key any) error {
	malformed := fault.Invalid("cursor", "malformed", "Use the next_cursor of the page before, unchanged.")
	if len(cursor) > 2048 {
		return malformed
	}
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return malformed
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if decoder.Decode(key) != nil || decoder.More() {
		return malformed
	}
	return nil
}
