package trail

import (
	"cmp"
	"context"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/id"
	"tenure/internal/invitation"
	"tenure/internal/key"
	"tenure/internal/member"
	"tenure/internal/operator"
	"tenure/internal/resource"
	"tenure/internal/role"
)

// names finds what to call the actors and subjects of events.
func names(ctx context.Context, tx *db.Tx, acc id.Account, entries []audit.Entry) (map[audit.Ref]string, error) {
	named := map[audit.Ref]string{}
	asked := map[string][]string{}
	for _, e := range entries {
		for _, r := range []audit.Ref{e.Actor, e.Subject, whose(e)} {
			if _, known := named[r]; !known {
				named[r] = ""
				asked[r.Kind] = append(asked[r.Kind], r.ID)
			}
		}
	}
	for _, name := range []func(context.Context, *db.Tx, id.Account, map[string][]string, map[audit.Ref]string) error{
		nameMembers, nameInvitations, nameAccount, nameRoles, nameKeys, nameResources, nameOthers,
	} {
		if err := name(ctx, tx, acc, asked, named); err != nil {
			return nil, err
		}
	}
	return named, nil
}

// whose is the member that an event speaks of besides its subject: the one who
// leaves in a departure, or whose session it is.
func whose(e audit.Entry) audit.Ref {
	for _, v := range e.Changes["member"] {
		if m, ok := v.(string); ok && m != "" {
			return audit.Ref{Kind: "member", ID: m}
		}
	}
	return audit.Ref{}
}

// typed writes plain identifiers as those of one kind.
func typed[T id.Kind](plain []string) []T {
	ids := make([]T, len(plain))
	for i, v := range plain {
		ids[i] = T(v)
	}
	return ids
}

func nameMembers(ctx context.Context, tx *db.Tx, acc id.Account, asked map[string][]string, named map[audit.Ref]string) error {
	found, err := member.Names(ctx, tx, acc, typed[id.Member](asked["member"]))
	for m, name := range found {
		named[audit.Of("member", m)] = name
	}
	return err
}

func nameInvitations(ctx context.Context, tx *db.Tx, acc id.Account, asked map[string][]string, named map[audit.Ref]string) error {
	found, err := invitation.Addresses(ctx, tx, acc, typed[id.Invitation](asked["invitation"]))
	for i, email := range found {
		named[audit.Of("invitation", i)] = email
	}
	return err
}

func nameAccount(ctx context.Context, tx *db.Tx, acc id.Account, asked map[string][]string, named map[audit.Ref]string) error {
	if len(asked["account"]) == 0 {
		return nil
	}
	a, err := account.Get(ctx, tx, acc)
	named[audit.Of("account", acc)] = a.Name
	return err
}

func nameRoles(ctx context.Context, tx *db.Tx, acc id.Account, asked map[string][]string, named map[audit.Ref]string) error {
	if len(asked["role"]) == 0 {
		return nil
	}
	roles, err := role.List(ctx, tx, acc)
	for _, r := range roles {
		named[audit.Of("role", r.Key)] = r.Name
	}
	return err
}

func nameKeys(ctx context.Context, tx *db.Tx, acc id.Account, asked map[string][]string, named map[audit.Ref]string) error {
	found, err := key.Names(ctx, tx, acc, typed[id.Key](asked["key"]))
	for k, name := range found {
		named[audit.Of("key", k)] = name
	}
	return err
}

func nameResources(ctx context.Context, tx *db.Tx, acc id.Account, asked map[string][]string, named map[audit.Ref]string) error {
	found, err := resource.Names(ctx, tx, acc, asked["resource"])
	for r, name := range found {
		named[audit.Of("resource", r)] = name
	}
	if err != nil || len(asked["resource_type"]) == 0 {
		return err
	}
	types, err := resource.Types(ctx, tx, acc)
	for _, t := range types {
		named[audit.Of("resource_type", t.Key)] = t.Name
	}
	return err
}

// nameOperator: the operator by the name of the key, and Tenure itself.
func nameOperator(ctx context.Context, tx *db.Tx, asked map[string][]string, named map[audit.Ref]string) error {
	for _, i := range asked[string(access.System)] {
		named[audit.Ref{Kind: string(access.System), ID: i}] = "Tenure"
	}
	for _, kind := range []string{string(access.Operator), "operator_key"} {
		keys, err := operator.Names(ctx, tx, asked[kind])
		if err != nil {
			return err
		}
		for _, i := range asked[kind] {
			named[audit.Ref{Kind: kind, ID: i}] = cmp.Or(keys[i], "Operator") // a key that was never kept, only configured
		}
	}
	return nil
}

// nameOthers: the operator and Tenure itself, the modules and sub-accounts of the
// account, and records, which are called by their ids.
func nameOthers(ctx context.Context, tx *db.Tx, acc id.Account, asked map[string][]string, named map[audit.Ref]string) error {
	if err := nameOperator(ctx, tx, asked, named); err != nil {
		return err
	}
	for _, r := range asked["record"] {
		named[audit.Of("record", r)] = r
	}
	if len(asked["module"])+len(asked["sub_account"]) == 0 {
		return nil
	}
	modules, err := account.ListModules(ctx, tx, acc)
	if err != nil {
		return err
	}
	for _, m := range modules {
		named[audit.Of("module", m.ID)] = m.Name
	}
	subs, err := account.ListSubAccounts(ctx, tx, acc)
	for _, sub := range subs {
		named[audit.Of("sub_account", sub.ID)] = sub.Name
	}
	return err
}
