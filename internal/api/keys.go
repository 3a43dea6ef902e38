package api

import (
	"crypto/ed25519"
	"encoding/base64"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
)

// Signer is who signs receipts.
type Signer interface {
	Signer() ed25519.PrivateKey
	KeyID() string
}

// KeySet is the public keys of receipts (RFC 7517, RFC 8037).
type KeySet struct {
	Keys []PublicKey `json:"keys"`
}

// PublicKey is one of them.
type PublicKey struct {
	Type      string `json:"kty" example:"OKP"`
	Curve     string `json:"crv" example:"Ed25519"`
	ID        string `json:"kid" doc:"The key_id of receipts."`
	Use       string `json:"use" example:"sig"`
	Algorithm string `json:"alg" example:"EdDSA"`
	X         string `json:"x" doc:"The key, base64url."`
}

// keys serves the public keys of receipts.
func (d *door) keys() {
	d.huma.OpenAPI().AddOperation(&huma.Operation{
		Method: http.MethodGet, Path: "/.well-known/tenure-keys.json", OperationID: "list-keys", Tags: []string{"server"},
		Summary: "The public keys of receipts", Security: []map[string][]string{},
		Responses: map[string]*huma.Response{
			"200": {Description: "OK", Content: map[string]*huma.MediaType{"application/json": {Schema: d.schema(reflect.TypeFor[KeySet]())}}},
		},
	})
	d.plain("GET /.well-known/tenure-keys.json", func(w http.ResponseWriter, r *http.Request) {
		if err := takesNoQuery(r); err != nil {
			d.refuse(r.Context(), err).write(w)
			return
		}
		public := d.config.Keys.Signer().Public().(ed25519.PublicKey)
		w.Header().Set("Cache-Control", "no-cache")
		say(w, http.StatusOK, KeySet{Keys: []PublicKey{{
			Type: "OKP", Curve: "Ed25519", ID: d.config.Keys.KeyID(), Use: "sig", Algorithm: "EdDSA",
			X: base64.RawURLEncoding.EncodeToString(public),
		}}})
	})
}
