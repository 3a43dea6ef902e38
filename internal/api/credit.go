package api

import (
	"context"
	"net/http"
	"time"

	"tenure/internal/access"
	"tenure/internal/credit"
	"tenure/internal/id"
	"tenure/internal/once"
)

// Credits is where the credits of an account are. Who may only spend sees the
// price and their own wallet.
type Credits struct {
	Purchased  *int64         `json:"purchased,omitempty" doc:"company, members_total and spent together."`
	Company    *int64         `json:"company,omitempty"`
	Total      *int64         `json:"members_total,omitempty" doc:"What all members hold."`
	Spent      *int64         `json:"spent,omitempty"`
	Price      int64          `json:"price" doc:"What a download costs, unless the record has a price of its own."`
	Members    []CreditHolder `json:"members" doc:"Who ever had credits, by id, a page at a time."`
	NextCursor string         `json:"next_cursor,omitempty" doc:"Absent on the last page."`
}

// CreditHolder is the wallet of a member.
type CreditHolder struct {
	Member  string `json:"member"`
	Name    string `json:"name"`
	Balance int64  `json:"balance"`
	Used    int64  `json:"used" doc:"Ever spent; free downloads do not count."`
}

// CreditTransaction is credits that went from one wallet to another.
type CreditTransaction struct {
	ID          string    `json:"id" example:"crt_06h03a5fs1re334g9qz561hx9g"`
	Kind        string    `json:"kind" enum:"purchase,transfer,download,departure,return"`
	From        string    `json:"from" doc:"purchased, company, or the id of a member."`
	To          string    `json:"to" doc:"company, spent, or the id of a member."`
	Amount      int64     `json:"amount"`
	FromBalance int64     `json:"from_balance" doc:"Afterwards; below 0 for purchased alone."`
	ToBalance   int64     `json:"to_balance" doc:"Afterwards."`
	Note        string    `json:"note,omitempty"`
	At          time.Time `json:"at"`
}

// CreditEntry is one side of a transaction: both together add up to 0.
type CreditEntry struct {
	Transaction string    `json:"transaction"`
	Kind        string    `json:"kind" enum:"purchase,transfer,download,departure,return"`
	Wallet      string    `json:"wallet" doc:"purchased, company, spent, or the id of a member."`
	WalletName  string    `json:"wallet_name,omitempty" doc:"Of the member; left out once they were erased."`
	Other       string    `json:"other" doc:"The wallet on the other side."`
	OtherName   string    `json:"other_name,omitempty" doc:"Of the member on the other side; empty if it is none."`
	Amount      int64     `json:"amount" doc:"Below 0: taken out of the wallet."`
	Balance     int64     `json:"balance" doc:"Of the wallet afterwards."`
	Record      string    `json:"record,omitempty" doc:"That was downloaded."`
	Departure   string    `json:"departure,omitempty" doc:"That moved them, or that was undone."`
	Note        string    `json:"note,omitempty"`
	By          Actor     `json:"by"`
	At          time.Time `json:"at"`
}

type creditsInput struct {
	Account string `path:"account"`
	Paging
}

type purchaseInput struct {
	Account string `path:"account"`
	Body    struct {
		Amount int64  `json:"amount" minimum:"1" maximum:"1000000000000000"`
		Note   string `json:"note,omitempty" maxLength:"200" doc:"Such as an order number."`
	}
}

type transferInput struct {
	Account string `path:"account"`
	Body    struct {
		From   string `json:"from" maxLength:"40" doc:"company, or the id of a member."`
		To     string `json:"to" maxLength:"40" doc:"company, or the id of a member who is active."`
		Amount int64  `json:"amount" minimum:"1" maximum:"1000000000000000"`
	}
}

type creditPriceInput struct {
	Account string `path:"account"`
	Body    CreditPrice
}

// CreditPrice is what a download costs.
type CreditPrice struct {
	Price int64 `json:"price" minimum:"0" maximum:"1000000000000000" doc:"0 is free."`
}

type entriesInput struct {
	Account string    `path:"account"`
	Member  string    `query:"member" maxLength:"40" doc:"Whose wallet."`
	Wallet  string    `query:"wallet" enum:"purchased,company,spent" doc:"A wallet that is nobody's."`
	Kind    string    `query:"kind" enum:"purchase,transfer,download,departure,return"`
	Since   time.Time `query:"since" doc:"At this time or later."`
	Until   time.Time `query:"until" doc:"Before this time."`
	Paging
}

