package book

import (
	"crypto/rand"
	"maps"
	"slices"
	"strings"
	"sync"
)

// shelf is what one company keeps here. It is forgotten when the program ends.
type shelf struct {
	mu        sync.Mutex // guards what follows
	summaries map[string]string
	places    map[string]place
	written   map[string][]note // by case, the newest first
	patterns  []pattern
}

// shelves are those of all companies. Nothing is ever looked up without saying
// whose it is.
type shelves struct {
	mu   sync.Mutex // guards mine
	mine map[string]*shelf
}

func newShelves() *shelves { return &shelves{mine: map[string]*shelf{}} }

// of gives the shelf of an account, which begins with a little to look at.
func (s *shelves) of(account string) *shelf {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.mine[account] == nil {
		s.mine[account] = &shelf{summaries: maps.Clone(summaries), places: maps.Clone(places), written: map[string][]note{}, patterns: slices.Clone(patterns)}
	}
	return s.mine[account]
}

// summary is what a thing is about, as a type and an id name it.
func (s *shelf) summary(thing string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.summaries[thing]
}

func (s *shelf) place(pin string) place {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p, ok := s.places[pin]; ok {
		return p
	}
	return somewhere(pin)
}

func (s *shelf) notes(of string) []note {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.written[of])
}

func (s *shelf) write(on string, n note) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.written[on] = slices.Insert(s.written[on], 0, n)
}

func (s *shelf) templates() []pattern {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.patterns)
}

func (s *shelf) template(id string) (pattern, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.patterns, func(p pattern) bool { return p.ID == id })
	if i < 0 {
		return pattern{}, false
	}
	return s.patterns[i], true
}

func (s *shelf) addTemplate(p pattern) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.patterns = append(s.patterns, p)
}

func (s *shelf) removeTemplate(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.patterns = slices.DeleteFunc(s.patterns, func(p pattern) bool { return p.ID == id })
}

// newName is an id that nothing has.
func newName() string { return strings.ToLower(rand.Text()[:10]) }
