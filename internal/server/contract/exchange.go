package contract

import (
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Exchange is a request and its answer.
type Exchange struct {
	Request *http.Request  // its body has been read
	Sent    []byte         // the body of the request, but one that is sent line by line
	Answer  *http.Response // its body has been read, or goes on
	Got     []byte         // the body of the answer
}

const (
	problemType = "application/problem+json"
	byLine      = "application/x-ndjson"
)

// Check says in what an exchange differs from the description. It gives the same
// for an exchange as Transport tells of it.
func (d *Description) Check(x Exchange) error {
	o, body, err := d.head(x)
	if err == nil && body != nil {
		err = body.whole(x.Got)
	}
	return about(x, o, err)
}

// about names the exchange that something is wrong with.
func about(x Exchange, o *operation, err error) error {
	if err == nil {
		return nil
	}
	id := "no operation"
	if o != nil {
		id = o.id
	}
	return fmt.Errorf("%s %s (%s) answered %d, which docs/openapi.json does not describe: %w", x.Request.Method, x.Request.URL.Path, id, x.Answer.StatusCode, err)
}

// head checks all of an exchange but the body of the answer, and gives what that
// has to be: nil if there is nothing to be said about it.
func (d *Description) head(x Exchange) (*operation, reading, error) {
	o, named := d.find(x.Request)
	if o == nil {
		body, err := d.beside(x)
		return nil, body, err
	}
	status := fmt.Sprint(x.Answer.StatusCode)
	d.note(o, status)
	a := o.answers[status]
	if _, elsewhere := d.named[status]; a == nil && !elsewhere && x.Answer.StatusCode >= 400 {
		a = o.answers["default"] // which stands for the refusals that no operation describes
	}
	if a == nil {
		return o, nil, errors.New("it is no status of this operation")
	}
	if x.Answer.StatusCode < 400 {
		if err := o.check(x, named); err != nil {
			return o, nil, fmt.Errorf("the request should have been refused: %w", err)
		}
	}
	if err := a.checkHeaders(x.Answer); err != nil {
		return o, nil, err
	}
	body, err := a.body(x, d.refusal)
	return o, body, err
}

// beside is what the server may answer where no operation is described: the
// browser app and what only machines ask, or that there is no such thing.
func (d *Description) beside(x Exchange) (reading, error) {
	switch path, status := x.Request.URL.Path, x.Answer.StatusCode; {
	case !within(path, "/v1", "/access", "/.well-known") && (status < 400 || !strings.HasPrefix(mediaType(x.Answer), problemType)):
		return nil, nil
	case status < 300:
		return nil, errors.New("no such operation is described")
	case status < 400:
		return nil, nil // to the path as it should be written
	case mediaType(x.Answer) != problemType:
		return nil, fmt.Errorf("a refusal is no %s but %q", problemType, mediaType(x.Answer))
	case x.Request.Method == http.MethodHead:
		return nil, nil
	}
	return whole{d.refusal}, nil
}

func within(path string, roots ...string) bool {
	return slices.ContainsFunc(roots, func(root string) bool { return path == root || strings.HasPrefix(path, root+"/") })
}

// check says what the operation does not allow in a request.
func (o *operation) check(x Exchange, named map[string]string) error {
	query, err := url.ParseQuery(x.Request.URL.RawQuery)
	if err != nil {
		return err
	}
	for _, p := range o.parameters {
		var given []string
		switch p.in {
		case "path":
			given = []string{named[p.name]}
		case "query":
			given = query[p.name]
			delete(query, p.name)
		case "header":
			given = x.Request.Header.Values(p.name)
		}
		if err := p.check(given); err != nil {
			return err
		}
	}
	for name := range query {
		return fmt.Errorf("it has no parameter %q", name)
	}
	return o.checkBody(x)
}

func (o *operation) checkBody(x Exchange) error {
	if o.takes == nil {
		var fields map[string]any // none, written out, are no body either
		if len(x.Sent) > 0 && (json.Unmarshal(x.Sent, &fields) != nil || fields == nil || len(fields) > 0) {
			return errors.New("it takes no body")
		}
		return nil
	}
	if o.takes[byLine] != nil && strings.HasPrefix(x.Request.Header.Get("Content-Type"), byLine) {
		return nil // each line has a verdict of its own
	}
	if len(x.Sent) == 0 {
		if o.needsBody {
			return errors.New("it needs a body")
		}
		return nil
	}
	named := x.Request.Header.Get("Content-Type")
	media, _, err := mime.ParseMediaType(named)
	if s := o.takes[media]; err == nil && s != nil {
		return wrap("the body", s.value(x.Sent))
	}
	return fmt.Errorf("it takes no body of the type %q", named)
}

// check checks the values of a parameter: those of a header may stand in several
// lines, which are one (RFC 9110, section 5.3).
func (p parameter) check(given []string) error {
	if p.in == "header" && len(given) > 1 && p.name != "Set-Cookie" {
		given = []string{strings.Join(given, ", ")}
	}
	if len(given) == 0 {
		if p.required {
			return fmt.Errorf("the %s %s is missing", p.in, p.name)
		}
		return nil
	}
	if len(given) > 1 && p.in != "header" {
		return fmt.Errorf("the %s %s is there more than once", p.in, p.name)
	}
	for _, value := range given {
		if err := p.schema.word(value); err != nil {
			return fmt.Errorf("the %s %s: %w", p.in, p.name, err)
		}
	}
	return nil
}

// undescribed are headers of every HTTP answer, of connections, and those that
// browsers keep their users safe by: no program goes by them.
var undescribed = []string{
	"Cache-Control", "Connection", "Content-Length", "Content-Security-Policy", "Content-Type", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy",
	"Date", "Permissions-Policy", "Referrer-Policy", "Server", "Set-Cookie", "Strict-Transport-Security", "Trailer", "Vary", "X-Content-Type-Options",
}

// checkHeaders checks every header of an answer, and the names of its trailers.
func (a *answer) checkHeaders(r *http.Response) error {
	for name, header := range a.headers {
		if err := header.check(r.Header[name]); err != nil && (r.Trailer == nil || !header.announced(r)) {
			return err
		}
	}
	for _, there := range []http.Header{r.Header, r.Trailer} {
		for name := range there {
			if _, described := a.headers[name]; !described && !slices.Contains(undescribed, name) {
				return fmt.Errorf("the header %s is not described", name)
			}
		}
	}
	return nil
}

// announced reports whether a header comes behind the body.
func (p parameter) announced(r *http.Response) bool {
	_, there := r.Trailer[http.CanonicalHeaderKey(p.name)]
	return there
}

// body gives what the body of an answer has to be.
func (a *answer) body(x Exchange, refusal *schema) (reading, error) {
	named := x.Answer.Header.Get("Content-Type")
	if len(a.content) == 0 {
		if named != "" {
			return nil, fmt.Errorf("it has a body of the type %q", named)
		}
		return none{}, nil
	}
	c, described := a.content[mediaType(x.Answer)]
	switch {
	case !described:
		return nil, fmt.Errorf("the type %q is not described", named)
	case x.Request.Method == http.MethodHead:
		return none{}, nil
	}
	switch mediaType(x.Answer) {
	case byLine:
		return lines{c.item}, nil
	case "text/event-stream":
		return events{c.item, refusal}, nil
	case "text/csv":
		return rows{}, nil
	}
	return whole{c.whole}, nil
}

// mediaType is the type of an answer without its parameters.
func mediaType(r *http.Response) string {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return r.Header.Get("Content-Type")
	}
	return media
}

func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}
