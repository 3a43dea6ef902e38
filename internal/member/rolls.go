package member

import (
	"context"
	"sync"

	"tenure/internal/db"
	"tenure/internal/id"
)

// mostRolls is how many bytes of rolls a node keeps. One account may have more.
const mostRolls = 128 << 20

// rolls keeps the rolls of the accounts that were searched last.
type rolls struct {
	most int

	mu        sync.Mutex // guards what follows
	byAccount map[id.Account]*kept
	bytes     int
	uses      int64
}

// kept is the roll of an account. Whoever holds the token of free reads it anew;
// others wait rather than do the same.
type kept struct {
	free chan struct{}
	roll *roll // nil: not read yet; guarded by free

	bytes int   // counted in rolls.bytes; as the next, guarded by rolls.mu
	used  int64 // when it was used last
}

func newRolls(most int) *rolls { return &rolls{most: most, byAccount: map[id.Account]*kept{}} }

// read gives the roll of an account as the transaction sees it.
func (r *rolls) read(ctx context.Context, tx *db.Tx, account id.Account) (*roll, error) {
	k := r.of(account)
	select {
	case <-k.free:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { k.free <- struct{}{} }()
	if k.roll == nil {
		fresh, err := readRoll(ctx, tx, account)
		if err != nil {
			return nil, err
		}
		k.roll = fresh
		r.count(account, k)
		return fresh, nil
	}
	entries, younger, err := k.roll.since(ctx, tx, account)
	if err != nil {
		return nil, err
	}
	if younger { // than the snapshot of this transaction
		return readRoll(ctx, tx, account)
	}
	if next := k.roll.with(entries); next != k.roll {
		k.roll = next
		r.count(account, k)
	}
	return k.roll, nil
}

// of gives the place of an account's roll.
func (r *rolls) of(account id.Account) *kept {
	r.mu.Lock()
	defer r.mu.Unlock()
	k := r.byAccount[account]
	if k == nil {
		k = &kept{free: make(chan struct{}, 1)}
		k.free <- struct{}{}
		r.byAccount[account] = k
	}
	r.uses++
	k.used = r.uses
	return k
}

// rollBytes is what an account takes besides its roll.
const rollBytes = 512

// count counts a roll that was read, and forgets those that were used longest
// ago until there is room for it.
func (r *rolls) count(account id.Account, k *kept) {
	bytes := k.roll.size() + rollBytes
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.byAccount[account] != k {
		return // forgotten meanwhile
	}
	r.bytes += bytes - k.bytes
	k.bytes = bytes
	for r.bytes > r.most && len(r.byAccount) > 1 {
		oldest := account
		for other, o := range r.byAccount {
			if oldest == account || o.used < r.byAccount[oldest].used {
				if other != account {
					oldest = other
				}
			}
		}
		r.bytes -= r.byAccount[oldest].bytes
		delete(r.byAccount, oldest)
	}
}
