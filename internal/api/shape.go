package api

import (
	"encoding/json"
	"time"

	"tenure/internal/departure"
	"tenure/internal/holding"
	"tenure/internal/signin"
)

// shapeOf encodes what a fault carries besides its code.
func shapeOf(v any) any {
	switch v := v.(type) {
	case departure.Plan:
		return planShape(v)
	case []holding.Blocker:
		return blockerShapes(v)
	case []holding.Need:
		return needShapes(v)
	case []signin.Choice:
		return choiceShapes(v)
	default:
		return v
	}
}

// choice is one of several places, for who has to say which.
type choice struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Logo string `json:"logo" doc:"A data: URL of a picture; empty: none."`
}

func choiceShapes(choices []signin.Choice) []choice {
	shapes := make([]choice, len(choices))
	for i, c := range choices {
		shapes[i] = choice{string(c.ID), c.Name, c.Logo}
	}
	return shapes
}

func blockerShapes(blockers []holding.Blocker) []Blocker {
	shapes := make([]Blocker, len(blockers))
	for i, b := range blockers {
		shapes[i] = Blocker{b.Code, string(b.Member), b.Detail, b.Resolve, string(b.To), b.Count, b.Resources}
	}
	return shapes
}

func needShapes(needed []holding.Need) []Need {
	shapes := make([]Need, len(needed))
	for i, n := range needed {
		shapes[i] = Need{n.Code, string(n.Member), n.Options, n.Count}
	}
	return shapes
}

func effectShapes(effects []holding.Effect) []Effect {
	shapes := make([]Effect, len(effects))
	for i, e := range effects {
		shapes[i] = Effect{e.Kind, string(e.Member), string(e.To), e.Count, e.Amount, e.Currency, e.Formula, (*Share)(e.Share), e.Reason, e.Detail}
	}
	return shapes
}

// moment is null for a time that has not come.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// timeOf is zero for a time that was not given. Microseconds are what the store
// keeps: of anything finer it would give back another time than it was told.
func timeOf(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Microsecond)
}

// filled is null for a text that is not there.
func filled(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// texts writes typed words as plain ones.
func texts[T ~string](words []T) []string {
	plain := make([]string, len(words))
	for i, v := range words {
		plain[i] = string(v)
	}
	return plain
}

// typed is the way back; rooms say whether there is such a thing.
func typed[T ~string](plain []string) []T {
	words := make([]T, len(plain))
	for i, v := range plain {
		words[i] = T(v)
	}
	return words
}

// ids is a list of identifiers in a merge-patch, nil when the field is absent.
func ids[T ~string](p Patch[[]string]) *[]T {
	if !p.given {
		return nil
	}
	words := typed[T](p.value)
	return &words
}

// encoded is a value as JSON; every type given here can be written.
func encoded(v any) json.RawMessage {
	raw, err := json.Marshal(v)
	if err != nil {
		return json.RawMessage("null")
	}
	return raw
}
