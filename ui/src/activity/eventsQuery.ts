import { infiniteQueryOptions } from '@tanstack/react-query';
import { answer, api } from '../api/client';

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

/** The trail of an account, newest first, page after page. */
export const eventsQuery = (account: string, narrowed: Narrowed) => {
  const { actor, action, subject, since, until } = narrowed;
  const query = {
    limit: 50,
    ...(actor && { actor }),
    ...(action && { action }),
    ...(subject && { subject }),
    ...(since && { since: midnight(since) }),
    ...(until && { until: midnight(until, 1) }),
  };
  return infiniteQueryOptions({
    queryKey: ['account', account, 'events', query],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET('/v1/accounts/{account}/events', {
          params: { path: { account }, query: { ...query, ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    getNextPageParam: (last) => last.next_cursor || undefined,
  });
};
