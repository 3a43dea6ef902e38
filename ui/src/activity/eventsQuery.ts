import { answer, api } from '../api/client';
import { paged } from '../api/paged';

/** What narrows the trail; days are in the reader's own zone, both included. */
export interface Narrowed {
  actor: string;
  action: string;
  subject: string;
  since: string;
  until: string;
}

const midnight = (day: string, further = 0) => {
  const at = new Date(`${day}T00:00:00`);
  at.setDate(at.getDate() + further);
  return at.toISOString();
};

/** A day of an address somebody may have typed; what is none narrows nothing. */
export const dayOf = (text: string): string => (Number.isNaN(new Date(`${text}T00:00:00`).getTime()) ? '' : text);

/** What is asked of the server for the filters that are set. */
export function asked({ actor, action, subject, since, until }: Narrowed): Record<string, string> {
  return {
    ...(actor && { actor }),
    ...(action && { action }),
    ...(subject && { subject }),
    ...(since && { since: midnight(since) }),
    ...(until && { until: midnight(until, 1) }),
  };
}

/** Whether something that happens at this time is among what the days let through. */
export function reaches({ since, until }: Narrowed, now: Date): boolean {
  const at = now.toISOString();
  return (!since || midnight(since) <= at) && (!until || at < midnight(until, 1));
}

/** The trail of an account, newest first, page after page. */
export const eventsQuery = (account: string, narrowed: Narrowed) => {
  const query = { limit: 50, ...asked(narrowed) };
  return paged(['account', account, 'events', query], (from, signal) =>
    answer(
      api.GET('/v1/accounts/{account}/events', { params: { path: { account }, query: { ...query, ...from } }, signal }),
    ),
  );
};
