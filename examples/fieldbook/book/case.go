package book

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tenure/client"
)

// The kinds of templates that administrators make for notes.
var templateKinds = []string{"Contact", "Issue", "Source"}

// pattern is a template for a note.
type pattern struct {
	ID, Kind, Name string
}

// note is something that was written on a case.
type note struct {
	Label string // of the template it follows, or empty
	Text  string
	By    string // their address
	At    time.Time
}

// caseLine is a case in the list.
type caseLine struct {
	client.Resource
	Mine bool // owned, or worked on
}

// reached lists what the visitor reaches of a type: Tenure knows, and nobody else.
func (v *visit) reached(kind string) ([]client.Resource, error) {
	var all []client.Resource
	for cursor := ""; ; {
		page, err := v.tenure.Resources(v.r.Context(), v.me.AccountID, client.ResourceFilter{Type: kind}, cursor)
		if err != nil {
			return nil, err
		}
		all = append(all, page.Items...)
		if cursor = page.NextCursor; cursor == "" {
			return all, nil
		}
	}
}

func (v *visit) listCases() error {
	found, err := v.reached("case")
	if err != nil {
		return err
	}
	lines := make([]caseLine, len(found))
	for i, r := range found {
		mine := slices.ContainsFunc(r.People, func(h client.Holder) bool { return h.Member == v.me.MemberID })
		lines[i] = caseLine{r, mine}
	}
	return v.show("cases.html", "Cases", struct {
		Cases   []caseLine
		MayOpen bool
	}{lines, v.me.Holds("resources.manage")})
}

// openCase registers a new case, which is the visitor's own.
func (v *visit) openCase() error {
	name, err := v.typed("name", "The name", 200)
	if err != nil {
		return err
	}
	made, err := v.tenure.PutResource(v.r.Context(), v.me.AccountID, "case", newName(), client.ResourceDraft{Name: name, Owner: &v.me.MemberID})
	if err != nil {
		return err
	}
	return v.goTo("/app/cases/" + made.ID)
}

func (v *visit) showCase() error {
	id := v.r.PathValue("id")
	kept, err := v.tenure.Resource(v.r.Context(), v.me.AccountID, "case", id)
	if err != nil {
		return err
	}
	history, err := v.tenure.ResourceHistory(v.r.Context(), v.me.AccountID, "case", id)
	if err != nil {
		return err
	}
	return v.show("case.html", kept.Name, struct {
		Case      client.Resource
		Summary   string
		Notes     []note
		Templates []pattern
		History   client.ResourceHistory
	}{kept, v.shelf.summary("case/" + id), v.shelf.notes(id), v.shelf.templates(), history})
}

// takeOff takes somebody off a case. Who may do that, and that anybody may where
// the person has left, Tenure knows.
func (v *visit) takeOff() error {
	id := v.r.PathValue("id")
	if err := v.tenure.UnassignResource(v.r.Context(), v.me.AccountID, "case", id, v.r.PathValue("member")); err != nil {
		return err
	}
	return v.goTo("/app/cases/" + id)
}

// addNote keeps the words here, and lets Tenure know that there are some.
func (v *visit) addNote() error {
	id := v.r.PathValue("id")
	text, err := v.typed("text", "The note", 4000)
	if err != nil {
		return err
	}
	label := ""
	if chosen := v.r.PostFormValue("template"); chosen != "" {
		t, ok := v.shelf.template(chosen)
		if !ok {
			return wrongError{"There is no such template any more."}
		}
		label = t.Kind + ": " + t.Name
	}
	noted, err := v.tenure.AddActivity(v.r.Context(), v.me.AccountID, "case", id, client.NewActivity{Kind: "note", Note: label})
	if err != nil {
		return err
	}
	v.shelf.write(id, note{label, text, v.me.Email, noted.At})
	return v.goTo("/app/cases/" + id)
}

func (v *visit) listTemplates() error {
	type group struct {
		Kind  string
		Items []pattern
	}
	groups := make([]group, len(templateKinds))
	for i, kind := range templateKinds {
		groups[i].Kind = kind
		for _, t := range v.shelf.templates() {
			if t.Kind == kind {
				groups[i].Items = append(groups[i].Items, t)
			}
		}
	}
	return v.show("templates.html", "Templates", groups)
}

func (v *visit) addTemplate() error {
	kind := v.r.PostFormValue("kind")
	if !slices.Contains(templateKinds, kind) {
		return wrongError{fmt.Sprintf("A template is one of %s.", strings.Join(templateKinds, ", "))}
	}
	name, err := v.typed("name", "The name", 80)
	if err != nil {
		return err
	}
	v.shelf.addTemplate(pattern{newName(), kind, name})
	return v.goTo("/app/templates")
}

func (v *visit) removeTemplate() error {
	v.shelf.removeTemplate(v.r.PathValue("id"))
	return v.goTo("/app/templates")
}
