package api

import (
	"context"
	"net/http"
	"time"

	"tenure/internal/access"
	"tenure/internal/operator"
)

// OperatorKey is one of the keys of who runs the server.
type OperatorKey struct {
	ID         string     `json:"id" example:"opk_9f2b6c0d41e8a735" doc:"As the trail of accounts names who acted."`
	Name       string     `json:"name"`
	Hint       string     `json:"hint" doc:"The last characters of the key, to tell keys apart; empty for a short one that the operator chose."`
	CreatedAt  time.Time  `json:"created_at"`
	CreatedBy  Actor      `json:"created_by" doc:"An operator key, or Tenure itself for the first one and for one from the configuration."`
	LastUsedAt *time.Time `json:"last_used_at" doc:"To the minute; null: never."`
	ExpiresAt  *time.Time `json:"expires_at" doc:"Null: it does not run out."`
}

// NewOperatorKey is a key with the secret, which is shown this once.
type NewOperatorKey struct {
	OperatorKey
	Key string `json:"key" doc:"The key itself, top_…. It is kept as its hash and never shown again."`
}

type newOperatorKeyInput struct {
	Body struct {
		Name      string    `json:"name" maxLength:"80" doc:"What it is for."`
		ExpiresAt time.Time `json:"expires_at,omitzero" doc:"It does not run out unless given."`
	}
}

type operatorKeyInput struct {
	Key string `path:"operator_key"`
}

type dropOperatorKeyInput struct {
	IfMatch
	Key string `path:"operator_key"`
}

type listOperatorEventsInput struct {
	EventFilter
	Paging
}

// operatorKeys registers the keys of the operator and the operator's own trail.
func (d *door) operatorKeys() {
	const all, one = "/v1/operator-keys", "/v1/operator-keys/{operator_key}"
	handle(d, operatorOnly, operation("GET", all, "list-operator-keys", "keys", "List operator keys, the newest first"), d.listOperatorKeys)
	handleOnce(d, operatorOnly, answering(http.StatusCreated, operation("POST", all, "add-operator-key", "keys", "Add an operator key; it is shown once")), d.addOperatorKey, shownOnce)
	handle(d, operatorOnly, operation("GET", one, "get-operator-key", "keys", "Read an operator key"), d.getOperatorKey)
	handle(d, operatorOnly, operation("DELETE", one, "revoke-operator-key", "keys", "Revoke an operator key, but never the last that does not run out"), d.revokeOperatorKey)
	handle(d, operatorOnly, operation("GET", "/v1/operator-events", "list-operator-events", "events", "Read what was done to operator keys, newest first"), d.listOperatorEvents)
}

func (d *door) listOperatorKeys(ctx context.Context, actor access.Actor, in *Portion) (*out[listOf[OperatorKey]], error) {
	keys, err := d.rooms.Operators.List(ctx, actor)
	if err != nil {
		return nil, err
	}
	return portioned(keys, *in, func(k operator.Key) string { return string(k.ID) }, operatorKeyShape)
}

func (d *door) addOperatorKey(ctx context.Context, actor access.Actor, in *newOperatorKeyInput) (*object[NewOperatorKey], error) {
	added, key, err := d.rooms.Operators.Add(ctx, actor, operator.New{Name: in.Body.Name, ExpiresAt: in.Body.ExpiresAt})
	if err != nil {
		return nil, err
	}
	return versioned(NewOperatorKey{operatorKeyShape(added), key}, added.Version), nil
}

func (d *door) getOperatorKey(ctx context.Context, actor access.Actor, in *operatorKeyInput) (*object[OperatorKey], error) {
	key, err := d.rooms.Operators.Get(ctx, actor, in.Key)
	if err != nil {
		return nil, err
	}
	return versioned(operatorKeyShape(key), key.Version), nil
}

func (d *door) revokeOperatorKey(ctx context.Context, actor access.Actor, in *dropOperatorKeyInput) (*done, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return &done{}, d.rooms.Operators.Revoke(ctx, actor, in.Key, version)
}

func (d *door) listOperatorEvents(ctx context.Context, actor access.Actor, in *listOperatorEventsInput) (*out[listOf[Event]], error) {
	f := in.filter()
	f.Limit = in.Limit
	facts, next, err := d.rooms.Trail.Operator(ctx, actor, f, in.Cursor)
	if err != nil {
		return nil, err
	}
	return listed(facts, next, eventShape), nil
}

func operatorKeyShape(k operator.Key) OperatorKey {
	return OperatorKey{
		ID: k.ID, Name: k.Name, Hint: k.Hint, CreatedAt: k.CreatedAt, CreatedBy: Actor{k.By.Kind, k.By.ID, k.ByName},
		LastUsedAt: moment(k.LastUsedAt), ExpiresAt: moment(k.ExpiresAt),
	}
}
