package contract

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
)

// reading is how the body of an answer is looked at. A body that goes on is
// looked at as it comes.
type reading interface {
	whole(body []byte) error
}

// flowing is a reading of what comes piece by piece.
type flowing interface {
	reading
	flow(body io.Reader) error
}

// none is no body.
type none struct{}

func (none) whole(body []byte) error {
	if len(body) > 0 {
		return fmt.Errorf("there is a body: %.100s", body)
	}
	return nil
}

// whole is one JSON value.
type whole struct{ *schema }

func (w whole) whole(body []byte) error {
	if err := w.value(body); err != nil {
		return fmt.Errorf("the body %.300s: %w", body, err)
	}
	return nil
}

// lines is one JSON value a line.
type lines struct{ item *schema }

func (l lines) whole(body []byte) error { return l.flow(bytes.NewReader(body)) }

func (l lines) flow(body io.Reader) error {
	reader := bufio.NewReader(body)
	for n := 1; ; n++ {
		line, err := reader.ReadBytes('\n')
		if errors.Is(err, io.EOF) && len(line) == 0 {
			return nil
		} else if err != nil {
			return wrap(fmt.Sprintf("line %d", n), err)
		}
		if err := l.item.value(line); err != nil {
			return fmt.Errorf("line %d, %.300s: %w", n, line, err)
		}
	}
}

// events is server-sent events (HTML Living Standard, section 9.2): each is an
// item, and one named end is a refusal.
type events struct{ item, end *schema }

// whole looks at the blocks that there are: a stream has no end.
func (e events) whole(body []byte) error { return e.flow(bytes.NewReader(body)) }

func (e events) flow(body io.Reader) error {
	reader := bufio.NewReader(body)
	named, data := "", ""
	for {
		line, err := reader.ReadString('\n')
		if errors.Is(err, io.EOF) && line == "" {
			return nil
		} else if err != nil {
			return err
		}
		switch name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": "); name {
		case "event":
			named = value
		case "data":
			data += value
		case "id", "retry":
		case "":
			if err := e.block(named, data); err != nil {
				return err
			}
			named, data = "", ""
		default:
			return fmt.Errorf("the stream has a line %q", line)
		}
	}
}

func (e events) block(named, data string) error {
	s := e.item
	switch {
	case data == "" && named == "":
		return nil // an id alone
	case named == "end":
		s = e.end
	case named != "":
		return fmt.Errorf("the stream has an event named %q", named)
	}
	if err := s.value([]byte(data)); err != nil {
		return fmt.Errorf("the event %q, %.300s: %w", named, data, err)
	}
	return nil
}

// rows is CSV (RFC 4180): every row has as many cells as the first.
type rows struct{}

func (r rows) whole(body []byte) error { return r.flow(bytes.NewReader(body)) }

func (rows) flow(body io.Reader) error {
	reader := csv.NewReader(body)
	reader.ReuseRecord = true
	for {
		if _, err := reader.Read(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}
