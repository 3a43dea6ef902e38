package demo

import (
	"context"
	"encoding/json"
	"time"

	"tenure/internal/billing"
	"tenure/internal/resource"
)

// pins are the roofs that the field team visits, under the names that the example
// product has something written about, with whose they were at first.
var pins = []struct {
	id, name string
	owner    int
}{
	{"p-101", "Bakkerij De Ooievaar", 1},
	{"p-102", "Twaalf Schuren Storage", 2},
	{"p-103", "De Regenboog school", 3},
	{"p-104", "Koelhuis Maasvlakte", 2},
	{"p-105", "Fietsen van Loon", 1},
	{"p-106", "Hotel Het Gouden Anker", 3},
	{"p-107", "Garage Stein", 4},
	{"p-108", "Kwekerij Groenewoud", 2},
	{"p-109", "Woonstad Noord", 4},
	{"p-110", "Zwembad De Dolfijn", 3},
}

// visited is what happened to the pins, in the order of time.
var visited = []struct {
	who, pin   int
	kind, note string
}{
	{1, 0, "visit", "Left an offer with the eldest brother."},
	{2, 3, "visit", "Walked the roof. Two thousand square metres."},
	{3, 5, "visit", "The owner loves it, the city does not yet."},
	{2, 1, "visit", "Wants to know what twelve sheds cost, not one."},
	{4, 8, "visit", "The committee meets in the spring."},
	{3, 2, "call", "Call the caretaker, not the office."},
	{2, 3, "visit", "Brought the sums. They had made the same ones."},
	{1, 0, "visit", "Signed on a flour bag."},
	{1, 0, "deal_closed", "Both roofs."},
}

// rooftop is the account of the preset field: people on the road, with pins on a
// map, who pay for their seats.
func (h *history) rooftop(ctx context.Context) (*company, error) {
	h.clock.Set(h.now.Add(-190 * day))
	c, err := h.hired(ctx, "Zonnedak", "field", "zonnedak.example", []hired{
		{person{"Willem", "Postma", "Head of sales", "+31 6 5550 1170", "en"}, "admin", true},
		{person{"Esra", "Yilmaz", "Field sales", "+31 6 5550 1171", "en"}, "user", true},
		{person{"Daan", "Kuiper", "Field sales", "+31 6 5550 1172", "nl"}, "user", false},
		{person{"Mia", "Rossi", "Field sales", "+31 6 5550 1173", "en"}, "user", false},
		{person{"Joris", "Bos", "Field sales", "", "nl"}, "user", false},
	})
	if err != nil {
		return nil, err
	}
	for _, step := range []func(context.Context, *company) error{h.rooftopPlan, h.rooftopPins, h.rooftopVisits, h.rooftopLeaver, h.rooftopToday} {
		if err := step(ctx, c); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func (h *history) rooftopPlan(ctx context.Context, c *company) error {
	h.clock.Set(h.now.Add(-170 * day))
	middle, err := billing.AnchorOn(15)
	if err != nil {
		return err
	}
	return h.plan(ctx, c, billing.Terms{Price: 39_00, Currency: "EUR", Unit: "month", Anchor: middle})
}

func (h *history) rooftopPins(ctx context.Context, c *company) error {
	for _, p := range pins {
		h.pass(day)
		if _, err := h.parts.Rooms.Resources.Put(ctx, c.by, c.account.ID, resource.Draft{
			Key: resource.Key{Type: "pin", ID: p.id}, Name: p.name, Owner: &c.members[p.owner].ID,
		}, 0); err != nil {
			return err
		}
	}
	return nil
}

func (h *history) rooftopVisits(ctx context.Context, c *company) error {
	h.clock.Set(h.now.Add(-150 * day))
	for _, v := range visited {
		h.pass(9 * day)
		if err := h.happened(ctx, c, v.who, resource.Key{Type: "pin", ID: pins[v.pin].id}, resource.Activity{Kind: v.kind, Note: v.note}); err != nil {
			return err
		}
	}
	return nil
}

// rooftopLeaver lets somebody go whose pins a colleague takes over, and closes
// the deal that he had prepared.
func (h *history) rooftopLeaver(ctx context.Context, c *company) error {
	h.clock.Set(h.now.Add(-40 * day))
	to, err := json.Marshal(map[string]any{"default": map[string]any{"to": c.members[1].ID}})
	if err != nil {
		return err
	}
	if err := h.deactivate(ctx, c, 2, decisions{"resources": to}, time.Time{}); err != nil {
		return err
	}
	h.pass(8 * day)
	return h.happened(ctx, c, 1, resource.Key{Type: "pin", ID: "p-104"}, resource.Activity{Kind: "deal_closed", Note: "Daan did the sums, I brought the pen."})
}

// rooftopToday takes somebody's access away; their pins are still to settle.
func (h *history) rooftopToday(ctx context.Context, c *company) error {
	h.clock.Set(h.now.Add(-5 * time.Hour))
	_, _, err := h.parts.Rooms.Departures.Suspend(ctx, c.by, c.account.ID, c.members[3].ID)
	return err
}
