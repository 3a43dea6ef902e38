package mailbox

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"time"
)

//go:embed page.html mailbox.css mailbox.js
var assets embed.FS

var page = template.Must(template.New("page.html").Funcs(template.FuncMap{
	"linked": linked,
}).ParseFS(assets, "page.html"))

// guard keeps a mail from doing anything but being looked at: the frame it is
// shown in inherits this policy, and its sandbox runs no script at all.
const guard = "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src data:; script-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// longestWait bounds how long a request may wait for mail.
const longestWait = 30 * time.Second

// Handler shows the mailbox to people at /mailbox, and to programs at
// /mailbox/api/messages: ?to= finds by recipient, ?after= gives only mails with
// a higher number, and with ?wait= (seconds) the answer waits for one.
func (m *Mailbox) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /mailbox", m.show)
	mux.HandleFunc("GET /mailbox/{number}", m.show)
	mux.HandleFunc("GET /mailbox/api/messages", m.list)
	mux.HandleFunc("GET /mailbox/mailbox.css", asset("mailbox.css"))
	mux.HandleFunc("GET /mailbox/mailbox.js", asset("mailbox.js"))
	return mux
}

func asset(name string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-cache")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		http.ServeFileFS(w, r, assets, name)
	}
}

// view is what the page shows.
type view struct {
	To       string
	Messages []Message
	Open     *Message
	Newest   int64
	// Framed is the mail's own markup, with links that leave the frame.
	Framed string
}

func (m *Mailbox) show(w http.ResponseWriter, r *http.Request) {
	v := view{To: r.FormValue("to")}
	v.Messages = m.Messages(v.To)
	if len(v.Messages) > 0 {
		v.Newest = v.Messages[0].Number
	}
	if wanted := r.PathValue("number"); wanted != "" {
		number, err := strconv.ParseInt(wanted, 10, 64)
		message, found := m.Message(number)
		if err != nil || !found {
			http.Error(w, "This mail is not kept here.", http.StatusNotFound)
			return
		}
		v.Open = &message
		v.Framed = `<base target="_top">` + message.HTML
	}
	var out bytes.Buffer
	if err := page.Execute(&out, v); err != nil {
		http.Error(w, "The mailbox cannot be shown.", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", guard)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	w.Write(out.Bytes())
}

func (m *Mailbox) list(w http.ResponseWriter, r *http.Request) {
	to := r.FormValue("to")
	after, _ := strconv.ParseInt(r.FormValue("after"), 10, 64)
	if seconds, err := strconv.ParseFloat(r.FormValue("wait"), 64); err == nil && seconds > 0 {
		wait := min(time.Duration(seconds*float64(time.Second)), longestWait)
		ctx, cancel := context.WithTimeout(r.Context(), wait)
		defer cancel()
		// What is there when the time is over is the answer.
		_, _ = m.Wait(ctx, "", func(message Message) bool { return message.Number > after && message.isTo(to) })
	}
	items := []Message{}
	for _, message := range m.Messages(to) {
		if message.Number > after {
			items = append(items, message)
		}
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	json.NewEncoder(w).Encode(map[string]any{"items": items})
}

// linked escapes a text and makes its addresses links.
func linked(text string) template.HTML {
	var b strings.Builder
	for {
		at := address.FindStringIndex(text)
		if at == nil {
			b.WriteString(template.HTMLEscapeString(text))
			return template.HTML(b.String()) // #nosec G203 -- every piece was escaped
		}
		link := template.HTMLEscapeString(text[at[0]:at[1]])
		b.WriteString(template.HTMLEscapeString(text[:at[0]]))
		b.WriteString(`<a href="` + link + `">` + link + `</a>`)
		text = text[at[1]:]
	}
}
