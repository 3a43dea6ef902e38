package bearer

import (
	"context"
	"time"

	"tenure/internal/access"
)

// Holder is what a key lets its bearer be, and when it runs out.
type Holder struct {
	Actor   access.Actor
	Expires time.Time // zero: it does not run out
}

// Keys is a cache of keys: tokens that let in until they run out or are ended.
type Keys struct{ *Cache[Holder] }

// NewKeys makes the cache of at most size keys of a kind, whose Live it knows.
func NewKeys(m *Memory, kind Kind[Holder], size int) Keys {
	kind.Live = func(h *Holder, now, _ time.Time) bool { return h.Expires.IsZero() || now.Before(h.Expires) }
	return Keys{NewCache(m, kind, size)}
}

// Check says what a key lets its bearer do now. It counts as using it. Faults:
// unauthenticated.
func (k Keys) Check(ctx context.Context, token string) (access.Actor, error) {
	return acting(k.Use(ctx, token))
}

// Glance is Check for who only waits: it does not count as using the key.
func (k Keys) Glance(ctx context.Context, token string) (access.Actor, error) {
	return acting(k.Look(ctx, token))
}

func acting(h *Holder, err error) (access.Actor, error) {
	if err != nil {
		return access.Actor{}, err
	}
	return h.Actor, nil
}
