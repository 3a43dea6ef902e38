package api

import (
	"context"
	"net/http"
	"time"

	"tenure/internal/access"
	"tenure/internal/id"
)

// Factor is the caller's second factor as it stands.
type Factor struct {
	Enabled           bool       `json:"enabled"`
	Since             *time.Time `json:"since" doc:"Null without one."`
	RecoveryCodesLeft int64      `json:"recovery_codes_left" doc:"How many recovery codes have not been used."`
}

// FactorSetup is what an authenticator app is set up with, shown once.
type FactorSetup struct {
	Secret string `json:"secret" doc:"In base 32, to be typed."`
	URI    string `json:"uri" doc:"otpauth://totp/…, as apps read it."`
	QR     string `json:"qr" doc:"The URI as a picture: a data: URL."`
}

// RecoveryCodes are shown once.
type RecoveryCodes struct {
	RecoveryCodes []string `json:"recovery_codes" doc:"Each works once, in the place of a code of the app."`
}

type codeInput struct {
	Body struct {
		Code string `json:"code" minLength:"1" maxLength:"40"`
	}
}

type stepUpInput struct {
	Body struct {
		Code     string `json:"code,omitempty" maxLength:"40" doc:"From who has a second factor."`
		Password string `json:"password,omitempty" maxLength:"1024" doc:"From who has none."`
	}
}

// factors registers what is about second factors.
func (d *door) factors() {
	const mine = "/v1/me/totp"
	handle(d, newcomer, operation("GET", mine, "get-my-factor", "me", "Read whether I have a second factor"), d.getFactor)
	handleOnce(d, newcomer, operation("POST", mine, "begin-my-factor", "me", "Set a second factor up; it holds once it is confirmed"), d.beginFactor, shownOnce[nothing, out[FactorSetup]])
	handleOnce(d, newcomer, operation("POST", mine+"/confirm", "confirm-my-factor", "me", "Confirm my second factor by a code; every other session ends"), d.confirmFactor,
		shownOnce[codeInput, out[RecoveryCodes]])
	handleOnce(d, newcomer, operation("POST", mine+"/recovery-codes", "renew-recovery-codes", "me", "Make new recovery codes; the old ones are dead"), d.renewCodes,
		shownOnce[codeInput, out[RecoveryCodes]])
	handle(d, newcomer, operation("DELETE", mine, "remove-my-factor", "me", "Remove my second factor; every other session ends"), d.removeFactor)
	handle(d, newcomer, answering(http.StatusNoContent, operation("POST", "/v1/me/step-up", "step-up", "me", "Prove once more that it is me")), d.stepUp)
	handleOnce(d, somebody, answering(http.StatusAccepted, operation("POST", "/v1/accounts/{account}/members/{member}/reset-factor", "reset-factor", "members",
		"Let a member past a lost second factor; they are mailed a code")), d.resetFactor, sameAccepted[memberInput])
}

func (d *door) getFactor(ctx context.Context, actor access.Actor, _ *nothing) (*object[Factor], error) {
	f, err := d.rooms.SignIn.Factor(ctx, actor)
	if err != nil {
		return nil, err
	}
	return unversioned(Factor{Enabled: f.On(), Since: moment(f.Since), RecoveryCodesLeft: f.Left}), nil
}

func (d *door) beginFactor(ctx context.Context, actor access.Actor, _ *nothing) (*out[FactorSetup], error) {
	setup, err := d.rooms.SignIn.BeginFactor(ctx, actor)
	if err != nil {
		return nil, err
	}
	return body(FactorSetup{Secret: setup.Secret, URI: setup.URI, QR: setup.QR}), nil
}

func (d *door) confirmFactor(ctx context.Context, actor access.Actor, in *codeInput) (*out[RecoveryCodes], error) {
	codes, err := d.rooms.SignIn.ConfirmFactor(ctx, actor, in.Body.Code)
	if err != nil {
		return nil, err
	}
	return body(RecoveryCodes{codes}), nil
}

func (d *door) renewCodes(ctx context.Context, actor access.Actor, in *codeInput) (*out[RecoveryCodes], error) {
	codes, err := d.rooms.SignIn.RenewCodes(ctx, actor, in.Body.Code)
	if err != nil {
		return nil, err
	}
	return body(RecoveryCodes{codes}), nil
}

func (d *door) removeFactor(ctx context.Context, actor access.Actor, in *codeInput) (*done, error) {
	return &done{}, d.rooms.SignIn.RemoveFactor(ctx, actor, in.Body.Code)
}

func (d *door) stepUp(ctx context.Context, actor access.Actor, in *stepUpInput) (*done, error) {
	return &done{}, d.rooms.SignIn.StepUp(ctx, actor, in.Body.Code, in.Body.Password)
}

func (d *door) resetFactor(ctx context.Context, actor access.Actor, in *memberInput) (*accepted, error) {
	return &accepted{}, d.rooms.SignIn.ResetFactor(ctx, actor, id.Account(in.Account), id.Member(in.Member))
}
