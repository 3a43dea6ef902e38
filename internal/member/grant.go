package member

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
)

// CheckGrants says whether modules and sub-accounts fit the role and exist.
//
// Faults: module_required where the role's modules are chosen and none is;
// module_admin_only; invalid on fields modules and sub_accounts for what the
// account does not have, or for modules given with a role that has them all.
func CheckGrants(ctx context.Context, tx *db.Tx, acc id.Account, role access.Role, modules []id.Module, subs []id.SubAccount) error {
	known := []account.Module{}
	if len(modules) > 0 {
		var err error
		if known, err = account.ListModules(ctx, tx, acc); err != nil {
			return err
		}
	}
	byID := map[id.Module]account.Module{}
	for _, m := range known {
		byID[m.ID] = m
	}
	for i, m := range modules {
		found, ok := byID[m]
		switch {
		case !ok:
			return fault.Invalid("modules", "unknown", "The account has no such module.")
		case slices.Contains(modules[:i], m):
			return fault.Invalid("modules", "duplicate", "Each module once.")
		case found.AdminOnly && !role.Administers:
			return fault.Forbidden("module_admin_only", "“"+found.Name+"” is for administrators only.")
		}
	}
	if !role.Chooses() {
		if len(modules) > 0 {
			return fault.Invalid("modules", "not_chosen", "This role has its modules without choosing.")
		}
	} else if len(modules) == 0 {
		return fault.Unprocessable("module_required", "Choose at least one module for this role.").
			And("modules", "required", "Choose at least one module.")
	}
	return checkSubAccounts(ctx, tx, acc, subs)
}

func checkSubAccounts(ctx context.Context, tx *db.Tx, acc id.Account, subs []id.SubAccount) error {
	if len(subs) == 0 {
		return nil
	}
	known, err := account.ListSubAccounts(ctx, tx, acc)
	if err != nil {
		return err
	}
	for i, s := range subs {
		if !slices.ContainsFunc(known, func(k account.SubAccount) bool { return k.ID == s }) {
			return fault.Invalid("sub_accounts", "unknown", "The account has no such sub-account.")
		}
		if slices.Contains(subs[:i], s) {
			return fault.Invalid("sub_accounts", "duplicate", "Each sub-account once.")
		}
	}
	return nil
}

// putGrants makes the member's grants exactly these.
func putGrants(ctx context.Context, tx *db.Tx, acc id.Account, member id.Member, modules []id.Module, subs []id.SubAccount) error {
	for _, clear := range []string{
		`DELETE FROM member_modules WHERE account_id = $1 AND member_id = $2`,
		`DELETE FROM member_sub_accounts WHERE account_id = $1 AND member_id = $2`,
	} {
		if _, err := tx.Exec(ctx, clear, string(acc), string(member)); err != nil {
			return fmt.Errorf("clear grants: %w", err)
		}
	}
	return addGrants(ctx, tx, acc, member, modules, subs)
}

// addGrants gives a member who has none these grants.
func addGrants(ctx context.Context, tx *db.Tx, acc id.Account, member id.Member, modules []id.Module, subs []id.SubAccount) error {
	for _, m := range modules {
		if err := tx.ExecOne(ctx, `INSERT INTO member_modules (account_id, member_id, module_id) VALUES ($1, $2, $3)`, string(acc), string(member), string(m)); err != nil {
			return fmt.Errorf("grant module: %w", err)
		}
	}
	for _, s := range subs {
		if err := tx.ExecOne(ctx, `INSERT INTO member_sub_accounts (account_id, member_id, sub_account_id) VALUES ($1, $2, $3)`, string(acc), string(member), string(s)); err != nil {
			return fmt.Errorf("grant sub-account: %w", err)
		}
	}
	return nil
}

// askGrants asks for the grants of the members of a page, and fills them in.
func askGrants(acc id.Account, members []Member) []db.Question {
	at := map[string]*Member{}
	for i := range members {
		at[string(members[i].ID)] = &members[i]
	}
	questions := []db.Question{}
	for part := range slices.Chunk(members, 100) {
		args := []any{string(acc)}
		for _, m := range part {
			args = append(args, string(m.ID))
		}
		these := `(` + db.Params(2, len(part)) + `) ORDER BY member_id, `
		questions = append(questions,
			db.AskEach(`SELECT member_id, module_id FROM member_modules WHERE account_id = $1 AND member_id IN `+these+`module_id`, args, func(scan func(...any) error) error {
				var member, module string
				err := scan(&member, &module)
				if m := at[member]; m != nil {
					m.Modules = append(m.Modules, id.Module(module))
				}
				return err
			}),
			db.AskEach(`SELECT member_id, sub_account_id FROM member_sub_accounts WHERE account_id = $1 AND member_id IN `+these+`sub_account_id`, args, func(scan func(...any) error) error {
				var member, sub string
				err := scan(&member, &sub)
				if m := at[member]; m != nil {
					m.SubAccounts = append(m.SubAccounts, id.SubAccount(sub))
				}
				return err
			}))
	}
	return questions
}

func grantChanges(before, after Member) []audit.Change {
	changes := []audit.Change{}
	if was, is := joined(before.Modules), joined(after.Modules); was != is {
		changes = append(changes, audit.Plain("modules", was, is))
	}
	if was, is := joined(before.SubAccounts), joined(after.SubAccounts); was != is {
		changes = append(changes, audit.Plain("sub_accounts", was, is))
	}
	return changes
}

// joined writes ids down in one order, so that two sets compare as text.
func joined[T ~string](ids []T) string {
	texts := make([]string, len(ids))
	for i, v := range ids {
		texts[i] = string(v)
	}
	slices.Sort(texts)
	return strings.Join(texts, " ")
}
