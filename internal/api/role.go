package api

import (
	"context"
	"net/http"

	"tenure/internal/access"
	"tenure/internal/id"
	"tenure/internal/once"
	"tenure/internal/role"
)

// Role is a named set of rights.
type Role struct {
	Key         string   `json:"key"`
	Name        string   `json:"name"`
	Administers bool     `json:"administers" doc:"Users and settings; holds every permission."`
	Reach       string   `json:"reach" enum:"all,assigned,single"`
	Modules     string   `json:"modules" enum:"all,chosen"`
	Billable    bool     `json:"billable" doc:"Whether those who have it take a seat."`
	Rank        int      `json:"rank" doc:"From 1 to 100; higher ones act on lower ones."`
	Permissions []string `json:"permissions" doc:"All of them for a role that administers."`
	BuiltIn     bool     `json:"built_in" doc:"It came with the account's preset: it can be changed, not deleted."`
	Members     *int64   `json:"members" doc:"How many people have it, active or not. Null for who may not see the members."`
}

type newRoleInput struct {
	Account string `path:"account"`
	Body    struct {
		Key         string   `json:"key,omitempty" maxLength:"40" pattern:"^[a-z][a-z0-9_-]*$" doc:"Made from the name unless given. It never changes."`
		Name        string   `json:"name" maxLength:"80"`
		Rank        int      `json:"rank,omitempty" minimum:"1" maximum:"100" default:"10" doc:"Higher ranks act on lower ones."`
		Administers bool     `json:"administers,omitempty" doc:"Users and settings; holds every permission."`
		Permissions []string `json:"permissions,omitempty" doc:"Such as members.read."`
		Reach       string   `json:"reach,omitempty" enum:"all,assigned,single" default:"all"`
		Modules     string   `json:"modules,omitempty" enum:"all,chosen" default:"all"`
		Billable    *bool    `json:"billable,omitempty" doc:"True unless given."`
	}
}

type roleInput struct {
	Account string `path:"account"`
	Role    string `path:"role"`
}

type dropRoleInput struct {
	IfMatch
	Account string `path:"account"`
	Role    string `path:"role"`
}

type patchRoleInput struct {
	IfMatch
	Account string `path:"account"`
	Role    string `path:"role"`
	Body    struct {
		Name        Patch[string]   `json:"name,omitzero" maxLength:"80"`
		Rank        Patch[int]      `json:"rank,omitzero" minimum:"1" maximum:"100" doc:"From 1 to 100; higher ones act on lower ones."`
		Administers Patch[bool]     `json:"administers,omitzero" doc:"Users and settings; holds every permission."`
		Permissions Patch[[]string] `json:"permissions,omitzero" doc:"Such as members.read."`
		Reach       Patch[string]   `json:"reach,omitzero" enum:"all,assigned,single"`
		Modules     Patch[string]   `json:"modules,omitzero" enum:"all,chosen" doc:"Where it becomes chosen, everybody with the role keeps the modules they could open."`
		Billable    Patch[bool]     `json:"billable,omitzero" doc:"Whether those who have it take a seat."`
	}
}

// roles registers the roles of an account.
func (d *door) roles() {
	const all, one = "/v1/accounts/{account}/roles", "/v1/accounts/{account}/roles/{role}"
	handle(d, somebody, operation("GET", all, "list-roles", "roles", "List roles, the highest rank first"), d.listRoles)
	handleOnce(d, somebody, answering(http.StatusCreated, operation("POST", all, "create-role", "roles", "Make a role")), d.createRole, d.createdRole)
	handle(d, somebody, operation("GET", one, "get-role", "roles", "Read a role"), d.getRole)
	handle(d, somebody, operation("PATCH", one, "change-role", "roles", "Change a role, for everybody who has it"), d.changeRole)
	handle(d, somebody, operation("DELETE", one, "delete-role", "roles", "Delete a role that nobody has"), d.deleteRole)
}

func (d *door) listRoles(ctx context.Context, actor access.Actor, in *portionInput) (*out[listOf[Role]], error) {
	roles, err := d.rooms.Roles.List(ctx, actor, id.Account(in.Account))
	if err != nil {
		return nil, err
	}
	return portioned(roles, in.Portion, func(e role.Entry) string { return e.Key }, roleShape)
}

func (d *door) createRole(ctx context.Context, actor access.Actor, in *newRoleInput) (*object[Role], error) {
	b := in.Body
	e, err := d.rooms.Roles.Create(ctx, actor, id.Account(in.Account), access.Role{
		Key: b.Key, Name: b.Name, Rank: b.Rank, Administers: b.Administers, Permissions: typed[access.Permission](b.Permissions),
		Reach: access.Reach(b.Reach), Modules: access.Modules(b.Modules), Billable: b.Billable == nil || *b.Billable,
	})
	if err != nil {
		return nil, err
	}
	return versioned(roleShape(e), e.Version), nil
}

// createdRole gives a role again that was made under the same key.
func (d *door) createdRole(ctx context.Context, actor access.Actor, in *newRoleInput, kept once.Kept) (*object[Role], error) {
	made, err := keptAs[string](kept)
	if err != nil {
		return nil, err
	}
	return d.getRole(ctx, actor, &roleInput{in.Account, made})
}

func (d *door) getRole(ctx context.Context, actor access.Actor, in *roleInput) (*object[Role], error) {
	e, err := d.rooms.Roles.Get(ctx, actor, id.Account(in.Account), in.Role)
	if err != nil {
		return nil, err
	}
	return versioned(roleShape(e), e.Version), nil
}

func (d *door) changeRole(ctx context.Context, actor access.Actor, in *patchRoleInput) (*object[Role], error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	e, err := d.rooms.Roles.Change(ctx, actor, id.Account(in.Account), in.Role, in.patch(), version)
	if err != nil {
		return nil, err
	}
	return versioned(roleShape(e), e.Version), nil
}

func (in *patchRoleInput) patch() role.Patch {
	b := in.Body
	return role.Patch{
		Name: b.Name.Value(), Rank: b.Rank.Value(), Administers: b.Administers.Value(), Permissions: ids[access.Permission](b.Permissions),
		Reach: (*access.Reach)(b.Reach.Value()), Modules: (*access.Modules)(b.Modules.Value()), Billable: b.Billable.Value(),
	}
}

func (d *door) deleteRole(ctx context.Context, actor access.Actor, in *dropRoleInput) (*done, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return &done{}, d.rooms.Roles.Delete(ctx, actor, id.Account(in.Account), in.Role, version)
}

func roleShape(e role.Entry) Role {
	return Role{
		Key: e.Key, Name: e.Name, Administers: e.Administers, Reach: string(e.Reach), Modules: string(e.Modules),
		Billable: e.Billable, Rank: e.Rank, Permissions: texts(e.All()), BuiltIn: e.BuiltIn, Members: e.Members,
	}
}
