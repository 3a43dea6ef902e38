package departure

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"tenure/internal/fault"
)

// Keys are the public keys of receipts, each by the name it is published under.
type Keys map[string]ed25519.PublicKey

// ReadKeys reads what a server publishes at /.well-known/tenure-keys.json: a key
// set (RFC 7517) with Ed25519 keys (RFC 8037). Keys of other sorts are left out.
// Faults: invalid_keys if there is none that can be read.
func ReadKeys(raw []byte) (Keys, error) {
	var set struct {
		Keys []struct {
			Type  string `json:"kty"`
			Curve string `json:"crv"`
			ID    string `json:"kid"`
			X     string `json:"x"`
		} `json:"keys"`
	}
	if err := json.Unmarshal(raw, &set); err != nil {
		return nil, fault.Unprocessable("invalid_keys", "The keys cannot be read as JSON.").Because(err)
	}
	keys := Keys{}
	for _, k := range set.Keys {
		if k.Type != "OKP" || k.Curve != "Ed25519" {
			continue
		}
		x, err := base64.RawURLEncoding.DecodeString(k.X)
		if err != nil || len(x) != ed25519.PublicKeySize || k.ID == "" {
			return nil, fault.Unprocessable("invalid_keys", "One of the keys is not an Ed25519 key with a name.")
		}
		keys[k.ID] = x
	}
	if len(keys) == 0 {
		return nil, fault.Unprocessable("invalid_keys", "There is no Ed25519 key among the keys.")
	}
	return keys, nil
}

// Verify reads a receipt as it was served or saved, and says whether one of the
// keys signed it. White space outside of texts, and the way their characters are
// escaped, may have become others on the way; nothing else may, not one byte.
//
// Faults: receipt_unreadable for what is no receipt, receipt_key_unknown,
// receipt_forged.
func (k Keys) Verify(raw []byte) (Receipt, error) {
	var r Receipt
	signed, err := unsigned(raw)
	if err == nil {
		err = json.Unmarshal(signed.whole, &r)
	}
	if err != nil {
		return r, fault.Unprocessable("receipt_unreadable", "This is not a receipt: it cannot be read as one.").Because(err)
	}
	key, known := k[r.KeyID]
	if !known {
		return r, fault.Unprocessable("receipt_key_unknown", "The receipt names a key that is not among the keys given.")
	}
	signature, err := base64.StdEncoding.Strict().DecodeString(r.Signature)
	if err != nil || base64.StdEncoding.EncodeToString(signature) != r.Signature || !ed25519.Verify(key, signed.without, signature) {
		return r, fault.Unprocessable("receipt_forged", "The signature does not fit: the receipt is not as it was signed.")
	}
	return r, nil
}

// paper is a receipt as bytes: all of it, and what its signature is over.
type paper struct{ whole, without []byte }

// unsigned writes a receipt the way encode does, whoever has reformatted it, and
// empties its signature. Members that this version does not know stay: what
// signed them did.
func unsigned(raw []byte) (paper, error) {
	whole := jsontext.Value(bytes.Clone(raw))
	if err := whole.Format(); err != nil {
		return paper{}, err
	}
	d := jsontext.NewDecoder(bytes.NewReader(whole))
	if _, err := d.ReadToken(); err != nil || whole.Kind() != '{' {
		return paper{}, errors.Join(errors.New("it is no object"), err)
	}
	for {
		name, err := d.ReadToken()
		switch {
		case errors.Is(err, io.EOF) || (err == nil && name.Kind() == '}'):
			return paper{}, errors.New("it has no signature")
		case err != nil:
			return paper{}, fmt.Errorf("read it: %w", err)
		}
		is := name.String() == "signature"
		value, err := d.ReadValue()
		if err != nil {
			return paper{}, fmt.Errorf("read it: %w", err)
		}
		if is {
			end := int(d.InputOffset())
			return paper{whole, bytes.Join([][]byte{whole[:end-len(value)], whole[end:]}, []byte(`""`))}, nil
		}
	}
}
