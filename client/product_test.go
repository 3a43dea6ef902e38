package client_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"tenure/client"
	"tenure/internal/server/servertest"
)

// refusedAs reports whether an error is the server's refusal with the code.
func refusedAs(err error, code string) bool {
	var p *client.Problem
	return errors.As(err, &p) && p.Code == code
}

// TestAProductRegistersItsThingsAndAsksAboutThem walks what a product says and
// asks of a thing, with the credentials of those who are there.
func TestAProductRegistersItsThingsAndAsksAboutThem(t *testing.T) {
	s := servertest.Start(t, "sqlite")
	c := s.Found(t, "cases", "Things", "owner@things.example")
	guest := c.Invite("guest@things.example", "guest", nil)
	base, ctx := s.Witnessed(t), t.Context()
	owner, theirs := client.New(base, c.Owner.Token()), client.New(base, guest.Token())

	if types, err := owner.ResourceTypes(ctx, c.ID); err != nil || len(types) != 1 || types[0].Key != "case" || types[0].OnLeave != "leave" {
		t.Fatalf("%+v %v", types, err)
	}
	for _, id := range []string{"1", "2"} {
		if r, err := owner.PutResource(ctx, c.ID, "case", id, client.ResourceDraft{Name: "Case " + id, Owner: &c.Owner.Member}); err != nil || r.Owner != c.Owner.Member {
			t.Fatalf("%+v %v", r, err)
		}
	}
	if r, err := owner.AssignResource(ctx, c.ID, "case", "1", guest.Member); err != nil || !slices.Equal(r.Assignees, []string{guest.Member}) {
		t.Fatalf("%+v %v", r, err)
	}
	if _, err := owner.AssignResource(ctx, c.ID, "case", "2", guest.Member); !refusedAs(err, "guest_limit") {
		t.Errorf("a second case: %v", err)
	}
	if page, err := theirs.Resources(ctx, c.ID, client.ResourceFilter{Type: "case", Assignee: guest.Member}, ""); err != nil || len(page.Items) != 1 || page.NextCursor != "" {
		t.Errorf("%+v %v", page, err)
	}
	if _, err := theirs.Resource(ctx, c.ID, "case", "2"); !refusedAs(err, "not_found") {
		t.Errorf("what they do not reach: %v", err)
	}
	me := client.Session{MemberID: guest.Member, AccountID: c.ID}
	about := func(id string) client.Question {
		return me.To("resources.read", client.Resource{Type: "case", ID: id}.Entity())
	}
	if d, err := theirs.Evaluate(ctx, about("1")); err != nil || !d.Allowed {
		t.Errorf("%+v %v", d, err)
	}
	decisions, err := theirs.EvaluateAll(ctx, []client.Question{about("1"), about("2"), me.To("templates.manage", me.AccountEntity())})
	if want := []client.Decision{{Allowed: true, Reason: "allowed"}, {Reason: "not_found"}, {Reason: "forbidden"}}; err != nil || !slices.Equal(decisions, want) {
		t.Errorf("%+v %v", decisions, err)
	}
	if a, err := theirs.AddActivity(ctx, c.ID, "case", "1", client.NewActivity{Kind: "call", Note: "Rang twice."}); err != nil || a.Member != guest.Member || a.At.IsZero() {
		t.Errorf("%+v %v", a, err)
	}
	if err := owner.UnassignResource(ctx, c.ID, "case", "1", guest.Member); err != nil {
		t.Error(err)
	}
	h, err := owner.ResourceHistory(ctx, c.ID, "case", "1")
	if err != nil || len(h.Owners) != 1 || len(h.Assignments) != 1 || h.Assignments[0].To == nil || len(h.Activities) != 1 || h.Activities[0].Kind != "call" {
		t.Errorf("%+v %v", h, err)
	}
}

// TestAProductUnmasksWhatWasPaidFor, as whoever sent the request.
func TestAProductUnmasksWhatWasPaidFor(t *testing.T) {
	s := servertest.Start(t, "sqlite")
	c := s.Found(t, "credits", "Paid", "owner@paid.example")
	ctx, guard := t.Context(), client.NewGuard(s.Witnessed(t))
	s.Operator(t).Post(c.Path("/credits/purchases"), obj{"amount": 3}).OK()
	request := httptest.NewRequest("GET", "/", nil)
	request.AddCookie(&http.Cookie{Name: "tenure", Value: c.Owner.Token()})
	as := guard.As(request)

	if _, err := as.DownloadRecord(ctx, c.ID, "a record/1"); !refusedAs(err, "insufficient_credits") {
		t.Errorf("with nothing: %v", err)
	}
	c.Owner.Post(c.Path("/credits/transfers"), obj{"from": "company", "to": c.Owner.Member, "amount": 2}).OK()
	if r, err := as.Record(ctx, c.ID, "a record/1"); err != nil || !r.Masked || r.Price != 1 {
		t.Errorf("%+v %v", r, err)
	}
	for _, charged := range []int64{1, 0} {
		if d, err := as.DownloadRecord(ctx, c.ID, "a record/1"); err != nil || d.Charged != charged || d.DownloadedBy != c.Owner.Member {
			t.Errorf("%+v %v", d, err)
		}
	}
	if list, err := as.Records(ctx, c.ID); err != nil || len(list) != 1 || list[0].Masked || list[0].ID != "a record/1" || list[0].At == nil {
		t.Errorf("%+v %v", list, err)
	}
	if sum, err := as.Credits(ctx, c.ID, ""); err != nil || *sum.Company != 1 || len(sum.Members) != 1 || sum.Members[0].Balance != 1 || sum.Members[0].Used != 1 {
		t.Errorf("%+v %v", sum, err)
	}
	if err := as.SignOut(ctx); err != nil {
		t.Error(err)
	}
	if _, err := as.Account(ctx, c.ID); !refusedAs(err, "unauthenticated") {
		t.Errorf("after signing out: %v", err)
	}
	if _, err := guard.As(httptest.NewRequest("GET", "/", nil)).Account(ctx, c.ID); !refusedAs(err, "unauthenticated") {
		t.Errorf("as nobody: %v", err)
	}
	var unavailable *client.UnavailableError
	if _, err := client.NewGuard("http://127.0.0.1:1").As(request).Account(ctx, c.ID); !errors.As(err, &unavailable) {
		t.Errorf("of nobody: %v", err)
	}
}
