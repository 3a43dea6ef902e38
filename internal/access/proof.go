package access

import (
	"time"

	"tenure/internal/fault"
	"tenure/internal/id"
)

// ProofLife is how long it counts that somebody has proved who they are: by
// signing in, by accepting an invitation, or by stepping up.
const ProofLife = 30 * time.Minute

// ProvenUntil is when the proof of the actor's session is too old.
func (a Actor) ProvenUntil() time.Time { return a.ProvedAt.Add(ProofLife) }

// AllowProven is Allow for what matters most, which also takes a proof.
//
// Faults: those of Allow and, for who may, of Proven.
func AllowProven(a Actor, account id.Account, p Permission, now time.Time) error {
	if err := Allow(a, account, p); err != nil {
		return err
	}
	return Proven(a, now)
}

// Proven says whether a session has proved lately enough whose it is to do what
// matters most. Who acts without one, such as a key, the operator or a job that
// was asked for before, has nobody at a screen to ask.
//
// Faults: step_up_required.
func Proven(a Actor, now time.Time) error {
	if a.Kind != Member || a.Session == "" || now.Before(a.ProvenUntil()) {
		return nil
	}
	return fault.Forbidden("step_up_required", "Please confirm once more that it is you.")
}

// ProvenToGive is Proven for who gives somebody a role that manages anything:
// else somebody could make themselves another administrator, and have that one
// do what takes a proof.
//
// Faults: step_up_required.
func ProvenToGive(a Actor, r Role, now time.Time) error {
	if !r.Manages() {
		return nil
	}
	return Proven(a, now)
}

// FactorRequired says that somebody must set a second factor up before anything
// else.
func FactorRequired() *fault.Fault {
	return fault.Forbidden("factor_required", "This account requires a second factor. Set yours up first.")
}
