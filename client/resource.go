package client

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// ResourceType is a kind of things of the host app that members own and work on.
type ResourceType struct {
	Key     string            `json:"key"` // such as case
	Name    string            `json:"name"`
	OnLeave string            `json:"on_leave"` // ask or leave
	Words   map[string]string `json:"words"`    // such as one and many
}

// Resource is a thing of the host app and who holds it.
type Resource struct {
	Type       string    `json:"type"`
	ID         string    `json:"id"` // as the host app calls it
	Name       string    `json:"name"`
	Owner      string    `json:"owner"`       // a member, or empty
	Assignees  []string  `json:"assignees"`   // members, also those who have been deactivated since
	People     []Holder  `json:"people"`      // the owner and the assignees, each once
	SubAccount string    `json:"sub_account"` // empty: of the account as a whole
	CreatedAt  time.Time `json:"created_at"`
}

// Holder is a member who owns a resource or works on it.
type Holder struct {
	Member string `json:"member"`
	Name   string `json:"name"`
	Active bool   `json:"active"` // false: they have left, and stay until somebody takes them off
}

// Entity is the resource, to ask about it.
func (r Resource) Entity() Entity { return Entity{Type: r.Type, ID: r.ID} }

// ResourceDraft is what a resource is made or changed with.
type ResourceDraft struct {
	Name       string  `json:"name"`
	Owner      *string `json:"owner,omitempty"`       // nil: who it was
	SubAccount *string `json:"sub_account,omitempty"` // nil: as it was
}

// ResourceFilter chooses resources; what is empty chooses all.
type ResourceFilter struct {
	Type     string
	Owner    string // a member
	Assignee string // a member
}

// Activity is something that happened to a resource: a visit, a call, the deal
// that was closed.
type Activity struct {
	ID         string    `json:"id"`
	Kind       string    `json:"kind"`
	Member     string    `json:"member"`
	MemberName string    `json:"member_name"`
	Note       string    `json:"note"`
	At         time.Time `json:"at"`
}

// NewActivity is what is noted of an activity.
type NewActivity struct {
	Kind   string    `json:"kind"`             // a lowercase word, such as visit
	Member string    `json:"member,omitempty"` // who did it; empty: a session means its own member
	Note   string    `json:"note,omitempty"`
	At     time.Time `json:"at,omitzero"` // zero: now
}

// Tenancy is how long a member owned a resource or worked on it.
type Tenancy struct {
	Member     string     `json:"member"`
	MemberName string     `json:"member_name"`
	From       time.Time  `json:"from"`
	To         *time.Time `json:"to"` // nil: still
}

// ResourceHistory is what was with a resource, the oldest first.
type ResourceHistory struct {
	Owners      []Tenancy  `json:"owners"`
	Assignments []Tenancy  `json:"assignments"`
	Activities  []Activity `json:"activities"`
}

// ResourceTypes lists the types of an account.
func (c *Client) ResourceTypes(ctx context.Context, account string) ([]ResourceType, error) {
	return every[ResourceType](ctx, c, pathOf(account, "resource-types"))
}

// Resources lists the resources that the caller reaches, a page at a time. It
// takes resources.read.
func (c *Client) Resources(ctx context.Context, account string, f ResourceFilter, cursor string) (Page[Resource], error) {
	query := url.Values{"limit": {"200"}}
	for name, value := range map[string]string{"type": f.Type, "owner": f.Owner, "assignee": f.Assignee, "cursor": cursor} {
		if value != "" {
			query.Set(name, value)
		}
	}
	var page Page[Resource]
	return page, c.call(ctx, http.MethodGet, pathOf(account, "resources")+"?"+query.Encode(), nil, &page)
}

// Resource reads a resource. What the caller does not reach is not_found.
func (c *Client) Resource(ctx context.Context, account, kind, id string) (Resource, error) {
	var r Resource
	return r, c.call(ctx, http.MethodGet, pathOf(account, "resources", kind, id), nil, &r)
}

// PutResource registers a resource, or changes it. It takes resources.manage.
func (c *Client) PutResource(ctx context.Context, account, kind, id string, d ResourceDraft) (Resource, error) {
	var r Resource
	return r, c.call(ctx, http.MethodPut, pathOf(account, "resources", kind, id), d, &r)
}

// AssignResource lets a member work on a resource. It takes resources.assign. A
// *Problem with the code guest_limit says that they work on one already and may
// have no second.
func (c *Client) AssignResource(ctx context.Context, account, kind, id, member string) (Resource, error) {
	var r Resource
	return r, c.call(ctx, http.MethodPut, pathOf(account, "resources", kind, id, "assignees", member), nil, &r)
}

// UnassignResource takes a member off a resource.
func (c *Client) UnassignResource(ctx context.Context, account, kind, id, member string) error {
	return c.call(ctx, http.MethodDelete, pathOf(account, "resources", kind, id, "assignees", member), nil, nil)
}

// AddActivity notes what happened to a resource. Whoever reaches it notes what
// they did themselves; what others did takes resources.manage.
func (c *Client) AddActivity(ctx context.Context, account, kind, id string, n NewActivity) (Activity, error) {
	var a Activity
	return a, c.call(ctx, http.MethodPost, pathOf(account, "resources", kind, id, "activities"), n, &a)
}

// ResourceHistory reads who owned a resource and worked on it, and what happened.
func (c *Client) ResourceHistory(ctx context.Context, account, kind, id string) (ResourceHistory, error) {
	var h ResourceHistory
	return h, c.call(ctx, http.MethodGet, pathOf(account, "resources", kind, id, "history"), nil, &h)
}
