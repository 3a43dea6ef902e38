package book

import (
	"bytes"
	"embed"
	"html/template"
	"log/slog"
	"net/http"
	"time"

	"tenure/client"
)

// sheet is what every template is drawn with.
type sheet struct {
	Title   string
	Me      client.Session // empty where nobody is signed in
	Account client.Account
	Menu    []entry
	Tenure  string // where browsers reach it
	Body    any
}

// entry is one line of a menu.
type entry struct {
	Name, Path string
	Current    bool
}

//go:embed page/*.html
var written embed.FS

// drawn is the templates by file, each in its frame.
var drawn = func() map[string]*template.Template {
	frame := template.Must(template.New("frame.html").Funcs(template.FuncMap{
		"day":    func(t time.Time) string { return t.Format("2 January 2006") },
		"moment": func(t time.Time) string { return t.Format("2 January 2006, 15:04") },
		"stamp":  func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"words":  inWords,
	}).ParseFS(written, "page/frame.html"))
	all := map[string]*template.Template{}
	files, err := written.ReadDir("page")
	if err != nil {
		panic(err) // they are part of the program
	}
	for _, f := range files {
		all[f.Name()] = template.Must(template.Must(frame.Clone()).ParseFS(written, "page/"+f.Name()))
	}
	return all
}()

// show draws a page for the visitor.
func (v *visit) show(file, title string, body any) error {
	v.binding.draw(v.w, http.StatusOK, file, sheet{
		Title: title, Me: v.me, Account: v.account, Menu: v.menu(), Tenure: v.binding.tenure, Body: body,
	})
	return nil
}

// draw writes a whole page, or none.
func (b *binding) draw(w http.ResponseWriter, status int, file string, s sheet) {
	var out bytes.Buffer
	if err := drawn[file].Execute(&out, s); err != nil {
		slog.Error("a page cannot be drawn", "page", file, "error", err)
		http.Error(w, "Something went wrong on our side.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = out.WriteTo(w) // the reader is there, or gone
}

// inWords calls what Tenure keeps under a short word.
func inWords(kind string) string {
	known := map[string]string{"visit": "Visit", "call": "Call", "deal_closed": "Deal closed", "note": "Note"}
	if text, ok := known[kind]; ok {
		return text
	}
	return kind
}

// menu is where the visitor can go, of what their company has.
func (v *visit) menu() []entry {
	var menu []entry
	add := func(name, place string) {
		menu = append(menu, entry{name, place, within(v.r.URL.Path, place)})
	}
	switch v.account.Preset {
	case "cases":
		add("Cases", "/app/cases")
		if v.me.Holds("templates.manage") {
			add("Templates", "/app/templates")
		}
	case "credits":
		add("Records", "/app/records")
	case "field":
		add("Map", "/app/map")
	case "portal":
		for _, m := range v.modules() {
			add(m.Name, "/app/modules/"+m.Key)
		}
	}
	return menu
}

func within(path, place string) bool {
	return path == place || len(path) > len(place) && path[:len(place)+1] == place+"/"
}

// start leads to the first page that the visitor has.
func (v *visit) start() error {
	if menu := v.menu(); len(menu) > 0 {
		return v.goTo(menu[0].Path)
	}
	return v.show("start.html", "Welcome", nil)
}
