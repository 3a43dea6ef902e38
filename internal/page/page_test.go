package page

import (
	"encoding/base64"
	"testing"

	"tenure/internal/fault"
)

func TestCursorIsReadAsItWasWritten(t *testing.T) {
	type end struct {
		Text   string
		Number int64
	}
	for _, want := range []end{{}, {"de Vries", 7}, {`C:\u0000`, -1}, {"Ünal \U0001f33f", 0}} {
		var got end
		if err := Read(Cursor(want), &got); err != nil || got != want {
			t.Errorf("%+v came back as %+v, %v", want, got, err)
		}
	}
}

// TestCursorOfNonsenseIsInvalid: what no page ended with never reaches the
// store, which would fail on it.
func TestCursorOfNonsenseIsInvalid(t *testing.T) {
	type end struct {
		Text string
		List []string
	}
	for _, raw := range []string{
		"", "{", "null", "[]", "7", `{"Text":"a"} {}`, `{"Other":1}`, `{"Text":"\u0000"}`, `{"Text":"a\u0000b"}`, "{\"Text\":\"\x00\"}", "{\"Text\":\"\xff\"}", `{"List":["a","\u0000"]}`,
	} {
		if err := Read(base64.RawURLEncoding.EncodeToString([]byte(raw)), &end{}); fault.Code(err) != "invalid" {
			t.Errorf("%q: %v", raw, err)
		}
	}
	for _, cursor := range []string{"?", "a=", string(make([]byte, 3000))} {
		if err := Read(cursor, &end{}); fault.Code(err) != "invalid" {
			t.Errorf("%q: %v", cursor, err)
		}
	}
}
