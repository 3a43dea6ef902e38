package secret_test

import (
	"bytes"
	"crypto/ed25519"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/secret"
)

func newKeeper(t testing.TB, fill byte) *secret.Keeper {
	t.Helper()
	k, err := secret.NewKeeper(bytes.Repeat([]byte{fill}, 32))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func link() secret.Link {
	return secret.Link{Kind: secret.Invitation, Account: id.New[id.Account](), ID: string(id.New[id.Invitation]()), Rotation: 3}
}

func TestTokenReadsBackAsItsLink(t *testing.T) {
	k := newKeeper(t, 1)
	userScoped := secret.Link{Kind: secret.Reset, ID: string(id.New[id.User]()), Rotation: 12}
	for _, l := range []secret.Link{link(), userScoped} {
		got, err := k.Read(l.Kind, k.Token(l))
		if err != nil || got != l {
			t.Errorf("got %+v, %v; want %+v", got, err, l)
		}
		if k.Token(l) != k.Token(got) {
			t.Error("the same link gave two tokens")
		}
	}
}

func TestTokenOfAnotherKindAccountRotationOrSecretIsNotFound(t *testing.T) {
	k, other := newKeeper(t, 1), newKeeper(t, 2)
	l := link()
	token := k.Token(l)
	moved := strings.Replace(token, string(l.Account), string(id.New[id.Account]()), 1)
	later := strings.Replace(token, "_3_", "_4_", 1)
	padded := strings.Replace(token, "_3_", "_+3_", 1)
	for name, read := range map[string]func() error{
		"other kind":     func() error { _, err := k.Read(secret.Copy, token); return err },
		"kind swapped":   func() error { _, err := k.Read(secret.Copy, "tc"+token[2:]); return err },
		"other secret":   func() error { _, err := other.Read(l.Kind, token); return err },
		"other account":  func() error { _, err := k.Read(l.Kind, moved); return err },
		"other rotation": func() error { _, err := k.Read(l.Kind, later); return err },
		"another form":   func() error { _, err := k.Read(l.Kind, padded); return err },
		"cut short":      func() error { _, err := k.Read(l.Kind, token[:len(token)-1]); return err },
		"empty":          func() error { _, err := k.Read(l.Kind, ""); return err },
	} {
		if code := fault.Code(read()); code != "not_found" {
			t.Errorf("%s: got %q, want not_found", name, code)
		}
	}
}

func TestReadRefusesWhateverItDidNotMake(t *testing.T) {
	k := newKeeper(t, 1)
	whole := k.Token(link())
	rapid.Check(t, func(t *rapid.T) {
		token := rapid.OneOf(rapid.String(), rapid.StringMatching(`ti_[a-z0-9_]{0,60}_[0-9]{1,20}_[A-Za-z0-9_-]{43}`)).Draw(t, "token")
		if _, err := k.Read(secret.Invitation, token); fault.Code(err) != "not_found" {
			t.Fatalf("got %v", err)
		}
		at := rapid.IntRange(0, len(whole)-1).Draw(t, "at")
		changed := []byte(whole)
		changed[at] ^= 1
		if _, err := k.Read(secret.Invitation, string(changed)); fault.Code(err) != "not_found" {
			t.Fatalf("changed at %d: got %v", at, err)
		}
	})
}

func TestCodeIsSixDigitsAndChangesWithTheRotation(t *testing.T) {
	k := newKeeper(t, 1)
	l, seen := link(), map[string]bool{}
	l.Kind = secret.InvitationCode
	for l.Rotation = range int64(50) {
		code := k.Code(l)
		if !regexp.MustCompile(`^[0-9]{6}$`).MatchString(code) {
			t.Fatalf("the code has another form: %d characters", len(code))
		}
		seen[code] = true
	}
	if len(seen) < 48 {
		t.Errorf("50 rotations gave only %d codes", len(seen))
	}
}

func TestSealOpensOnlyForItsPurposeAndUnchanged(t *testing.T) {
	k := newKeeper(t, 1)
	sealed, err := k.Seal("totp", []byte("seed"))
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := k.Open("totp", sealed); err != nil || string(plain) != "seed" {
		t.Errorf("got %q, %v", plain, err)
	}
	if _, err := k.Open("webhook", sealed); err == nil {
		t.Error("it opened for another purpose")
	}
	again, err := k.Seal("totp", []byte("seed"))
	if err != nil || bytes.Equal(again, sealed) {
		t.Errorf("sealing twice gave the same bytes (%v)", err)
	}
	sealed[len(sealed)-1] ^= 1
	if _, err := k.Open("totp", sealed); err == nil {
		t.Error("it opened although a bit was changed")
	}
}

func TestSignerIsTheSameForTheSameSecret(t *testing.T) {
	k, same, other := newKeeper(t, 1), newKeeper(t, 1), newKeeper(t, 2)
	signed := ed25519.Sign(k.Signer(), []byte("receipt"))
	if !ed25519.Verify(same.Signer().Public().(ed25519.PublicKey), []byte("receipt"), signed) || k.KeyID() != same.KeyID() {
		t.Error("the same secret gave another signer")
	}
	if k.KeyID() == other.KeyID() {
		t.Error("another secret gave the same signer")
	}
}

func TestNewKeeperRefusesAShortSecret(t *testing.T) {
	if _, err := secret.NewKeeper(make([]byte, 31)); err == nil {
		t.Error("31 bytes were taken")
	}
}

func TestLoadMakesOnePrivateFileForAllWhoStartAtOnce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "tenure.secret")
	got := make([][]byte, 8)
	var starting sync.WaitGroup
	for i := range got {
		starting.Go(func() {
			master, err := secret.Load(file)
			if err != nil {
				t.Error(err)
			}
			got[i] = master
		})
	}
	starting.Wait()
	for _, master := range got {
		if len(master) < 32 || !bytes.Equal(master, got[0]) {
			t.Fatal("not all got the same secret")
		}
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v; want 0600", info.Mode(), err)
	}
	if left, _ := os.ReadDir(filepath.Dir(file)); len(left) != 1 {
		t.Errorf("%d files are left, want only the secret", len(left))
	}
}

func TestLoadRefusesAFileThatOthersCanRead(t *testing.T) {
	file := filepath.Join(t.TempDir(), "tenure.secret")
	if err := os.WriteFile(file, bytes.Repeat([]byte("s"), 40), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := secret.Load(file); err != nil {
		t.Fatalf("0600: %v", err)
	}
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := secret.Load(file); err == nil || !strings.Contains(err.Error(), "can be read by others") {
		t.Errorf("0644: %v", err)
	}
}
