package api

import (
	"context"
	"net/http"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/id"
	"tenure/internal/once"
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

type newModuleInput struct {
	Account string `path:"account"`
	Body    struct {
		Key       string `json:"key" maxLength:"40" pattern:"^[a-z][a-z0-9_]*$"`
		Name      string `json:"name" maxLength:"80"`
		AdminOnly bool   `json:"admin_only,omitempty" doc:"Open for who administers, and for nobody else."`
	}
}

type moduleInput struct {
	Account string `path:"account"`
	Module  string `path:"module"`
}

type dropModuleInput struct {
	IfMatch
	Account string `path:"account"`
	Module  string `path:"module"`
}

type patchModuleInput struct {
	IfMatch
	Account string `path:"account"`
	Module  string `path:"module"`
	Body    struct {
		Name      Patch[string] `json:"name,omitzero" maxLength:"80"`
		AdminOnly Patch[bool]   `json:"admin_only,omitzero" doc:"Open for who administers, and for nobody else."`
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

type dropSubAccountInput struct {
	IfMatch
	Account    string `path:"account"`
	SubAccount string `path:"sub_account"`
}

type patchSubAccountInput struct {
	IfMatch
	Account    string `path:"account"`
	SubAccount string `path:"sub_account"`
	Body       struct {
		Name string `json:"name" maxLength:"120"`
	}
}

// areas registers the parts of an account: modules and sub-accounts.
func (d *door) areas() {
	const modules, subs = "/v1/accounts/{account}/modules", "/v1/accounts/{account}/sub-accounts"
	handle(d, somebody, operation("GET", modules, "list-modules", "areas", "List modules"), d.listModules)
	handleOnce(d, somebody, answering(http.StatusCreated, operation("POST", modules, "create-module", "areas", "Add a module")), d.createModule, d.createdModule)
	handle(d, somebody, operation("GET", modules+"/{module}", "get-module", "areas", "Read a module"), d.getModule)
	handle(d, somebody, operation("PATCH", modules+"/{module}", "change-module", "areas", "Change a module"), d.changeModule)
	handle(d, somebody, operation("DELETE", modules+"/{module}", "delete-module", "areas", "Delete a module that nobody has"), d.deleteModule)
	handle(d, somebody, operation("GET", subs, "list-sub-accounts", "areas", "List sub-accounts"), d.listSubAccounts)
	handleOnce(d, somebody, answering(http.StatusCreated, operation("POST", subs, "create-sub-account", "areas", "Add a sub-account")), d.createSubAccount, d.createdSubAccount)
	handle(d, somebody, operation("GET", subs+"/{sub_account}", "get-sub-account", "areas", "Read a sub-account"), d.getSubAccount)
	handle(d, somebody, operation("PATCH", subs+"/{sub_account}", "change-sub-account", "areas", "Rename a sub-account"), d.changeSubAccount)
	handle(d, somebody, operation("DELETE", subs+"/{sub_account}", "delete-sub-account", "areas", "Delete a sub-account that nobody has"), d.deleteSubAccount)
}

func (d *door) listModules(ctx context.Context, actor access.Actor, in *portionInput) (*out[listOf[Module]], error) {
	modules, _, err := d.rooms.Accounts.Areas(ctx, actor, id.Account(in.Account))
	if err != nil {
		return nil, err
	}
	return portioned(modules, in.Portion, func(m account.Module) string { return string(m.ID) }, moduleShape)
}

func (d *door) createModule(ctx context.Context, actor access.Actor, in *newModuleInput) (*object[Module], error) {
	m, err := d.rooms.Accounts.NewModule(ctx, actor, id.Account(in.Account), account.Module{Key: in.Body.Key, Name: in.Body.Name, AdminOnly: in.Body.AdminOnly})
	if err != nil {
		return nil, err
	}
	return versioned(moduleShape(m), m.Version), nil
}

// createdModule gives a module again that was made under the same key.
func (d *door) createdModule(ctx context.Context, actor access.Actor, in *newModuleInput, kept once.Kept) (*object[Module], error) {
	made, err := keptAs[string](kept)
	if err != nil {
		return nil, err
	}
	return d.getModule(ctx, actor, &moduleInput{in.Account, made})
}

func (d *door) getModule(ctx context.Context, actor access.Actor, in *moduleInput) (*object[Module], error) {
	m, err := d.rooms.Accounts.Module(ctx, actor, id.Account(in.Account), id.Module(in.Module))
	if err != nil {
		return nil, err
	}
	return versioned(moduleShape(m), m.Version), nil
}

func (d *door) changeModule(ctx context.Context, actor access.Actor, in *patchModuleInput) (*object[Module], error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	p := account.ModulePatch{Name: in.Body.Name.Value(), AdminOnly: in.Body.AdminOnly.Value()}
	m, err := d.rooms.Accounts.ChangeModule(ctx, actor, id.Account(in.Account), id.Module(in.Module), p, version)
	if err != nil {
		return nil, err
	}
	return versioned(moduleShape(m), m.Version), nil
}

func (d *door) deleteModule(ctx context.Context, actor access.Actor, in *dropModuleInput) (*done, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return &done{}, d.rooms.Accounts.DropModule(ctx, actor, id.Account(in.Account), id.Module(in.Module), version)
}

func (d *door) listSubAccounts(ctx context.Context, actor access.Actor, in *portionInput) (*out[listOf[SubAccount]], error) {
	_, subs, err := d.rooms.Accounts.Areas(ctx, actor, id.Account(in.Account))
	if err != nil {
		return nil, err
	}
	return portioned(subs, in.Portion, func(s account.SubAccount) string { return string(s.ID) }, subAccountShape)
}

func (d *door) createSubAccount(ctx context.Context, actor access.Actor, in *newSubAccountInput) (*object[SubAccount], error) {
	s, err := d.rooms.Accounts.NewSubAccount(ctx, actor, id.Account(in.Account), in.Body.Name)
	if err != nil {
		return nil, err
	}
	return versioned(subAccountShape(s), s.Version), nil
}

// createdSubAccount gives a sub-account again that was made under the same key.
func (d *door) createdSubAccount(ctx context.Context, actor access.Actor, in *newSubAccountInput, kept once.Kept) (*object[SubAccount], error) {
	made, err := keptAs[string](kept)
	if err != nil {
		return nil, err
	}
	return d.getSubAccount(ctx, actor, &subAccountInput{in.Account, made})
}

func (d *door) getSubAccount(ctx context.Context, actor access.Actor, in *subAccountInput) (*object[SubAccount], error) {
	s, err := d.rooms.Accounts.SubAccount(ctx, actor, id.Account(in.Account), id.SubAccount(in.SubAccount))
	if err != nil {
		return nil, err
	}
	return versioned(subAccountShape(s), s.Version), nil
}

func (d *door) changeSubAccount(ctx context.Context, actor access.Actor, in *patchSubAccountInput) (*object[SubAccount], error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	s, err := d.rooms.Accounts.RenameSubAccount(ctx, actor, id.Account(in.Account), id.SubAccount(in.SubAccount), in.Body.Name, version)
	if err != nil {
		return nil, err
	}
	return versioned(subAccountShape(s), s.Version), nil
}

func (d *door) deleteSubAccount(ctx context.Context, actor access.Actor, in *dropSubAccountInput) (*done, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return &done{}, d.rooms.Accounts.DropSubAccount(ctx, actor, id.Account(in.Account), id.SubAccount(in.SubAccount), version)
}

func moduleShape(m account.Module) Module {
	return Module{ID: string(m.ID), Key: m.Key, Name: m.Name, AdminOnly: m.AdminOnly}
}

func subAccountShape(s account.SubAccount) SubAccount {
	return SubAccount{ID: string(s.ID), Name: s.Name}
}
