package departure

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"tenure/internal/audit"
)

// decide merges a patch of each decision (RFC 7396) into the decisions: what it
// does not name stays, and null takes back. A decision of which nothing is left is
// none. It gives also what that changes for the trail.
func decide(before, patches map[string]json.RawMessage) (map[string]json.RawMessage, []audit.Change, error) {
	after, changes := maps.Clone(before), []audit.Change{}
	for _, name := range slices.Sorted(maps.Keys(patches)) {
		merged, err := mergeInto(before[name], patches[name])
		if err != nil {
			return nil, nil, fmt.Errorf("decide %s: %w", name, err)
		}
		delete(after, name)
		if merged != nil {
			after[name] = merged
		}
		if was, is := string(before[name]), string(merged); was != is {
			changes = append(changes, audit.Change{Field: name, Before: was, After: is, Personal: name == phoneDecision})
		}
	}
	return after, changes, nil
}

// mergeInto merges a patch into a decision, nil where there is none before or
// afterwards. A decision that stays the same stays as it was written: the digest
// of a plan is over that.
func mergeInto(decision, patch json.RawMessage) (json.RawMessage, error) {
	var was, said any
	if decision != nil {
		if err := json.Unmarshal(decision, &was); err != nil {
			return nil, err
		}
	}
	if err := json.Unmarshal(patch, &said); err != nil {
		return nil, err
	}
	is := merge(was, said)
	if object, ok := is.(map[string]any); is == nil || ok && len(object) == 0 {
		return nil, nil
	}
	if reflect.DeepEqual(was, is) {
		return decision, nil
	}
	return json.Marshal(is)
}

// merge is MergePatch of RFC 7396, section 2. It leaves both values as they are.
func merge(target, patch any) any {
	parts, ok := patch.(map[string]any)
	if !ok {
		return patch
	}
	merged := map[string]any{}
	if object, ok := target.(map[string]any); ok {
		maps.Copy(merged, object)
	}
	for name, value := range parts {
		if value == nil {
			delete(merged, name)
		} else {
			merged[name] = merge(merged[name], value)
		}
	}
	return merged
}
