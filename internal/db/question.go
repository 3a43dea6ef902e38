package db

import "context"

// Question is a query and what becomes of its rows.
type Question struct {
	query string
	args  []any
	row   func(scan func(dest ...any) error) error
	rows  expected
}

// expected is how many rows a question has to have.
type expected int

const (
	anyNumber expected = iota
	atMostOne
	exactlyOne
)

// AskOne is One as a question.
func AskOne(query string, args []any, dest ...any) Question {
	return Question{query, args, into(dest), exactlyOne}
}

// AskIfThere is AskOne for a row that may not be there: then what it would be
// read into stays as it is.
func AskIfThere(query string, args []any, dest ...any) Question {
	return Question{query, args, into(dest), atMostOne}
}

func into(dest []any) func(scan func(...any) error) error {
	return func(scan func(...any) error) error { return scan(dest...) }
}

// AskEach is Each as a question.
func AskEach(query string, args []any, row func(scan func(dest ...any) error) error) Question {
	return Question{query, args, row, anyNumber}
}

// Ask reads the rows of one query after the other, like One and Each, but may
// ask for all of them at once. The first error ends the reading and is returned.
func (t *Tx) Ask(ctx context.Context, questions ...Question) error {
	for _, q := range questions {
		if err := t.ready(q.args); err != nil {
			return err
		}
	}
	if len(questions) == 0 {
		return nil
	}
	return t.statements.ask(t.outliving(ctx), questions, t.read)
}

// Inquiry is what somebody has to know and what they make of it: the questions of
// several can be asked at once.
type Inquiry struct {
	Questions []Question
	Then      func(ctx context.Context, tx *Tx) error // once they are answered
}

// Inquire asks, and goes on with the answers.
func (t *Tx) Inquire(ctx context.Context, i Inquiry) error {
	if err := t.Ask(ctx, i.Questions...); err != nil {
		return err
	}
	return i.Then(ctx, t)
}

func questionsOf(inquiries []Inquiry) []Question {
	questions := []Question{}
	for _, i := range inquiries {
		questions = append(questions, i.Questions...)
	}
	return questions
}
