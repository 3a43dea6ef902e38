package api

import (
	"maps"
	"net/http"
)

// term is what stands in the description of an operation besides its shape.
type term struct {
	about   string // whom it lets in, and what a caller has to know that is not plain from the summary
	refuses codes
}

// codes are the codes with which an operation refuses, by status and in words
// apart, besides those that the status alone brings with it.
type codes map[int]string

// The statuses under which an operation has codes of its own.
const (
	unauthorized  = http.StatusUnauthorized
	forbidden     = http.StatusForbidden
	conflict      = http.StatusConflict
	gone          = http.StatusGone
	unprocessable = http.StatusUnprocessableEntity
	tooMany       = http.StatusTooManyRequests
)

// Whom an operation lets in, where several say the same.
const (
	byAnyone   = "Takes no credentials."
	inPerson   = "Takes a session."
	byOperator = "Takes an operator key."
	byMembers  = "Takes a session or an API key of the account, whatever it may do; the operator too."
	manageAll  = "Takes `account.manage`."
	runMembers = "Takes `members.manage`, and a rank that is not below the person's."
	readPeople = "Takes `members.read` or `members.manage`."
	readMoney  = "Takes `billing.manage`."
	readThings = "Takes `resources.read`. What the caller does not reach is not found."
)

// fullGrant is how giving a role, modules or sub-accounts is refused.
const fullGrant = "rank_exceeded module_admin_only step_up_required"

// terms has the term of every operation by its id. A test fails on an operation
// without one, and on a term without an operation.
var terms = merged(entryTerms, ownTerms, accountTerms, memberTerms, invitationTerms, departureTerms, holdingTerms, moneyTerms, serverTerms)

func merged(subjects ...map[string]term) map[string]term {
	all := map[string]term{}
	for _, subject := range subjects {
		maps.Copy(all, subject)
	}
	return all
}

var entryTerms = map[string]term{
	"sign-up": {byAnyone + " Always 202, whether or not the address is known, so that nobody learns who is here; only where the server has closed sign-up, 403. Nothing exists until the mailed link is confirmed.", nil},
	"confirm-sign-up": {byAnyone + " The token is that of the mailed link. Whoever has an identity already gives its password, and it stays; who has a second factor gets a challenge. The session's cookie is set as well.",
		codes{unauthorized: "bad_credentials", conflict: "shown_once", gone: "token_used token_expired", unprocessable: "weak_password", tooMany: "too_many_attempts"}},
	"sign-in": {byAnyone + " One answer for an address that is not known and for a password that is wrong. `account_required` comes after the right password only and names the places in `accounts`. The session's cookie is set as well.",
		codes{unauthorized: "bad_credentials", conflict: "account_required member_inactive", tooMany: "too_many_attempts"}},
	"answer-challenge": {byAnyone + " The challenge is that of signing in or of accepting an invitation. A wrong code may be tried again with it; once answered it is over.",
		codes{unauthorized: "bad_credentials", conflict: "already_accepted already_member member_inactive seat_limit short_password", gone: "token_used token_expired invitation_expired invitation_replaced invitation_closed", tooMany: "too_many_attempts"}},
	"mail-code":       {byAnyone + " 202 whether or not a reset is open; a code is mailed only while one is.", codes{gone: "token_used token_expired", tooMany: "too_many_attempts"}},
	"sign-out":        {"Takes a session; without one there is nothing to end, and the answer is the same. Once it has answered, no node accepts the session any more.", nil},
	"forget-password": {byAnyone + " Always 202, whether or not the address is known. The link holds for an hour.", nil},
	"reset-password": {byAnyone + " The token is that of the mailed link. Every session and every other link of the person ends.",
		codes{gone: "token_used token_expired", unprocessable: "weak_password"}},
	"confirm-email": {byAnyone + " The token is that of the mailed link. Every session of whoever is concerned ends.",
		codes{conflict: "email_taken already_member member_inactive", gone: "token_used token_expired email_change_closed"}},
	"inspect-invitation": {byAnyone + " Consumes nothing. A POST, so that the token stands in no address.", codes{gone: "invitation_expired invitation_replaced invitation_closed"}},
	"accept-invitation": {"Takes no credentials, or the session of the person who is invited. A new person sends `password`, `first_name` and `last_name`; an existing one `password` or a session, and no credential changes. A link that did not come by mail is answered with `verification_required` and a mailed code, to be sent as `code`. Who has a second factor gets a challenge. The session's cookie is set as well.",
		codes{unauthorized: "bad_credentials", conflict: "already_accepted already_member member_inactive seat_limit shown_once verification_required wrong_user",
			gone: "invitation_expired invitation_replaced invitation_closed", unprocessable: "weak_password", tooMany: "too_many_attempts"}},
	"decline-invitation": {byAnyone + " The token is that of the link.", codes{gone: "invitation_expired invitation_replaced invitation_closed"}},
	"get-session": {"Takes a session. What a host app asks on every request, also as the auth_request of a proxy: an answer of 200 names the session in the headers X-Tenure-User, X-Tenure-Member, X-Tenure-Account and X-Tenure-Role as well. " +
		"Not limited in number. The answer holds for this request: keep it for no other.", nil},
}

