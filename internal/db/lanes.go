package db

import "sync"

// lanes are the queues of the accounts and users that are being written to.
// Their writers wait here and not at the row, where each of them would hold a
// connection, and share commits.
type lanes struct {
	queue func() *queue // makes one

	mu     sync.Mutex // guards byName
	byName map[string]*lane
}

// lane is a queue and how many are in it or on their way.
type lane struct {
	*queue
	users int // guarded by lanes.mu
}

func newLanes(queue func() *queue) *lanes { return &lanes{queue: queue, byName: map[string]*lane{}} }

// enter gives the queue of a name, and the function that leaves it. Without a
// name everybody has one of their own.
func (l *lanes) enter(name string) (own *queue, leave func()) {
	if name == "" {
		return l.queue(), func() {}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	this := l.byName[name]
	if this == nil {
		this = &lane{queue: l.queue()}
		l.byName[name] = this
	}
	this.users++
	return this.queue, func() { l.leave(name, this) }
}

func (l *lanes) leave(name string, this *lane) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if this.users--; this.users == 0 {
		delete(l.byName, name)
	}
}
