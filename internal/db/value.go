package db

import (
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Micros is a time as a column keeps it: microseconds since 1970 in UTC, and
// NULL for the zero time.
func Micros(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMicro()
}

// Time scans what Micros wrote: UTC, and the zero time for NULL.
func Time(dst *time.Time) sql.Scanner {
	return scanner(func(src any) error {
		switch v := src.(type) {
		case nil:
			*dst = time.Time{}
		case int64:
			*dst = time.UnixMicro(v).UTC()
		default:
			return fmt.Errorf("scan %T as a time", src)
		}
		return nil
	})
}

// Null is a text as a column keeps it that may be NULL: NULL if empty.
func Null(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// Text scans what Null wrote: empty for NULL.
func Text(dst *string) sql.Scanner {
	return scanner(func(src any) error {
		text, err := asText(src)
		*dst = text
		return err
	})
}

// JSON is a value as a column keeps it: its JSON, as text.
func JSON(v any) any { return jsonText{v} }

type jsonText struct{ value any }

// Value is for database/sql.
func (j jsonText) Value() (driver.Value, error) {
	text, err := json.Marshal(j.value)
	if err != nil {
		return nil, fmt.Errorf("write as JSON: %w", err)
	}
	return string(text), nil
}

// Into scans what JSON wrote into a pointer. NULL and empty text leave it as it
// is.
func Into(dst any) sql.Scanner {
	return scanner(func(src any) error {
		text, err := asText(src)
		if err != nil || text == "" {
			return err
		}
		if err := json.Unmarshal([]byte(text), dst); err != nil {
			return fmt.Errorf("read %s from JSON: %w", reflect.TypeOf(dst), err)
		}
		return nil
	})
}

// Params writes n placeholders, the first of them $from: "$3, $4, $5". A
// statement should have at most 500, and at most 100 rows.
func Params(from, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(from + i))
	}
	return b.String()
}

type scanner func(src any) error

// Scan is for database/sql.
func (s scanner) Scan(src any) error { return s(src) }

func asText(src any) (string, error) {
	switch v := src.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	case []byte:
		return string(v), nil
	default:
		return "", fmt.Errorf("scan %T as text", src)
	}
}

// maxParams is how many parameters a statement may have. SQLite looks each $n
// up among all others.
const maxParams = 500

// checkArgs refuses what the two engines would take differently: a time in a
// driver's own form, and text that PostgreSQL does not store.
func checkArgs(args []any) error {
	if len(args) > maxParams {
		return fmt.Errorf("%d parameters in a statement, at most %d are allowed", len(args), maxParams)
	}
	for i, arg := range args {
		switch v := arg.(type) {
		case time.Time, *time.Time:
			return fmt.Errorf("parameter $%d is a time: use Micros", i+1)
		case string:
			if !storable(v) {
				return fmt.Errorf("parameter $%d has NUL or invalid UTF-8", i+1)
			}
		}
	}
	return nil
}

func storable(s string) bool {
	return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0
}