var ownTerms = map[string]term{
	"get-me":           {inPerson, nil},
	"change-me":        {inPerson + " The profile and nothing else: role and grants are not one's own to change.", nil},
	"change-password":  {inPerson, codes{unauthorized: "bad_credentials", unprocessable: "weak_password", tooMany: "too_many_attempts"}},
	"request-email":    {inPerson + " 202 also if the address is somebody else's, unless a colleague has it. Nothing changes until the new mailbox confirms; then every session everywhere ends and the old mailbox is told.", codes{unauthorized: "bad_credentials", forbidden: "step_up_required", conflict: "email_taken", tooMany: "too_many_attempts"}},
	"list-my-sessions": {inPerson + " Those of this place.", nil},
	"end-my-sessions":  {inPerson + " This one stays. Says how many ended.", nil},
	"end-my-session":   {inPerson, nil},
	"list-my-accounts": {inPerson, nil},
	"switch-account":   {inPerson + " The session that asks goes on. The new one's cookie is set in the place of the old.", nil},
	"get-my-factor":    {inPerson, nil},
	"begin-my-factor":  {inPerson + " The secret is shown this once.", codes{forbidden: "step_up_required", conflict: "factor_enabled shown_once"}},
	"confirm-my-factor": {inPerson + " The recovery codes are shown this once.",
		codes{unauthorized: "bad_credentials", forbidden: "step_up_required", conflict: "factor_enabled factor_not_begun shown_once", tooMany: "too_many_attempts"}},
	"renew-recovery-codes": {inPerson + " They are shown this once.", codes{unauthorized: "bad_credentials", forbidden: "step_up_required", conflict: "factor_not_enabled shown_once", tooMany: "too_many_attempts"}},
	"remove-my-factor": {inPerson + " Refused while an account of the person's requires a factor, or with a password that is too short to stand alone.",
		codes{unauthorized: "bad_credentials", forbidden: "step_up_required", conflict: "factor_not_enabled factor_required short_password", tooMany: "too_many_attempts"}},
	"step-up": {inPerson + " By the password, or by a code from who has a second factor. Holds for half an hour in this session; then `step_up_required` is not answered.",
		codes{unauthorized: "bad_credentials", tooMany: "too_many_attempts"}},
}

