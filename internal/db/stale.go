package db

import (
	"context"
	"slices"
)

// Stale says that this transaction ends or changes what somebody may do: what
// is cached about the subject, an account, a member or a user, must not be
// believed once the write has returned.
func (t *Tx) Stale(subject string) {
	if !slices.Contains(t.stale, subject) {
		t.stale = append(t.stale, subject)
	}
}

// OnStale registers who is told of stale subjects. The hook runs at the end of
// the transaction and may write in it. The function it gives runs before the
// write returns: after the commit, and also after one that failed or of which
// nobody can say whether it happened, for then too a cache must look again.
// Register before the first write.
func (d *DB) OnStale(hook func(ctx context.Context, tx *Tx, subjects []string) (settled func(), err error)) {
	d.onStale = append(d.onStale, hook)
}

// Shared reports whether other nodes may use the same store.
func (d *DB) Shared() bool { return d.engine.shared() }

// tellStale runs the hooks if anything is stale. What they write is news for
// other nodes and no fact: it needs no event.
func (t *Tx) tellStale(ctx context.Context) error {
	if len(t.stale) == 0 {
		return nil
	}
	changed := t.changed
	defer func() { t.changed = changed }()
	for _, hook := range t.db.onStale {
		settled, err := hook(ctx, t, t.stale)
		if settled != nil {
			t.told = append(t.told, settled)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
