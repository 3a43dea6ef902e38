package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

// wire is one connection that is kept. It asks and reads with as little work as
// can be, so that what is measured is the server.
type wire struct {
	conn net.Conn
	from *bufio.Reader
	body []byte
}

func dial(addr string) (*wire, error) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	return &wire{conn: conn, from: bufio.NewReaderSize(conn, 32<<10)}, nil
}

// ask sends a whole request and gives status and body of the answer; the body
// holds until the next question.
func (w *wire) ask(request []byte) (status int, body []byte, err error) {
	if _, err := w.conn.Write(request); err != nil {
		return 0, nil, err
	}
	line, err := w.from.ReadSlice('\n')
	if err != nil {
		return 0, nil, err
	}
	if len(line) < 12 {
		return 0, nil, errors.New("no HTTP answer")
	}
	if status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return 0, nil, err
	}
	length, chunked := 0, false
	for {
		if line, err = w.from.ReadSlice('\n'); err != nil {
			return 0, nil, err
		}
		if line = bytes.TrimRight(line, "\r\n"); len(line) == 0 {
			break
		}
		if name, value, _ := bytes.Cut(line, []byte(": ")); bytes.EqualFold(name, []byte("Content-Length")) {
			if length, err = strconv.Atoi(string(value)); err != nil {
				return 0, nil, err
			}
		} else if bytes.EqualFold(name, []byte("Transfer-Encoding")) {
			chunked = true
		}
	}
	w.body = w.body[:0]
	if !chunked {
		return status, w.body, w.take(length)
	}
	err = w.chunks()
	return status, w.body, err
}

// take reads so many bytes of the body.
func (w *wire) take(n int) error {
	have := len(w.body)
	w.body = slices.Grow(w.body, n)[:have+n]
	_, err := io.ReadFull(w.from, w.body[have:])
	return err
}

// chunks reads a body in chunks (RFC 9112, section 7.1).
func (w *wire) chunks() error {
	for {
		line, err := w.from.ReadSlice('\n')
		if err != nil {
			return err
		}
		n, err := strconv.ParseInt(string(bytes.TrimSpace(line)), 16, 32)
		if err != nil {
			return err
		}
		if err := w.take(int(n)); err != nil {
			return err
		}
		if _, err := w.from.Discard(2); err != nil || n == 0 {
			return err
		}
	}
}

// request writes a request as it goes over the wire.
func request(method, path, token string, body []byte) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: localhost\r\n", method, path)
	if token != "" {
		fmt.Fprintf(&b, "Authorization: Bearer %s\r\n", token)
	}
	if body != nil {
		fmt.Fprintf(&b, "Content-Type: application/json\r\nContent-Length: %d\r\n", len(body))
	}
	b.WriteString("\r\n")
	b.Write(body)
	return b.Bytes()
}

// load is what several connections did in a turn.
type load struct {
	answers int
	took    time.Duration
	each    []time.Duration // how long each answer took, sorted
}

func (l load) perSecond() float64 { return float64(l.answers) / l.took.Seconds() }

// at gives the time within which a share of the answers came.
func (l load) at(share float64) time.Duration {
	if len(l.each) == 0 {
		return 0
	}
	return l.each[min(int(share*float64(len(l.each))), len(l.each)-1)]
}

// drive asks over all connections for so long, each one question after the
// other. Next gives the i-th question of a connection. An answer other than the
// wanted status is an error.
func drive(ctx context.Context, addr string, connections int, lasting time.Duration, want int, next func(connection, i int) []byte) (load, error) {
	wires := make([]*wire, connections)
	for i := range wires {
		w, err := dial(addr)
		if err != nil {
			return load{}, err
		}
		defer w.conn.Close()
		wires[i] = w
	}
	var all sync.WaitGroup
	each, failed := make([][]time.Duration, connections), make([]error, connections)
	began := time.Now()
	for c, w := range wires {
		all.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				from := time.Now()
				if from.Sub(began) >= lasting {
					return
				}
				status, body, err := w.ask(next(c, i))
				if err == nil && status != want {
					err = fmt.Errorf("answered %d: %.200s", status, body)
				}
				if err != nil {
					failed[c] = err
					return
				}
				each[c] = append(each[c], time.Since(from))
			}
		})
	}
	all.Wait()
	l := load{took: time.Since(began), each: slices.Concat(each...)}
	l.answers = len(l.each)
	slices.Sort(l.each)
	return l, errors.Join(append(failed, ctx.Err())...)
}

// once asks one question on a connection of its own.
func once(addr, method, path, token string, body []byte, want int) ([]byte, error) {
	w, err := dial(addr)
	if err != nil {
		return nil, err
	}
	defer w.conn.Close()
	status, answer, err := w.ask(request(method, path, token, body))
	if err == nil && status != want {
		err = fmt.Errorf("%s %s answered %d (%s): %.300s", method, path, status, http.StatusText(status), answer)
	}
	return answer, err
}
