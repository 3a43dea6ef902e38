package servertest

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"
)

// Stream is a live stream of server-sent events, read the way a browser does.
type Stream struct {
	t      testing.TB
	Status int
	Header http.Header
	Blocks chan Block // closed when the stream is
	cancel context.CancelFunc
}

// Block is one block of a stream: an event, or an id alone.
type Block struct {
	ID, Event, Data string
}

// Stream opens a stream. It is closed with the test.
func (c *Client) Stream(path string) *Stream {
	c.t.Helper()
	ctx, cancel := context.WithCancel(c.t.Context())
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+path, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	for name, values := range c.header {
		request.Header[name] = values
	}
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	response, err := c.within(0).Do(request) // a stream lasts
	if err != nil {
		c.t.Fatalf("GET %s: %v", path, err)
	}
	s := &Stream{t: c.t, Status: response.StatusCode, Header: response.Header, Blocks: make(chan Block), cancel: cancel}
	c.t.Cleanup(s.Close)
	go func() {
		defer close(s.Blocks)
		defer response.Body.Close()
		var b Block
		for lines := bufio.NewScanner(response.Body); lines.Scan(); {
			name, value, _ := strings.Cut(lines.Text(), ":")
			value = strings.TrimPrefix(value, " ")
			switch name {
			case "id":
				b.ID = value
			case "event":
				b.Event = value
			case "data":
				b.Data += value
			case "":
				select {
				case s.Blocks <- b:
				case <-ctx.Done():
					return
				}
				b = Block{}
			}
		}
	}()
	return s
}

// Close closes it from this side.
func (s *Stream) Close() { s.cancel() }

// Next waits for the next block. The test ends when none comes.
func (s *Stream) Next() Block {
	s.t.Helper()
	select {
	case b, open := <-s.Blocks:
		if !open {
			s.t.Fatal("the stream has ended")
		}
		return b
	case <-time.After(20 * time.Second):
		s.t.Fatal("nothing came")
	}
	return Block{}
}

// NextEvent waits for the next block that tells something, however many beats
// come before.
func (s *Stream) NextEvent() Block {
	s.t.Helper()
	for late := time.Now().Add(20 * time.Second); time.Now().Before(late); {
		if b := s.Next(); b.Data != "" {
			return b
		}
	}
	s.t.Fatal("no event came")
	return Block{}
}

// Ended waits for the end, and gives how long it took and the last block.
func (s *Stream) Ended() (took time.Duration, last Block) {
	s.t.Helper()
	began, late := time.Now(), time.After(20*time.Second)
	for {
		select {
		case b, open := <-s.Blocks:
			if !open {
				return time.Since(began), last
			}
			last = b
		case <-late:
			s.t.Fatal("the stream does not end")
		}
	}
}
