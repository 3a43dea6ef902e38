import type { QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { answer, api } from '../api/client';
import { patiently } from '../api/patiently';
import type { InviteResult } from '../api/schema';
import type { Grants } from '../users/grants';

/** What everybody in one sending is offered. */
export interface Terms extends Grants {
  message: string;
  locale: string;
}

/** Invitations on their way. It goes on whatever page is shown, until the browser's tab is closed. */
export interface Sending {
  account: string;
  terms: Terms;
  emails: readonly string[];
  /** One per address, in their order, as far as the server has answered. */
  results: readonly InviteResult[];
  state: 'running' | 'stopped' | 'done';
  /** Why it stopped. */
  error?: unknown;
}

// As many as the server commits at a time: progress is real, and others' work goes on between.
const chunk = 500;

let current: Sending | undefined;
// Each chunk keeps its key, so that sending it again after a broken line invites nobody twice.
let keys = new Map<number, string>();
const watchers = new Set<() => void>();
let reread: () => Promise<void> = async () => {};

function become(next: Sending | undefined): void {
  current = next;
  for (const watcher of watchers) watcher();
}

const subscribe = (watcher: () => void) => {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
};

/** The sending of this account, if there is one. */
export function useSending(account: string): Sending | undefined {
  const sending = useSyncExternalStore(subscribe, () => current);
  return sending?.account === account ? sending : undefined;
}

/** Begins to send; one sending at a time. After every answer the lists of the account are read anew. */
export function startSending(cache: QueryClient, account: string, emails: readonly string[], terms: Terms): void {
  if (current?.state === 'running') return;
  keys = new Map();
  reread = () => cache.invalidateQueries({ queryKey: ['account', account] });
  become({ account, terms, emails, results: [], state: 'running' });
  void run();
}

/** Goes on where it stopped. */
export function resumeSending(): void {
  if (current?.state !== 'stopped') return;
  become({ ...current, state: 'running', error: undefined });
  void run();
}

/** Forgets a sending that is over. */
export function forgetSending(): void {
  if (current && current.state !== 'running') become(undefined);
}

async function run(): Promise<void> {
  const warn = (event: BeforeUnloadEvent) => event.preventDefault();
  window.addEventListener('beforeunload', warn);
  try {
    while (current && current.results.length < current.emails.length) {
      const sending = current;
      const from = sending.results.length;
      const results = await patiently(() => send(sending, from));
      become({ ...current, results: [...current.results, ...results] });
      void reread();
    }
    if (current) become({ ...current, state: 'done' });
  } catch (error) {
    if (current) become({ ...current, state: 'stopped', error });
  } finally {
    window.removeEventListener('beforeunload', warn);
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
