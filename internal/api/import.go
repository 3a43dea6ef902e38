package api

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/go-json-experiment/json"

	"tenure/internal/access"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/resource"
)

const (
	// importLine is how many bytes a line of a list may have.
	importLine = 16 << 10
	// importRefusals is how many lines of a list are refused before the rest is not
	// looked at: more than that is another list than was meant. It also bounds what
	// is written before a caller reads who sends the whole list first.
	importRefusals = 1000
)

// streamed marks an operation whose handler reads the body by itself.
const streamed = "streamed"

// importing describes an operation that takes a list of resources, a line each,
// and answers while it reads.
func (d *door) importing(op huma.Operation) huma.Operation {
	op.Description = "The body is NDJSON: one resource a line, `{\"type\", \"id\", \"name\", \"owner\"?, \"sub_account\"?}`, at most 16 KiB each, any number of them. " +
		"A resource that is there already becomes what the line says; an owner or a sub-account that is absent stays. " +
		"The answer is NDJSON too, written while the list is read: `{\"line\", \"code\", \"field\"?, \"detail\"}` for each line that is refused, " +
		"`{\"line\", \"created\", \"changed\", \"unchanged\", \"refused\"}` whenever up to 500 lines have been stored, and at the end the same with `\"done\": true`. " +
		"A list that breaks off leaves what was stored; the same list can be sent again."
	op.Metadata = map[string]any{streamed: true}
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{ndjson: {Schema: &huma.Schema{Type: huma.TypeString}}}}
	line := huma.SchemaFromType(d.huma.OpenAPI().Components.Schemas, reflect.TypeFor[ImportLine]()) // here and nowhere else
	return itemByItem(answeringWith(op, nil, ndjson), ndjson, line)
}

type importInput struct {
	Account     string `path:"account"`
	ContentType string `header:"Content-Type" hidden:"true"`
}

// ImportLine is a line of the answer: how far a list has come, why one of its
// lines was left out, or why the rest was.
type ImportLine struct {
	Line      int    `json:"line" doc:"Of a refusal the line that is meant; otherwise the last one that is stored."`
	Code      string `json:"code,omitempty" doc:"Why the line was left out; beside done, why the rest was."`
	Field     string `json:"field,omitempty"`
	Detail    string `json:"detail,omitempty"`
	Created   *int   `json:"created,omitempty" doc:"This and what follows is so far."`
	Changed   *int   `json:"changed,omitempty"`
	Unchanged *int   `json:"unchanged,omitempty"`
	Refused   *int   `json:"refused,omitempty"`
	Done      *bool  `json:"done,omitempty" doc:"On the last line: whether the whole list was looked at."`
}

// importResources stores a list while it arrives. The first refusal of the whole
// still has its status; afterwards the lines of the answer say what happened.
func (d *door) importResources(_ context.Context, actor access.Actor, in *importInput) (*huma.StreamResponse, error) {
	if media, _, err := mime.ParseMediaType(in.ContentType); in.ContentType != "" && (err != nil || media != ndjson) {
		return nil, fault.Invalid("", "content_type", "The request body must be "+ndjson+".")
	}
	list, err := d.rooms.Resources.Import(actor, id.Account(in.Account))
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(to huma.Context) {
		r, w := humago.Unwrap(to)
		control := http.NewResponseController(w)
		_ = control.EnableFullDuplex() // HTTP/2 is so anyway; a recorder of a test has the whole body
		w.Header().Set("Content-Type", ndjson)
		i := &importer{list: list, answer: download{w, control}, lines: bufio.NewReaderSize(patient{r.Body, control}, importLine)}
		err := i.run(r.Context())
		_ = control.SetReadDeadline(time.Now().Add(bodyTime)) // for what is left of a list that was refused
		if err != nil {
			i.fail(d.refuse(r.Context(), err))
			return
		}
		i.progress(true)
	}}, nil
}

// patient reads a body piece by piece, each within bodyTime. What is done at the
// end may take longer.
type patient struct {
	io.Reader
	control *http.ResponseController
}

// Read reads a piece.
func (p patient) Read(b []byte) (int, error) {
	_ = p.control.SetReadDeadline(time.Now().Add(bodyTime)) // a writer without deadlines has none to set
	n, err := p.Reader.Read(b)
	if errors.Is(err, io.EOF) {
		_ = p.control.SetReadDeadline(time.Time{})
	}
	return n, err
}

// importer takes one list.
type importer struct {
	list   *resource.Import
	lines  *bufio.Reader
	answer download
	line   int // the number of the one that was read last
	wrong  error
}

// errReader says that nobody reads the answer any more.
var errReader = fault.Unavailable("The caller does not read the answer.")

