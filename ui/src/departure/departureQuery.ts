import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import { paged } from '../api/paged';
import type { Departure, DepartureState } from '../api/schema';
import { itemsOf } from '../list/Pages';
import { firstLook, nextLook } from './pace';

const key = (account: string, ...rest: string[]) => ['account', account, 'departures', ...rest];

/** A departure as it stands, looked at again whenever something happens to it by itself. */
export const departureQuery = (account: string, departure: string) =>
  queryOptions({
    queryKey: key(account, departure),
    queryFn: () =>
      answer(api.GET('/v1/accounts/{account}/departures/{departure}', { params: { path: { account, departure } } })),
    refetchInterval: ({ state }) => (state.data ? nextLook(state.data, Date.now()) : false),
  });

/** The departures in a state, newest first, page after page; looked at again as each of them is. */
export const departuresQuery = (account: string, state: DepartureState) => ({
  ...paged(key(account, 'in', state), (from, signal) =>
    answer(
      api.GET('/v1/accounts/{account}/departures', {
        params: { path: { account }, query: { state, limit: 50, ...from } },
        signal,
      }),
    ),
  ),
  staleTime: 0,
  refetchInterval: ({ state: read }: { state: { data?: { pages: { items: Departure[] }[] } } }) =>
    firstLook(itemsOf(read.data), Date.now()),
});

/** Somebody's latest departure in a state; null if there is none. */
export const latestQuery = (account: string, member: string, state: 'applied' | 'scheduled') =>
  queryOptions({
    queryKey: key(account, 'of', member, state),
    queryFn: async () => {
      const query = { member, state, limit: 1 };
      const { items } = await answer(
        api.GET('/v1/accounts/{account}/departures', { params: { path: { account }, query } }),
      );
      return items[0] ?? null;
    },
    refetchInterval: ({ state: { data } }) => (data ? nextLook(data, Date.now()) : false),
  });

/** Somebody's departures that were carried out, also those undone since, newest first. */
export const carriedOutQuery = (account: string, member: string) =>
  queryOptions({
    queryKey: key(account, 'of', member),
    queryFn: async () => {
      const query = { member, limit: 50 };
      const { items } = await answer(
        api.GET('/v1/accounts/{account}/departures', { params: { path: { account }, query } }),
      );
      return items.filter(({ applied_at }) => applied_at !== undefined);
    },
  });

export const receiptQuery = (account: string, departure: string) =>
  queryOptions({
    queryKey: key(account, departure, 'receipt'),
    queryFn: () =>
      answer(
        api.GET('/v1/accounts/{account}/departures/{departure}/receipt', {
          params: { path: { account, departure } },
        }),
      ),
  });
