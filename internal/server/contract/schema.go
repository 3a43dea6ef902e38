package contract

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// side is who says what a schema is about. What is asked may have the fields
// that the schema names and, where it says so, others. What is told may have
// others one day; in a test it has those that are described.
type side string

const (
	asked side = "asked"
	told  side = "told"
)

// reader compiles the schemas of one document. OpenAPI 3.1 has those of JSON
// Schema 2020-12, and they refer to each other by where they stand.
type reader struct {
	whole map[string]any

	mu       sync.Mutex // guards the compiler
	compiler *jsonschema.Compiler
}

func newReader(whole map[string]any) *reader {
	r := &reader{whole: whole, compiler: jsonschema.NewCompiler()}
	r.compiler.DefaultDraft(jsonschema.Draft2020)
	r.compiler.AssertFormat()
	for _, s := range []side{asked, told} {
		document := any(whole)
		if s == told {
			document = closed(whole)
		}
		_ = r.compiler.AddResource(s.resource(), document) // fails only for a name that is no URL
	}
	return r
}

func (s side) resource() string { return "openapi:" + string(s) }

// closed gives a copy in which objects have no fields besides those named,
// unless they say that they do.
func closed(v any) any {
	switch v := v.(type) {
	case map[string]any:
		other := make(map[string]any, len(v)+1)
		for name, value := range v {
			other[name] = closed(value)
		}
		_, open := v["additionalProperties"]
		if _, named := v["properties"].(map[string]any); named && !open && v["type"] == "object" {
			other["additionalProperties"] = false
		}
		return other
	case []any:
		other := make([]any, len(v))
		for i := range v {
			other[i] = closed(v[i])
		}
		return other
	default:
		return v
	}
}

// part is an object of the document, and where it stands.
type part struct {
	*reader
	at string // a JSON pointer (RFC 6901)
	is map[string]any
}

var pointer = strings.NewReplacer("~", "~0", "/", "~1")

// the goes along names into the document and follows references. It is empty
// where there is nothing.
func (p part) the(names ...string) part {
	for _, name := range names {
		is, _ := p.is[name].(map[string]any)
		p = part{p.reader, p.at + "/" + pointer.Replace(name), is}.resolved()
	}
	return p
}

// list goes into a list.
func (p part) list(name string) []part {
	items, _ := p.is[name].([]any)
	all := make([]part, len(items))
	for i, item := range items {
		is, _ := item.(map[string]any)
		all[i] = part{p.reader, fmt.Sprintf("%s/%s/%d", p.at, name, i), is}.resolved()
	}
	return all
}

func (p part) resolved() part {
	ref, ok := p.is["$ref"].(string)
	if !ok {
		return p
	}
	return part{reader: p.reader, is: p.whole}.the(strings.Split(strings.TrimPrefix(ref, "#/"), "/")...)
}

// names gives the names in it, sorted.
func (p part) names() []string {
	all := make([]string, 0, len(p.is))
	for name := range p.is {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// schema is a schema of the document.
type schema struct {
	text    bool // it is about text, which stands in a path, a query or a header as it is
	compile func() (*jsonschema.Schema, error)
}

// schema is the one that the part has under this name, or nil.
func (p part) schema(s side) *schema { return p.the("schema").compiling(s) }

func (p part) compiling(s side) *schema {
	if p.is == nil {
		return nil
	}
	return &schema{text: p.is["type"] == "string", compile: sync.OnceValues(func() (*jsonschema.Schema, error) {
		p.mu.Lock()
		defer p.mu.Unlock()
		return p.compiler.Compile(s.resource() + "#" + p.at)
	})}
}

// value checks a JSON value.
func (s *schema) value(raw []byte) error {
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return fmt.Errorf("it is not JSON: %w", err)
	}
	return s.check(value)
}

// word checks a value of a path, a query or a header: text as it is, anything
// else as it stands in JSON.
func (s *schema) word(text string) error {
	if !s.text && json.Valid([]byte(text)) {
		return s.value([]byte(text))
	}
	return s.check(text)
}

func (s *schema) check(value any) error {
	compiled, err := s.compile()
	if err != nil {
		return fmt.Errorf("the description has a schema that is none: %w", err)
	}
	err = compiled.Validate(value)
	if wrong, ok := errors.AsType[*jsonschema.ValidationError](err); ok {
		return verdict(wrong)
	}
	return err
}

// verdict words the innermost causes: where in the value, and what is wrong.
func verdict(wrong *jsonschema.ValidationError) error {
	var found []string
	english := message.NewPrinter(language.English)
	var into func(*jsonschema.ValidationError)
	into = func(w *jsonschema.ValidationError) {
		for _, cause := range w.Causes {
			into(cause)
		}
		if len(w.Causes) == 0 {
			found = append(found, fmt.Sprintf("/%s: %s", strings.Join(w.InstanceLocation, "/"), w.ErrorKind.LocalizedString(english)))
		}
	}
	into(wrong)
	return errors.New(strings.Join(found, "; "))
}
