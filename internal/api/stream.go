package api

import (
	"bytes"
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/go-json-experiment/json"

	"tenure/internal/access"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/trail"
)

const eventStream = "text/event-stream"

// bufferHeader asks a proxy not to collect what passes through it (nginx).
const bufferHeader = "X-Accel-Buffering"

var streamHeaders = map[string]*huma.Header{bufferHeader: header(huma.TypeString, "no, for a proxy: one that collected would make it no stream.")}

type followEventsInput struct {
	Account string `path:"account"`
	Actor   string `query:"actor" maxLength:"60" doc:"The id of who did it, or system."`
	Action  string `query:"action" maxLength:"60" doc:"One action, or a family: invitation."`
	Subject string `query:"subject" maxLength:"160" doc:"The id of what it was done to."`
	Since   string `query:"since_seq" maxLength:"20" doc:"Begin behind the event of this number. Without it, with what happens next."`
	Last    string `header:"Last-Event-ID" doc:"What a browser says when it comes back: the id it was given last. It counts rather than since_seq." maxLength:"20"`
}

// from is where the stream begins. Faults: invalid.
func (in *followEventsInput) from() (int64, error) {
	field, text := "since_seq", in.Since
	if in.Last != "" {
		field, text = "Last-Event-ID", in.Last
	}
	if text == "" {
		return trail.FromNow, nil
	}
	seq, err := strconv.ParseInt(text, 10, 64)
	if err != nil || seq < 0 {
		return 0, fault.Invalid(field, "malformed", "The number of an event, or 0 for all of them.")
	}
	return seq, nil
}

// followEvents writes every event as it happens, as a server-sent event (HTML
// Living Standard, section 9.2) whose id is the event's number.
func (d *door) followEvents(ctx context.Context, _ access.Actor, in *followEventsInput) (*huma.StreamResponse, error) {
	since, err := in.from()
	if err != nil {
		return nil, err
	}
	f := EventFilter{Actor: in.Actor, Action: in.Action, Subject: in.Subject}.filter()
	live, err := d.rooms.Trail.Follow(ctx, d.still(ctx), id.Account(in.Account), f, since)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(to huma.Context) {
		defer live.Close()
		defer lasting(to)()
		r, w := humago.Unwrap(to)
		routeOf(ctx).begun()
		s := stream{w: w, control: http.NewResponseController(w), closing: d.rooms.Trail.Closing()}
		defer context.AfterFunc(s.closing, func() { _ = s.control.SetWriteDeadline(time.Unix(1, 0)) })()
		w.Header().Set("Content-Type", eventStream)
		w.Header().Set(bufferHeader, "no")
		if err := s.begin(live.At()); err != nil || r.Method == http.MethodHead {
			return
		}
		for {
			facts, err := live.Next(ctx, d.config.Heartbeat)
			switch {
			case err != nil:
				s.end(d.refuse(ctx, err))
				return
			case len(facts) == 0:
				err = s.beat(live.At())
			default:
				err = s.events(facts)
			}
			if err != nil {
				return // the reader is gone, or too slow
			}
		}
	}}, nil
}

// stream writes server-sent events. Each piece is sent before the next is read,
// so that a slow reader holds no more than one.
type stream struct {
	w       http.ResponseWriter
	control *http.ResponseController
	closing context.Context // nothing waits for a slow reader when it has ended
	piece   bytes.Buffer
}

// begin says how soon to come back after a break, and where the stream begins:
// who loses it before the first event comes back to the same place.
func (s *stream) begin(at int64) error {
	s.piece.WriteString("retry: 2000\n")
	return s.beat(at)
}

// beat sends an id without an event: nothing is dispatched, and who comes back
// is not given again what the filter left out.
func (s *stream) beat(at int64) error {
	s.piece.WriteString("id: " + strconv.FormatInt(at, 10) + "\n\n")
	return s.send()
}

func (s *stream) events(facts []trail.Fact) error {
	for _, f := range facts {
		data, err := json.Marshal(eventShape(f), json.Deterministic(true)) // has no line feeds
		if err != nil {
			return err
		}
		s.piece.WriteString("id: " + strconv.FormatInt(f.Seq, 10) + "\ndata: ")
		s.piece.Write(data)
		s.piece.WriteString("\n\n")
	}
	return s.send()
}

// end says why the stream ends, as an event named end.
func (s *stream) end(why *Problem) {
	if data, err := json.Marshal(why, json.Deterministic(true)); err == nil {
		s.piece.WriteString("event: end\ndata: " + string(data) + "\n\n")
		_ = s.send() // the reader may be gone
	}
}

func (s *stream) send() error {
	_ = s.control.SetWriteDeadline(time.Now().Add(writeTime)) // a writer without deadlines has none to set
	if s.closing.Err() != nil {
		return s.closing.Err()
	}
	_, err := s.w.Write(s.piece.Bytes())
	s.piece.Reset()
	if err == nil {
		err = s.control.Flush()
	}
	return err
}
