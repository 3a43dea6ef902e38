package api

import (
	"context"
	"net/http"
	"time"

	"tenure/internal/access"
	"tenure/internal/id"
	"tenure/internal/once"
	"tenure/internal/resource"
)

// Resource is a thing of the host product and who holds it.
type Resource struct {
	Type       string    `json:"type" example:"case"`
	ID         string    `json:"id" doc:"What the host product calls it." example:"17"`
	Name       string    `json:"name"`
	Owner      *string   `json:"owner" doc:"The member who owns it; null: nobody."`
	Assignees  []string  `json:"assignees" doc:"Who works on it, in the order they were assigned; also who has been deactivated since."`
	People     []Holder  `json:"people" doc:"The owner and the assignees, each once: who reaches a resource is told who holds it, also without the right to list members."`
	SubAccount *string   `json:"sub_account" doc:"Null: it is of the account as a whole."`
	CreatedAt  time.Time `json:"created_at"`
}

// Holder is a member who owns a resource or works on it.
type Holder struct {
	Member string `json:"member"`
	Name   string `json:"name" doc:"Empty once they were erased."`
	Active bool   `json:"active" doc:"False: they have left, and stay until somebody hands on what is theirs or takes them off."`
}

// ResourceType is a kind of resources.
type ResourceType struct {
	Key     string            `json:"key" example:"pin"`
	Name    string            `json:"name" example:"Pin"`
	OnLeave string            `json:"on_leave" enum:"ask,leave" doc:"What becomes of them when their owner leaves and nobody decides otherwise: it has to be decided, or they stay with who has left."`
	Words   map[string]string `json:"words" doc:"What screens call them, such as one and many, and nl.one for another language."`
}

// Activity is something that happened to a resource.
type Activity struct {
	ID         string    `json:"id" example:"act_06h03a5fs1re334g9qz561hx9g"`
	Kind       string    `json:"kind" example:"visit"`
	Member     *string   `json:"member" doc:"By whom; null: by nobody who is a member."`
	MemberName string    `json:"member_name" doc:"Empty once they were erased."`
	Note       string    `json:"note"`
	At         time.Time `json:"at"`
	CreatedAt  time.Time `json:"created_at"`
}

// Tenancy is a length of time during which somebody owned a resource or worked
// on it.
type Tenancy struct {
	Member     string     `json:"member"`
	MemberName string     `json:"member_name" doc:"Empty once they were erased."`
	From       time.Time  `json:"from"`
	To         *time.Time `json:"to" doc:"Null: still."`
}

// ResourceHistory is what was with a resource, the oldest first, each as far as
// the newest thousand.
type ResourceHistory struct {
	Owners      []Tenancy  `json:"owners"`
	Assignments []Tenancy  `json:"assignments"`
	Activities  []Activity `json:"activities"`
}

type resourceTypeInput struct {
	Account string `path:"account"`
	Type    string `path:"type"`
}

type putResourceTypeInput struct {
	IfMatch
	Account string `path:"account"`
	Type    string `path:"type"`
	Body    struct {
		Name    string            `json:"name" maxLength:"80"`
		OnLeave string            `json:"on_leave" enum:"ask,leave"`
		Words   map[string]string `json:"words,omitempty"`
	}
}

type listResourcesInput struct {
	Account    string `path:"account"`
	Type       string `query:"type" maxLength:"40"`
	Owner      string `query:"owner" maxLength:"40" doc:"The id of a member."`
	Assignee   string `query:"assignee" maxLength:"40" doc:"The id of a member."`
	SubAccount string `query:"sub_account" maxLength:"40" doc:"The id of a sub-account."`
	Q          string `query:"q" maxLength:"200" doc:"Found in name or id, whatever the case and the accents."`
	Paging
}

// ResourcePath names a resource in a path.
type ResourcePath struct {
	Account string `path:"account"`
	Type    string `path:"type"`
	ID      string `path:"id"`
}

func (in ResourcePath) key() resource.Key { return resource.Key{Type: in.Type, ID: in.ID} }

type putResourceInput struct {
	IfMatch
	ResourcePath
	Body struct {
		Name       string        `json:"name" maxLength:"200"`
		Owner      Patch[string] `json:"owner,omitzero" nullable:"true" maxLength:"40" doc:"Absent: who it was. Null: nobody."`
		SubAccount Patch[string] `json:"sub_account,omitzero" nullable:"true" maxLength:"40" doc:"Absent: as it was. Null: none."`
	}
}

type deleteResourceInput struct {
	IfMatch
	ResourcePath
}

type assigneeInput struct {
	ResourcePath
	Member string `path:"member"`
}