var accountTerms = map[string]term{
	"list-accounts":  {byOperator, nil},
	"create-account": {byOperator + " The owner is a member who has not come in yet; the invitation is bound to that place.", nil},
	"get-account":    {byMembers, nil},
	"change-account": {manageAll + " A change of the policy takes a fresh proof of who one is; the policy is merged key by key.", codes{forbidden: "step_up_required"}},
	"add-owner":      {byOperator + " Promotes a member, or invites an address. The reason is kept in the trail.", codes{conflict: "seat_limit member_inactive already_member"}},
	"get-overview":   {readPeople + " What else is counted is for who may read it: seats with `billing.manage`, credits with `credits.manage`.", nil},

	"list-modules":       {byMembers, nil},
	"get-module":         {byMembers, nil},
	"create-module":      {manageAll, codes{conflict: "module_exists"}},
	"change-module":      {manageAll, nil},
	"delete-module":      {manageAll, codes{conflict: "in_use"}},
	"list-sub-accounts":  {byMembers + " Those the caller reaches.", nil},
	"get-sub-account":    {byMembers + " What the caller does not reach is not found.", nil},
	"create-sub-account": {manageAll, codes{conflict: "sub_account_exists"}},
	"change-sub-account": {manageAll, codes{conflict: "sub_account_exists"}},
	"delete-sub-account": {manageAll, codes{conflict: "in_use"}},

	"list-roles":  {byMembers, nil},
	"get-role":    {byMembers, nil},
	"create-role": {"Takes `roles.manage`, and every right that the role would have.", codes{forbidden: "rank_exceeded step_up_required", conflict: "role_exists too_many_roles"}},
	"change-role": {"Takes `roles.manage`, and every right that the role has or would have. Holds at the next request of everybody who has it.",
		codes{forbidden: "rank_exceeded step_up_required", conflict: "role_exists last_owner seat_limit guest_limit", unprocessable: "module_required"}},
	"delete-role": {"Takes `roles.manage`, and every right that the role has.", codes{forbidden: "rank_exceeded step_up_required", conflict: "in_use built_in"}},

	"list-api-keys":  {"Takes `keys.manage`. Who administers sees those of everybody, others their own.", nil},
	"get-api-key":    {"Takes `keys.manage`. Somebody else's are for who administers.", nil},
	"create-api-key": {"Takes `keys.manage`, a session, and a fresh proof of who one is. The key is shown this once.", codes{forbidden: "rank_exceeded step_up_required", conflict: "shown_once too_many_keys"}},
	"change-api-key": {"Takes `keys.manage`, and no API key. One's own; never more rights and never a later end.", nil},
	"revoke-api-key": {"Takes `keys.manage`, and no API key. One's own, or as who administers those of people up to one's own rank. Once it has answered, no node accepts the key any more.", codes{forbidden: "rank_exceeded"}},

	"list-events":   {"Takes `events.read`; with `actor` or `subject` one's own place, nothing.", nil},
	"export-events": {"Takes `events.read`, as the list. A whole export ends with the trailer X-Tenure-Rows; one that is cut off, with an error.", nil},
	"follow-events": {"Takes `events.read`, as the list. Goes on until one leaves, or may read it no longer: then an event named `end` says why.", codes{tooMany: "too_many_streams"}},
}

var memberTerms = map[string]term{
	"list-members":   {readPeople + " By name unless `sort` says otherwise; a minus before it turns the order around.", nil},
	"export-members": {readPeople + " Narrowed as the list. A whole file ends with the trailer X-Tenure-Rows; one that is cut off, with an error.", nil},
	"get-member":     {readPeople + " One's own place, nothing.", nil},
	"add-member": {"Takes `members.manage`, and the right to give the role. Who is active is mailed a link to set a password, and has no access and no seat before. With `preview` nothing is added, and the answer is 200.",
		codes{forbidden: fullGrant, conflict: "email_taken seat_limit", unprocessable: "module_required"}},
	"change-member": {runMembers + " Another role takes the right to give it and a fresh proof, another address that proof too. The address counts once it is confirmed from its mailbox.",
		codes{forbidden: fullGrant, conflict: "last_owner seat_limit guest_limit email_taken identity_swap member_inactive not_registered", unprocessable: "module_required", tooMany: "too_many_attempts"}},
	"change-members": {"Takes `members.manage`. Each member has a verdict of their own, and who is refused keeps nobody else from being changed.", codes{forbidden: "step_up_required", unprocessable: "module_required"}},
	"activate-member": {runMembers + " Role, grants and assignments come back; sessions, keys and old links do not. Who never came in is mailed a link.",
		codes{forbidden: fullGrant, conflict: "already_active seat_limit departure_open", unprocessable: "module_required"}},
	"get-member-holdings":  {readPeople + " One's own place, nothing.", nil},
	"welcome-member":       {runMembers + " For who was added and has not come in: a new link by mail, and every older one is dead.", codes{forbidden: fullGrant, conflict: "already_accepted member_inactive seat_limit", tooMany: "too_many_attempts"}},
	"unlock-member":        {runMembers + " For somebody else than oneself.", codes{forbidden: "rank_exceeded step_up_required", conflict: "not_registered", tooMany: "too_many_attempts"}},
	"reset-factor":         {runMembers + " For somebody else than oneself. Always 202. The person completes it with their password and a mailed code; nobody else sees one.", codes{forbidden: "rank_exceeded"}},
	"list-member-sessions": {runMembers, codes{forbidden: "rank_exceeded"}},
	"end-member-sessions":  {runMembers + " Once it has answered, no node accepts them any more. Says how many ended.", codes{forbidden: "rank_exceeded"}},
	"end-member-session":   {runMembers + " Once it has answered, no node accepts it any more.", codes{forbidden: "rank_exceeded"}},
	"suspend-member": {"Takes `departures.manage` and a rank that is not below the person's; for oneself, nothing. Once it has answered, nothing of theirs is accepted any more; what they hold waits in a departure in state `settling`. Suspending again gives the same.",
		codes{forbidden: "rank_exceeded step_up_required", conflict: "last_owner"}},
}

