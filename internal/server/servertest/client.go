package servertest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Client makes requests with one credential.
type Client struct {
	t         testing.TB
	base      string
	token     string
	transport http.RoundTripper
	header    http.Header
}

// With gives a client that also sends the header.
func (c *Client) With(name, value string) *Client {
	other := *c
	other.header = c.header.Clone()
	if other.header == nil {
		other.header = http.Header{}
	}
	other.header.Set(name, value)
	return &other
}

// At gives a client that reaches the server at another address: through a proxy.
func (c *Client) At(base string) *Client {
	other := *c
	other.base = base
	return &other
}

// Token is the credential.
func (c *Client) Token() string { return c.token }

// Map is a JSON object to send.
type Map = map[string]any

// Call makes a request; body is nil, raw text, or something to send as JSON.
func (c *Client) Call(method, path string, body any) *Answer {
	c.t.Helper()
	var content io.Reader
	switch body := body.(type) {
	case nil:
	case string:
		content = strings.NewReader(body)
	default:
		raw, err := json.Marshal(body)
		if err != nil {
			c.t.Fatal(err)
		}
		content = bytes.NewReader(raw)
	}
	request, err := http.NewRequestWithContext(c.t.Context(), method, c.base+path, content)
	if err != nil {
		c.t.Fatal(err)
	}
	for name, values := range c.header {
		if name == "Host" {
			request.Host = values[0]
			continue
		}
		request.Header[name] = values
	}
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	if content != nil && request.Header.Get("Content-Type") == "" {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := c.within(30 * time.Second).Do(request)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer response.Body.Close()
	raw, err := readAnswer(response)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	return &Answer{t: c.t, what: method + " " + path, Status: response.StatusCode, Header: response.Header, Body: raw}
}

// within is an HTTP client that waits so long for a whole answer; 0 is for ever.
func (c *Client) within(timeout time.Duration) *http.Client {
	return &http.Client{Transport: c.transport, Timeout: timeout, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
}

// readAnswer reads all of an answer, and of a stream, which has no end, the
// first block.
func readAnswer(r *http.Response) ([]byte, error) {
	if r.Header.Get("Content-Type") != "text/event-stream" || r.Request.Method == http.MethodHead {
		return io.ReadAll(r.Body)
	}
	var block []byte
	for lines := bufio.NewReader(r.Body); ; {
		line, err := lines.ReadBytes('\n')
		block = append(block, line...)
		if err != nil || len(line) == 1 {
			return block, err
		}
	}
}

// Get and the others are Call.
func (c *Client) Get(path string) *Answer { c.t.Helper(); return c.Call("GET", path, nil) }

// Post posts the body as JSON.
func (c *Client) Post(path string, body any) *Answer { c.t.Helper(); return c.Call("POST", path, body) }

// Patch patches.
func (c *Client) Patch(path string, body any) *Answer {
	c.t.Helper()
	return c.Call("PATCH", path, body)
}

// Put puts.
func (c *Client) Put(path string, body any) *Answer { c.t.Helper(); return c.Call("PUT", path, body) }

// Delete deletes.
func (c *Client) Delete(path string) *Answer { c.t.Helper(); return c.Call("DELETE", path, nil) }

// Answer is what came back.
type Answer struct {
	t      testing.TB
	what   string
	Status int
	Header http.Header
	Body   []byte
}

// OK ends the test unless the answer is a success.
func (a *Answer) OK() *Answer {
	a.t.Helper()
	if a.Status >= 300 {
		a.t.Fatalf("%s: %d %s", a.what, a.Status, a.Body)
	}
	return a
}

// Refused checks that the answer is this refusal.
func (a *Answer) Refused(status int, code string) *Answer {
	a.t.Helper()
	if a.Status != status || a.Text("code") != code {
		a.t.Errorf("%s: got %d %s, want %d %s", a.what, a.Status, a.Body, status, code)
	}
	return a
}

// At gives the value at a path of names and indices joined by dots:
// items.0.id. It is nil if there is none.
func (a *Answer) At(path string) any {
	a.t.Helper()
	var value any
	if err := json.Unmarshal(a.Body, &value); err != nil {
		a.t.Fatalf("%s: %v in %s", a.what, err, a.Body)
	}
	for step := range strings.SplitSeq(path, ".") {
		switch v := value.(type) {
		case map[string]any:
			value = v[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(v) {
				return nil
			}
			value = v[i]
		default:
			return nil
		}
	}
	return value
}

// Text is At for a text, empty if there is none.
func (a *Answer) Text(path string) string {
	a.t.Helper()
	s, _ := a.At(path).(string)
	return s
}

// Number is At for a number, 0 if there is none.
func (a *Answer) Number(path string) float64 {
	a.t.Helper()
	n, _ := a.At(path).(float64)
	return n
}

// List is At for a list.
func (a *Answer) List(path string) []any {
	a.t.Helper()
	l, _ := a.At(path).([]any)
	return l
}
