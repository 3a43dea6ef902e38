package db

import (
	"context"
	"sync"
)

// lanes let the writers of one account or user through one after the other, in
// the order they came. They wait here and not at the row, where each of them
// would hold a connection.
type lanes struct {
	mu     sync.Mutex // guards byName
	byName map[string]*lane
}

// lane is one queue. Whoever holds the token of free is inside.
type lane struct {
	users int // inside or waiting; guarded by lanes.mu
	free  chan struct{}
}

func newLanes() *lanes { return &lanes{byName: map[string]*lane{}} }

// enter waits for the lane and gives the function that leaves it. The lane
// without a name lets everybody through.
func (l *lanes) enter(ctx context.Context, name string) (leave func(), err error) {
	if name == "" {
		return func() {}, nil
	}
	this := l.join(name)
	select {
	case <-this.free:
		return func() {
			this.free <- struct{}{}
			l.part(name, this)
		}, nil
	case <-ctx.Done():
		l.part(name, this)
		return nil, ctx.Err()
	}
}

func (l *lanes) join(name string) *lane {
	l.mu.Lock()
	defer l.mu.Unlock()
	this := l.byName[name]
	if this == nil {
		this = &lane{free: make(chan struct{}, 1)}
		this.free <- struct{}{}
		l.byName[name] = this
	}
	this.users++
	return this
}

func (l *lanes) part(name string, this *lane) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if this.users--; this.users == 0 {
		delete(l.byName, name)
	}
}