var invitationTerms = map[string]term{
	"list-invitations": {"Takes `invitations.manage`.", nil},
	"get-invitation":   {"Takes `invitations.manage`.", nil},
	"invite": {"Takes `invitations.manage`, and the right to give the role. Each address has a verdict of its own, in the order given. Commits in chunks of 500; sent again under the same Idempotency-Key, a call that was cut short goes on.",
		codes{forbidden: fullGrant, unprocessable: "module_required"}},
	"withdraw-invitation":  {"Takes `invitations.manage`, and the right to give the role.", codes{forbidden: "rank_exceeded", conflict: "already_accepted invitation_closed"}},
	"resend-invitation":    {"Takes `invitations.manage`, and the right to give the role. Its time begins anew; also for one whose time is over.", codes{forbidden: fullGrant, conflict: "already_accepted already_invited already_member invitation_closed seat_limit", tooMany: "too_many_attempts"}},
	"copy-invitation-link": {"Takes `invitations.manage`, and the right to give the role. Replaces an earlier copy and not the mailed link; its time goes on. Whoever uses it is asked for a code that is mailed to the invited address.", codes{forbidden: fullGrant, conflict: "already_accepted invitation_closed invitation_expired"}},
}

// letGo is how a departure is asked for.
const letGo = "Takes `departures.manage` and a rank that is not below anybody's who leaves; to leave oneself, nothing."

var departureTerms = map[string]term{
	"list-departures":   {"Takes `departures.manage`. Each without effects and receipt, and with the first twenty names.", nil},
	"plan-departure":    {letGo + " What stands in the way is told as `blockers`, and is no refusal.", codes{forbidden: "rank_exceeded", conflict: "departure_open kind_not_offered"}},
	"get-departure":     {letGo + " A draft is planned anew each time.", codes{forbidden: "rank_exceeded"}},
	"decide-departure":  {letGo + " Decisions are merged; the answer is the new plan, with a new digest.", codes{forbidden: "rank_exceeded", conflict: "departure_open departure_over kind_not_offered"}},
	"discard-departure": {letGo + " A draft, or one that waits for its time.", codes{forbidden: "rank_exceeded", conflict: "departure_open departure_over"}},
	"apply-departure": {letGo + " And a fresh proof. Refused with the new plan in `plan` if the digest no longer holds, with `blockers` or `needed` if something is in the way. All or nothing for each member. Once it has answered 200, nothing of theirs is accepted any more.",
		codes{forbidden: "rank_exceeded step_up_required", conflict: "plan_changed blocked decision_required departure_open departure_over kind_not_offered"}},
	"undo-departure": {letGo + " And a fresh proof. What cannot come back is told in `skipped`. Sessions and keys stay ended.",
		codes{forbidden: "rank_exceeded step_up_required", conflict: "undo_conflict seat_limit departure_open departure_over", gone: "undo_closed"}},
	"get-receipt": {letGo, codes{forbidden: "rank_exceeded", conflict: "departure_open", gone: "receipt_erased"}},
}

