package access

import (
	"slices"
	"strings"

	"tenure/internal/id"
)

// Asked is what a host product wants to know: whether somebody may do something
// with a thing.
type Asked struct {
	Action     string        // a permission, or "module:" and the key of a module
	Thing      *Thing        // the resource that is meant, as it is kept; nil: none is kept
	Missing    bool          // it is of a kind that is kept, and there is none
	SubAccount id.SubAccount // the part of the account that the host product asks about; empty: none
}

// Why a decision is as it is. The words are part of the API.
const (
	Granted        = "allowed"
	Unknown        = "unauthenticated" // nobody who may come in, or no longer
	FactorDue      = "factor_required"
	NotAllowed     = "forbidden"
	UnknownAction  = "unknown_action"
	BeyondReach    = "not_found" // not there, or not for them: the two are alike
	moduleAction   = "module:"
	resourceAction = "resources."
)

// Decide says whether the actor may do what is asked, and why. It knows nothing
// of how they came in.
func Decide(a Actor, q Asked) (allowed bool, reason string) {
	switch {
	case a.Kind == Nobody:
		return false, Unknown
	case a.FactorDue:
		return false, FactorDue
	}
	if key, module := strings.CutPrefix(q.Action, moduleAction); module {
		if !slices.Contains(a.ModuleKeys, key) {
			return false, NotAllowed
		}
	} else if !slices.Contains(Permissions, Permission(q.Action)) {
		return false, UnknownAction
	} else if !a.Holds(Permission(q.Action)) {
		return false, NotAllowed
	}
	if !a.reachesAsked(q) {
		return false, BeyondReach
	}
	return true, Granted
}

// reachesAsked reports whether the thing is there for the actor. Who sees only
// what they hold sees nothing that is not kept here: nothing says that they hold
// it.
func (a Actor) reachesAsked(q Asked) bool {
	switch {
	case q.Missing, q.SubAccount != "" && !a.Reaches(q.SubAccount):
		return false
	case q.Thing != nil:
		return a.ReachesThing(*q.Thing)
	default:
		return a.SeesAll() || !strings.HasPrefix(q.Action, resourceAction)
	}
}
