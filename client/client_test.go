package client_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tenure/client"
	"tenure/internal/server/servertest"
)

// TestWhatIsSentAgainUnderItsKeyIsDoneOnce, by whoever did not hear the answer.
func TestWhatIsSentAgainUnderItsKeyIsDoneOnce(t *testing.T) {
	s := servertest.Start(t, "sqlite")
	operator := client.New(s.Witnessed(t), servertest.OperatorKey)
	ctx := client.Once(t.Context(), "for-acme-4711")
	order := client.NewAccount{Name: "Acme", Preset: "team", Owner: client.Owner{Email: "owner@acme.example", FirstName: "Maria", LastName: "Jansen"}}
	first, err := operator.CreateAccount(ctx, order)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := operator.CreateAccount(ctx, order); err != nil || again.Account.ID != first.Account.ID {
		t.Errorf("sent again: %+v %v", again, err)
	}
	if all, err := operator.Accounts(ctx); err != nil || len(all) != 1 {
		t.Errorf("%+v %v", all, err)
	}
	order.Name = "Another"
	if _, err := operator.CreateAccount(ctx, order); !refusedAs(err, "idempotency_mismatch") {
		t.Errorf("another call: %v", err)
	}
}

// TestNobodyIsToldMoreThanTheServer: a client goes nowhere with its credential but
// to the server that it was given, and says why there is no answer.
func TestNobodyIsToldMoreThanTheServer(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a redirect was followed") }))
	defer elsewhere.Close()
	answers := map[string]http.HandlerFunc{
		"redirect": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere.URL, http.StatusFound) },
		"hurried": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(http.StatusTooManyRequests)
			_, _ = w.Write([]byte(`{"code":"rate_limited","detail":"Slowly.","blockers":[1]}`))
		},
		"troubled": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) },
		"strange":  func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) },
		"cut":      func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	}
	ask := func(ctx context.Context, how string) error {
		server := httptest.NewServer(answers[how])
		defer server.Close()
		_, err := client.New(server.URL, "tk_canary").Account(ctx, "acc_1")
		if err == nil || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v", how, err)
		}
		return err
	}
	var refused *client.Problem
	if err := ask(t.Context(), "redirect"); !errors.As(err, &refused) || refused.Code != "unexpected" || refused.Status != http.StatusFound {
		t.Errorf("redirected: %v", err)
	}
	if err := ask(t.Context(), "hurried"); !errors.As(err, &refused) || refused.RetryAfter != 7*time.Second || !strings.Contains(string(refused.Raw), "blockers") {
		t.Errorf("asked too often: %+v", err)
	}
	var unavailable *client.UnavailableError
	for _, how := range []string{"troubled", "strange", "cut"} {
		if err := ask(t.Context(), how); !errors.As(err, &unavailable) {
			t.Errorf("%s: %v", how, err)
		}
	}
	if _, err := client.New("http://127.0.0.1:1", "tk_canary").Account(t.Context(), "acc_1"); !errors.As(err, &unavailable) || strings.Contains(err.Error(), "canary") {
		t.Errorf("of nobody: %v", err)
	}
	given, cancel := context.WithCancel(t.Context())
	cancel()
	if err := ask(given, "strange"); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
}
