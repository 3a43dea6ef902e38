package model

import (
	"pgregory.net/rapid"

	"tenure/internal/server/servertest"
)

// apiKey is a key in the plain model: it reads the trail while its maker may.
type apiKey struct {
	place int
	ended bool
}

func (w *world) makeKey(a actor) verdict {
	if a == operator || !w.administers(a) {
		return forbidden
	}
	w.keys = append(w.keys, &apiKey{place: w.self(a)})
	w.record("key.create")
	return done
}

func (w *world) revokeKey(a actor, n int) verdict {
	switch k := w.keys[n]; {
	case !w.administers(a):
		return forbidden
	case k.ended:
		return notFound
	default:
		k.ended = true
		w.record("key.revoke")
		return done
	}
}

// shutOut ends all that a place came in by.
func (w *world) shutOut(at int) {
	w.signOff(at)
	any := false
	for _, k := range w.keys {
		if k.place == at && !k.ended {
			k.ended, any = true, true
		}
	}
	if any {
		w.record("key.end")
	}
}

// answered is what a key is answered that asks for the trail.
func (w *world) answered(k *apiKey) int {
	switch {
	case k.ended:
		return 401
	case w.places[k.place].role != w.preset.owner:
		return 403
	default:
		return 200
	}
}

// maker draws who may make a key, if there is somebody, and sometimes anybody.
func (h *history) maker(t *rapid.T) actor {
	var may []actor
	for n, d := range h.devices {
		if a := (actor{n}); h.live(d) && h.now-d.begun < 30 && h.administers(a) {
			may = append(may, a)
		}
	}
	if len(may) == 0 || rapid.IntRange(0, 9).Draw(t, "anybody") == 0 {
		return h.who(t)
	}
	return rapid.SampledFrom(may).Draw(t, "maker")
}

func (h *history) makeKeyOne(t *rapid.T) {
	a := h.maker(t)
	v := h.makeKey(a)
	for i, answer := range h.make(t, v, func(e *engine) *servertest.Answer {
		return e.as(a).Post(e.path("/api-keys"), obj{"name": "Key", "permissions": []string{"events.read"}})
	}) {
		if v == done {
			e := h.engines[i]
			e.keys, e.keyIDs = append(e.keys, answer.Text("key")), append(e.keyIDs, answer.Text("id"))
		}
	}
}

func (h *history) revokeKeyOne(t *rapid.T) {
	a, n := h.who(t), one(t, "key", len(h.keys))
	h.make(t, h.revokeKey(a, n), func(e *engine) *servertest.Answer { return e.as(a).Delete(e.path("/api-keys/%s", e.keyIDs[n])) })
}

// askByKeys holds what every key is answered on an engine against the model.
func (h *history) askByKeys(t *rapid.T, e *engine) {
	for n, token := range e.keys {
		if a := e.Client(e.t, token).Get(e.path("/events?limit=1")); a.Status != h.answered(h.keys[n]) {
			t.Errorf("%s: key %d is answered %d %s, want %d", e.name, n, a.Status, a.Body, h.answered(h.keys[n]))
		}
	}
}
