package departure

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	jsonv2 "github.com/go-json-experiment/json"

	"tenure/internal/fault"
	"tenure/internal/holding"
	"tenure/internal/id"
)

// Signer signs receipts: an Ed25519 key (RFC 8032) and the name it is published
// under.
type Signer interface {
	Signer() ed25519.PrivateKey
	KeyID() string
}

// Receipt is what was done, when and by whom, with the end of the account's
// trail at that moment, signed.
type Receipt struct {
	Departure id.Departure `json:"departure"`
	AppliedAt time.Time    `json:"applied_at"`
	By        Actor        `json:"by"`
	Members   []Left       `json:"members"`
	ChainHead ChainHead    `json:"chain_head"`
	KeyID     string       `json:"key_id"`
	Signature string       `json:"signature"` // base64 of Ed25519 over the JSON with this empty
}

// Actor names who applied the departure.
type Actor struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
}

// Left is one member's part of a receipt.
type Left struct {
	Member        id.Member        `json:"member"`
	Email         string           `json:"email"`
	SessionsEnded int64            `json:"sessions_ended"`
	KeysEnded     int64            `json:"keys_ended"`
	Effects       []holding.Effect `json:"effects"`
}

// ChainHead is the last event of the account's trail: its number, and its hash
// in hexadecimal.
type ChainHead struct {
	Seq  int64  `json:"seq"`
	Hash string `json:"hash"`
}

// encode gives the bytes that are signed, stored and served: fields in the
// order of the struct, no white space, and text as it is, so that whoever has
// the served bytes can verify them without knowing our encoder.
func (r Receipt) encode() ([]byte, error) { return jsonv2.Marshal(r) }

// sign gives the receipt with its signature.
func (r Receipt) sign(s Signer) (Receipt, error) {
	r.KeyID, r.Signature = s.KeyID(), ""
	raw, err := r.encode()
	if err != nil {
		return r, fmt.Errorf("sign receipt: %w", err)
	}
	r.Signature = base64.StdEncoding.EncodeToString(ed25519.Sign(s.Signer(), raw))
	return r, nil
}

// without gives the receipt without the addresses of members who are erased, to be
// signed anew.
func (r Receipt) without(erased []id.Member) Receipt {
	r.Members = slices.Clone(r.Members)
	for i := range r.Members {
		if slices.Contains(erased, r.Members[i].Member) {
			r.Members[i].Email = ""
		}
	}
	return r
}

// stored reads the receipt of an applied departure. Faults: conflict
// departure_open before it is applied; gone receipt_erased once whoever was
// removed was erased.
func (d Departure) stored() (Receipt, error) {
	var r Receipt
	switch {
	case d.State.Open() || d.State == Discarded:
		return r, fault.Conflict("departure_open", "There is no receipt: this has not been applied.")
	case d.receipt == "":
		return r, fault.Gone("receipt_erased", "The receipt was erased with the person it names.")
	}
	if err := json.Unmarshal([]byte(d.receipt), &r); err != nil {
		return r, fmt.Errorf("read receipt: %w", err)
	}
	return r, nil
}
