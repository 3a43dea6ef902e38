package api

import (
	"context"
	"net/http"
	"time"

	"tenure/internal/access"
	"tenure/internal/id"
	"tenure/internal/key"
)

// APIKey is what a program comes in by, in the name of the member who made it.
type APIKey struct {
	ID          string     `json:"id" example:"key_06h03a5fs1re334g9qz561hx9g"`
	Name        string     `json:"name"`
	Hint        string     `json:"hint" doc:"The last characters of the key, to tell keys apart."`
	Permissions []string   `json:"permissions" doc:"What it was made for. It may do what its maker may do at that moment, of that these, and no more."`
	Member      string     `json:"member" doc:"The maker."`
	CreatedAt   time.Time  `json:"created_at"`
	LastUsedAt  *time.Time `json:"last_used_at" doc:"To the minute; null: never."`
	ExpiresAt   *time.Time `json:"expires_at" doc:"Null: it does not run out."`
}

// NewAPIKey is a key with the token, which is shown this once.
type NewAPIKey struct {
	APIKey
	Key string `json:"key" doc:"The key itself. It is kept as its hash and never shown again."`
}

type newAPIKeyInput struct {
	Account string `path:"account"`
	Body    struct {
		Name        string    `json:"name" maxLength:"80"`
		Permissions []string  `json:"permissions" doc:"At least one; each one that the maker has."`
		ExpiresAt   time.Time `json:"expires_at,omitzero" doc:"It does not run out unless given."`
	}
}

type apiKeyInput struct {
	Account string `path:"account"`
	Key     string `path:"key"`
}

type revokeAPIKeyInput struct {
	IfMatch
	Account string `path:"account"`
	Key     string `path:"key"`
}

type apiKeysInput struct {
	Paging
	Account string `path:"account"`
	Member  string `query:"member" maxLength:"40" doc:"The maker."`
}

type patchAPIKeyInput struct {
	IfMatch
	Account string `path:"account"`
	Key     string `path:"key"`
	Body    struct {
		Name        Patch[string]    `json:"name,omitzero" maxLength:"80"`
		Permissions Patch[[]string]  `json:"permissions,omitzero" doc:"At least one, and none that it does not have."`
		ExpiresAt   Patch[time.Time] `json:"expires_at,omitzero" doc:"Only earlier than it is."`
	}
}

// apiKeys registers the API keys of an account.
func (d *door) apiKeys() {
	const all, one = "/v1/accounts/{account}/api-keys", "/v1/accounts/{account}/api-keys/{key}"
	handle(d, somebody, operation("GET", all, "list-api-keys", "keys", "List API keys, the newest first"), d.listAPIKeys)
	handleOnce(d, person, answering(http.StatusCreated, operation("POST", all, "create-api-key", "keys", "Make an API key of one's own; it is shown once")), d.createAPIKey, shownOnce)
	handle(d, somebody, operation("GET", one, "get-api-key", "keys", "Read an API key"), d.getAPIKey)
	handle(d, somebody, operation("PATCH", one, "change-api-key", "keys", "Rename an API key, let it do less, or let it run out earlier"), d.changeAPIKey)
	handle(d, somebody, operation("DELETE", one, "revoke-api-key", "keys", "Revoke an API key"), d.revokeAPIKey)
}

func (d *door) listAPIKeys(ctx context.Context, actor access.Actor, in *apiKeysInput) (*out[listOf[APIKey]], error) {
	keys, next, err := d.rooms.Keys.List(ctx, actor, id.Account(in.Account), key.Filter{
		Member: id.Member(in.Member), Cursor: in.Cursor, Limit: in.Limit,
	})
	if err != nil {
		return nil, err
	}
	return listed(keys, next, apiKeyShape), nil
}

func (d *door) createAPIKey(ctx context.Context, actor access.Actor, in *newAPIKeyInput) (*object[NewAPIKey], error) {
	k, token, err := d.rooms.Keys.Create(ctx, actor, id.Account(in.Account), key.New{
		Name: in.Body.Name, Permissions: typed[access.Permission](in.Body.Permissions), ExpiresAt: in.Body.ExpiresAt,
	})
	if err != nil {
		return nil, err
	}
	return versioned(NewAPIKey{apiKeyShape(k), token}, k.Version), nil
}

func (d *door) getAPIKey(ctx context.Context, actor access.Actor, in *apiKeyInput) (*object[APIKey], error) {
	k, err := d.rooms.Keys.Get(ctx, actor, id.Account(in.Account), id.Key(in.Key))
	if err != nil {
		return nil, err
	}
	return versioned(apiKeyShape(k), k.Version), nil
}

func (d *door) changeAPIKey(ctx context.Context, actor access.Actor, in *patchAPIKeyInput) (*object[APIKey], error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	p := key.Patch{Name: in.Body.Name.Value(), Permissions: ids[access.Permission](in.Body.Permissions), ExpiresAt: in.Body.ExpiresAt.Value()}
	k, err := d.rooms.Keys.Change(ctx, actor, id.Account(in.Account), id.Key(in.Key), p, version)
	if err != nil {
		return nil, err
	}
	return versioned(apiKeyShape(k), k.Version), nil
}

func (d *door) revokeAPIKey(ctx context.Context, actor access.Actor, in *revokeAPIKeyInput) (*done, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return &done{}, d.rooms.Keys.Revoke(ctx, actor, id.Account(in.Account), id.Key(in.Key), version)
}

func apiKeyShape(k key.Key) APIKey {
	return APIKey{
		ID: string(k.ID), Name: k.Name, Hint: k.Hint, Permissions: texts(k.Permissions), Member: string(k.Member),
		CreatedAt: k.CreatedAt, LastUsedAt: moment(k.LastUsedAt), ExpiresAt: moment(k.ExpiresAt),
	}
}
