package trail

import (
	"context"

	"tenure/internal/access"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/id"
)

// chunk is how many events a walk holds in memory at most.
const chunk = 200

// Walk goes through the trail of an account in its order, a chunk at a time. It
// is used by one goroutine.
type Walk struct {
	reader *Reader
	who    Who
	acc    id.Account
	filter audit.Filter
	at     int64 // the number of the last event that was passed, whether it was given or not
	end    int64 // the number of the last event to give
}

// Export begins a walk through all events there are now, or those that the
// filter lets through.
//
// Faults: those of List.
func (r *Reader) Export(ctx context.Context, who Who, acc id.Account, f audit.Filter) (*Walk, error) {
	w := &Walk{reader: r, who: who, acc: acc, filter: f}
	if _, err := w.allowed(ctx); err != nil {
		return nil, err
	}
	var err error
	w.end, err = r.head(ctx, acc)
	return w, err
}

// End is the number of the last event that the walk will pass.
func (w *Walk) End() int64 { return w.end }

// Next gives the next events; none means that the walk has come to its end.
//
// Faults: those of List, when the reader's rights have ended meanwhile.
func (w *Walk) Next(ctx context.Context) ([]Fact, error) {
	if w.at >= w.end {
		return nil, nil
	}
	facts, err := w.read(ctx)
	if err != nil {
		return nil, err
	}
	actor, err := w.allowed(ctx) // after the read: see the package's invariants
	if err != nil {
		return nil, err
	}
	hide(actor, w.acc, facts)
	return facts, nil
}

// read reads a chunk and moves on, also over what the filter leaves out: with
// less than a chunk, to the end.
func (w *Walk) read(ctx context.Context) (facts []Fact, err error) {
	f := w.filter
	f.After, f.Before, f.Limit = w.at, w.end+1, chunk
	err = w.reader.db.Read(ctx, func(tx *db.Tx) error {
		entries, err := audit.Walk(ctx, tx, w.acc, f)
		if err != nil {
			return err
		}
		facts, err = name(ctx, tx, w.acc, entries)
		return err
	})
	if err != nil {
		return nil, err
	}
	if w.at = w.end; len(facts) == chunk {
		w.at = facts[chunk-1].Seq
	}
	return facts, nil
}

// allowed gives the reader if they may still read this.
func (w *Walk) allowed(ctx context.Context) (access.Actor, error) {
	actor, err := w.who(ctx)
	if err == nil {
		err = allow(actor, w.acc, w.filter)
	}
	return actor, err
}

// head is the number of the last event of an account.
func (r *Reader) head(ctx context.Context, acc id.Account) (seq int64, err error) {
	err = r.db.Read(ctx, func(tx *db.Tx) (err error) {
		seq, err = audit.Head(ctx, tx, acc)
		return err
	})
	return seq, err
}
