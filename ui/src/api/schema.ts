// The paths of the REST API, in the form openapi-fetch reads.

export type Status = 'active' | 'suspended' | 'inactive';
export type MailStatus = 'queued' | 'sent' | 'failed';
export type InvitationStatus = 'pending' | 'accepted' | 'declined' | 'withdrawn' | 'expired';
export type DepartureKind = 'deactivate' | 'remove' | 'delete';
export type DepartureState = 'draft' | 'settling' | 'scheduled' | 'applied' | 'undone' | 'discarded' | 'failed';

export interface Policy {
  invitation_ttl: number;
  add_directly: boolean;
  departure_kinds: DepartureKind[];
  credits_must_be_zero: boolean;
  phone_required: boolean;
  access_ends: 'apply' | 'confirm';
  undo_window: number;
  mfa: string;
  session_idle?: number | null;
  session_absolute?: number | null;
  disposable_allowed: boolean;
  email_domains: string[];
}

export interface Account {
  id: string;
  name: string;
  preset: string;
  policy: Policy;
  logo: string;
  accent: string;
  created_at: string;
}

export interface Role {
  key: string;
  name: string;
  administers: boolean;
  reach: 'all' | 'assigned' | 'single';
  modules: 'all' | 'chosen';
  billable: boolean;
  rank: number;
  permissions: string[];
}

export interface Module {
  id: string;
  key: string;
  name: string;
  admin_only: boolean;
}

export interface SubAccount {
  id: string;
  name: string;
}

export interface Member {
  id: string;
  user_id?: string;
  email: string;
  first_name: string;
  last_name: string;
  job_title: string;
  phone: string;
  locale: string;
  status: Status;
  role: string;
  modules: string[];
  sub_accounts: string[];
  mfa: boolean;
  registered_at?: string | null;
  last_seen_at?: string | null;
  created_at: string;
  deactivated_at?: string | null;
}

export interface Invitation {
  id: string;
  email: string;
  role: string;
  modules: string[];
  sub_accounts: string[];
  status: InvitationStatus;
  invited_by: string | { kind: string; id: string; name: string };
  sent_at: string;
  expires_at: string;
  mail: MailStatus;
  mail_reason?: string;
}

export interface Inspection {
  account: string | { id: string; name: string; logo?: string; accent?: string };
  inviter: string;
  email: string;
  role: string;
  expires_at: string;
  registered?: boolean;
}

export interface Started {
  token: string;
  expires_at: string;
  member: Member;
  account: Account;
}

export interface Session {
  user_id: string;
  member_id: string;
  account_id: string;
  email: string;
  role: string;
  permissions: string[];
  modules: string[];
  sub_accounts: string[];
  expires_at: string;
}

export interface Device {
  id: string;
  created_at: string;
  last_seen_at: string;
  user_agent: string;
  ip: string;
  current?: boolean;
}

export interface OwnPlace {
  account: { id: string; name: string; preset?: string };
  member: string;
  role?: string;
  status: Status;
}

export interface Event {
  seq: number;
  id: string;
  at: string;
  action: string;
  actor: { kind: string; id: string; name: string };
  subject: { kind: string; id: string; name: string };
  changes: Record<string, [unknown, unknown]>;
  request_id: string;
  ip: string;
}

export interface Blocker {
  code: string;
  member: string;
  detail: string;
  resolve: string[];
}

export interface Needed {
  code: string;
  member: string;
  options: unknown[];
}

export interface Effect {
  kind: string;
  member: string;
  count?: number;
  amount?: number;
  currency?: string;
  formula?: string;
  detail: string;
}

export interface Departure {
  id: string;
  kind: DepartureKind;
  state: DepartureState;
  at?: string;
  members: string[];
  digest: string;
  undo_until?: string;
  blockers: Blocker[];
  decisions: Record<string, unknown>;
  needed: Needed[];
  effects: Effect[];
  results?: { member: string; verdict: string; code: string }[];
}

export interface Receipt {
  departure: string;
  applied_at: string;
  by: unknown;
  members: { member: string; email: string; sessions_ended: number; keys_ended: number; effects: Effect[] }[];
  chain_head: { seq: number; hash: string };
  key_id: string;
  signature: string;
}

export interface Overview {
  active: number;
  inactive: number;
  pending: number;
  without_mfa?: number;
}

