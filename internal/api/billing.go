package api

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"tenure/internal/access"
	"tenure/internal/billing"
	"tenure/internal/id"
	"tenure/internal/seat"
)

// Billing is where an account stands with its seats and money.
type Billing struct {
	Plan    *BillingPlan `json:"plan" doc:"Null until the operator has given the account one: then it pays nothing, and nobody has a seat."`
	Period  *Period      `json:"period" doc:"The one that runs now."`
	Seats   Seats        `json:"seats"`
	Balance int64        `json:"balance" doc:"Credit for the next invoice, in minor units of the plan's currency. Never paid out."`
	Now     time.Time    `json:"now" doc:"When this was so, by the clock of the server: how far the period is, is told by it. The ETag stays while only this moves on."`
}

// TransformSchema says which objects may be missing.
func (Billing) TransformSchema(r huma.Registry, s *huma.Schema) *huma.Schema {
	s.Properties["plan"] = &huma.Schema{AnyOf: []*huma.Schema{s.Properties["plan"], {Type: "null"}}}
	return mayBeNull(r, s, "period")
}

// BillingPlan is what an account pays for a seat.
type BillingPlan struct {
	Price     int64  `json:"price" minimum:"0" maximum:"100000000000" doc:"For one seat and one period, in minor units of the currency."`
	Currency  string `json:"currency" maxLength:"3" doc:"ISO 4217."`
	Period    string `json:"period" enum:"month,year"`
	Anchor    Anchor `json:"anchor"`
	SeatLimit *int64 `json:"seat_limit" nullable:"true" minimum:"0" maximum:"1000000" doc:"Null: as many as come."`
}

// Period is a time with a beginning and an end, which belongs to the next one.
type Period struct {
	Start time.Time `json:"start"`
	End   time.Time `json:"end"`
}

// Seats is how many seats there are.
type Seats struct {
	Used     int64  `json:"used" doc:"Active members who have come in and whose role is billable."`
	Reserved int64  `json:"reserved" doc:"By invitations with a billable role that wait."`
	Limit    *int64 `json:"limit" doc:"Null: as many as come."`
}

// Anchor is the day on which periods begin: a number, or a date.
type Anchor struct {
	day  int64
	date string
}

// Schema says that it is one of the two.
func (Anchor) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{
		Description: "The day on which periods begin, at 00:00 UTC: a day of the month from 1 to 31, or a date such as 2024-02-29, of which a year takes month and day. " +
			"A month that is too short has its last day instead.",
		OneOf: []*huma.Schema{{Type: huma.TypeInteger}, {Type: huma.TypeString}},
	}
}

// MarshalJSONTo writes it as it was given.
func (a Anchor) MarshalJSONTo(e *jsontext.Encoder) error {
	if a.date != "" {
		return e.WriteToken(jsontext.String(a.date))
	}
	return e.WriteToken(jsontext.Int(a.day))
}

// UnmarshalJSONFrom reads either form.
func (a *Anchor) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	if d.PeekKind() == '"' {
		return json.UnmarshalDecode(d, &a.date)
	}
	return json.UnmarshalDecode(d, &a.day)
}

// anchor is none where none is given.
func (a *Anchor) anchor() (billing.Anchor, error) {
	switch {
	case a == nil:
		return billing.Anchor{}, nil
	case a.date != "":
		return billing.AnchorAt(a.date)
	default:
		return billing.AnchorOn(a.day)
	}
}

