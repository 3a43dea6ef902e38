package db

import "context"

// Step is a moment at which a store can be cut.
type Step int

// The steps of a transaction.
const (
	Reading   Step = iota // before a transaction that reads
	Statement             // before a statement of one that writes
	Commit                // before its commit
	Committed             // after it, before the caller hears of it
)

// stepped is an engine that asks at every step whether to go on. An error at
// Committed is an acknowledgement that was lost. It stands before an engine only
// where Options.Steps is given.
type stepped struct {
	engine
	ask func(Step) error
}

func (e stepped) write(ctx context.Context, lane string, run func(statements) error) error {
	err := e.engine.write(ctx, lane, func(s statements) error {
		if err := run(asking{s, e.ask}); err != nil {
			return err
		}
		return unavailable(e.ask(Commit))
	})
	if err != nil {
		return err
	}
	if err := e.ask(Committed); err != nil {
		return unknown(err)
	}
	return nil
}

func (e stepped) read(ctx context.Context, run func(statements) error) error {
	if err := e.ask(Reading); err != nil {
		return unavailable(err)
	}
	return e.engine.read(ctx, run)
}

// asking is the statements of a transaction that writes.
type asking struct {
	statements
	step func(Step) error
}

func (a asking) exec(ctx context.Context, query string, args []any) (int64, error) {
	if err := a.step(Statement); err != nil {
		return 0, unavailable(err)
	}
	return a.statements.exec(ctx, query, args)
}

func (a asking) ask(ctx context.Context, questions []Question, read func(Question, rows, error) error) error {
	for range questions {
		if err := a.step(Statement); err != nil {
			return unavailable(err)
		}
	}
	return a.statements.ask(ctx, questions, read)
}

func (a asking) promise(ctx context.Context, rows int64, query string, args []any) error {
	if err := a.step(Statement); err != nil {
		return unavailable(err)
	}
	return a.statements.promise(ctx, rows, query, args)
}
