package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"tenure/bench/bare"
)

// few is how many resources the other leaver of a round has, so that growth is
// seen.
const few = 10

// departures measures how long it takes to plan and to apply the departure of
// somebody who hands over very many resources, and of somebody who hands over
// few.
func (b *bench) departures(ctx context.Context) (results []Result, err error) {
	turns := min(b.rounds, 3)
	e, err := b.estate(ctx, 2*turns)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, e.server.stop()) }()
	beside, err := b.small(ctx)
	if err != nil {
		return nil, err
	}
	planned, applied := map[int][]float64{}, map[int][]float64{}
	for i, p := range e.people {
		held := []int{few, b.holdings}[i%2]
		if _, err := e.give(ctx, held, fmt.Sprintf("of-%d", i), p); err != nil {
			return nil, err
		}
		plan, took, err := e.plan(fmt.Appendf(nil, `{"members":[%q],"kind":"deactivate","decisions":{"resources":{"default":{"to":%q}}}}`, p.member, e.company.owner.member))
		if err != nil {
			return nil, err
		}
		planned[held] = append(planned[held], took)
		began := time.Now()
		answer, err := e.ask("POST", "/departures/"+plan.ID+"/apply", fmt.Appendf(nil, `{"digest":%q}`, plan.Digest), 200)
		if err != nil {
			return nil, err
		}
		applied[held] = append(applied[held], since(began))
		if want := fmt.Appendf(nil, `"count":%d`, held); !bytes.Contains(answer, want) {
			return nil, fmt.Errorf("%d resources were to be handed over: %.400s", held, answer)
		}
	}
	for _, line := range []struct {
		what string
		took map[int][]float64
	}{{"plan of a departure with %d resources", planned}, {"departure applied with %d resources", applied}} {
		r := b.result(fmt.Sprintf(line.what, b.holdings), b.engine.durability, 1, "ms", "≤ 1 s on SQLite")
		r.Tenure, r.Bare = spread(line.took[b.holdings]), beside
		if b.engine.name == "sqlite" {
			r.Verdict = verdict(r.Tenure.Least <= 1000)
		}
		little := spread(line.took[few])
		r.Notes = append(r.Notes, fmt.Sprintf("with %d resources %s ms: %.0f times as many take %.1f times as long", few, little.text(),
			float64(b.holdings)/few, r.Tenure.Median/little.Median), "judged by the best round; bare: an answer of 400 bytes")
		results = append(results, r)
	}
	return results, nil
}

// leaveTogether measures how long it takes until very many have left in one departure.
func (b *bench) leaveTogether(ctx context.Context) (results []Result, err error) {
	e, err := b.estate(ctx, b.bulkLeavers)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, e.server.stop()) }()
	beside, err := b.small(ctx)
	if err != nil {
		return nil, err
	}
	members := make([]string, len(e.people))
	for i, p := range e.people {
		members[i] = string(p.member)
	}
	order, err := json.Marshal(map[string]any{"members": members, "kind": "deactivate"})
	if err != nil {
		return nil, err
	}
	plan, planning, err := e.plan(order)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	if _, err := e.ask("POST", "/departures/"+plan.ID+"/apply", fmt.Appendf(nil, `{"digest":%q}`, plan.Digest), 202); err != nil {
		return nil, err
	}
	answered := since(began)
	for done := false; !done; {
		time.Sleep(20 * time.Millisecond)
		answer, err := e.ask("GET", "/departures?limit=1", nil, 200)
		if err != nil {
			return nil, errors.Join(err, ctx.Err())
		}
		var list struct{ Items []departing }
		if err := json.Unmarshal(answer, &list); err != nil {
			return nil, err
		}
		switch list.Items[0].State {
		case "applied":
			done = true
		case "scheduled":
		default:
			return nil, fmt.Errorf("it came to this: %.400s", answer)
		}
	}
	took := since(began)
	r := b.result(fmt.Sprintf("%d members leave in one departure", len(members)), b.engine.durability, 1, "s", "reported")
	r.Tenure, r.Bare = single(took/1000), single(beside.Median/1000)
	r.Notes = append(r.Notes, fmt.Sprintf("%.1f ms a member, each in a write of their own; planned in %.0f ms, answered in %.0f ms", took/float64(len(members)), planning, answered))
	return []Result{r}, nil
}