// Line is one amount of an invoice.
type Line struct {
	Kind      string    `json:"kind" enum:"seat,seat_charge,seat_credit,price_change,balance" doc:"A seat for the period; what is left of a period when a seat begins, ends or changes its price; credit left of the invoice before."`
	Member    string    `json:"member,omitempty" doc:"Whose seat."`
	Name      string    `json:"name,omitempty" doc:"Of the member."`
	Amount    int64     `json:"amount" doc:"In minor units of the currency; below 0 for a credit."`
	Currency  string    `json:"currency" doc:"ISO 4217."`
	Price     int64     `json:"price" doc:"Of a seat for a whole period."`
	Before    *int64    `json:"price_before,omitempty" doc:"What it was before a change of price."`
	Part      int64     `json:"seconds" doc:"Of the period, that the line is for."`
	Whole     int64     `json:"period_seconds" doc:"How long the period is."`
	Formula   string    `json:"formula" example:"30.00 USD × 20 days of 30 days = 20.00 USD" doc:"How the amount comes about, in numbers and words."`
	Detail    string    `json:"detail"`
	At        time.Time `json:"at" doc:"From when."`
	Departure string    `json:"departure,omitempty" doc:"That ended the seat."`
}

// Upcoming is the invoice that the next period will begin with, if nothing
// changes until then.
type Upcoming struct {
	Period   *Period `json:"period" doc:"Null while there is no plan."`
	Currency string  `json:"currency" doc:"ISO 4217."`
	Lines    []Line  `json:"lines"`
	Total    int64   `json:"total" doc:"What will be owed, never below 0."`
	Carried  int64   `json:"carried" doc:"Credit that it cannot use up, for the one after."`
}

// TransformSchema says that there is no period without a plan.
func (Upcoming) TransformSchema(r huma.Registry, s *huma.Schema) *huma.Schema {
	return mayBeNull(r, s, "period")
}

// Invoice is what an account owes for a period, in advance, with what came up in
// the one before.
type Invoice struct {
	ID       string    `json:"id"`
	Number   int64     `json:"number" doc:"From 1 in each account, without a gap."`
	IssuedAt time.Time `json:"issued_at"`
	Period   Period    `json:"period"`
	Currency string    `json:"currency" doc:"ISO 4217."`
	Total    int64     `json:"total" doc:"What is owed, never below 0."`
	Carried  int64     `json:"carried" doc:"Credit that it could not use up, for the one after."`
}

// InvoiceInFull is an invoice with its lines.
type InvoiceInFull struct {
	Invoice
	Lines []Line `json:"lines"`
}

// Payer is who pays for an account, and where. Card numbers are refused.
type Payer struct {
	Company    string `json:"company,omitempty" maxLength:"200"`
	Name       string `json:"name,omitempty" maxLength:"160" doc:"The person to ask."`
	Email      string `json:"email,omitempty" maxLength:"320"`
	Street     string `json:"street,omitempty" maxLength:"400" doc:"May have several lines."`
	PostalCode string `json:"postal_code,omitempty" maxLength:"20"`
	City       string `json:"city,omitempty" maxLength:"120"`
	Country    string `json:"country,omitempty" maxLength:"2" doc:"ISO 3166-1, two letters."`
	VATID      string `json:"vat_id,omitempty" maxLength:"40"`
	Reference  string `json:"reference,omitempty" maxLength:"120" doc:"The customer's own, such as an order number."`
}

// SeatSteps is how many seats were taken over a time, for a chart.
type SeatSteps struct {
	Since time.Time  `json:"since"`
	Until time.Time  `json:"until"`
	Steps []SeatStep `json:"steps" doc:"The first is the number at the beginning; each other one a moment at which it changed."`
}

// SeatStep is a moment from which so many seats were taken.
type SeatStep struct {
	At   time.Time `json:"at"`
	Used int64     `json:"used"`
}

type planBillingInput struct {
	IfMatch
	Account string `path:"account"`
	Body    struct {
		Price     int64   `json:"price" minimum:"0" maximum:"100000000000" doc:"For one seat and one period, in minor units of the currency. Another price holds at once, with a line for each seat."`
		Currency  string  `json:"currency" maxLength:"3" doc:"ISO 4217. It stays once there is a plan."`
		Period    string  `json:"period" enum:"month,year" doc:"Another one holds, with its price, when the period that runs is over."`
		Anchor    *Anchor `json:"anchor,omitempty" doc:"Unless given it stays, or is the day on which billing begins. Another one holds when the period that runs is over."`
		SeatLimit *int64  `json:"seat_limit,omitempty" nullable:"true" minimum:"0" maximum:"1000000" doc:"As many as come unless given. A lower one takes nobody's seat."`
	}
}

