package api

import (
	"encoding/json"

	"github.com/danielgtaylor/huma/v2"
)

// Decisions is what was decided about what the leaver holds.
type Decisions struct {
	Resources   *ResourceDecisions  `json:"resources,omitempty"`
	Credits     *CreditDecision     `json:"credits,omitempty"`
	Invitations *InvitationDecision `json:"invitations,omitempty"`
	Phone       *string             `json:"phone,omitempty" maxLength:"40" doc:"Where the policy wants a telephone number first."`
}

// ResourceDecisions is what becomes of what the leaver owns. What is said of one
// resource goes before what is said of its type, and that before a default or a
// split.
type ResourceDecisions struct {
	Default *ResourceRule           `json:"default,omitempty"`
	ByType  map[string]ResourceRule `json:"by_type,omitempty" doc:"By the key of a type."`
	ByID    map[string]ResourceRule `json:"by_id,omitempty" doc:"By type/id, such as pin/17; at most 10,000."`
	Split   []string                `json:"split,omitempty" maxItems:"100" doc:"Instead of a default: members among whom they are dealt out in turn, in the order of type and id."`
}

// ResourceRule is what becomes of resources. One of the two is given.
type ResourceRule struct {
	Leave bool   `json:"leave,omitzero" doc:"They stay with who leaves; of who gives up their place, without an owner."`
	To    string `json:"to,omitempty" maxLength:"40" doc:"The member who gets them."`
}

// CreditDecision is where the leaver's credits go.
type CreditDecision struct {
	To string `json:"to" maxLength:"40" doc:"company, or the id of a member."`
}

// InvitationDecision is what happens to the invitations the leaver sent. One
// of the two is given.
type InvitationDecision struct {
	To       string `json:"to,omitempty" enum:"applier" doc:"They pass to whoever applies the plan."`
	Withdraw bool   `json:"withdraw,omitzero" doc:"They are withdrawn."`
}

// raw gives the decisions the way holdings read them, each under its name.
func (d *Decisions) raw() map[string]json.RawMessage {
	decided := map[string]json.RawMessage{}
	if d == nil {
		return decided
	}
	if d.Resources != nil {
		decided["resources"] = encoded(d.Resources)
	}
	if d.Credits != nil {
		decided["credits"] = encoded(d.Credits)
	}
	if d.Invitations != nil {
		decided["invitations"] = encoded(d.Invitations)
	}
	if d.Phone != nil {
		decided["phone"] = encoded(d.Phone)
	}
	return decided
}

// DecisionsPatch takes decisions, part by part, or with null takes them back.
type DecisionsPatch struct {
	Resources   Patch[ResourceDecisionsPatch]  `json:"resources,omitzero"`
	Credits     Patch[CreditDecision]          `json:"credits,omitzero"`
	Invitations Patch[InvitationDecisionPatch] `json:"invitations,omitzero"`
	Phone       Patch[string]                  `json:"phone,omitzero" nullable:"true" maxLength:"40"`
}

// TransformSchema says that null takes back what is decided of credits too.
func (DecisionsPatch) TransformSchema(r huma.Registry, s *huma.Schema) *huma.Schema {
	return mayBeNull(r, s, "credits")
}

// ResourceDecisionsPatch changes what is decided about resources. What it does not
// name stays.
type ResourceDecisionsPatch struct {
	Default Patch[ResourceRulePatch]                   `json:"default,omitzero" doc:"Instead of a split."`
	ByType  Patch[map[string]Patch[ResourceRulePatch]] `json:"by_type,omitzero" nullable:"true" doc:"By the key of a type."`
	ByID    Patch[map[string]Patch[ResourceRulePatch]] `json:"by_id,omitzero" nullable:"true" doc:"By type/id, such as pin/17; at most 10,000 in all."`
	Split   Patch[[]string]                            `json:"split,omitzero" nullable:"true" maxItems:"100" doc:"Instead of a default: members among whom they are dealt out in turn, in the order of type and id."`
}

// TransformSchema says that null takes all of it back.
func (ResourceDecisionsPatch) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return orNull(s)
}

// ResourceRulePatch changes what becomes of resources: one of the two instead of
// the other.
type ResourceRulePatch struct {
	Leave Patch[bool]   `json:"leave,omitzero" nullable:"true" doc:"They stay with who leaves; of who gives up their place, without an owner."`
	To    Patch[string] `json:"to,omitzero" nullable:"true" maxLength:"40" doc:"The member who gets them."`
}

// TransformSchema says that null takes the rule back.
func (ResourceRulePatch) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return orNull(s)
}

// InvitationDecisionPatch changes what becomes of the invitations: one of the two
// instead of the other.
type InvitationDecisionPatch struct {
	To       Patch[string] `json:"to,omitzero" enum:"applier" doc:"They pass to whoever applies the plan."`
	Withdraw Patch[bool]   `json:"withdraw,omitzero" doc:"They are withdrawn."`
}

// TransformSchema says that null takes it back.
func (InvitationDecisionPatch) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return orNull(s)
}

// orNull says of an object that it may be null wherever it stands: a tag can say so
// of plain values alone.
func orNull(s *huma.Schema) *huma.Schema {
	s.Nullable = true
	return s
}

// patch gives the decisions as a merge-patch of each, under its name.
func (d *DecisionsPatch) patch() map[string]json.RawMessage {
	decided := map[string]json.RawMessage{}
	if d == nil {
		return decided
	}
	all := merging{}
	name(all, "resources", d.Resources, ResourceDecisionsPatch.patch)
	name(all, "credits", d.Credits, plain)
	name(all, "invitations", d.Invitations, InvitationDecisionPatch.patch)
	name(all, "phone", d.Phone, plain)
	for of, said := range all {
		decided[of] = encoded(said)
	}
	return decided
}

func (d ResourceDecisionsPatch) patch() merging {
	m := merging{}
	name(m, "default", d.Default, ResourceRulePatch.patch)
	name(m, "by_type", d.ByType, rulePatches)
	name(m, "by_id", d.ByID, rulePatches)
	name(m, "split", d.Split, plain)
	m.instead("split", d.Default.holds())
	m.instead("default", len(d.Split.value) > 0)
	return m
}

func rulePatches(rules map[string]Patch[ResourceRulePatch]) merging {
	m := merging{}
	for of, rule := range rules {
		name(m, of, rule, ResourceRulePatch.patch)
	}
	return m
}

func (p ResourceRulePatch) patch() merging {
	m := merging{}
	name(m, "leave", p.Leave, plain)
	name(m, "to", p.To, plain)
	m.instead("to", p.Leave.value)
	m.instead("leave", p.To.value != "")
	return m
}

func (p InvitationDecisionPatch) patch() merging {
	m := merging{}
	name(m, "to", p.To, plain)
	name(m, "withdraw", p.Withdraw, plain)
	m.instead("to", p.Withdraw.value)
	m.instead("withdraw", p.To.value != "")
	return m
}

// merging is an object of a merge-patch (RFC 7396) on its way to a room.
type merging map[string]any

// name says of a part what the patch says of it: nothing, null, or what write
// makes of its value.
func name[T, W any](m merging, part string, p Patch[T], write func(T) W) {
	switch {
	case p.null:
		m[part] = nil
	case p.given:
		m[part] = write(p.value)
	}
}

// instead takes a part back where another is given in its place, unless the patch
// says itself what becomes of it: a merge alone would leave both, which no
// decision may have.
func (m merging) instead(part string, given bool) {
	if _, said := m[part]; given && !said {
		m[part] = nil
	}
}

func plain[T any](v T) T { return v }
