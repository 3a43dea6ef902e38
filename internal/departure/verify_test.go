package departure_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	jsonv2 "github.com/go-json-experiment/json"

	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/departure"
)

func (h *house) keys() departure.Keys {
	return departure.Keys{h.keeper.KeyID(): h.keeper.Signer().Public().(ed25519.PublicKey)}
}

// written is a receipt as it is served.
func written(t *testing.T, r departure.Receipt) []byte {
	t.Helper()
	raw, err := jsonv2.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// signed reports whether a receipt is as the house signed it.
func (h *house) signed(t *testing.T, r departure.Receipt) bool {
	t.Helper()
	read, err := h.keys().Verify(written(t, r))
	return err == nil && reflect.DeepEqual(read, r)
}

// TestAReceiptWithAByteChangedIsNotOurs changes each byte of a receipt, and
// bytes by chance into any other.
func TestAReceiptWithAByteChangedIsNotOurs(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		r := h.leave(t, h.join(t, "member", "r&d@example.com").ID, departure.Deactivate)
		raw, keys := written(t, r), h.keys()
		refused := func(changed []byte) bool { _, err := keys.Verify(changed); return err != nil }
		for i := range raw {
			changed := slices.Clone(raw)
			changed[i] ^= 1
			if !refused(changed) {
				t.Fatalf("byte %d can be changed: %s", i, changed)
			}
		}
		rapid.Check(t, func(t *rapid.T) {
			i, b := rapid.IntRange(0, len(raw)-1).Draw(t, "at"), rapid.Byte().Draw(t, "byte")
			changed := slices.Clone(raw)
			changed[i] = b
			if b != raw[i] && !refused(changed) {
				t.Fatalf("byte %d can become %q: %s", i, b, changed)
			}
			if cut := raw[:i]; !refused(cut) {
				t.Fatalf("it can be cut to %s", cut)
			}
		})
	})
}

// TestAReceiptIsVerifiedHoweverItIsLaidOut: who saves a receipt indents it or
// escapes letters, and what it says stays.
func TestAReceiptIsVerifiedHoweverItIsLaidOut(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		r := h.leave(t, h.join(t, "member", "r&d@bücher.example").ID, departure.Deactivate)
		raw := written(t, r)
		var indented bytes.Buffer
		if err := json.Indent(&indented, raw, "\t", "  "); err != nil {
			t.Fatal(err)
		}
		escaped := bytes.ReplaceAll(bytes.ReplaceAll(raw, []byte("&"), []byte(`\u0026`)), []byte("ü"), []byte(`\u00fc`))
		for _, laid := range [][]byte{raw, indented.Bytes(), escaped, append(raw, '\n')} {
			if read, err := h.keys().Verify(laid); err != nil || !reflect.DeepEqual(read, r) {
				t.Errorf("%v: %s", err, laid)
			}
		}
		for text, code := range map[string]string{
			``: "receipt_unreadable", `[]`: "receipt_unreadable", `"signature"`: "receipt_unreadable", `{}`: "receipt_unreadable",
			strings.Replace(string(raw), `"signature"`, `"signature":"","signature"`, 1):        "receipt_unreadable",
			strings.Replace(string(raw), `{"departure"`, `{"note":"paid","departure"`, 1):       "receipt_forged",
			strings.Replace(string(raw), r.Signature, "", 1):                                    "receipt_forged",
			strings.Replace(string(raw), r.Signature, r.Signature+`\n`, 1):                      "receipt_forged",
			strings.Replace(string(raw), `"key_id":"`+r.KeyID, `"key_id":"0123456789abcdef`, 1): "receipt_key_unknown",
		} {
			if _, err := h.keys().Verify([]byte(text)); err == nil || !strings.HasPrefix(err.Error(), code) {
				t.Errorf("%s: %v, want %s", text, err, code)
			}
		}
	})
}

func TestOnlyPublishedKeysVerify(t *testing.T) {
	for text, wrong := range map[string]bool{
		`{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"a","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}`:                                               false, // RFC 8037, appendix A.2
		`{"keys":[{"kty":"EC","crv":"P-256","kid":"b","x":"AA"},{"kty":"OKP","crv":"Ed25519","kid":"a","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}`: false,
		``: true, `[]`: true, `{}`: true, `{"keys":[]}`: true, `{"keys":[{"kty":"EC","crv":"P-256","kid":"b","x":"AA"}]}`: true,
		`{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"a","x":"AA"}]}`: true, `{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}`: true,
	} {
		keys, err := departure.ReadKeys([]byte(text))
		if (err != nil) != wrong || (!wrong && (len(keys) != 1 || len(keys["a"]) != ed25519.PublicKeySize)) {
			t.Errorf("%s: %v, %v", text, keys, err)
		}
	}
}
