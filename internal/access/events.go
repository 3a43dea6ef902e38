package access

import "tenure/internal/id"

// AllowEvents decides whether the actor may read the events of an account that
// are about one subject and by one actor, empty for any: who may read events
// reads them all, every other member what was done to or by themselves.
// Faults: those of Allow with events.read.
func AllowEvents(a Actor, account id.Account, subject, by string) error {
	if own := string(a.Member); a.Kind == Member && a.In(account) && own != "" && (subject == own || by == own) {
		return nil
	}
	return Allow(a, account, EventsRead)
}

// SeesOrigin reports whether the actor, who may read an event, also sees from
// where it was done: of what others did only who may read all events does.
func SeesOrigin(a Actor, account id.Account, kind Kind, by string) bool {
	return a.Kind == Member && kind == Member && by == string(a.Member) || Allow(a, account, EventsRead) == nil
}