// registration measures one stream that registers very many resources, and the
// same again, which changes nothing.
func (b *bench) registration(ctx context.Context) (results []Result, err error) {
	const owners = 16
	e, err := b.estate(ctx, owners)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, e.server.stop()) }()
	beside, err := b.small(ctx)
	if err != nil {
		return nil, err
	}
	first, err := e.give(ctx, b.imported, "pin", e.people...)
	if err != nil {
		return nil, err
	}
	again, err := e.give(ctx, b.imported, "pin", e.people...)
	if err != nil {
		return nil, err
	}
	r := b.result(fmt.Sprintf("%d resources registered in one stream", b.imported), b.engine.durability, 1, "s", "reported")
	r.Tenure, r.Bare = single(first/1000), single(beside.Median/1000)
	r.Notes = append(r.Notes, fmt.Sprintf("%.0f a second, each with an owner; the same list again, which changes nothing, %.1f s", float64(b.imported)/first*1000, again/1000))
	return []Result{r}, nil
}

// estate is an account of people who own pins.
type estate struct {
	server  *running
	company company
	people  []person
}

func (b *bench) estate(ctx context.Context, people int) (*estate, error) {
	where, err := b.engine.fresh(ctx)
	if err != nil {
		return nil, err
	}
	e := &estate{}
	if err := build(ctx, where, func(h house) (err error) {
		if e.company, err = h.found(ctx, "Estate"); err == nil {
			e.people, err = h.joinMany(ctx, e.company, people)
		}
		return err
	}); err != nil {
		return nil, err
	}
	if e.server, err = b.tenure(ctx, where); err != nil {
		return nil, err
	}
	if _, err := e.ask("PUT", "/resource-types/pin", []byte(`{"name":"Pin","on_leave":"leave"}`), 200); err != nil {
		return nil, errors.Join(err, e.server.stop())
	}
	return e, nil
}

func (e *estate) ask(method, path string, body []byte, want int) ([]byte, error) {
	return once(e.server.addr, method, "/v1/accounts/"+string(e.company.id)+path, e.company.owner.token, body, want)
}

// departing is what is read of a departure.
type departing struct{ ID, Digest, State string }

// plan plans a departure and gives how long that took, in milliseconds.
func (e *estate) plan(order []byte) (plan departing, took float64, err error) {
	began := time.Now()
	answer, err := e.ask("POST", "/departures", order, 201)
	if err != nil {
		return plan, 0, err
	}
	took = since(began)
	return plan, took, json.Unmarshal(answer, &plan)
}

// give registers n pins in one stream, owned by the people in turn, and gives
// how long it took, in milliseconds.
func (e *estate) give(ctx context.Context, n int, name string, owners ...person) (took float64, err error) {
	var list bytes.Buffer
	for i := range n {
		fmt.Fprintf(&list, `{"type":"pin","id":"%s-%d","name":"Pin %d","owner":%q}`+"\n", name, i, i, owners[i%len(owners)].member)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+e.server.addr+"/v1/accounts/"+string(e.company.id)+"/resources/import", &list)
	if err != nil {
		return 0, err
	}
	request.Header.Set("Authorization", "Bearer "+e.company.owner.token)
	request.Header.Set("Content-Type", "application/x-ndjson")
	began := time.Now()
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(answer.Body)
	took = since(began)
	var last struct {
		Line, Refused int
		Done          bool
	}
	if err == nil {
		lines := bytes.Split(bytes.TrimSpace(said), []byte("\n"))
		err = json.Unmarshal(lines[len(lines)-1], &last)
	}
	if err == nil && (!last.Done || last.Refused > 0 || last.Line != n) {
		err = fmt.Errorf("of %d resources: %.300s", n, said)
	}
	return took, err
}

// small is how long a bare server takes for an answer of 400 bytes, in
// milliseconds.
func (b *bench) small(ctx context.Context) (Spread, error) {
	plain, err := b.bareServer(ctx, bare.Config{})
	if err != nil {
		return Spread{}, err
	}
	ms, err := timed(ctx, plain.addr, b.round/4, request("GET", "/bytes/400", "", nil))
	return single(ms), errors.Join(err, plain.stop())
}

// since is how many milliseconds have passed.
func since(began time.Time) float64 { return float64(time.Since(began).Microseconds()) / 1000 }
