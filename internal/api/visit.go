package api

import (
	"context"

	"tenure/internal/access"
	"tenure/internal/fault"
)

// visit is one request on its way in: what the handlers around an operation
// find out, for one another and for the operation. It is the context of the
// request, one for all of them: a context and a copy of the request for each
// would be most of what GET /v1/session costs.
type visit struct {
	context.Context
	origin access.Origin
	caller caller
	free   bool // asked at each request of a host app, or by a machine
	known  bool // who the caller is was looked for
	route  route
	answer answer
}

type visitKey struct{}

// Value gives the visit itself and, to who asks for it, the actor.
func (v *visit) Value(key any) any {
	switch key.(type) {
	case visitKey:
		return v
	case access.ActorKey:
		if v.known {
			return &v.caller.actor
		}
	}
	return v.Context.Value(key)
}

// visitOf gives the visit that a context belongs to. Outside of one it gives an
// empty visit, that nobody sees.
func visitOf(ctx context.Context) *visit {
	if v, ok := ctx.Value(visitKey{}).(*visit); ok {
		return v
	}
	return &visit{Context: ctx}
}

func originOf(ctx context.Context) access.Origin { return visitOf(ctx).origin }

func requestID(ctx context.Context) string { return visitOf(ctx).origin.RequestID }

// routeOf is where the inner handlers note what the log says about a request.
func routeOf(ctx context.Context) *route { return &visitOf(ctx).route }

// callerOf gives who sent the request.
func callerOf(ctx context.Context) caller {
	if v := visitOf(ctx); v.known {
		return v.caller
	}
	return caller{err: fault.Unauthenticated()}
}
