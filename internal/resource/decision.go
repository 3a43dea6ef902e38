package resource

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"strconv"

	"tenure/internal/access"
	"tenure/internal/fault"
	"tenure/internal/holding"
	"tenure/internal/id"
)

// Rule is what becomes of resources: they stay with who leaves, or go to
// somebody. One of the two is given.
type Rule struct {
	Leave bool      `json:"leave,omitempty"`
	To    id.Member `json:"to,omitempty"`
}

// Decisions is what was decided about the resources of a leaver. What is said of
// one resource goes before what is said of its type, and that before what is said
// of all: a default, or that they are dealt out in turn.
type Decisions struct {
	Default *Rule           `json:"default,omitempty"`
	ByType  map[string]Rule `json:"by_type,omitempty"`
	ByID    map[string]Rule `json:"by_id,omitempty"` // by type/id
	Split   []id.Member     `json:"split,omitempty"`
}

// The bounds of decisions.
const (
	mostRules      = 10_000
	mostSuccessors = 100
)

// decided reads the decisions of a case, once for everybody who leaves. Faults:
// invalid on fields below decisions.resources.
func decided(c holding.Case) (Decisions, error) {
	return holding.Keep(c.Party, "resources", func() (Decisions, error) {
		raw, given := c.Party.Decision(Held{}.Name())
		if !given {
			return Decisions{}, nil
		}
		return decode(raw)
	})
}

func decode(raw json.RawMessage) (d Decisions, err error) {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&d); err != nil {
		return d, fault.Invalid(field(""), "malformed", `{"default":{"leave":true}|{"to":…}, "by_type"?, "by_id"?, "split"?}.`)
	}
	return d, d.check()
}

// field names a part of the decisions.
func field(part string) string { return "decisions.resources" + part }

func (d Decisions) check() error {
	if d.Default != nil && len(d.Split) > 0 {
		return fault.Invalid(field(".split"), "invalid", "Either a default or a split.")
	}
	if d.Default != nil && !d.Default.valid() {
		return wrongRule(".default")
	}
	for i, m := range d.Split {
		if slices.Contains(d.Split[:i], m) {
			return fault.Invalid(field(".split"), "duplicate", "Each successor once.")
		}
	}
	if len(d.Split) > mostSuccessors {
		return fault.Invalid(field(".split"), "too_long", "At most 100 successors.")
	}
	if len(d.ByID)+len(d.ByType) > mostRules {
		return fault.Invalid(field(".by_id"), "too_long", "At most 10,000 rules.")
	}
	for _, key := range slices.Sorted(maps.Keys(d.ByType)) {
		if !ValidType(key) || !d.ByType[key].valid() {
			return wrongRule(".by_type")
		}
	}
	for _, key := range slices.Sorted(maps.Keys(d.ByID)) {
		if _, ok := keyOf(key); !ok || !d.ByID[key].valid() {
			return wrongRule(".by_id")
		}
	}
	return nil
}

func (r Rule) valid() bool { return r.Leave != (r.To != "") }

func wrongRule(part string) error {
	return fault.Invalid(field(part), "malformed", `Each is {"leave":true} or {"to":…}, by a type such as pin or a resource such as pin/17.`)
}

// of gives the rule for a resource; there may be none.
func (d Decisions) of(k Key) (Rule, bool) {
	if r, ok := d.ByID[k.String()]; ok {
		return r, true
	}
	if r, ok := d.ByType[k.Type]; ok {
		return r, true
	}
	if d.Default != nil {
		return *d.Default, true
	}
	return Rule{}, false
}

// holdingOf is a resource of a leaver, as far as a departure looks at it.
type holdingOf struct {
	Key
	sub     id.SubAccount
	version int64
}

// fate is what a departure does with the resources that a leaver owns.
type fate struct {
	stay  []Key // nobody else gets them
	moves map[id.Member][]Key
	// undecided counts, by type, what nothing is said about and has to be decided.
	undecided map[string]int64
	// refused names, by successor, the first resources that cannot go to them.
	refused map[id.Member][]string
}

// dealt is a resource of a leaver with the rule for it, if there is one.
type dealt struct {
	holdingOf
	rule  Rule
	given bool
}

