// Package contract holds what tests and the server say to each other against
// docs/openapi.json. It stands outside of the server: as the transport of an
// HTTP client, or as a proxy before a program.
//
// The contract. A request that succeeds is one that the description allows, to
// the last parameter, header and field. An answer has a status that is described
// for its operation, every header that is required and no header that is not
// described, and a body of the type and the schema of this very status, without
// any field besides. A refusal is a problem (RFC 9457) wherever it comes from.
// What is wrong on purpose and refused may be as wrong as it likes.
package contract

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"tenure/docs"
)

// Description is an OpenAPI description to hold exchanges against. It is safe
// for concurrent use.
type Description struct {
	operations []*operation
	refusal    *schema             // what any refusal looks like
	named      map[string]struct{} // every status that is described by its number

	mu       sync.Mutex // guards what follows
	seen     map[string]bool
	unlisted map[string]bool // refusals with a code that their operation does not list
}

// Described is the description in docs, read once in the life of a process.
var Described = sync.OnceValue(func() *Description {
	d, err := Read(docs.OpenAPI)
	if err != nil {
		panic(err) // docs/openapi.json is part of the program
	}
	return d
})

// byCode are the answers that are told apart by their codes: the default stands
// for the codes of any operation, and Unlisted looks at the others.
var byCode = []string{"default", "409", "410"}

// operation is one operation of the description.
type operation struct {
	id, method string
	segments   []string // of the path
	parameters []parameter
	takes      map[string]*schema // bodies by media type; nil if it takes none
	needsBody  bool
	answers    map[string]*answer // by status, or default
}

type parameter struct {
	name, in string
	required bool
	schema   *schema
}

// answer is how one status of an operation looks.
type answer struct {
	headers map[string]parameter // by canonical name
	content map[string]content   // by media type; empty if there is no body
	codes   []string             // of a refusal
}

// content is a body: whole, or one item after the other.
type content struct {
	whole, item *schema
}

// Read makes a description ready. Schemas are compiled when they are needed.
func Read(document []byte) (*Description, error) {
	var whole map[string]any
	if err := json.Unmarshal(document, &whole); err != nil {
		return nil, fmt.Errorf("read the description: %w", err)
	}
	root := part{reader: newReader(whole), is: whole}
	d := &Description{named: map[string]struct{}{}, seen: map[string]bool{}, unlisted: map[string]bool{}}
	for _, path := range root.the("paths").names() {
		item := root.the("paths", path)
		for _, method := range item.names() {
			o := item.the(method).operation(method, path)
			d.operations = append(d.operations, o)
			for status := range o.answers {
				if !slices.Contains(byCode, status) {
					d.named[status] = struct{}{}
				}
			}
		}
	}
	d.refusal = root.the("components", "responses", "Problem", "content", problemType).schema(told)
	if len(d.operations) == 0 || d.refusal == nil {
		return nil, fmt.Errorf("read the description: it has %d operations, and says how a refusal looks: %v", len(d.operations), d.refusal != nil)
	}
	return d, nil
}

func (p part) operation(method, path string) *operation {
	id, _ := p.is["operationId"].(string)
	o := &operation{id: id, method: strings.ToUpper(method), segments: strings.Split(path, "/"), answers: map[string]*answer{}}
	for _, q := range p.list("parameters") {
		name, _ := q.is["name"].(string)
		in, _ := q.is["in"].(string)
		o.parameters = append(o.parameters, parameter{name, in, q.is["required"] == true, q.schema(asked)})
	}
	if body := p.the("requestBody"); body.is != nil {
		o.takes, o.needsBody = map[string]*schema{}, body.is["required"] == true
		for _, mediaType := range body.the("content").names() {
			o.takes[mediaType] = body.the("content", mediaType).schema(asked)
		}
	}
	for _, status := range p.the("responses").names() {
		o.answers[status] = p.the("responses", status).answer()
	}
	return o
}

func (p part) answer() *answer {
	a := &answer{headers: map[string]parameter{}, content: map[string]content{}}
	listed, _ := p.is["x-codes"].([]any)
	for _, code := range listed {
		text, _ := code.(string)
		a.codes = append(a.codes, text)
	}
	for _, name := range p.the("headers").names() {
		h := p.the("headers", name)
		a.headers[http.CanonicalHeaderKey(name)] = parameter{name, "header", h.is["required"] == true, h.schema(told)}
	}
	for _, mediaType := range p.the("content").names() {
		media := p.the("content", mediaType)
		a.content[mediaType] = content{media.schema(told), media.the("x-item-schema").compiling(told)}
	}
	return a
}

// find gives the operation that a request asks for, nil if there is none, with
// what its path names. Where a word and a parameter both fit, the word is meant.
func (d *Description) find(r *http.Request) (found *operation, named map[string]string) {
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	there := strings.Split(r.URL.EscapedPath(), "/")
	for _, o := range d.operations {
		if o.method != method || len(o.segments) != len(there) {
			continue
		}
		if names, fits := o.fits(there); fits && (found == nil || len(names) < len(named)) {
			found, named = o, names
		}
	}
	return found, named
}

func (o *operation) fits(there []string) (named map[string]string, fits bool) {
	named = map[string]string{}
	for i, wanted := range o.segments {
		name, variable := strings.CutPrefix(wanted, "{")
		switch value, err := url.PathUnescape(there[i]); {
		case err != nil:
			return nil, false
		case variable && value != "":
			named[strings.TrimSuffix(name, "}")] = value
		case value != wanted:
			return nil, false
		}
	}
	return named, true
}

// note remembers that an operation has answered so.
func (d *Description) note(o *operation, status string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.seen[o.id+" "+status] = true
}

// hear remembers a refusal with a code that its operation does not list.
func (d *Description) hear(o *operation, status int, body []byte) {
	var refused struct{ Code string }
	if o == nil || status < 400 || json.Unmarshal(body, &refused) != nil || refused.Code == "" {
		return
	}
	for _, known := range []string{fmt.Sprint(status), "default"} {
		if a := o.answers[known]; a != nil && slices.Contains(a.codes, refused.Code) {
			return
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.unlisted[fmt.Sprintf("%s %d %s", o.id, status, refused.Code)] = true
}

// Unlisted lists the refusals of this process, by operation, status and code,
// that the description does not list for their operation.
func (d *Description) Unlisted() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Sorted(maps.Keys(d.unlisted))
}

// Unseen lists what the description promises and no exchange of this process has
// shown: operations with the statuses that they are described to answer.
func (d *Description) Unseen() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var unseen []string
	for _, o := range d.operations {
		for status := range o.answers {
			if what := o.id + " " + status; status != "default" && !d.seen[what] {
				unseen = append(unseen, what)
			}
		}
	}
	slices.Sort(unseen)
	return unseen
}
