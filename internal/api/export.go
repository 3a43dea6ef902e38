package api

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/go-json-experiment/json"

	"tenure/internal/access"
	"tenure/internal/id"
	"tenure/internal/page"
	"tenure/internal/trail"
)

const ndjson = "application/x-ndjson"

// writeTime is how long a reader may take for one piece of an answer that
// lasts. Who is slower is cut off, and may come back for the rest.
const writeTime = 30 * time.Second

// download is an answer that is written piece by piece and must arrive whole.
// When it cannot be finished the connection is cut, so that whoever receives it
// is told so by their HTTP library: the answer has no length, and its last
// chunk never comes (RFC 9112, section 8).
type download struct {
	w       http.ResponseWriter
	control *http.ResponseController
}

// begin sends the head of the answer. It announces that the number of rows
// comes behind the last of them, as the trailer X-Tenure-Rows.
func begin(to huma.Context, mediaType, file string) download {
	_, w := humago.Unwrap(to)
	h := w.Header()
	h.Set("Content-Type", mediaType)
	h.Set("Content-Disposition", `attachment; filename="`+file+`"`)
	h.Set("Trailer", rowsTrailer)
	return download{w, http.NewResponseController(w)}
}

// lasting lets an answer take longer than a request may take to arrive, until
// what it gives is called: net/http ends a request whose time to be read is over.
func lasting(to huma.Context) (over func()) {
	_, w := humago.Unwrap(to)
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Time{}) // a reader without deadlines has none to set
	return func() { _ = control.SetReadDeadline(time.Now().Add(bodyTime)) }
}

const (
	rowsTrailer = "X-Tenure-Rows"
	headHeader  = "X-Tenure-Head"
)

// fileHeaders are those of a download, trailHeaders those of the trail as one.
var (
	fileHeaders = map[string]*huma.Header{
		"Content-Disposition": always(huma.TypeString, "The name of the file."),
		rowsTrailer:           header(huma.TypeInteger, "How many rows there were. It comes behind the last of them, as a trailer: without it some are missing."),
	}
	trailHeaders = map[string]*huma.Header{
		"Content-Disposition": fileHeaders["Content-Disposition"], rowsTrailer: fileHeaders[rowsTrailer],
		headHeader: always(huma.TypeInteger, "The number of the last event there was when this began, filtered out or not."),
	}
)

// Write writes a piece, within writeTime.
func (d download) Write(b []byte) (int, error) {
	_ = d.control.SetWriteDeadline(time.Now().Add(writeTime)) // a writer without deadlines has none to set
	return d.w.Write(b)
}

// end says how many rows there were.
func (d download) end(rows int) { d.w.Header().Set(rowsTrailer, strconv.Itoa(rows)) }

// breakOff ends an answer in the middle, because of what went wrong with us.
func (d *door) breakOff(ctx context.Context, err error) {
	d.refuse(ctx, err) // logs what is ours
	cut()
}

// cut ends an answer in the middle. The panic is the one that net/http cuts the
// connection for.
func cut() { panic(http.ErrAbortHandler) }

// exportMembers writes the whole list, page by page, so that a large account
// takes no more memory than a small one. The first page is read before anything
// is sent: a refusal still has its status. Each page takes the rights of its
// moment: the list ends where the reader's access does.
func (d *door) exportMembers(ctx context.Context, actor access.Actor, in *csvInput) (*huma.StreamResponse, error) {
	f := in.filter()
	f.Limit = page.Most
	members, next, err := d.rooms.Roster.List(ctx, actor, id.Account(in.Account), f)
	if err != nil {
		return nil, err
	}
	still := d.still(ctx)
	return &huma.StreamResponse{Body: func(to huma.Context) {
		defer lasting(to)()
		file := begin(to, csvType+"; charset=utf-8", "members.csv")
		rows := &sheet{to: file}
		rows.write("id", "email", "first_name", "last_name", "job_title", "phone", "status", "role", "registered_at", "last_seen_at", "created_at")
		for count := 0; ; {
			for _, m := range members {
				rows.write(string(m.ID), m.Email, m.FirstName, m.LastName, m.JobTitle, m.Phone,
					string(m.Status), m.Role, stamp(m.RegisteredAt), stamp(m.LastSeenAt), stamp(m.CreatedAt))
			}
			if rows.err != nil {
				cut() // the reader is gone, or too slow
			}
			if count += len(members); next == "" {
				file.end(count)
				return
			}
			f.Cursor = next
			now, err := still(ctx)
			if err == nil {
				members, next, err = d.rooms.Roster.List(ctx, now, id.Account(in.Account), f)
			}
			if err != nil {
				d.breakOff(ctx, err)
			}
		}
	}}, nil
}

type exportEventsInput struct {
	Account string `path:"account"`
	Format  string `query:"format" enum:"ndjson,csv" default:"ndjson" doc:"One event a line as JSON, or CSV for a spreadsheet."`
	EventFilter
}

// exportEvents writes every event there was when it began. X-Tenure-Head is the
// number of the last one, filtered out or not.
func (d *door) exportEvents(ctx context.Context, _ access.Actor, in *exportEventsInput) (*huma.StreamResponse, error) {
	walk, err := d.rooms.Trail.Export(ctx, d.still(ctx), id.Account(in.Account), in.filter())
	if err != nil {
		return nil, err
	}
	facts, err := walk.Next(ctx)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(to huma.Context) {
		defer lasting(to)()
		to.SetHeader(headHeader, strconv.FormatInt(walk.End(), 10))
		mediaType, write := ndjson, writeEvents
		if in.Format == "csv" {
			mediaType, write = csvType+"; charset=utf-8", writeEventRows
		}
		file, count := begin(to, mediaType, "events."+in.Format), 0
		for first := true; len(facts) > 0 || first; first = false {
			if err := write(file, facts, first); err != nil {
				cut() // the reader is gone, or too slow
			}
			count += len(facts)
			if facts, err = walk.Next(ctx); err != nil {
				d.breakOff(ctx, err)
			}
		}
		file.end(count)
	}}, nil
}

// writeEvents writes one event a line.
func writeEvents(to io.Writer, facts []trail.Fact, _ bool) error {
	var lines []byte
	for _, f := range facts {
		line, err := json.Marshal(eventShape(f), json.Deterministic(true))
		if err != nil {
			return err
		}
		lines = append(append(lines, line...), '\n')
	}
	_, err := to.Write(lines)
	return err
}

// writeEventRows writes one event a row, under the names of the columns.
func writeEventRows(to io.Writer, facts []trail.Fact, first bool) error {
	var rows strings.Builder
	s := sheet{to: &rows}
	if first {
		s.write("seq", "id", "at", "action", "actor_kind", "actor_id", "actor_name", "subject_kind", "subject_id", "subject_name",
			"changes", "request_id", "ip", "hash", "prev")
	}
	for _, f := range facts {
		e := eventShape(f)
		changes, err := json.Marshal(e.Changes, json.Deterministic(true))
		if err != nil {
			return err
		}
		s.write(strconv.FormatInt(e.Seq, 10), e.ID, e.At.Format(time.RFC3339Nano), e.Action, e.Actor.Kind, e.Actor.ID, e.Actor.Name,
			e.Subject.Kind, e.Subject.ID, e.Subject.Name, string(changes), e.RequestID, e.IP, e.Hash, e.Prev)
	}
	_, err := io.WriteString(to, rows.String())
	return err
}
