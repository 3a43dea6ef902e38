package bearer

import (
	"hash/maphash"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tenure/internal/id"
	"tenure/internal/secret"
)

func TestATokenNamesItsAccountAndNothingElseDoes(t *testing.T) {
	account := id.New[id.Account]()
	for token, want := range map[string]string{
		Make("tk_", account): string(account), Make("tk_", ""): "",
		"tk_acc_x_" + strings.Repeat("A", 43): "acc_x",
	} {
		if got, ok := accountOf("tk_", token); !ok || string(got) != want {
			t.Errorf("%q: got %q %v, want %q", token, got, ok, want)
		}
	}
	whole := Make("tk_", account)
	for _, wrong := range []string{
		"", "tk_", whole[:len(whole)-1], "tn" + whole[2:], "tk_" + "_" + strings.Repeat("A", 43), whole[:len(whole)-1] + "\x00",
		"tk_" + strings.Repeat("a", 200), strings.ReplaceAll(whole, "_", "."), " " + whole, "tk_" + strings.Repeat("A", 42),
	} {
		if got, ok := accountOf("tk_", wrong); ok {
			t.Errorf("%q names account %q", wrong, got)
		}
	}
}

// What looks like a token is hashed as everything is, whatever it holds.
func TestTheHashIsThatOfTheStore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		token := rapid.StringN(0, limit/4, limit).Draw(t, "token")
		if got := hashOf(token); string(got[:]) != string(secret.Hash(token)) {
			t.Fatalf("%q hashes to %x", token, got)
		}
		_, _ = accountOf("tk_", token)
	})
}

// A mark that is set after a count was taken makes what was read then worthless,
// and so does a mark on everything.
func TestWhatWasReadBeforeAMarkIsNotBelieved(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := marks{seed: maphash.MakeSeed()}
		subjects := rapid.SliceOfN(rapid.StringMatching(`[a-z]{1,6}`), 3, 3).Draw(t, "subjects")
		rests := [3]string(subjects)
		b := basis{asOf: m.now(), places: m.places(rests)}
		if !m.fresh(&b) {
			t.Fatal("stale before any mark")
		}
		switch hit := rapid.IntRange(0, 3).Draw(t, "hit"); hit {
		case 3:
			m.setAll()
		default:
			m.set(rests[hit])
		}
		if m.fresh(&b) {
			t.Fatal("believed after a mark")
		}
		if again := (basis{asOf: m.now(), places: m.places(rests)}); !m.fresh(&again) {
			t.Fatal("what was read after the mark is not believed")
		}
	})
}
