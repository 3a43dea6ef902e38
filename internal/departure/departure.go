// Package departure is the way out: one engine for deactivating, removing and
// deleting, through every door. A departure is planned, shown in advance, and
// applied whole or not at all.
//
// Invariants. A plan changes nothing. What is applied is what the digest of the
// plan says, or nothing. After Apply or Suspend has returned, no credential of
// the member works. Whoever is the last owner stays.
package departure

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"tenure/internal/access"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/holding"
	"tenure/internal/id"
	"tenure/internal/member"
)

// Kind is how a member leaves.
type Kind string

// The kinds.
const (
	Deactivate Kind = "deactivate" // out, and may come back
	Remove     Kind = "remove"     // gone from the account, the address free
	Delete     Kind = "delete"     // erased at once
)

// moves is what each kind does with the member and what it is called before
// the holdings.
var moves = map[Kind]struct {
	move member.Move
	kind holding.Kind
}{
	Deactivate: {member.Deactivate, holding.Deactivate},
	Remove:     {member.Remove, holding.Remove},
	Delete:     {member.Delete, holding.Delete},
}

// Departure is a departure as stored.
type Departure struct {
	ID        id.Departure
	Kind      Kind
	State     State
	Parts     []Part    // one for each member, in the order they were given; in a list the first twenty
	At        time.Time // when it is to be applied; zero: at once
	Decisions map[string]json.RawMessage
	Digest    string // of the plan that was applied
	By        access.Actor
	CreatedAt time.Time
	AppliedAt time.Time
	UndoUntil time.Time
	Version   int64
	receipt   string
	counted   tally // in a list: of all parts
}

// Part is one member's part of a departure.
type Part struct {
	Member  id.Member
	Verdict Verdict
	Code    string // why nothing was done
	Back    Back   // what undoing came to, of who had left
	Stays   string // why they did not come back: a code
}

// tally is how many members a departure is about, and how far it is with them.
type tally struct {
	all     int
	done    int // have had their turn
	gone    int // have left
	settled int // have left, and what undoing came to for them is known
}

func (d Departure) tally() tally {
	if d.counted.all > 0 {
		return d.counted
	}
	t := tally{all: len(d.Parts)}
	for _, p := range d.Parts {
		if p.Verdict != "" {
			t.done++
		}
		if p.Verdict == Done {
			t.gone++
			if p.Back != "" {
				t.settled++
			}
		}
	}
	return t
}

// of begins a departure of these members.
func of(members ...id.Member) []Part {
	parts := make([]Part, len(members))
	for i, m := range members {
		parts[i].Member = m
	}
	return parts
}

// Members lists everybody the departure is about.
func (d Departure) Members() []id.Member {
	return d.with(func(Part) bool { return true })
}

// waiting lists those whose turn has not come yet.
func (d Departure) waiting() []id.Member {
	return d.with(func(p Part) bool { return p.Verdict == "" })
}

// concerned lists those whom a departure is still about: while it is open those
// whose turn has not come, and once it is over everybody.
func (d Departure) concerned() []id.Member {
	if d.State.Open() {
		return d.waiting()
	}
	return d.Members()
}

// gone lists those it was applied to.
func (d Departure) gone() []id.Member {
	return d.with(func(p Part) bool { return p.Verdict == Done })
}

// returning lists those an undoing has yet to bring back: who left last is back
// first.
func (d Departure) returning() []id.Member {
	members := []id.Member{}
	if d.State == Undone {
		members = d.with(func(p Part) bool { return p.Verdict == Done && p.Back == "" })
		slices.Reverse(members)
	}
	return members
}

// away lists those who left and have not been brought back.
func (d Departure) away() []id.Member {
	return d.with(func(p Part) bool { return p.Verdict == Done && p.Back != Returned })
}

func (d Departure) with(has func(Part) bool) []id.Member {
	members := []id.Member{}
	for _, p := range d.Parts {
		if has(p) {
			members = append(members, p.Member)
		}
	}
	return members
}

