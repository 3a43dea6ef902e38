package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"

	"tenure/bench/bare"
	"tenure/internal/member/crowd"
)

const pageQuery = "status=active&sort=name&limit=50"

// list measures a page of fifty by name.
func (b *bench) list(ctx context.Context) ([]Result, error) {
	c, err := b.crowd(ctx)
	if err != nil {
		return nil, err
	}
	r := b.result(fmt.Sprintf("page of 50 by name among %d", b.members), noWrite, 1, "ms", fmt.Sprintf("≤ 1 ms, not growing from %d", b.members/10))
	answer, err := once(c.server.addr, "GET", "/v1/accounts/"+string(c.large.id)+"/members?"+pageQuery, c.large.owner.token, nil, 200)
	if err != nil {
		return nil, err
	}
	plain, err := b.bareServer(ctx, bare.Config{})
	if err != nil {
		return nil, err
	}
	defer plain.stop()
	questions := []question{
		{c.server.addr, members(c.large, pageQuery)}, {c.server.addr, members(c.tenth, pageQuery)},
		{plain.addr, request("GET", fmt.Sprintf("/bytes/%d", min(len(answer), 60_000)), "", nil)},
		{c.server.addr, members(c.large, "sort=name&limit=50")}, {c.server.addr, members(c.large, "sort=last_seen_at&limit=50")},
	}
	took, err := b.ask(ctx, questions)
	if err != nil {
		return nil, err
	}
	best, tenth := took[0].Least, took[1].Least
	r.Tenure, r.Bare, r.Verdict = took[0], took[2], verdict(best <= 1 && best <= tenth*1.25)
	r.Notes = append(r.Notes, fmt.Sprintf("among %d: %s ms; judged by the best rounds, %s and %s, within a quarter", b.members/10, took[1].text(), number(best), number(tenth)),
		fmt.Sprintf("without a status: %s ms; by when they were last seen: %s ms; %d bytes", took[3].text(), took[4].text(), len(answer)))
	return []Result{r}, nil
}

// question is asked on one connection.
type question struct {
	addr string
	ask  []byte
}

// ask asks each question in turn, in every round, and gives the medians of the
// rounds in milliseconds.
func (b *bench) ask(ctx context.Context, questions []question) ([]Spread, error) {
	took := make([][]float64, len(questions))
	for range b.rounds {
		for i, q := range questions {
			ms, err := timed(ctx, q.addr, b.round/4, q.ask)
			if err != nil {
				return nil, err
			}
			took[i] = append(took[i], ms)
		}
	}
	spreads := make([]Spread, len(took))
	for i, t := range took {
		spreads[i] = spread(t)
	}
	return spreads, nil
}

// looked is one text that is looked for.
type looked struct {
	about, text string
	neighbour   bool // in an account of a hundred beside the large one
	status      string
}

// texts are those that are hard in different ways for members named by crowd.
var texts = []looked{
	{about: "nearly everybody", text: "example.com", status: "active"},
	{about: "a first name", text: "maria", status: "active"},
	{about: "the last first name", text: "zoe", status: "active"},
	{about: "a few", text: "branch17", status: "active"},
	{about: "one person", text: ".4711@", status: "active"},
	{about: "nobody", text: "qzxv", status: "active"},
	{about: "two characters, many", text: "ja", status: "active"},
	{about: "two characters, few", text: "71@", status: "active"},
	{about: "two characters, nobody", text: "xq", status: "active"},
	{about: "one character, nobody", text: "%", status: "active"},
	{about: "nobody who is inactive", text: "maria", status: "inactive"},
	{about: "many, beside the large account", text: "example.com", neighbour: true, status: "active"},
	{about: "nobody, beside the large account", text: "xq", neighbour: true, status: "active"},
}

// search measures looking for a part of a name or address.
func (b *bench) search(ctx context.Context) ([]Result, error) {
	c, err := b.crowd(ctx)
	if err != nil {
		return nil, err
	}
	plain, err := b.bareServer(ctx, bare.Config{})
	if err != nil {
		return nil, err
	}
	defer plain.stop()
	r := b.result(fmt.Sprintf("search among %d", b.members), noWrite, 1, "ms", "≤ 10 ms at worst")
	err = b.searchIn(ctx, &r, c.server.addr, c.large, c.neighbour, plain.addr)
	r.Verdict = verdict(r.Tenure.Least <= 10)
	return []Result{r}, err
}

// searchIn looks for every text, and keeps the slowest.
func (b *bench) searchIn(ctx context.Context, r *Result, addr string, large, neighbour company, plain string) error {
	from := time.Now()
	if _, err := once(addr, "GET", "/v1/accounts/"+string(large.id)+"/members?q=qzxv", large.owner.token, nil, 200); err != nil {
		return err
	}
	r.Notes = append(r.Notes, fmt.Sprintf("the first search after a start, which reads the roll: %s ms", number(time.Since(from).Seconds()*1000)))
	questions := []question{{plain, request("GET", "/bytes/12000", "", nil)}}
	for _, l := range texts {
		in := large
		if l.neighbour {
			in = neighbour
		}
		questions = append(questions, question{addr, members(in, "status="+l.status+"&limit=50&q="+url.QueryEscape(l.text))})
	}
	took, err := b.ask(ctx, questions)
	if err != nil {
		return err
	}
	r.Bare, r.Tenure = took[0], took[1]
	for i, l := range texts {
		if took[i+1].Least > r.Tenure.Least {
			r.Tenure = took[i+1]
		}
		r.Notes = append(r.Notes, fmt.Sprintf("%s (%q): %s ms", l.about, l.text, took[i+1].text()))
	}
	return nil
}

// hugeAccount reports list and search in an account beyond what is promised.
func (b *bench) hugeAccount(ctx context.Context) (results []Result, err error) {
	if b.huge == 0 {
		return nil, nil
	}
	where, err := b.engine.fresh(ctx)
	if err != nil {
		return nil, err
	}
	var c, neighbour company
	fmt.Fprintf(b.progress, "  filling an account of %d\n", b.huge)
	if err := build(ctx, where, func(h house) error {
		if c, err = h.found(ctx, "Huge"); err != nil {
			return err
		}
		if neighbour, err = h.found(ctx, "Neighbour"); err != nil {
			return err
		}
		named := func(i int) crowd.Person { return crowd.Named(i, ordinary) }
		_, err := crowd.Fill(ctx, h.DB, neighbour.id, each, named)
		if err == nil {
			_, err = crowd.Fill(ctx, h.DB, c.id, b.huge, named)
		}
		return err
	}); err != nil {
		return nil, err
	}
	if err := b.engine.settle(ctx, where); err != nil {
		return nil, err
	}
	server, err := b.tenure(ctx, where)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, server.stop()) }()
	plain, err := b.bareServer(ctx, bare.Config{})
	if err != nil {
		return nil, err
	}
	defer plain.stop()
	list := b.result(fmt.Sprintf("page of 50 by name among %d", b.huge), noWrite, 1, "ms", "reported")
	took, err := b.ask(ctx, []question{{server.addr, members(c, pageQuery)}, {plain.addr, request("GET", "/bytes/20000", "", nil)}})
	if err != nil {
		return nil, err
	}
	list.Tenure, list.Bare = took[0], took[1]
	search := b.result(fmt.Sprintf("search among %d", b.huge), noWrite, 1, "ms", "reported")
	err = b.searchIn(ctx, &search, server.addr, c, neighbour, plain.addr)
	return slices.Concat([]Result{list}, []Result{search}), err
}
