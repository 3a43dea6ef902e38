package holding

import (
	"encoding/json"

	"tenure/internal/id"
)

// Party is everybody who leaves in one departure, in their order, with what was
// decided about what they hold: the same for each of them. What a holding works
// out of that alone it keeps here for the next of them. A party is made inside a
// transaction and never outlives it. Where there is none, nobody leaves and
// nothing is decided.
type Party struct {
	members   []id.Member
	decisions map[string]json.RawMessage
	places    map[id.Member]int
	kept      map[string]any
}

// NewParty makes the party of those who leave, with the decisions by the name of
// the holding.
func NewParty(members []id.Member, decisions map[string]json.RawMessage) *Party {
	p := &Party{members, decisions, make(map[id.Member]int, len(members)), map[string]any{}}
	for i, m := range members {
		p.places[m] = i
	}
	return p
}

// Has reports whether a member leaves.
func (p *Party) Has(m id.Member) bool {
	if p == nil {
		return false
	}
	_, leaves := p.places[m]
	return leaves
}

// Place is which of those who leave a member is, from 0.
func (p *Party) Place(m id.Member) int {
	if p == nil {
		return 0
	}
	return p.places[m]
}

// Decision gives what was decided about a holding, as it was written; null is
// nothing.
func (p *Party) Decision(holding string) (raw json.RawMessage, given bool) {
	if p == nil {
		return nil, false
	}
	raw, given = p.decisions[holding]
	return raw, given && string(raw) != "null"
}

// Keep gives what was worked out under the key, which begins with the name of the
// holding, and works it out where nobody has asked before.
func Keep[T any](p *Party, key string, work func() (T, error)) (T, error) {
	if p == nil {
		return work()
	}
	if kept, there := p.kept[key].(T); there {
		return kept, nil
	}
	v, err := work()
	if err == nil {
		p.kept[key] = v
	}
	return v, err
}