var holdingTerms = map[string]term{
	"list-resource-types":  {byMembers, nil},
	"get-resource-type":    {byMembers, nil},
	"put-resource-type":    {manageAll, codes{conflict: "too_many_types"}},
	"import-resources":     {"Takes `resources.manage`, and to reach all resources.", nil},
	"list-resources":       {"Takes `resources.read`. In the order of type and id, of what the caller reaches.", nil},
	"get-resource":         {readThings, nil},
	"put-resource":         {"Takes `resources.manage`. An owner or a sub-account that is absent stays; null takes it away.", codes{conflict: "not_registered member_inactive guest_limit out_of_reach"}},
	"delete-resource":      {"Takes `resources.manage`.", nil},
	"assign-resource":      {"Takes `resources.assign`. Who is assigned already stays so.", codes{conflict: "not_registered member_inactive guest_limit out_of_reach"}},
	"unassign-resource":    {"Takes `resources.assign`; for somebody who has left, `resources.read` is enough.", nil},
	"list-activities":      {readThings, nil},
	"add-activity":         {"Takes `resources.read`; `resources.manage` to name somebody else than oneself.", nil},
	"get-resource-history": {readThings, nil},
	"evaluate":             {"Takes a session, which asks about itself, or an API key with `members.read` or `resources.read` or the operator key, which ask about anybody. With an API key not limited in number. What is not valid is 400.", nil},
	"evaluate-many":        {"Takes what one question takes. What a question leaves out is what stands beside `evaluations`.", nil},
}

var moneyTerms = map[string]term{
	"get-credits":         {"Takes `credits.manage`; with `credits.spend` one sees the price and one's own wallet.", nil},
	"list-credit-entries": {"Takes `credits.manage`; with `credits.spend` one reads one's own. Each move is two entries, what it took from one wallet and what it gave to another.", nil},
	"price-downloads":     {"Takes `credits.manage`, of an API key or the operator.", nil},
	"purchase-credits":    {byOperator, nil},
	"transfer-credits":    {"Takes `credits.manage`, and a rank that is not below that of whom it is taken from. Without an Idempotency-Key, what is sent twice moves twice.", codes{forbidden: "rank_exceeded", conflict: "insufficient_credits member_inactive"}},
	"list-records":        {"Takes `credits.manage`, `credits.spend` or `resources.read`.", nil},
	"get-record":          {"Takes `credits.manage`, `credits.spend` or `resources.read`. Every id is known: what nobody downloaded is masked.", nil},
	"download-record": {"Takes `credits.spend`. Charges the first who asks, once, however many ask at a time. To name `member` or `cost` takes the operator key, or an API key of somebody who manages credits.",
		codes{forbidden: "rank_exceeded", conflict: "insufficient_credits member_inactive not_registered"}},
	"price-record":   {"Takes `credits.manage`, of an API key or the operator.", nil},
	"list-downloads": {"Takes `credits.manage`, `credits.spend` or `resources.read`.", nil},
	"get-billing":    {readMoney, nil},
	"plan-billing":   {byOperator, codes{conflict: "currency_fixed"}},
	"get-payer":      {readMoney, nil},
	"set-payer":      {readMoney + " What looks like the number of a card is refused.", nil},
	"get-seat-steps": {readMoney, nil},
	"get-upcoming":   {readMoney, nil},
	"list-invoices":  {readMoney, nil},
	"get-invoice":    {readMoney, nil},
}

var serverTerms = map[string]term{
	"about":                {byAnyone, nil},
	"list-keys":            {byAnyone + " Ed25519 keys as JWK (RFC 8037). A server with another secret publishes another key: keep the answer with the receipts.", nil},
	"get-clock":            {byOperator + " Not found without `--test-clock`.", nil},
	"set-clock":            {byOperator + " Not found without `--test-clock`.", nil},
	"list-operator-keys":   {byOperator, nil},
	"get-operator-key":     {byOperator, nil},
	"add-operator-key":     {byOperator + " The new key is shown this once.", codes{conflict: "shown_once too_many_keys"}},
	"revoke-operator-key":  {byOperator + " It may be the one that asks. Once it has answered, no node accepts the key any more.", codes{conflict: "last_operator_key"}},
	"list-operator-events": {byOperator, nil},
}
