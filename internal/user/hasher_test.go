package user_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"tenure/internal/user"
)

// cheap is a cost that tests can afford.
var cheap = user.Cost{Memory: 64, Time: 1, Threads: 1}

func TestVerifyTakesOnlyThePasswordThatWasHashed(t *testing.T) {
	h, ctx := user.NewHasher(cheap), t.Context()
	hash, err := h.Hash(ctx, "violet tractor sings")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(hash), "$argon2id$v=19$m=64,t=1,p=1$") {
		t.Error("the hash is not in PHC form")
	}
	for password, want := range map[string]bool{
		"violet tractor sings": true, "violet tractor sing": false, "": false, "Violet tractor sings": false,
		"violet tractor sings" + strings.Repeat("s", 2000): false,
	} {
		if ok, err := h.Verify(ctx, hash, password); ok != want || err != nil {
			t.Errorf("%.30q: got %v, %v; want %v", password, ok, err, want)
		}
	}
	again, err := h.Hash(ctx, "violet tractor sings")
	if err != nil || again == hash {
		t.Errorf("the same password gave the same hash (%v)", err)
	}
}

func TestVerifyDoesNotDependOnHowAKeyboardWritesAccents(t *testing.T) {
	h, ctx := user.NewHasher(cheap), t.Context()
	hash, err := h.Hash(ctx, "crème brûlée de lune")
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := h.Verify(ctx, hash, "cre\u0300me bru\u0302le\u0301e de lune"); !ok || err != nil {
		t.Errorf("decomposed accents: %v, %v", ok, err)
	}
}

func TestVerifyWithoutAHashSaysNo(t *testing.T) {
	h := user.NewHasher(cheap)
	if ok, err := h.Verify(t.Context(), "", "violet tractor sings"); ok || err != nil {
		t.Errorf("got %v, %v", ok, err)
	}
	if _, err := h.Verify(t.Context(), "$2a$10$other", "violet"); err == nil || strings.Contains(err.Error(), "$2a") {
		t.Errorf("a hash of another form: %v", err)
	}
}

func TestOutdatedTellsAnotherCost(t *testing.T) {
	h, dearer := user.NewHasher(cheap), user.NewHasher(user.Cost{Memory: 128, Time: 1, Threads: 1})
	hash, err := h.Hash(t.Context(), "violet tractor sings")
	if err != nil {
		t.Fatal(err)
	}
	if h.Outdated(hash) || !dearer.Outdated(hash) {
		t.Error("it does not tell the costs apart")
	}
	if ok, err := dearer.Verify(t.Context(), hash, "violet tractor sings"); !ok || err != nil {
		t.Errorf("a hash of another cost does not verify: %v, %v", ok, err)
	}
}

func TestManyWaitForTheirTurnAndLeaveWithTheirCaller(t *testing.T) {
	h := user.NewHasher(user.Cost{Memory: 8 << 10, Time: 1, Threads: 1})
	var asking sync.WaitGroup
	for range 32 {
		asking.Go(func() {
			if _, err := h.Hash(t.Context(), "violet tractor sings"); err != nil {
				t.Error(err)
			}
		})
	}
	asking.Wait()
	if n := h.Waiting(); n != 0 {
		t.Errorf("%d still wait", n)
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	if _, err := h.Hash(gone, "violet tractor sings"); err == nil {
		t.Error("it went on for a caller who left")
	}
}

func TestAHashShowsItselfNowhere(t *testing.T) {
	u := user.User{PasswordHash: "$argon2id$v=19$canary"}
	text, err := json.Marshal(u)
	if err != nil {
		t.Fatal(err)
	}
	for _, shown := range []string{string(text), fmt.Sprint(u), fmt.Sprintf("%+v", u), fmt.Sprintf("%#v", u), fmt.Sprintf("%q", u.PasswordHash)} {
		if strings.Contains(shown, "canary") {
			t.Errorf("it shows the hash: %s", shown)
		}
	}
}