type payerInput struct {
	IfMatch
	Account string `path:"account"`
	Body    Payer
}

type stepsInput struct {
	Account string    `path:"account"`
	Since   time.Time `query:"since" doc:"Thirty days before until unless given."`
	Until   time.Time `query:"until" doc:"Now unless given."`
}

type invoicesInput struct {
	Account string `path:"account"`
	Paging
}

type invoiceInput struct {
	Account string `path:"account"`
	Invoice string `path:"invoice"`
}

// billing registers seats and money.
func (d *door) billing() {
	const all = "/v1/accounts/{account}/billing"
	handle(d, somebody, operation("GET", all, "get-billing", "billing", "Say where the account stands with seats and money"), d.getBilling)
	handle(d, operatorOnly, operation("PUT", all, "plan-billing", "billing", "Set what a seat costs"), d.planBilling)
	handle(d, somebody, operation("GET", all+"/payment", "get-payer", "billing", "Read who pays"), d.getPayer)
	handle(d, somebody, operation("PUT", all+"/payment", "set-payer", "billing", "Say who pays"), d.setPayer)
	handle(d, somebody, operation("GET", all+"/upcoming", "get-upcoming", "billing", "Show the next invoice as it would be now"), d.getUpcoming)
	handle(d, somebody, operation("GET", all+"/seats", "get-seat-steps", "billing", "Tell how many seats were taken over time"), d.getSteps)
	handle(d, somebody, operation("GET", "/v1/accounts/{account}/invoices", "list-invoices", "billing", "List invoices, newest first, without their lines"), d.listInvoices)
	handle(d, somebody, operation("GET", "/v1/accounts/{account}/invoices/{invoice}", "get-invoice", "billing", "Read an invoice with its lines"), d.getInvoice)
}

func (d *door) getBilling(ctx context.Context, actor access.Actor, in *accountInput) (*object[Billing], error) {
	s, found, err := d.rooms.Seats.Look(ctx, actor, id.Account(in.Account))
	if err != nil {
		return nil, err
	}
	return billingAnswer(s, found), nil
}

func (d *door) planBilling(ctx context.Context, actor access.Actor, in *planBillingInput) (*object[Billing], error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	anchor, err := in.Body.Anchor.anchor()
	if err != nil {
		return nil, err
	}
	t := billing.Terms{Price: in.Body.Price, Currency: in.Body.Currency, Unit: billing.Unit(in.Body.Period), Anchor: anchor, SeatLimit: in.Body.SeatLimit}
	s, err := d.rooms.Seats.SetPlan(ctx, actor, id.Account(in.Account), t, version)
	if err != nil {
		return nil, err
	}
	return billingAnswer(s, true), nil
}

func (d *door) getUpcoming(ctx context.Context, actor access.Actor, in *accountInput) (*object[Upcoming], error) {
	inv, found, err := d.rooms.Seats.Upcoming(ctx, actor, id.Account(in.Account))
	if err != nil {
		return nil, err
	}
	if !found {
		return unversioned(Upcoming{Lines: []Line{}}), nil
	}
	period := Period(inv.Period)
	return unversioned(Upcoming{Period: &period, Currency: inv.Currency, Lines: lineShapes(inv.Lines, inv.Names), Total: inv.Total, Carried: inv.Carried}), nil
}