// credits registers the ledger of an account.
func (d *door) credits() {
	const all = "/v1/accounts/{account}/credits"
	handle(d, somebody, operation("GET", all, "get-credits", "credits", "Say where the credits are"), d.getCredits)
	handle(d, somebody, operation("PUT", all+"/price", "price-downloads", "credits", "Set what a download costs"), d.priceDownloads)
	handleOnce(d, operatorOnly, answering(http.StatusCreated, operation("POST", all+"/purchases", "purchase-credits", "credits", "Add credits that were bought")), d.purchaseCredits, d.purchasedCredits)
	handleOnce(d, somebody, answering(http.StatusCreated, operation("POST", all+"/transfers", "transfer-credits", "credits", "Move credits between the company and members")), d.transferCredits, d.transferredCredits)
	handle(d, somebody, operation("GET", all+"/entries", "list-credit-entries", "credits", "Read the ledger, newest first"), d.listEntries)
}

func (d *door) getCredits(ctx context.Context, actor access.Actor, in *creditsInput) (*object[Credits], error) {
	s, next, err := d.rooms.Credits.Summary(ctx, actor, id.Account(in.Account), in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	shape := Credits{Price: s.Price, Members: make([]CreditHolder, len(s.Holders)), NextCursor: next}
	if s.Whole {
		shape.Purchased, shape.Company, shape.Total, shape.Spent = &s.Purchased, &s.Company, &s.Members, &s.Spent
	}
	for i, h := range s.Holders {
		shape.Members[i] = CreditHolder{string(h.Member), h.Name, h.Balance, h.Used}
	}
	return unversioned(shape), nil
}

func (d *door) priceDownloads(ctx context.Context, actor access.Actor, in *creditPriceInput) (*object[CreditPrice], error) {
	if err := d.rooms.Credits.SetPrice(ctx, actor, id.Account(in.Account), in.Body.Price); err != nil {
		return nil, err
	}
	return unversioned(in.Body), nil
}

func (d *door) purchaseCredits(ctx context.Context, actor access.Actor, in *purchaseInput) (*object[CreditTransaction], error) {
	t, err := d.rooms.Credits.Purchase(ctx, actor, id.Account(in.Account), in.Body.Amount, in.Body.Note)
	if err != nil {
		return nil, err
	}
	return unversioned(transactionShape(t)), nil
}

// purchasedCredits gives a purchase again that was made under the same key.
func (d *door) purchasedCredits(ctx context.Context, actor access.Actor, in *purchaseInput, kept once.Kept) (*object[CreditTransaction], error) {
	return d.postedCredits(ctx, actor, in.Account, kept)
}

func (d *door) transferCredits(ctx context.Context, actor access.Actor, in *transferInput) (*object[CreditTransaction], error) {
	t, err := d.rooms.Credits.Transfer(ctx, actor, id.Account(in.Account), credit.Order{From: in.Body.From, To: in.Body.To, Amount: in.Body.Amount})
	if err != nil {
		return nil, err
	}
	return unversioned(transactionShape(t)), nil
}

// transferredCredits gives a transfer again that was made under the same key.
func (d *door) transferredCredits(ctx context.Context, actor access.Actor, in *transferInput, kept once.Kept) (*object[CreditTransaction], error) {
	return d.postedCredits(ctx, actor, in.Account, kept)
}

func (d *door) postedCredits(ctx context.Context, actor access.Actor, account string, kept once.Kept) (*object[CreditTransaction], error) {
	posted, err := keptAs[id.Transaction](kept)
	if err != nil {
		return nil, err
	}
	t, err := d.rooms.Credits.Get(ctx, actor, id.Account(account), posted)
	if err != nil {
		return nil, err
	}
	return unversioned(transactionShape(t)), nil
}

func (d *door) listEntries(ctx context.Context, actor access.Actor, in *entriesInput) (*out[listOf[CreditEntry]], error) {
	f := credit.Filter{Member: id.Member(in.Member), Wallet: credit.Wallet(in.Wallet), Kind: credit.Kind(in.Kind), Since: in.Since, Until: in.Until,
		Cursor: in.Cursor, Limit: in.Limit}
	entries, next, err := d.rooms.Credits.Entries(ctx, actor, id.Account(in.Account), f)
	if err != nil {
		return nil, err
	}
	return listed(entries, next, entryShape), nil
}

func transactionShape(t credit.Transaction) CreditTransaction {
	return CreditTransaction{
		ID: string(t.ID), Kind: string(t.Kind), From: string(t.From), To: string(t.To), Amount: t.Amount,
		FromBalance: t.FromBalance, ToBalance: t.ToBalance, Note: t.Note, At: t.At,
	}
}

func entryShape(e credit.Entry) CreditEntry {
	return CreditEntry{
		Transaction: string(e.ID), Kind: string(e.Kind), Wallet: string(e.Wallet), WalletName: e.WalletName, Other: string(e.Other), OtherName: e.OtherName,
		Amount: e.Change, Balance: e.Balance, Record: e.Record, Departure: string(e.Departure), Note: e.Note,
		By: Actor{string(e.By.Kind), e.By.Name(), e.ByName}, At: e.At,
	}
}
