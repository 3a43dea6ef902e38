package db

import "sync"

// Wake tells whoever waits for the topic on this node, once the transaction is
// committed. It only saves the wait for the next look at the table, which is
// the truth.
func (t *Tx) Wake(topic string) {
	d := t.db
	t.After(func() { d.bells.ring(topic) })
}

// Woken gives a channel that is closed when the topic is woken next. Take it
// before looking at the table, so that nothing falls in between.
func (d *DB) Woken(topic string) <-chan struct{} { return d.bells.listen(topic) }

// bells are the topics somebody waits for. The zero value is usable.
type bells struct {
	mu      sync.Mutex
	waiting map[string]chan struct{}
}

func (b *bells) listen(topic string) <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.waiting == nil {
		b.waiting = map[string]chan struct{}{}
	}
	if b.waiting[topic] == nil {
		b.waiting[topic] = make(chan struct{})
	}
	return b.waiting[topic]
}

func (b *bells) ring(topic string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if bell := b.waiting[topic]; bell != nil {
		close(bell)
		delete(b.waiting, topic)
	}
}
