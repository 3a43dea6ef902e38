package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"tenure/internal/access"
	"tenure/internal/departure"
	"tenure/internal/id"
	"tenure/internal/once"
)

// Receipt says what was done. The signature is Ed25519 over this JSON, in this
// order of fields, with an empty signature; the keys are at
// /.well-known/tenure-keys.json.
type Receipt struct {
	Departure string          `json:"departure"`
	AppliedAt time.Time       `json:"applied_at" doc:"When it was carried out."`
	By        ReceiptActor    `json:"by"`
	Members   []ReceiptMember `json:"members"`
	ChainHead ChainHead       `json:"chain_head"`
	KeyID     string          `json:"key_id" doc:"The kid of the key, in /.well-known/tenure-keys.json."`
	Signature string          `json:"signature" doc:"Ed25519, base64."`
}

// ReceiptActor is who applied the departure.
type ReceiptActor struct {
	Kind string `json:"kind" enum:"member,key,operator,system"`
	ID   string `json:"id"`
}

// ReceiptMember is what happened to one member.
type ReceiptMember struct {
	Member        string   `json:"member"`
	Email         string   `json:"email"`
	SessionsEnded int64    `json:"sessions_ended"`
	KeysEnded     int64    `json:"keys_ended"`
	Effects       []Effect `json:"effects"`
}

// ChainHead is the end of the account's trail when the receipt was made.
type ChainHead struct {
	Seq  int64  `json:"seq" doc:"From 1, without a gap, in each account."`
	Hash string `json:"hash" doc:"Over this event and the hash of the one before: SHA-256, in hexadecimal."`
}

type applyInput struct {
	Account   string `path:"account"`
	Departure string `path:"departure"`
	Body      struct {
		Digest string     `json:"digest" minLength:"1" maxLength:"100"`
		At     *time.Time `json:"at,omitempty" doc:"When to apply it, instead of what the plan says. What is past is now."`
	}
}

// underWay lets an operation answer with 202 and a plan.
func underWay(d *door, op huma.Operation) huma.Operation {
	return orWith[Plan](d, http.StatusAccepted, "It waits for its time, or goes through several members: under_way says until when.", op)
}

// applied is the receipt with 200, or with 202 the plan of what waits for its
// time or goes through several members.
func applied(out departure.Outcome) *eitherOf[Receipt, Plan] {
	if out.Receipt != nil {
		shape := receiptShape(*out.Receipt)
		return usual[Receipt, Plan](http.StatusOK, unversioned(shape))
	}
	return other[Receipt](http.StatusAccepted, versioned(planShape(out.Plan), out.Plan.Version))
}

func (d *door) applyDeparture(ctx context.Context, actor access.Actor, in *applyInput) (*eitherOf[Receipt, Plan], error) {
	out, err := d.rooms.Departures.Apply(ctx, actor, id.Account(in.Account), id.Departure(in.Departure), in.Body.Digest, timeOf(in.Body.At))
	if err != nil {
		return nil, err
	}
	return applied(out), nil
}

// appliedDeparture gives the answer again to what was applied under the same key.
func (d *door) appliedDeparture(ctx context.Context, actor access.Actor, in *applyInput, _ once.Kept) (*eitherOf[Receipt, Plan], error) {
	out, err := d.rooms.Departures.Outcome(ctx, actor, id.Account(in.Account), id.Departure(in.Departure))
	if err != nil {
		return nil, err
	}
	return applied(out), nil
}

func (d *door) getReceipt(ctx context.Context, actor access.Actor, in *departureInput) (*object[Receipt], error) {
	receipt, err := d.rooms.Departures.Receipt(ctx, actor, id.Account(in.Account), id.Departure(in.Departure))
	if err != nil {
		return nil, err
	}
	return unversioned(receiptShape(receipt)), nil
}

func receiptShape(r departure.Receipt) Receipt {
	shape := Receipt{
		Departure: string(r.Departure), AppliedAt: r.AppliedAt, By: ReceiptActor(r.By), ChainHead: ChainHead(r.ChainHead),
		KeyID: r.KeyID, Signature: r.Signature, Members: make([]ReceiptMember, len(r.Members)),
	}
	for i, left := range r.Members {
		shape.Members[i] = ReceiptMember{string(left.Member), left.Email, left.SessionsEnded, left.KeysEnded, effectShapes(left.Effects)}
	}
	return shape
}
