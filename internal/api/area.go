package api

import (
	"net/http"

	"tenure/internal/access"
	"tenure/internal/account"
)

// Module is a menu area of the host product.
type Module struct {
	ID        string `json:"id"`
	Key       string `json:"key"`
	Name      string `json:"name"`
	AdminOnly bool   `json:"admin_only" doc:"Only for who administers."`
}

// SubAccount is a part of an account.
type SubAccount struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Role is a named set of rights.
type Role struct {
	Key         string   `json:"key"`
	Name        string   `json:"name"`
	Administers bool     `json:"administers" doc:"Users and settings; holds every permission."`
	Reach       string   `json:"reach" enum:"all,assigned,single"`
	Modules     string   `json:"modules" enum:"all,chosen"`
	Billable    bool     `json:"billable"`
	Rank        int      `json:"rank"`
	Permissions []string `json:"permissions"`
}

type newModuleInput struct {
	Account string `path:"account"`
	Body    struct {
		Key       string `json:"key" maxLength:"40" pattern:"^[a-z][a-z0-9_]*$"`
		Name      string `json:"name" maxLength:"80"`
		AdminOnly bool   `json:"admin_only,omitempty"`
	}
}

type moduleInput struct {
	Account string `path:"account"`
	Module  string `path:"module"`
}

type patchModuleInput struct {
	IfMatch
	Account string `path:"account"`
	Module  string `path:"module"`
	Body    struct {
		Name      Patch[string] `json:"name,omitzero" maxLength:"80"`
		AdminOnly Patch[bool]   `json:"admin_only,omitzero"`
	}
}

type newSubAccountInput struct {
	Account string `path:"account"`
	Body    struct {
		Name string `json:"name" maxLength:"120"`
	}
}

type subAccountInput struct {
	Account    string `path:"account"`
	SubAccount string `path:"sub_account"`
}

type patchSubAccountInput struct {
	IfMatch
	Account    string `path:"account"`
	SubAccount string `path:"sub_account"`
	Body       struct {
		Name Patch[string] `json:"name,omitzero" maxLength:"120"`
	}
}

// areas registers the parts of an account: modules, sub-accounts, roles.
func (d *door) areas() {
	const modules, subs = "/v1/accounts/{account}/modules", "/v1/accounts/{account}/sub-accounts"
	handle(d, somebody, operation("GET", modules, "list-modules", "areas", "List modules"), pending[accountInput, out[page[Module]]])
	handle(d, somebody, answering(http.StatusCreated, operation("POST", modules, "create-module", "areas", "Add a module")), pending[newModuleInput, object[Module]])
	handle(d, somebody, operation("GET", modules+"/{module}", "get-module", "areas", "Read a module"), pending[moduleInput, object[Module]])
	handle(d, somebody, operation("PATCH", modules+"/{module}", "change-module", "areas", "Change a module"), pending[patchModuleInput, object[Module]])
	handle(d, somebody, operation("DELETE", modules+"/{module}", "delete-module", "areas", "Delete a module that nobody has"), pending[moduleInput, done])
	handle(d, somebody, operation("GET", subs, "list-sub-accounts", "areas", "List sub-accounts"), pending[accountInput, out[page[SubAccount]]])
	handle(d, somebody, answering(http.StatusCreated, operation("POST", subs, "create-sub-account", "areas", "Add a sub-account")), pending[newSubAccountInput, object[SubAccount]])
	handle(d, somebody, operation("GET", subs+"/{sub_account}", "get-sub-account", "areas", "Read a sub-account"), pending[subAccountInput, object[SubAccount]])
	handle(d, somebody, operation("PATCH", subs+"/{sub_account}", "change-sub-account", "areas", "Rename a sub-account"), pending[patchSubAccountInput, object[SubAccount]])
	handle(d, somebody, operation("DELETE", subs+"/{sub_account}", "delete-sub-account", "areas", "Delete a sub-account that nobody has"), pending[subAccountInput, done])
	handle(d, somebody, operation("GET", "/v1/accounts/{account}/roles", "list-roles", "areas", "List roles, the highest rank first"), pending[accountInput, out[page[Role]]])
}

func moduleShape(m account.Module) Module {
	return Module{ID: string(m.ID), Key: m.Key, Name: m.Name, AdminOnly: m.AdminOnly}
}

func subAccountShape(s account.SubAccount) SubAccount {
	return SubAccount{ID: string(s.ID), Name: s.Name}
}

func roleShape(r access.Role) Role {
	return Role{
		Key: r.Key, Name: r.Name, Administers: r.Administers, Reach: string(r.Reach), Modules: string(r.Modules),
		Billable: r.Billable, Rank: r.Rank, Permissions: texts(r.All()),
	}
}

// texts writes typed words as plain ones.
func texts[T ~string](typed []T) []string {
	plain := make([]string, len(typed))
	for i, v := range typed {
		plain[i] = string(v)
	}
	return plain
}
