package client_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"tenure/client"
	"tenure/internal/demo"
	"tenure/internal/server"
	"tenure/internal/user"
)

// What the examples run against: the server of the demo, and the session token
// of somebody who is signed in there, a user of two modules.
var (
	tenure      string
	operatorKey = "top_example-example-example-example"
	signedIn    string
)

func TestMain(m *testing.M) {
	code, err := withDemo(m.Run)
	if err != nil {
		log.Fatal(err)
	}
	os.Exit(code)
}

func withDemo(run func() int) (code int, err error) {
	dir, err := os.MkdirTemp("", "tenure-example-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	ctx, stop := context.WithCancel(context.Background())
	clock := &server.Clock{}
	s, err := server.New(ctx, server.Config{
		Listen: "127.0.0.1:0", Database: filepath.Join(dir, "tenure.db"), OperatorKey: operatorKey, Clock: clock,
		PasswordCost: user.Cost{Memory: 64, Time: 1, Threads: 1}, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		stop()
		return 0, err
	}
	people, err := demo.Fill(ctx, s.Parts(), clock)
	if err != nil {
		stop()
		return 0, errors.Join(err, s.Close())
	}
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	defer func() {
		stop()
		err = errors.Join(err, <-ended)
	}()
	tenure = "http://" + s.Addr().String()
	in, err := client.New(tenure, "").SignIn(ctx, people[1].Email, demo.Password)
	if err != nil {
		return 0, err
	}
	signedIn = in.Token
	return run(), nil
}

// A host app with two pages: one for everybody who is signed in, and one for
// who may open the module "pricing".
func ExampleGuard_Protect() {
	guard := client.NewGuard(tenure)
	app := http.NewServeMux()
	app.Handle("/home", guard.Protect(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		me, _ := client.SessionFrom(r.Context())
		fmt.Fprintf(w, "Hello, %s with %d modules.", me.Role, len(me.Modules))
	})))
	app.Handle("/prices", guard.Protect(http.NotFoundHandler(), client.Module("pricing")))

	open := func(page, token string) {
		request := httptest.NewRequest("GET", page, nil)
		request.Header.Set("Authorization", "Bearer "+token)
		answer := httptest.NewRecorder()
		app.ServeHTTP(answer, request)
		fmt.Println(page, answer.Code)
		if answer.Code == http.StatusOK {
			fmt.Println(answer.Body)
		}
	}
	open("/home", "")
	open("/home", signedIn)
	open("/prices", signedIn)
	// Output:
	// /home 401
	// /home 200
	// Hello, user with 2 modules.
	// /prices 403
}

// Without the middleware: ask, and decide by the kind of error.
func ExampleGuard_Session() {
	guard := client.NewGuard(tenure)
	request := httptest.NewRequest("GET", "/", nil)
	request.Header.Set("Authorization", "Bearer "+signedIn)

	me, err := guard.Session(request)
	var unavailable *client.UnavailableError
	switch {
	case errors.Is(err, client.ErrSignedOut):
		fmt.Println("Please sign in.")
	case errors.As(err, &unavailable):
		fmt.Println("Please try again.")
	case err == nil:
		fmt.Println(me.Role, me.Holds("members.manage"))
	}
	// Output: user false
}

// A page about one thing: the product asks whether whoever sent the request may
// see it, and only then looks for it.
func ExampleGuard_As() {
	guard := client.NewGuard(tenure)
	request := httptest.NewRequest("GET", "/cases/24-017", nil)
	request.Header.Set("Authorization", "Bearer "+signedIn)

	me, err := guard.Session(request)
	if err != nil {
		log.Fatal(err)
	}
	ask := guard.As(request)
	for _, q := range []client.Question{
		me.To("resources.read", client.Entity{Type: "case", ID: "24-017"}),
		me.To("module:pricing", me.AccountEntity()),
		me.To("module:"+me.ModuleKeys[0], me.AccountEntity()),
	} {
		d, err := ask.Evaluate(request.Context(), q)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(d.Allowed, d.Reason)
	}
	// Output:
	// false forbidden
	// false forbidden
	// true allowed
}

// An account for a new customer, made with the operator key.
func ExampleClient_CreateAccount() {
	c := client.New(tenure, operatorKey)
	made, err := c.CreateAccount(context.Background(), client.NewAccount{
		Name: "Acme", Preset: "portal", Owner: client.Owner{Email: "maria@example.com", FirstName: "Maria", LastName: "Jansen"},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(made.Account.Name, made.Owner.Email, made.Invitation.Status)

	_, err = c.CreateAccount(context.Background(), client.NewAccount{Name: "Acme", Preset: "nonsense"})
	var refused *client.Problem
	if errors.As(err, &refused) {
		fmt.Println(refused.Status, refused.Code)
	}
	// Output:
	// Acme maria@example.com pending
	// 422 invalid
}

// A phone signs its user in. Who has a second factor is asked for a code of it.
func ExampleClient_SignIn() {
	ctx, phone := context.Background(), client.New(tenure, "")
	in, err := phone.SignIn(ctx, "fenna.hoogland@studiofenna.example", demo.Password)
	var refused *client.Problem
	if errors.As(err, &refused) && refused.Code == "account_required" {
		fmt.Println("Which account?")
		for _, a := range refused.Accounts {
			fmt.Println("-", a.Name)
		}
		in, err = phone.SignInTo(ctx, refused.Accounts[0].ID, "fenna.hoogland@studiofenna.example", demo.Password)
	}
	if err != nil {
		log.Fatal(err)
	}
	if in.Challenge != "" {
		fmt.Println("Please type a code:", in.Methods)
		return
	}
	fmt.Println(in.Member.FirstName, "is signed in.")
	// Output:
	// Which account?
	// - Studio Fenna
	// - Blue Harbour
	// Fenna is signed in.
}

// An answer that never came: the call is sent again under the same key, and what it
// does is done once.
func ExampleOnce() {
	c := client.New(tenure, operatorKey)
	ctx := client.Once(context.Background(), "order-4711")
	for range 2 {
		made, err := c.CreateAccount(ctx, client.NewAccount{
			Name: "Globex", Preset: "team", Owner: client.Owner{Email: "ada@example.com", FirstName: "Ada", LastName: "Mbeki"},
		})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(made.Account.Name)
	}
	accounts, err := c.Accounts(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	called := 0
	for _, a := range accounts {
		if a.Name == "Globex" {
			called++
		}
	}
	fmt.Println(called)
	// Output:
	// Globex
	// Globex
	// 1
}

// A product says what somebody owns, and notes what happened to it.
func ExampleClient_PutResource() {
	ctx := context.Background()
	in, err := client.New(tenure, "").SignIn(ctx, "willem.postma@zonnedak.example", demo.Password)
	if err != nil {
		log.Fatal(err)
	}
	c, account := client.New(tenure, in.Token), in.Account.ID
	pin, err := c.PutResource(ctx, account, "pin", "bakery-17", client.ResourceDraft{Name: "Bakery", Owner: &in.Member.ID})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := c.AddActivity(ctx, account, "pin", pin.ID, client.NewActivity{Kind: "visit"}); err != nil {
		log.Fatal(err)
	}
	history, err := c.ResourceHistory(ctx, account, "pin", pin.ID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(pin.Name, len(history.Owners), history.Activities[0].Kind)
	// Output: Bakery 1 visit
}
