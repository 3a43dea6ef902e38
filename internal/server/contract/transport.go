package contract

import (
	"bytes"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
)

// Transport is an HTTP transport that holds every exchange against the
// description and tells what is wrong. It changes nothing of what is said. Tell
// is called before the caller has read the answer to its end, from the goroutine
// that reads it.
func (d *Description) Transport(next http.RoundTripper, tell func(error)) http.RoundTripper {
	return &transport{d, next, tell}
}

type transport struct {
	description *Description
	next        http.RoundTripper
	tell        func(error)
}

// RoundTrip makes the exchange. A body that has an end is read to it first; one
// that goes on is looked at as the caller reads it.
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	sent, r, err := takeBody(r)
	if err != nil {
		return nil, err
	}
	answer, err := t.next.RoundTrip(r)
	if err != nil || answer.StatusCode == http.StatusSwitchingProtocols {
		return answer, err
	}
	x := Exchange{Request: r, Sent: sent, Answer: answer}
	o, body, wrong := t.description.head(x)
	say := func(err error) {
		if err = about(x, o, err); err != nil {
			t.tell(err)
		}
	}
	if long, flows := body.(flowing); flows {
		say(wrong)
		answer.Body = follow(answer.Body, long, say)
		return answer, nil
	}
	if body == nil {
		say(wrong)
		return answer, nil
	}
	got, broken := io.ReadAll(answer.Body)
	_ = answer.Body.Close() // it was read to where it ends
	answer.Body = io.NopCloser(io.MultiReader(bytes.NewReader(got), fails{broken}))
	if broken == nil {
		t.description.hear(o, answer.StatusCode, got)
		say(body.whole(got))
	}
	return answer, nil
}

// takeBody reads the body of a request and gives a request that has it still: a
// transport changes none that it is given. A list that is sent line by line may
// go on while it is answered, and is not read.
func takeBody(r *http.Request) ([]byte, *http.Request, error) {
	if r.Body == nil || r.Body == http.NoBody || strings.HasPrefix(r.Header.Get("Content-Type"), byLine) {
		return nil, r, nil
	}
	sent, err := io.ReadAll(r.Body)
	if err := errors.Join(err, r.Body.Close()); err != nil {
		return nil, nil, err
	}
	with := *r
	with.Body = io.NopCloser(bytes.NewReader(sent))
	return sent, &with, nil
}

// fails is the end of what broke off, or an end.
type fails struct{ err error }

func (f fails) Read([]byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	return 0, io.EOF
}

// followed is a body that is looked at while it is read.
type followed struct {
	io.ReadCloser
	pieces  *io.PipeWriter
	verdict chan error // closed once it is told
	say     func(error)
}

func follow(body io.ReadCloser, how flowing, say func(error)) *followed {
	read, write := io.Pipe()
	f := &followed{body, write, make(chan error, 1), say}
	go func() {
		err := how.flow(read)
		f.verdict <- err
		close(f.verdict)
		_, _ = io.Copy(io.Discard, read) // what is wrong already need not be looked at
	}()
	return f
}

// errLeft is that the reader does not want the rest.
var errLeft = errors.New("the reader has left")

func (f *followed) Read(b []byte) (int, error) {
	n, err := f.ReadCloser.Read(b)
	if n > 0 {
		_, _ = f.pieces.Write(b[:n]) // the other end reads everything
	}
	if errors.Is(err, io.EOF) {
		_ = f.pieces.Close()
		f.say(<-f.verdict)
	} else if err != nil {
		f.leave()
	}
	return n, err
}

func (f *followed) Close() error {
	f.leave()
	return f.ReadCloser.Close()
}

// leave gives up the rest; what was wrong before is told.
func (f *followed) leave() {
	_ = f.pieces.CloseWithError(errLeft)
	if err := <-f.verdict; !errors.Is(err, errLeft) {
		f.say(err)
	}
}

// Proxy passes every request on to the server at the target as it came, and the
// answer back, and holds both against the description. An answer that breaks off
// breaks off here too.
func (d *Description) Proxy(target *url.URL, tell func(error)) http.Handler {
	proxy := &httputil.ReverseProxy{
		Rewrite: func(p *httputil.ProxyRequest) {
			p.SetURL(target)
			p.Out.Host, p.Out.URL.RawQuery = p.In.Host, p.In.URL.RawQuery
			for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"} {
				if there, ok := p.In.Header[name]; ok {
					p.Out.Header[name] = there
				}
			}
		},
		Transport:     d.Transport(&http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 64}, tell),
		FlushInterval: -1,
		ErrorLog:      log.New(io.Discard, "", 0),
		ErrorHandler:  func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) },
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = http.NewResponseController(w).EnableFullDuplex() // HTTP/2 is so anyway
		proxy.ServeHTTP(w, r)
	})
}