// many reports whether the departure is about more than one member: those are
// applied one after the other, by a job.
func (d Departure) many() bool { return d.Count() > 1 }

// Count is how many members it is about.
func (d Departure) Count() int { return max(d.counted.all, len(d.Parts)) }

// begun reports whether some of several members have had their turn.
func (d Departure) begun() bool { return d.Done() > 0 }

// Done counts the members who have had their turn.
func (d Departure) Done() int { return d.tally().done }

// Progress says how many have had their turn, and of how many: in being let go,
// and once it is undone in being brought back.
func (d Departure) Progress() (done, of int) {
	t := d.tally()
	if d.State == Undone {
		return t.settled, t.gone
	}
	return t.done, t.all
}

func (d Departure) underWay(now time.Time) bool { return d.State == Scheduled && !d.At.After(now) }

// Plan is what a departure will do, or did.
type Plan struct {
	Departure
	Digest   string
	Blockers []holding.Blocker
	Needed   []holding.Need
	Effects  []holding.Effect
	Skipped  []holding.Effect // once it is undone: what could not be brought back, each with its reason
	People   []Person         // everybody it names
	AsOf     time.Time        // when it was looked at
}

// Person is somebody whom a plan names. The name is empty once they were erased.
type Person struct {
	Member id.Member
	Name   string
}

// UnderWay reports whether the departure is being carried out, or taken back: its
// time has come, and not everybody has had their turn.
func (p Plan) UnderWay() bool {
	t := p.tally()
	return p.underWay(p.AsOf) || p.State == Undone && t.settled < t.gone
}

// Undoable reports whether the window is open in which it can be taken back.
func (p Plan) Undoable() bool { return p.State == Applied && p.AsOf.Before(p.UndoUntil) }

// Ways is what departures need of rooms beside and above them.
type Ways struct {
	// Bind sends the invitation of a member who is activated and has never come in.
	Bind func(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, m member.Member) error
	// Forget erases what other rooms hold of a person and names their things, such
	// as invitations and keys, so that the trail can forget those too.
	Forget func(ctx context.Context, tx *db.Tx, account id.Account, m member.Member) ([]string, error)
}

// Passage is the way out as doors use it.
type Passage struct {
	db       *db.DB
	holdings []holding.Holding
	signer   Signer
	ways     Ways
}

// New makes the passage. The holdings are settled in the order given and
// restored in reverse.
func New(d *db.DB, signer Signer, holdings []holding.Holding, ways Ways) *Passage {
	return &Passage{d, holdings, signer, ways}
}

// checkDecisions refuses what no holding and no rule asks for.
func (p *Passage) checkDecisions(decisions map[string]json.RawMessage, members int) error {
	known := []string{phoneDecision}
	for _, h := range p.holdings {
		known = append(known, h.Name())
	}
	for name := range decisions {
		if !slices.Contains(known, name) {
			return fault.Unprocessable("unknown_field", "The request has a field that is not known here.").
				And("decisions."+name, "unknown_field", "There is nothing of this name to decide.")
		}
	}
	phone, err := decidedPhone(decisions)
	if err == nil && phone != "" && members > 1 {
		return fault.Invalid("decisions.phone", "one_member", "A telephone number belongs to one person.")
	}
	return err
}

// phoneDecision is the telephone number given where the policy wants one.
const phoneDecision = "phone"

func decidedPhone(decisions map[string]json.RawMessage) (string, error) {
	raw, ok := decisions[phoneDecision]
	if !ok {
		return "", nil
	}
	var phone string
	if json.Unmarshal(raw, &phone) != nil {
		return "", fault.Invalid("decisions.phone", "invalid", "A telephone number is text.")
	}
	checked, err := member.Phone(phone)
	if err != nil {
		return "", fault.Invalid("decisions.phone", "invalid", "A telephone number has 5 to 15 digits.")
	}
	return checked, nil
}
