import type { QueryClient } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import { patiently } from '../api/patiently';
import type { InviteResult } from '../api/schema';
import { type LongWork, longWork } from '../shell/longWork';
import type { Grants } from '../users/grants';

/** What everybody in one sending is offered. */
export interface Terms extends Grants {
  message: string;
  locale: string;
}

/** Invitations on their way. */
export interface Sending extends LongWork {
  terms: Terms;
  emails: readonly string[];
  /** One per address, in their order, as far as the server has answered. */
  results: readonly InviteResult[];
  /** Why it stopped. */
  error?: unknown;
}

// As many as the server commits at a time: progress is real, and others' work goes on between.
const chunk = 500;

const work = longWork<Sending>();
// Each chunk keeps its key, so that sending it again after a broken line invites nobody twice.
let keys = new Map<number, string>();
let reread: () => Promise<void> = async () => {};

/** The sending of this account, if there is one. */
export const useSending = work.useOf;

/** Forgets a sending that is over. */
export const forgetSending = work.forget;

/** Begins to send; one sending at a time. After every answer the lists of the account are read anew. */
export function startSending(cache: QueryClient, account: string, emails: readonly string[], terms: Terms): void {
  if (work.now()?.state === 'running') return;
  keys = new Map();
  reread = () => cache.invalidateQueries({ queryKey: ['account', account] });
  void run({ account, terms, emails, results: [], state: 'running' });
}

/** Goes on where it stopped. */
export function resumeSending(): void {
  const stopped = work.now();
  if (stopped?.state === 'stopped') void run({ ...stopped, state: 'running', error: undefined });
}

async function run(begun: Sending): Promise<void> {
  let now = begun;
  work.become(now);
  try {
    while (now.results.length < now.emails.length) {
      const results = await patiently(() => send(now, now.results.length));
      now = { ...now, results: [...now.results, ...results] };
      work.become(now);
      void reread();
    }
    work.become({ ...now, state: 'done' });
  } catch (error) {
    work.become({ ...now, state: 'stopped', error });
  }
}

/** Sends one chunk. */
async function send({ account, emails, terms }: Sending, from: number): Promise<InviteResult[]> {
  const key = keys.get(from) ?? crypto.randomUUID();
  keys.set(from, key);
  const { results } = await answer(
    api.POST('/v1/accounts/{account}/invitations', {
      params: { path: { account } },
      headers: { 'Idempotency-Key': key },
      body: {
        emails: emails.slice(from, from + chunk),
        role: terms.role,
        modules: terms.modules,
        sub_accounts: terms.sub_accounts,
        ...(terms.message && { message: terms.message }),
        locale: terms.locale,
      },
    }),
  );
  return results;
}

/** How many got each verdict. */
export function tally(results: readonly InviteResult[]): Map<InviteResult['verdict'], number> {
  const counts = new Map<InviteResult['verdict'], number>();
  for (const { verdict } of results) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  return counts;
}