func (d *door) listInvoices(ctx context.Context, actor access.Actor, in *invoicesInput) (*out[listOf[Invoice]], error) {
	account := id.Account(in.Account)
	invoices, next, err := d.rooms.Seats.Invoices(ctx, actor, account, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	return listed(invoices, next, invoiceShape), nil
}

func (d *door) getInvoice(ctx context.Context, actor access.Actor, in *invoiceInput) (*object[InvoiceInFull], error) {
	inv, err := d.rooms.Seats.Invoice(ctx, actor, id.Account(in.Account), id.Invoice(in.Invoice))
	if err != nil {
		return nil, err
	}
	return unversioned(InvoiceInFull{invoiceShape(inv.Invoice), lineShapes(inv.Lines, inv.Names)}), nil
}

func (d *door) getPayer(ctx context.Context, actor access.Actor, in *accountInput) (*object[Payer], error) {
	p, err := d.rooms.Billing.Payer(ctx, actor, id.Account(in.Account))
	if err != nil {
		return nil, err
	}
	return versioned(payerShape(p), p.Version), nil
}

func (d *door) setPayer(ctx context.Context, actor access.Actor, in *payerInput) (*object[Payer], error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	b := in.Body
	p, err := d.rooms.Billing.SetPayer(ctx, actor, id.Account(in.Account), billing.Payer{Company: b.Company, Name: b.Name, Email: b.Email, Street: b.Street,
		PostalCode: b.PostalCode, City: b.City, Country: b.Country, VATID: b.VATID, Reference: b.Reference}, version)
	if err != nil {
		return nil, err
	}
	return versioned(payerShape(p), p.Version), nil
}

func (d *door) getSteps(ctx context.Context, actor access.Actor, in *stepsInput) (*object[SeatSteps], error) {
	t, err := d.rooms.Seats.Steps(ctx, actor, id.Account(in.Account), in.Since, in.Until)
	if err != nil {
		return nil, err
	}
	shape := SeatSteps{Since: t.Since, Until: t.Until, Steps: make([]SeatStep, len(t.Steps))}
	for i, s := range t.Steps {
		shape.Steps[i] = SeatStep(s)
	}
	return unversioned(shape), nil
}

// billingAnswer names a state by what stands in it, not by when it was looked
// at.
func billingAnswer(s seat.Standing, found bool) *object[Billing] {
	answer := unversioned(Billing{})
	if found {
		answer = versioned(billingShape(s), s.Plan.Version)
	}
	answer.Body.Now = s.Now
	return answer
}

func billingShape(s seat.Standing) Billing {
	t, period := s.Plan.Terms, Period(s.Plan.Period)
	return Billing{
		Plan:   &BillingPlan{Price: t.Price, Currency: t.Currency, Period: string(t.Unit), Anchor: Anchor{int64(t.Anchor.Day()), t.Anchor.Date()}, SeatLimit: t.SeatLimit},
		Period: &period, Seats: Seats(s.Usage), Balance: s.Balance,
	}
}

func invoiceShape(inv billing.Invoice) Invoice {
	return Invoice{string(inv.ID), inv.Number, inv.IssuedAt, Period(inv.Period), inv.Currency, inv.Total, inv.Carried}
}

func lineShapes(lines []billing.Line, names map[id.Member]string) []Line {
	shapes := make([]Line, len(lines))
	for i, l := range lines {
		shapes[i] = Line{
			Kind: string(l.Kind), Member: string(l.Member), Name: names[l.Member], Amount: l.Amount, Currency: l.Currency, Price: l.Price, Part: l.Part, Whole: l.Whole,
			Formula: l.Formula(), Detail: l.Detail(), At: l.At, Departure: string(l.Departure),
		}
		if l.Kind == billing.PriceChange {
			shapes[i].Before = &l.Before
		}
	}
	return shapes
}

func payerShape(p billing.Payer) Payer {
	return Payer{Company: p.Company, Name: p.Name, Email: p.Email, Street: p.Street, PostalCode: p.PostalCode, City: p.City, Country: p.Country,
		VATID: p.VATID, Reference: p.Reference}
}