type unassignInput struct {
	IfMatch
	ResourcePath
	Member string `path:"member"`
}

type activitiesInput struct {
	ResourcePath
	Paging
}

type newActivityInput struct {
	ResourcePath
	Body struct {
		Kind   string    `json:"kind" maxLength:"40" example:"visit"`
		Member string    `json:"member,omitempty" maxLength:"40" doc:"Who did it; without it a person means themselves."`
		Note   string    `json:"note,omitempty" maxLength:"2000"`
		At     time.Time `json:"at,omitzero" doc:"When it was; without it now."`
	}
}

// resources registers the things that members own and work on.
func (d *door) resources() {
	const types, all, one = "/v1/accounts/{account}/resource-types", "/v1/accounts/{account}/resources", "/v1/accounts/{account}/resources/{type}/{id}"
	handle(d, somebody, operation("GET", types, "list-resource-types", "resources", "List the types of resources"), d.listResourceTypes)
	handle(d, somebody, operation("GET", types+"/{type}", "get-resource-type", "resources", "Read a type of resources"), d.getResourceType)
	handle(d, somebody, operation("PUT", types+"/{type}", "put-resource-type", "resources", "Make a type of resources, or change it"), d.putResourceType)
	handle(d, somebody, d.importing(operation("POST", all+"/import", "import-resources", "resources", "Hand over a list of resources")), d.importResources)
	handle(d, somebody, operation("GET", all, "list-resources", "resources", "List the resources that one reaches"), d.listResources)
	handle(d, somebody, operation("GET", one, "get-resource", "resources", "Read a resource"), d.getResource)
	handle(d, somebody, operation("PUT", one, "put-resource", "resources", "Make a resource, or change it"), d.putResource)
	handle(d, somebody, operation("DELETE", one, "delete-resource", "resources", "Delete a resource with its history"), d.deleteResource)
	handle(d, somebody, operation("PUT", one+"/assignees/{member}", "assign-resource", "resources", "Assign a member"), d.assignResource)
	handle(d, somebody, operation("DELETE", one+"/assignees/{member}", "unassign-resource", "resources", "Take a member off a resource"), d.unassignResource)
	handle(d, somebody, operation("GET", one+"/activities", "list-activities", "resources", "List what happened to a resource, newest first"), d.listActivities)
	handleOnce(d, somebody, answering(http.StatusCreated, operation("POST", one+"/activities", "add-activity", "resources", "Note what happened to a resource")), d.addActivity, d.addedActivity)
	handle(d, somebody, operation("GET", one+"/history", "get-resource-history", "resources", "Read who owned a resource and who worked on it, and what happened"), d.getResourceHistory)
}

func (d *door) listResourceTypes(ctx context.Context, actor access.Actor, in *portionInput) (*out[listOf[ResourceType]], error) {
	types, err := d.rooms.Resources.ListTypes(ctx, actor, id.Account(in.Account))
	if err != nil {
		return nil, err
	}
	return portioned(types, in.Portion, func(t resource.Type) string { return t.Key }, resourceTypeShape)
}

func (d *door) getResourceType(ctx context.Context, actor access.Actor, in *resourceTypeInput) (*object[ResourceType], error) {
	t, err := d.rooms.Resources.GetType(ctx, actor, id.Account(in.Account), in.Type)
	if err != nil {
		return nil, err
	}
	return versioned(resourceTypeShape(t), t.Version), nil
}

func (d *door) putResourceType(ctx context.Context, actor access.Actor, in *putResourceTypeInput) (*object[ResourceType], error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	t, err := d.rooms.Resources.PutType(ctx, actor, id.Account(in.Account), resource.Type{
		Key: in.Type, Name: in.Body.Name, OnLeave: resource.OnLeave(in.Body.OnLeave), Words: in.Body.Words}, version)
	if err != nil {
		return nil, err
	}
	return versioned(resourceTypeShape(t), t.Version), nil
}

func (d *door) listResources(ctx context.Context, actor access.Actor, in *listResourcesInput) (*out[listOf[Resource]], error) {
	list, next, err := d.rooms.Resources.List(ctx, actor, id.Account(in.Account), resource.Filter{
		Type: in.Type, Owner: id.Member(in.Owner), Assignee: id.Member(in.Assignee), SubAccount: id.SubAccount(in.SubAccount), Query: in.Q,
		Cursor: in.Cursor, Limit: in.Limit,
	})
	if err != nil {
		return nil, err
	}
	return listed(list, next, resourceShape), nil
}

