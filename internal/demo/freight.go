package demo

import (
	"context"
	"encoding/json"
	"time"

	"tenure/internal/credit"
)

// freight is the account of the preset credits: a sales desk that buys records.
func (h *history) freight(ctx context.Context) (*company, error) {
	h.clock.Set(h.now.Add(-150 * day))
	c, err := h.hired(ctx, "Kestrel Freight", "credits", "kestrelfreight.example", []hired{
		{person{"Hanna", "Visser", "Head of sales", "+31 10 555 0117", "en"}, "admin", true},
		{person{"Tomas", "Novák", "Account manager", "", "en"}, "user", true},
		{person{"Bridget", "Keane", "Account manager", "", "en"}, "user", false},
		{person{"Youssef", "Amrani", "Sales", "", "nl"}, "user", false},
		{person{"Petra", "Kuipers", "Sales", "", "nl"}, "user", false},
	})
	if err != nil {
		return nil, err
	}
	for _, step := range []func(context.Context, *company) error{h.buy, h.spend, h.freightLeaver} {
		if err := step(ctx, c); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// buy fills the company's wallet, and the members' from it.
func (h *history) buy(ctx context.Context, c *company) error {
	h.clock.Set(h.now.Add(-135 * day))
	ledger := h.parts.Rooms.Credits
	if _, err := ledger.Purchase(ctx, operator, c.account.ID, 500, "Order 4711"); err != nil {
		return err
	}
	dear := int64(5)
	if _, err := ledger.SetRecordPrice(ctx, operator, c.account.ID, "fleet-1009", &dear); err != nil {
		return err
	}
	for who, amount := range []int64{20, 60, 40, 40, 25} {
		h.pass(day)
		if _, err := ledger.Transfer(ctx, c.by, c.account.ID, credit.Order{From: string(credit.Company), To: string(c.members[who].ID), Amount: amount}); err != nil {
			return err
		}
	}
	return nil
}

// spend lets people download records over the months, one of them twice.
func (h *history) spend(ctx context.Context, c *company) error {
	h.clock.Set(h.now.Add(-120 * day))
	for _, d := range []struct {
		who    int
		record string
	}{{1, "fleet-1002"}, {3, "fleet-1004"}, {2, "fleet-1009"}, {1, "fleet-1004"}, {3, "fleet-1007"}, {4, "fleet-1011"}} {
		h.pass(12 * day)
		by, err := h.actor(ctx, c.account.ID, c.members[d.who].ID)
		if err != nil {
			return err
		}
		if _, err := h.parts.Rooms.Credits.Download(ctx, by, c.account.ID, credit.Asking{Record: d.record}); err != nil {
			return err
		}
	}
	h.clock.Set(h.now.Add(-25 * day))
	_, err := h.parts.Rooms.Credits.Purchase(ctx, operator, c.account.ID, 250, "Order 5120")
	return err
}

// freightLeaver lets somebody go who has credits left and records downloaded: the
// credits go back to the company, and the records stay unmasked for all.
func (h *history) freightLeaver(ctx context.Context, c *company) error {
	h.clock.Set(h.now.Add(-20 * day))
	return h.deactivate(ctx, c, 3, decisions{"credits": json.RawMessage(`{"to":"company"}`)}, time.Time{})
}
