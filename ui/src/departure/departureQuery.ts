import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '../api/client';

/** The latest departure of somebody that can still be undone; null if there is none. */
export const undoableQuery = (account: string, member: string) =>
  queryOptions({
    queryKey: ['account', account, 'member', member, 'undoable'],
    queryFn: async () => {
      const query = { member, state: 'applied' as const, limit: 1 };
      const { items } = await answer(
        api.GET('/v1/accounts/{account}/departures', { params: { path: { account }, query } }),
      );
      const latest = items[0];
      return latest?.undo_until && new Date(latest.undo_until) > new Date() ? latest : null;
    },
  });