func (d *door) getResource(ctx context.Context, actor access.Actor, in *ResourcePath) (*object[Resource], error) {
	r, err := d.rooms.Resources.Get(ctx, actor, id.Account(in.Account), in.key())
	if err != nil {
		return nil, err
	}
	return versioned(resourceShape(r), r.Version), nil
}

func (d *door) putResource(ctx context.Context, actor access.Actor, in *putResourceInput) (*object[Resource], error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	r, err := d.rooms.Resources.Put(ctx, actor, id.Account(in.Account), resource.Draft{
		Key: in.key(), Name: in.Body.Name, Owner: (*id.Member)(in.Body.Owner.Value()), SubAccount: (*id.SubAccount)(in.Body.SubAccount.Value()),
	}, version)
	if err != nil {
		return nil, err
	}
	return versioned(resourceShape(r), r.Version), nil
}

func (d *door) deleteResource(ctx context.Context, actor access.Actor, in *deleteResourceInput) (*done, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return &done{}, d.rooms.Resources.Delete(ctx, actor, id.Account(in.Account), in.key(), version)
}

func (d *door) assignResource(ctx context.Context, actor access.Actor, in *assigneeInput) (*object[Resource], error) {
	r, err := d.rooms.Resources.Assign(ctx, actor, id.Account(in.Account), in.key(), id.Member(in.Member))
	if err != nil {
		return nil, err
	}
	return versioned(resourceShape(r), r.Version), nil
}

func (d *door) unassignResource(ctx context.Context, actor access.Actor, in *unassignInput) (*done, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return &done{}, d.rooms.Resources.Unassign(ctx, actor, id.Account(in.Account), in.key(), id.Member(in.Member), version)
}

func (d *door) listActivities(ctx context.Context, actor access.Actor, in *activitiesInput) (*out[listOf[Activity]], error) {
	list, next, err := d.rooms.Resources.Activities(ctx, actor, id.Account(in.Account), in.key(), in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	return listed(list, next, activityShape), nil
}

func (d *door) addActivity(ctx context.Context, actor access.Actor, in *newActivityInput) (*object[Activity], error) {
	a, err := d.rooms.Resources.AddActivity(ctx, actor, id.Account(in.Account), in.key(), resource.Activity{
		Kind: in.Body.Kind, Member: id.Member(in.Body.Member), Note: in.Body.Note, At: in.Body.At,
	})
	if err != nil {
		return nil, err
	}
	return unversioned(activityShape(a)), nil
}

// addedActivity gives an activity again that was noted under the same key.
func (d *door) addedActivity(ctx context.Context, actor access.Actor, in *newActivityInput, kept once.Kept) (*object[Activity], error) {
	noted, err := keptAs[id.Activity](kept)
	if err != nil {
		return nil, err
	}
	a, err := d.rooms.Resources.Activity(ctx, actor, id.Account(in.Account), in.key(), noted)
	if err != nil {
		return nil, err
	}
	return unversioned(activityShape(a)), nil
}

func (d *door) getResourceHistory(ctx context.Context, actor access.Actor, in *ResourcePath) (*object[ResourceHistory], error) {
	h, err := d.rooms.Resources.History(ctx, actor, id.Account(in.Account), in.key())
	if err != nil {
		return nil, err
	}
	return unversioned(ResourceHistory{
		Owners: shapes(h.Owners, tenancyShape), Assignments: shapes(h.Assignments, tenancyShape), Activities: shapes(h.Activities, activityShape),
	}), nil
}

func shapes[R, T any](rows []R, shape func(R) T) []T {
	all := make([]T, len(rows))
	for i, row := range rows {
		all[i] = shape(row)
	}
	return all
}

func resourceTypeShape(t resource.Type) ResourceType {
	return ResourceType{Key: t.Key, Name: t.Name, OnLeave: string(t.OnLeave), Words: t.Words}
}

func resourceShape(r resource.Resource) Resource {
	return Resource{Type: r.Type, ID: r.ID, Name: r.Name, Owner: filled(string(r.Owner)), Assignees: texts(r.Assignees),
		People: shapes(r.People, holderShape), SubAccount: filled(string(r.SubAccount)), CreatedAt: r.CreatedAt}
}

func holderShape(p resource.Person) Holder {
	return Holder{Member: string(p.ID), Name: p.Name, Active: p.Active}
}

func activityShape(a resource.Activity) Activity {
	return Activity{ID: string(a.ID), Kind: a.Kind, Member: filled(string(a.Member)), MemberName: a.MemberName, Note: a.Note, At: a.At, CreatedAt: a.CreatedAt}
}

func tenancyShape(t resource.Tenancy) Tenancy {
	return Tenancy{Member: string(t.Member), MemberName: t.MemberName, From: t.From, To: moment(t.To)}
}
