package member

import (
	"context"
	"slices"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/key"
	"tenure/internal/role"
)

// Actor reads a member's rights as they are now: role, modules and sub-accounts
// resolved, and whether they lack a second factor that the account requires.
// Faults: unauthenticated unless the member is active and registered.
func Actor(ctx context.Context, tx *db.Tx, acc id.Account, member id.Member) (access.Actor, error) {
	m, err := Get(ctx, tx, acc, member)
	if fault.Code(err) == "not_found" {
		return access.Actor{}, fault.Unauthenticated()
	}
	if err != nil {
		return access.Actor{}, err
	}
	if m.Status != Active || !m.Registered() {
		return access.Actor{}, fault.Unauthenticated()
	}
	r, err := role.Get(ctx, tx, acc, m.Role)
	if err != nil {
		return access.Actor{}, err
	}
	a := access.Actor{Kind: access.Member, Account: acc, Member: m.ID, User: m.User, Email: m.Email, Role: r, Epoch: m.Epoch}
	modules, err := reachedModules(ctx, tx, acc, r, m.Modules)
	if err != nil {
		return access.Actor{}, err
	}
	a.Modules, a.ModuleKeys = make([]id.Module, len(modules)), make([]string, len(modules))
	for i, reached := range modules {
		a.Modules[i], a.ModuleKeys[i] = reached.ID, reached.Key
	}
	if !m.MFA {
		if a.FactorDue, err = account.RequiresFactor(ctx, tx, acc); err != nil {
			return access.Actor{}, err
		}
	}
	a.SubAccounts = m.SubAccounts
	if r.Administers {
		subs, err := account.ListSubAccounts(ctx, tx, acc)
		if err != nil {
			return access.Actor{}, err
		}
		a.SubAccounts = make([]id.SubAccount, len(subs))
		for i, s := range subs {
			a.SubAccounts[i] = s.ID
		}
	}
	return a, nil
}

// Again gives who did something before, named as the trail names them, with the
// rights of this moment. Faults: unauthenticated for who may not come in any more.
func Again(ctx context.Context, tx *db.Tx, acc id.Account, kind access.Kind, name string) (access.Actor, error) {
	switch kind {
	case access.Operator:
		return access.Actor{Kind: kind, Key: name}, nil
	case access.System:
		return access.BySystem(), nil
	case access.Member:
		return Actor(ctx, tx, acc, id.Member(name))
	case access.Key:
		return key.Actor(ctx, tx, acc, id.Key(name), Actor)
	default:
		return access.Actor{}, fault.Unauthenticated()
	}
}

// AskEpoch asks for the access epoch of a member of any status: 0 if there is no
// such member.
func AskEpoch(acc id.Account, member id.Member, epoch *int64) db.Question {
	return db.AskIfThere(`SELECT access_epoch FROM members WHERE account_id = $1 AND member_id = $2`, []any{string(acc), string(member)}, epoch)
}

// reachedModules: who administers opens every module; others never one that is
// admin_only, and, where the role's modules are chosen, only those they were
// given.
func reachedModules(ctx context.Context, tx *db.Tx, acc id.Account, r access.Role, given []id.Module) ([]account.Module, error) {
	all, err := account.ListModules(ctx, tx, acc)
	if err != nil {
		return nil, err
	}
	reached := []account.Module{}
	for _, m := range all {
		has := !r.Chooses() || slices.Contains(given, m.ID)
		if r.Administers || (has && !m.AdminOnly) {
			reached = append(reached, m)
		}
	}
	return reached, nil
}
