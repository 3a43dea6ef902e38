package role

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"tenure/internal/access"
	"tenure/internal/address"
	"tenure/internal/audit"
	"tenure/internal/fault"
)

// keyForm is what the key of a role looks like: a word of the host app's code.
var keyForm = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,39}$`)

// ValidKey reports whether a text has the form of a role's key. It does not say
// whether there is such a role.
func ValidKey(s string) bool { return keyForm.MatchString(s) }

// keyOf makes a key from a name, one that is not taken: "Field Sales (West)" is
// field_sales_west. A name without a Latin letter makes role, role_2.
func keyOf(name string, taken map[string]bool) string {
	words := strings.FieldsFunc(address.SortKey(name), func(c rune) bool { return !('a' <= c && c <= 'z' || '0' <= c && c <= '9') })
	key := strings.TrimLeft(strings.Join(words, "_"), "0123456789_")
	if key == "" {
		key = "role"
	}
	key = strings.TrimRight(key[:min(len(key), 36)], "_")
	made := key
	for n := 2; taken[made]; n++ {
		made = fmt.Sprintf("%s_%d", key, n)
	}
	return made
}

// checked gives the role as it is kept: its texts trimmed, its permissions in
// their order. Faults: invalid, naming the field.
func checked(n access.Role) (access.Role, error) {
	var err error
	if n.Name, err = address.Text("name", n.Name, 80); err != nil {
		return n, err
	}
	if n.Name == "" {
		return n, fault.Invalid("name", "required", "This is required.")
	}
	if n.Rank < 1 || n.Rank > 100 {
		return n, fault.Invalid("rank", "out_of_range", "A rank is a number from 1 to 100.")
	}
	if !slices.Contains([]access.Reach{access.ReachAll, access.ReachAssigned, access.ReachSingle}, n.Reach) {
		return n, fault.Invalid("reach", "unknown", "One of all, assigned and single.")
	}
	if n.Modules != access.ModulesAll && n.Modules != access.ModulesChosen {
		return n, fault.Invalid("modules", "unknown", "One of all and chosen.")
	}
	n.Permissions, err = access.PermissionsOf(n.Permissions)
	return n, err
}

// onto gives the role with the patch in place, checked.
func (p Patch) onto(r access.Role) (access.Role, error) {
	if p.Name != nil {
		r.Name = *p.Name
	}
	if p.Rank != nil {
		r.Rank = *p.Rank
	}
	if p.Administers != nil {
		r.Administers = *p.Administers
	}
	if p.Permissions != nil {
		r.Permissions = *p.Permissions
	}
	if p.Reach != nil {
		r.Reach = *p.Reach
	}
	if p.Modules != nil {
		r.Modules = *p.Modules
	}
	if p.Billable != nil {
		r.Billable = *p.Billable
	}
	return checked(r)
}

// changes tells two roles apart for the trail; the zero role is none.
func changes(before, after access.Role) []audit.Change {
	all := []audit.Change{
		audit.Plain("name", before.Name, after.Name), audit.Plain("rank", before.Rank, after.Rank),
		audit.Plain("administers", before.Administers, after.Administers), audit.Plain("permissions", words(before.Permissions), words(after.Permissions)),
		audit.Plain("reach", string(before.Reach), string(after.Reach)), audit.Plain("modules", string(before.Modules), string(after.Modules)),
		audit.Plain("billable", before.Billable, after.Billable),
	}
	kept := []audit.Change{}
	for _, c := range all {
		if c.Before != c.After {
			kept = append(kept, c)
		}
	}
	return kept
}

// words writes permissions as one text, as the trail holds grants.
func words(permissions []access.Permission) string {
	plain := make([]string, len(permissions))
	for i, p := range permissions {
		plain[i] = string(p)
	}
	return strings.Join(plain, " ")
}
