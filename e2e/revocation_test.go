package e2e

import (
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
)

// TestNoRequestAfterADeactivationIsAccepted hammers the hot path with the
// session of somebody who is deactivated meanwhile. A request that starts after
// the deactivation has returned must be refused.
func TestNoRequestAfterADeactivationIsAccepted(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		c := h.found(t, "team")
		for _, end := range []struct {
			name string
			by   func(member string)
		}{
			{"deactivate", func(member string) { c.leave(t, member, "deactivate") }},
			{"remove", func(member string) { c.leave(t, member, "remove") }},
			{"suspend", func(member string) { c.admin.ok(t, "POST", c.path+"/members/"+member+"/suspend", nil) }},
			{"end all sessions", func(member string) { c.admin.ok(t, "DELETE", c.path+"/members/"+member+"/sessions", nil) }},
		} {
			jo, member := c.join(t, "jo"+string(rune('a'+len(end.name)))+"@example.com", nil)
			var over atomic.Bool
			var before, after, late atomic.Int64
			var running, wait sync.WaitGroup
			for range 8 {
				running.Add(1)
				wait.Go(func() {
					warm := sync.OnceFunc(running.Done)
					for {
						wasOver := over.Load()
						status, err := hit(h.base, jo.token)
						warm()
						accepted := status == http.StatusOK
						switch {
						case err != nil || !accepted && status != http.StatusUnauthorized:
							t.Errorf("%s: the server answered %d, %v", end.name, status, err)
							return
						case wasOver && accepted:
							late.Add(1)
						case wasOver:
							if after.Add(1) > 400 {
								return
							}
						case accepted:
							before.Add(1)
						}
					}
				})
			}
			running.Wait()
			end.by(member)
			over.Store(true)
			wait.Wait()
			if late.Load() > 0 || before.Load() == 0 {
				t.Errorf("%s: %d accepted before, %d refused and %d accepted after", end.name, before.Load(), after.Load(), late.Load())
			}
		}
	})
}

// hit asks who a session is and gives the status of the answer.
func hit(base, token string) (int, error) {
	request, err := http.NewRequest(http.MethodGet, base+"/v1/session", nil)
	if err != nil {
		return 0, err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := web.Do(request)
	if err != nil {
		return 0, err
	}
	return response.StatusCode, response.Body.Close()
}
