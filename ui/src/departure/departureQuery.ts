import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { answer, api } from '../api/client';
import type { Departure, DepartureState } from '../api/schema';
import { useToast } from '../shell/toast';

const key = (account: string, ...rest: string[]) => ['account', account, 'departures', ...rest];

/** Whether it is being carried out at this moment. */
export const underWay = ({ state, at }: Departure) => state === 'scheduled' && (!at || new Date(at) <= new Date());

/** Whether it waits for its time. */
export const waits = (departure: Departure) => departure.state === 'scheduled' && !underWay(departure);

/** How often what is under way is looked at, in milliseconds: the more there are to plan anew, the less often. */
const beat = ({ members }: Departure) => 1_000 + 10 * members.length;

/** A departure as it stands, looked at again and again while it is carried out. */
export const departureQuery = (account: string, departure: string) =>
  queryOptions({
    queryKey: key(account, departure),
    queryFn: () =>
      answer(api.GET('/v1/accounts/{account}/departures/{departure}', { params: { path: { account, departure } } })),
    refetchInterval: ({ state }) => (state.data && underWay(state.data) ? beat(state.data) : false),
  });

/** The departures in a state, newest first, page after page. */
export const departuresQuery = (account: string, state: DepartureState) =>
  infiniteQueryOptions({
    queryKey: key(account, 'in', state),
    staleTime: 0,
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET('/v1/accounts/{account}/departures', {
          params: { path: { account }, query: { state, limit: 50, ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    getNextPageParam: (last) => last.next_cursor || undefined,
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

/** Whether it can still be taken back. */
export const undoable = ({ state, undo_until }: Departure) =>
  state === 'applied' && undo_until !== undefined && new Date(undo_until) > new Date();

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

/** Gives up what waits for its time. */
export function useCancel() {
  const { t } = useTranslation();
  const { account } = usePlace();
  const cache = useQueryClient();
  const toast = useToast();
  return useMutation({
    mutationFn: async ({ id }: Departure) => {
      const call = { params: { path: { account: account.id, departure: id } } };
      await answer(api.DELETE('/v1/accounts/{account}/departures/{departure}', call));
    },
    onSuccess: () => toast.done(t('departures.cancelled')),
    onError: toast.refused,
    onSettled: () => cache.invalidateQueries({ queryKey: ['account', account.id] }),
  });
}
