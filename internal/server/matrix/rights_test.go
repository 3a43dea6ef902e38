package matrix_test

import (
	"slices"
	"testing"

	"tenure/internal/db/dbtest"
)

// TestRightsAreThoseOfTheOracle compares what each caller is told of their own
// rights with what the oracle makes of role, modules and sub-accounts.
func TestRightsAreThoseOfTheOracle(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			w := build(t, engine)
			for _, c := range callers {
				if c.kind == bySession && c.live && !c.due {
					w.compareRights(t, c)
				}
			}
		})
	}
}

func (w *world) compareRights(t *testing.T, c caller) {
	t.Helper()
	client, _ := w.as(t, c, false)
	told := client.Get("/v1/session").OK()
	subs := client.Get("/v1/accounts/" + w.accounts[c.account] + "/sub-accounts").OK()
	var listed []any
	for _, item := range subs.List("items") {
		listed = append(listed, item.(map[string]any)["id"])
	}
	for _, p := range permissions {
		if got, want := slices.Contains(told.List("permissions"), any(p)), c.holds(p); got != want {
			t.Errorf("%s holds %s: told %t, the oracle says %t", c.name, p, got, want)
		}
	}
	for module, id := range w.modules[c.account] {
		if got, want := slices.Contains(told.List("modules"), any(id)), c.opens(module); got != want {
			t.Errorf("%s opens module %s: told %t, the oracle says %t", c.name, module, got, want)
		}
	}
	for sub, id := range w.subs[c.account] {
		if got, want := slices.Contains(told.List("sub_accounts"), any(id)), c.reaches(sub); got != want {
			t.Errorf("%s reaches sub-account %s: told %t, the oracle says %t", c.name, sub, got, want)
		}
		if got, want := slices.Contains(listed, any(id)), c.reaches(sub); got != want {
			t.Errorf("%s lists sub-account %s: %t, the oracle says %t", c.name, sub, got, want)
		}
	}
}
