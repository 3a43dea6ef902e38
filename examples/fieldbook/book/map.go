package book

import (
	"cmp"
	"hash/fnv"
	"slices"

	"tenure/client"
)

// place is where a pin stands on the board, in hundredths of its width and height.
type place struct{ X, Y int }

// pinMark is a pin on the board.
type pinMark struct {
	client.Resource
	place
	Mine, Chosen bool
	Whose        string // the owner's name, or empty
}

// board is the map with its pins, and the one that was chosen.
type board struct {
	Pins   []pinMark
	Chosen *pinCard
	MayAdd bool
}

// pinCard is a pin with its history.
type pinCard struct {
	client.Resource
	Summary string
	History client.ResourceHistory
	Closed  *client.Activity // the deal, when it is closed
	Visits  int
}

func (v *visit) showMap() error { return v.showBoard(nil) }

// showPin shows the board with a pin on it opened.
func (v *visit) showPin() error {
	id := v.r.PathValue("id")
	kept, err := v.tenure.Resource(v.r.Context(), v.me.AccountID, "pin", id)
	if err != nil {
		return err
	}
	history, err := v.tenure.ResourceHistory(v.r.Context(), v.me.AccountID, "pin", id)
	if err != nil {
		return err
	}
	card := &pinCard{Resource: kept, Summary: v.shelf.summary("pin/" + id), History: history}
	for i, a := range history.Activities {
		switch a.Kind {
		case "visit":
			card.Visits++
		case "deal_closed":
			card.Closed = &history.Activities[i]
		}
	}
	return v.showBoard(card)
}

func (v *visit) showBoard(chosen *pinCard) error {
	found, err := v.reached("pin")
	if err != nil {
		return err
	}
	b := board{Chosen: chosen, MayAdd: v.me.Holds("resources.manage")}
	for _, r := range found {
		b.Pins = append(b.Pins, pinMark{
			Resource: r, place: v.shelf.place(r.ID), Mine: r.Owner == v.me.MemberID, Chosen: chosen != nil && chosen.ID == r.ID, Whose: whose(r),
		})
	}
	// From the top down, so that a pin is drawn over those behind it.
	slices.SortFunc(b.Pins, func(a, b pinMark) int { return cmp.Compare(a.Y, b.Y) })
	title := "Map"
	if chosen != nil {
		title = chosen.Name
	}
	return v.show("map.html", title, b)
}

func whose(r client.Resource) string {
	for _, h := range r.People {
		if h.Member == r.Owner {
			return h.Name
		}
	}
	return ""
}

// addPin registers a pin, which is the visitor's own.
func (v *visit) addPin() error {
	name, err := v.typed("name", "The name", 200)
	if err != nil {
		return err
	}
	made, err := v.tenure.PutResource(v.r.Context(), v.me.AccountID, "pin", newName(), client.ResourceDraft{Name: name, Owner: &v.me.MemberID})
	if err != nil {
		return err
	}
	return v.goTo("/app/map/" + made.ID)
}

// addActivity notes a visit, or that the deal is closed, as the visitor's.
func (v *visit) addActivity() error {
	id, kind := v.r.PathValue("id"), v.r.PostFormValue("kind")
	if kind != "visit" && kind != "deal_closed" {
		return wrongError{"Either a visit, or the deal is closed."}
	}
	if _, err := v.tenure.AddActivity(v.r.Context(), v.me.AccountID, "pin", id, client.NewActivity{Kind: kind, Note: v.r.PostFormValue("note")}); err != nil {
		return err
	}
	return v.goTo("/app/map/" + id)
}

// somewhere gives a pin a place that nobody has chosen: always the same.
func somewhere(id string) place {
	h := fnv.New32a()
	_, _ = h.Write([]byte(id)) // a hash takes everything
	n := int(h.Sum32())
	return place{12 + n%76, 18 + n/100%70}
}
