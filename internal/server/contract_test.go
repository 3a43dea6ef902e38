package server_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	"tenure/internal/server/servertest"
)

// TestAnswersAreAsDescribed checks what every operation answers, to somebody
// who may and to somebody who may not, against the description.
func TestAnswersAreAsDescribed(t *testing.T) {
	s := servertest.Start(t, "sqlite")
	c, ids := stocked(t, s, "portal", "contract.example")
	document, err := openapi3.NewLoader().LoadFromData(s.Nobody(t).Get("/openapi.json").OK().Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := document.Validate(context.Background()); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"application/x-ndjson", "text/event-stream"} {
		openapi3filter.RegisterBodyDecoder(text, openapi3filter.PlainBodyDecoder)
	}
	for _, o := range operations(t, s) {
		if o.id == "sign-out" || o.id == "set-clock" {
			continue // both would end the session that the rest needs
		}
		for _, client := range []*servertest.Client{c.Owner.Client, s.Operator(t), s.Nobody(t)} {
			answer := client.Call(o.method, o.at(ids), sample[o.id])
			request, err := http.NewRequest(o.method, o.at(ids), nil)
			if err != nil {
				t.Fatal(err)
			}
			item := document.Paths.Value(o.path)
			route := &routers.Route{Spec: document, Path: o.path, PathItem: item, Method: o.method, Operation: item.GetOperation(o.method)}
			err = openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
				RequestValidationInput: &openapi3filter.RequestValidationInput{Request: request, PathParams: ids, Route: route},
				Status:                 answer.Status, Header: answer.Header, Body: io.NopCloser(bytes.NewReader(answer.Body)),
				Options: &openapi3filter.Options{IncludeResponseStatus: true},
			})
			if err != nil {
				t.Errorf("%s answers %d %.300s\n%v", o.id, answer.Status, answer.Body, err)
			}
		}
	}
}
