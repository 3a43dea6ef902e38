package access

import (
	"slices"
	"strings"

	"tenure/internal/fault"
)

// Permission names one thing an actor may do. The names are part of the API.
type Permission string

// The permissions. Who administers holds them all.
const (
	AccountManage     Permission = "account.manage"
	BillingManage     Permission = "billing.manage"
	MembersRead       Permission = "members.read"
	MembersManage     Permission = "members.manage"
	InvitationsManage Permission = "invitations.manage"
	DeparturesManage  Permission = "departures.manage"
	RolesManage       Permission = "roles.manage"
	KeysManage        Permission = "keys.manage"
	WebhooksManage    Permission = "webhooks.manage"
	EventsRead        Permission = "events.read"
	CreditsManage     Permission = "credits.manage"
	CreditsSpend      Permission = "credits.spend"
	ResourcesRead     Permission = "resources.read"
	ResourcesAssign   Permission = "resources.assign"
	ResourcesManage   Permission = "resources.manage"
	TemplatesManage   Permission = "templates.manage"
)

// Permissions lists every permission, in the order screens show them.
var Permissions = []Permission{
	AccountManage, BillingManage, MembersRead, MembersManage, InvitationsManage, DeparturesManage,
	RolesManage, KeysManage, WebhooksManage, EventsRead, CreditsManage, CreditsSpend,
	ResourcesRead, ResourcesAssign, ResourcesManage, TemplatesManage,
}

// PermissionsOf gives permissions in the order of Permissions. Faults:
// invalid on field permissions for one that does not exist or is there twice.
func PermissionsOf(given []Permission) ([]Permission, error) {
	sorted := []Permission{}
	for _, p := range Permissions {
		if slices.Contains(given, p) {
			sorted = append(sorted, p)
		}
	}
	for i, p := range given {
		switch {
		case !slices.Contains(Permissions, p):
			return nil, fault.Invalid("permissions", "unknown", "There is no such permission.")
		case slices.Contains(given[:i], p):
			return nil, fault.Invalid("permissions", "duplicate", "Each permission once.")
		}
	}
	return sorted, nil
}

// Reach is how much of the account's data a role sees.
type Reach string

// The reaches.
const (
	ReachAll      Reach = "all"      // all data of the account
	ReachAssigned Reach = "assigned" // only resources the member is assigned to
	ReachSingle   Reach = "single"   // one resource, never more
)

// Modules is how a role gets its modules.
type Modules string

// The ways.
const (
	ModulesAll    Modules = "all"    // every module that is not admin_only
	ModulesChosen Modules = "chosen" // those chosen per member, at least one
)

// Role is a named set of rights in one account.
type Role struct {
	Key         string       `json:"key"`
	Name        string       `json:"name"`
	Rank        int          `json:"rank"` // higher ranks act on lower ones
	Administers bool         `json:"administers"`
	Permissions []Permission `json:"permissions"`
	Reach       Reach        `json:"reach"`
	Modules     Modules      `json:"modules"`
	Billable    bool         `json:"billable"`
}

// Holds reports whether the role has the permission. Who administers has all.
func (r Role) Holds(p Permission) bool {
	return r.Administers || slices.Contains(r.Permissions, p)
}

// Manages reports whether who has the role may change more than their own work:
// it administers, or has a permission to manage something.
func (r Role) Manages() bool {
	return r.Administers || slices.ContainsFunc(r.Permissions, func(p Permission) bool { return strings.HasSuffix(string(p), ".manage") })
}

// Chooses reports whether whoever has the role has their modules chosen for
// them: who administers opens every module.
func (r Role) Chooses() bool { return !r.Administers && r.Modules == ModulesChosen }

// reaches orders the reaches from the narrowest.
var reaches = []Reach{ReachSingle, ReachAssigned, ReachAll}

// within reports whether the role sees no more data and opens no more modules by
// itself than the other.
func (r Role) within(other Role) bool {
	if other.Administers {
		return true
	}
	narrow := slices.Index(reaches, r.Reach) <= slices.Index(reaches, other.Reach)
	return narrow && !r.Administers && (r.Chooses() || !other.Chooses())
}

// All gives every permission the role has, in the order of Permissions.
func (r Role) All() []Permission {
	held := make([]Permission, 0, len(Permissions))
	for _, p := range Permissions {
		if r.Holds(p) {
			held = append(held, p)
		}
	}
	return held
}
