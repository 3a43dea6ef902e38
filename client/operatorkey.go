package client

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// OperatorKey is one of the keys of who runs the server, without the secret.
type OperatorKey struct {
	ID         string     `json:"id"`
	Name       string     `json:"name"`
	Hint       string     `json:"hint"` // the last characters of the key
	CreatedAt  time.Time  `json:"created_at"`
	LastUsedAt *time.Time `json:"last_used_at"` // to the minute; nil: never
	ExpiresAt  *time.Time `json:"expires_at"`   // nil: it does not run out
}

// NewOperatorKey is what an operator key is made with.
type NewOperatorKey struct {
	Name      string    `json:"name"`
	ExpiresAt time.Time `json:"expires_at,omitzero"` // zero: it does not run out
}

// OperatorKeyAdded is a new key with its secret, which is shown this once.
type OperatorKeyAdded struct {
	OperatorKey
	Key string `json:"key"`
}

// OperatorKeys lists the operator keys, the newest first. It takes an operator key.
func (c *Client) OperatorKeys(ctx context.Context) ([]OperatorKey, error) {
	return every[OperatorKey](ctx, c, "/v1/operator-keys")
}

// AddOperatorKey adds a key. It takes an operator key.
func (c *Client) AddOperatorKey(ctx context.Context, n NewOperatorKey) (OperatorKeyAdded, error) {
	var added OperatorKeyAdded
	return added, c.call(ctx, http.MethodPost, "/v1/operator-keys", n, &added)
}

// RevokeOperatorKey ends a key on every node. It takes an operator key, which may
// be the one that ends. The last one that does not run out is refused with
// last_operator_key.
func (c *Client) RevokeOperatorKey(ctx context.Context, key string) error {
	return c.call(ctx, http.MethodDelete, "/v1/operator-keys/"+url.PathEscape(key), nil, nil)
}