// deal finds the rule for each resource of a leaver, given in the order of their
// keys. It is pure, and the same for the same resources. Those that are dealt out
// go round in that order, and begin with the successor whose turn the leaver's
// place among those who leave makes it: else many who leave with one thing each
// would all leave it to the first.
func (d Decisions) deal(held []holdingOf, place int) []dealt {
	all := make([]dealt, len(held))
	for i, h := range held {
		rule, given := d.of(h.Key)
		if !given && len(d.Split) > 0 {
			rule, given = Rule{To: d.Split[place%len(d.Split)]}, true
			place++
		}
		all[i] = dealt{h, rule, given}
	}
	return all
}

// settle decides what becomes of each resource. Whoever is named as a successor
// and is nobody it can go to is not among those given. It is pure.
func settle(all []dealt, types map[string]OnLeave, successors map[id.Member]access.Actor) fate {
	f := fate{moves: map[id.Member][]Key{}, undecided: map[string]int64{}, refused: map[id.Member][]string{}}
	for _, h := range all {
		switch {
		case !h.given && types[h.Type] == Ask:
			f.undecided[h.Type]++
		case !h.given || h.rule.Leave:
			f.stay = append(f.stay, h.Key)
		default:
			who, may := successors[h.rule.To]
			if !may || mayOwn(who, h.sub) != nil {
				f.refused[h.rule.To] = append(f.refused[h.rule.To], h.String())
				continue
			}
			f.moves[h.rule.To] = append(f.moves[h.rule.To], h.Key)
		}
	}
	return f
}

// mostNamed is how many resources a blocker names.
const mostNamed = 100

// blockers tells which successors cannot have what is to go to them.
func (f fate) blockers(c holding.Case) []holding.Blocker {
	var blockers []holding.Blocker
	for _, m := range slices.Sorted(maps.Keys(f.refused)) {
		named := f.refused[m]
		blockers = append(blockers, holding.Blocker{Code: "successor_invalid", Member: c.Member,
			Detail:  "Resources cannot go to " + string(m) + ": they are not active, are leaving too, own nothing, or do not reach the sub-account.",
			Resolve: []string{field("")}, To: m, Count: int64(len(named)), Resources: named[:min(len(named), mostNamed)]})
	}
	return blockers
}

// needed tells which types have to be decided about.
func (f fate) needed(c holding.Case) []holding.Need {
	var needed []holding.Need
	for _, kind := range slices.Sorted(maps.Keys(f.undecided)) {
		needed = append(needed, holding.Need{Code: "decision_required", Member: c.Member,
			Options: []string{field(".by_type." + kind), field(".by_id"), field(".default"), field(".split")}, Count: f.undecided[kind]})
	}
	return needed
}

// effects tells what moves and what does not.
func (f fate) effects(c holding.Case) []holding.Effect {
	var effects []holding.Effect
	for _, m := range slices.Sorted(maps.Keys(f.moves)) {
		e := effect(c, "resources_transferred", len(f.moves[m]), "is handed to a successor.", "are handed to a successor.")
		e.To = m
		effects = append(effects, e)
	}
	if n := len(f.stay); n > 0 && c.Kind == holding.Deactivate {
		effects = append(effects, effect(c, "resources_left", n, "stays with them.", "stay with them."))
	} else if n > 0 {
		effects = append(effects, effect(c, "resources_left", n, "is left without an owner.", "are left without an owner."))
	}
	return effects
}

// effect words one: the count, and what happens to one or to many.
func effect(c holding.Case, kind string, n int, one, many string) holding.Effect {
	count, words := int64(n), "resources "+many
	if n == 1 {
		words = "resource " + one
	}
	return holding.Effect{Kind: kind, Member: c.Member, Count: &count, Detail: strconv.Itoa(n) + " " + words}
}

// basis is what resources add to the digest of a plan.
type basis struct {
	Owned      int                 `json:"owned"`
	Assigned   int                 `json:"assigned"`
	Versions   string              `json:"versions"`             // SHA-256 over every key with its version
	OnLeave    map[string]OnLeave  `json:"on_leave,omitempty"`   // of the types that are held
	Successors map[id.Member]int64 `json:"successors,omitempty"` // the epochs of those who get something
}

// versionsOf is a hash over resources in their order: each key and version on a
// line, which neither can hold the end of.
func versionsOf(lists ...[]holdingOf) string {
	h := sha256.New()
	var line []byte
	for _, list := range lists {
		for _, one := range list {
			line = append(append(append(append(line[:0], one.Type...), '/'), one.ID...), ' ')
			h.Write(append(strconv.AppendInt(line, one.version, 10), '\n'))
		}
		h.Write([]byte{'\n'})
	}
	return hex.EncodeToString(h.Sum(nil))
}