export interface InviteResult {
  email: string;
  verdict: string;
  invitation?: Invitation;
  member?: Member | string;
}

interface List<T> {
  items: T[];
  next_cursor?: string;
}

type Answer<T> = { 200: { headers: Record<string, string>; content: { 'application/json': T } } };

type Header = { 'If-Match'?: string; 'Idempotency-Key'?: string };

type Operation<Path, Query, Body, T> = {
  parameters: (Path extends undefined ? { path?: never } : { path: Path }) & {
    query?: Query;
    header?: Header;
    cookie?: never;
  };
  responses: Answer<T>;
} & (Body extends undefined ? { requestBody?: never } : { requestBody: { content: { 'application/json': Body } } });

type NoPath = undefined;
type None = undefined;
type InAccount = { account: string };
type OfMember = InAccount & { member: string };
type OfInvitation = InAccount & { invitation: string };
type OfDeparture = InAccount & { departure: string };
type Page = { limit?: number; cursor?: string };

type Profile = Partial<Pick<Member, 'first_name' | 'last_name' | 'job_title' | 'phone' | 'locale'>>;
type Grants = { role?: string; modules?: string[]; sub_accounts?: string[] };

export interface paths {
  '/v1/sign-up': {
    post: Operation<
      NoPath,
      None,
      { name: string; preset: string; email: string; first_name: string; last_name: string; locale?: string },
      unknown
    >;
  };
  '/v1/sign-up/confirm': { post: Operation<NoPath, None, { token: string; password: string }, Started> };
  '/v1/sign-in': {
    post: Operation<NoPath, None, { email: string; password: string; account?: string }, Started>;
  };
  '/v1/sign-out': { post: Operation<NoPath, None, undefined, unknown> };
  '/v1/password/forgot': { post: Operation<NoPath, None, { email: string }, unknown> };
  '/v1/password/reset': { post: Operation<NoPath, None, { token: string; password: string }, unknown> };
  '/v1/email/confirm': { post: Operation<NoPath, None, { token: string }, unknown> };
  '/v1/session': { get: Operation<NoPath, None, undefined, Session> };
  '/v1/me': {
    get: Operation<NoPath, None, undefined, Member>;
    patch: Operation<NoPath, None, Profile, Member>;
  };
  '/v1/me/password': { post: Operation<NoPath, None, { current: string; new: string }, unknown> };
  '/v1/me/email': { post: Operation<NoPath, None, { email: string; password: string }, unknown> };
  '/v1/me/sessions': {
    get: Operation<NoPath, None, undefined, List<Device>>;
    delete: Operation<NoPath, None, undefined, unknown>;
  };
  '/v1/me/sessions/{session}': { delete: Operation<{ session: string }, None, undefined, unknown> };
  '/v1/me/accounts': { get: Operation<NoPath, None, undefined, List<OwnPlace>> };
  '/v1/me/accounts/{account}/switch': { post: Operation<InAccount, None, undefined, Started> };
  '/v1/accounts/{account}': {
    get: Operation<InAccount, None, undefined, Account>;
    patch: Operation<
      InAccount,
      None,
      { name?: string; policy?: Partial<Policy>; logo?: string; accent?: string },
      Account
    >;
  };
  '/v1/accounts/{account}/overview': { get: Operation<InAccount, None, undefined, Overview> };
  '/v1/accounts/{account}/roles': { get: Operation<InAccount, None, undefined, List<Role>> };
  '/v1/accounts/{account}/modules': {
    get: Operation<InAccount, None, undefined, List<Module>>;
    post: Operation<InAccount, None, { key: string; name: string; admin_only?: boolean }, Module>;
  };
  '/v1/accounts/{account}/modules/{module}': {
    patch: Operation<InAccount & { module: string }, None, { name?: string; admin_only?: boolean }, Module>;
    delete: Operation<InAccount & { module: string }, None, undefined, unknown>;
  };
  '/v1/accounts/{account}/sub-accounts': {
    get: Operation<InAccount, None, undefined, List<SubAccount>>;
    post: Operation<InAccount, None, { name: string }, SubAccount>;
  };
  '/v1/accounts/{account}/sub-accounts/{sub_account}': {
    patch: Operation<InAccount & { sub_account: string }, None, { name: string }, SubAccount>;
    delete: Operation<InAccount & { sub_account: string }, None, undefined, unknown>;
  };
  '/v1/accounts/{account}/members': {
    get: Operation<
      InAccount,
      Page & {
        status?: 'active' | 'inactive';
        role?: string;
        mfa?: boolean;
        q?: string;
        sub_account?: string;
        sort?: string;
      },
      undefined,
      List<Member>
    >;
    post: Operation<
      InAccount,
      None,
      Profile & Grants & { email: string; first_name: string; last_name: string; active: boolean },
      Member
    >;
    patch: Operation<
      InAccount,
      None,
      Grants & { members: string[] },
      { results: { member: string; verdict: string; code?: string }[] }
    >;
  };
  '/v1/accounts/{account}/members/{member}': {
    get: Operation<OfMember, None, undefined, Member>;
    patch: Operation<OfMember, None, Profile & Grants & { email?: string }, Member>;
  };
  '/v1/accounts/{account}/members/{member}/activate': {
    post: Operation<OfMember, { preview?: boolean }, undefined, Member & { effects?: Effect[] }>;
  };
  '/v1/accounts/{account}/members/{member}/welcome': { post: Operation<OfMember, None, undefined, unknown> };
  '/v1/accounts/{account}/members/{member}/suspend': {
    post: Operation<OfMember, None, undefined, { member: Member; departure: Departure }>;
  };
  '/v1/accounts/{account}/members/{member}/sessions': {
    get: Operation<OfMember, None, undefined, List<Device>>;
    delete: Operation<OfMember, None, undefined, unknown>;
  };
  '/v1/accounts/{account}/members/{member}/sessions/{session}': {
    delete: Operation<OfMember & { session: string }, None, undefined, unknown>;
  };
  '/v1/accounts/{account}/departures': {
    get: Operation<InAccount, Page & { state?: DepartureState; member?: string }, undefined, List<Departure>>;
    post: Operation<
      InAccount,
      None,
      { members: string[]; kind: DepartureKind; decisions?: Record<string, unknown>; at?: string },
      Departure
    >;
  };
  '/v1/accounts/{account}/departures/{departure}': {
    get: Operation<OfDeparture, None, undefined, Departure>;
    patch: Operation<OfDeparture, None, { decisions: Record<string, unknown> }, Departure>;
    delete: Operation<OfDeparture, None, undefined, unknown>;
  };
  '/v1/accounts/{account}/departures/{departure}/apply': {
    post: Operation<OfDeparture, None, { digest: string; at?: string }, Receipt>;
  };
  '/v1/accounts/{account}/departures/{departure}/undo': { post: Operation<OfDeparture, None, undefined, Departure> };
  '/v1/accounts/{account}/departures/{departure}/receipt': { get: Operation<OfDeparture, None, undefined, Receipt> };
  '/v1/accounts/{account}/invitations': {
    get: Operation<InAccount, Page & { status?: InvitationStatus; q?: string }, undefined, List<Invitation>>;
    post: Operation<
      InAccount,
      None,
      {
        emails: string[];
        role: string;
        modules?: string[];
        sub_accounts?: string[];
        message?: string;
        locale?: string;
      },
      { results: InviteResult[] }
    >;
  };
  '/v1/accounts/{account}/invitations/{invitation}': {
    get: Operation<OfInvitation, None, undefined, Invitation>;
    delete: Operation<OfInvitation, None, undefined, unknown>;
  };
  '/v1/accounts/{account}/invitations/{invitation}/resend': {
    post: Operation<OfInvitation, None, undefined, Invitation>;
  };
  '/v1/accounts/{account}/invitations/{invitation}/link': {
    post: Operation<OfInvitation, None, undefined, { url: string; expires_at: string }>;
  };
  '/v1/invitations/inspect': { post: Operation<NoPath, None, { token: string }, Inspection> };
  '/v1/invitations/accept': {
    post: Operation<
      NoPath,
      None,
      { token: string; password?: string; first_name?: string; last_name?: string; code?: string },
      Started
    >;
  };
  '/v1/invitations/decline': { post: Operation<NoPath, None, { token: string }, unknown> };
  '/v1/accounts/{account}/events': {
    get: Operation<
      InAccount,
      Page & { actor?: string; action?: string; subject?: string; since?: string; until?: string },
      undefined,
      List<Event>
    >;
  };
}
