package server_test

import (
	"reflect"
	"testing"

	"tenure/internal/server/servertest"
)

// TestDecisionsAreMergedPartByPart: what a patch does not name stays, null takes
// back, and of parts of which one holds the one that is given does.
func TestDecisionsAreMergedPartByPart(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		f := newTerritory(t, s, 1)
		heir, leave := obj{"to": f.heir.Member}, obj{"leave": true}
		path := f.Path("/departures/" + f.Owner.Post(f.Path("/departures"), obj{"members": list{f.leaver.Member}, "kind": "deactivate"}).OK().Text("id"))
		decide := func(decisions obj) *servertest.Answer { return f.Owner.Patch(path, obj{"decisions": decisions}) }
		for _, step := range []struct{ patch, want any }{
			{obj{"default": leave, "by_id": obj{"pin/0": heir}}, obj{"default": leave, "by_id": obj{"pin/0": heir}}},
			{obj{"by_type": obj{"pin": heir}}, obj{"default": leave, "by_id": obj{"pin/0": heir}, "by_type": obj{"pin": heir}}},
			{obj{"by_id": obj{"pin/0": nil, "pin/1": leave}}, obj{"default": leave, "by_id": obj{"pin/1": leave}, "by_type": obj{"pin": heir}}},
			{obj{"default": heir, "by_id": nil}, obj{"default": heir, "by_type": obj{"pin": heir}}},
			{obj{"by_type": obj{"pin": obj{"to": nil, "leave": true}}}, obj{"default": heir, "by_type": obj{"pin": leave}}},
			{obj{}, obj{"default": heir, "by_type": obj{"pin": leave}}},
			{obj{"split": list{f.other.Member}, "by_type": nil}, obj{"split": list{f.other.Member}}},
			{obj{"default": obj{"leave": true}}, obj{"default": leave}},
			{nil, nil},
		} {
			if got := decide(obj{"resources": step.patch}).OK().At("decisions.resources"); !reflect.DeepEqual(got, step.want) {
				t.Errorf("%v: %v, want %v", step.patch, got, step.want)
			}
		}
		decide(obj{"resources": obj{"default": leave}, "credits": obj{"to": "company"}, "invitations": obj{"to": "applier"}, "phone": "+31 20 555 0101"}).OK()
		want := obj{"resources": obj{"default": leave}, "invitations": obj{"withdraw": true}}
		if got := decide(obj{"invitations": obj{"withdraw": true}, "credits": nil, "phone": nil}).OK().At("decisions"); !reflect.DeepEqual(got, want) {
			t.Errorf("all of them: %v", got)
		}
		for field, bad := range map[string]obj{
			"decisions.resources.by_type.pin.leave": {"by_type": obj{"pin": obj{"leave": "yes"}}},
			"decisions.resources.by_id":             {"default": heir, "by_id": obj{"pin/0": obj{"to": nil}}},
		} {
			if refused := decide(obj{"resources": bad}).Refused(422, "invalid"); refused.Text("errors.0.field") != field {
				t.Errorf("%v: %s", bad, refused.Body)
			}
		}
		if got := f.Owner.Get(path).OK().At("decisions"); !reflect.DeepEqual(got, want) {
			t.Errorf("what was refused changed it: %v", got)
		}
	})
}