func (i *importer) run(ctx context.Context) error {
	for {
		raw, err := i.next()
		if errors.Is(err, io.EOF) {
			refused, err := i.list.Commit(ctx)
			i.refuse(refused...)
			return errors.Join(err, i.wrong)
		}
		if err != nil {
			return err
		}
		if len(raw) == 0 {
			continue
		}
		draft, err := draftOf(raw)
		if f := fault.As(err); f != nil {
			i.list.Refuse()
			i.refuse(resource.Refusal{Line: i.line, Why: f})
		} else if err := i.take(ctx, draft); err != nil {
			return err
		}
		if i.wrong != nil {
			return i.wrong
		}
		if i.list.Progress().Refused > importRefusals {
			return fault.Unprocessable("too_many_refused", "More than 1,000 lines were refused. The rest was not looked at.")
		}
	}
}

func (i *importer) take(ctx context.Context, draft resource.Draft) error {
	refused, committed, err := i.list.Add(ctx, resource.Line{Number: i.line, Draft: draft})
	i.refuse(refused...)
	if committed && err == nil {
		i.progress(false)
	}
	return err
}

// next gives the next line without its end; one that is too long is told by
// what it gives instead. Faults: broken_off for a body that does not arrive in
// full.
func (i *importer) next() ([]byte, error) {
	i.line++
	raw, err := i.lines.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = i.lines.ReadSlice('\n')
		}
		i.list.Refuse()
		i.refuse(resource.Refusal{Line: i.line, Why: fault.Invalid("", "too_long", "A line has at most 16 KiB.")})
		raw = nil
	}
	if errors.Is(err, io.EOF) && len(raw) > 0 {
		err = nil // the last line may do without an end
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fault.Unprocessable("broken_off", "The list broke off: not all of it arrived. What is counted here is stored.").Because(err)
	}
	return bytes.TrimSpace(raw), err
}

// draftOf reads one line. Its faults are refusals of the line.
func draftOf(raw []byte) (resource.Draft, error) {
	var line struct {
		Type       string        `json:"type"`
		ID         string        `json:"id"`
		Name       string        `json:"name"`
		Owner      Patch[string] `json:"owner,omitzero"`
		SubAccount Patch[string] `json:"sub_account,omitzero"`
	}
	if err := wellFormed("", raw); err != nil {
		return resource.Draft{}, err
	}
	if err := json.Unmarshal(raw, &line, json.RejectUnknownMembers(true)); err != nil {
		at := ""
		if found, ok := errors.AsType[*json.SemanticError](err); ok {
			at = fieldAt(found.JSONPointer)
		}
		if errors.Is(err, json.ErrUnknownName) {
			return resource.Draft{}, fault.Unprocessable(unknownField, "The line has a field that is not known here.").And(at, unknownField, "This field is not known here.")
		}
		return resource.Draft{}, fault.Invalid(at, "type", "This is of another type.")
	}
	return resource.Draft{Key: resource.Key{Type: line.Type, ID: line.ID}, Name: line.Name,
		Owner: (*id.Member)(line.Owner.Value()), SubAccount: (*id.SubAccount)(line.SubAccount.Value())}, nil
}

// refuse says why lines were left out.
func (i *importer) refuse(refused ...resource.Refusal) {
	for _, r := range refused {
		shape := ImportLine{Line: r.Line, Code: r.Why.Code, Detail: r.Why.Message}
		if len(r.Why.Fields) > 0 {
			shape.Field, shape.Detail = r.Why.Fields[0].Field, r.Why.Fields[0].Detail
		}
		i.write(shape)
	}
}

// progress says how far the list has come, and sends it.
func (i *importer) progress(done bool) {
	shape := progressShape(i.list.Progress())
	if done {
		shape.Done = &done
	}
	i.write(shape)
	_ = i.answer.control.Flush() // who is gone is noticed by the next write
}

// fail says why the rest was left out, and what is stored.
func (i *importer) fail(why *Problem) {
	shape, done := progressShape(i.list.Progress()), false
	shape.Code, shape.Detail, shape.Done = why.Code, why.Detail, &done
	i.write(shape)
}

func progressShape(p resource.Progress) ImportLine {
	return ImportLine{Line: p.Line, Created: &p.Created, Changed: &p.Changed, Unchanged: &p.Unchanged, Refused: &p.Refused}
}

func (i *importer) write(shape ImportLine) {
	line, err := json.Marshal(shape)
	if err == nil {
		_, err = i.answer.Write(append(line, '\n'))
	}
	if err != nil && i.wrong == nil {
		i.wrong = errReader
	}
}
