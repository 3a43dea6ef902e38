import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, answerWithTag, api } from '../api/client';
import { paged } from '../api/paged';
import type { View } from './view';

type SortField = 'name' | 'email' | 'created_at' | 'last_seen_at';
type Sort = SortField | `-${SortField}`;

const sorts: readonly string[] = ['name', 'email', 'created_at', 'last_seen_at'];

export function sortOf(view: View): Sort {
  return sorts.includes(view.sort.replace(/^-/, '')) ? (view.sort as Sort) : 'name';
}

/** A list of members as a view asks for it, page after page. */
export const membersQuery = (account: string, view: View) => {
  const query = {
    status: view.tab === 'inactive' ? ('inactive' as const) : ('active' as const),
    sort: sortOf(view),
    limit: 50,
    ...(view.q && { q: view.q }),
    ...(view.role && { role: view.role }),
    ...(view.mfa && { mfa: view.mfa }),
    ...(view.sub && { sub_account: view.sub }),
  };
  return {
    ...paged(['account', account, 'members', query], (from, signal) =>
      answer(
        api.GET('/v1/accounts/{account}/members', {
          params: { path: { account }, query: { ...query, ...from } },
          signal,
        }),
      ),
    ),
    // Others come in and go meanwhile: who opens the list again gets it as it is now.
    staleTime: 0,
  };
};

interface Sought {
  /** A part of a name or an address; empty for whoever comes first. */
  q: string;
  active?: boolean | undefined;
  limit?: number;
}

/** The first who are found; those of the search before stand there until they are. */
export const foundQuery = (account: string, { q, active, limit = 20 }: Sought) => {
  const query = { limit, ...(q && { q }), ...(active && { status: 'active' as const }) };
  return queryOptions({
    queryKey: ['account', account, 'members', 'found', query],
    queryFn: async ({ signal }) =>
      (await answer(api.GET('/v1/accounts/{account}/members', { params: { path: { account }, query }, signal }))).items,
    placeholderData: keepPreviousData,
  });
};

/** One member, with the tag that says which version was read. */
export const memberQuery = (account: string, member: string) =>
  queryOptions({
    queryKey: ['account', account, 'member', member],
    queryFn: () =>
      answerWithTag(api.GET('/v1/accounts/{account}/members/{member}', { params: { path: { account, member } } })),
  });

export const devicesQuery = (account: string, member: string) =>
  queryOptions({
    queryKey: ['account', account, 'member', member, 'devices'],
    queryFn: async () =>
      (
        await answer(
          api.GET('/v1/accounts/{account}/members/{member}/sessions', { params: { path: { account, member } } }),
        )
      ).items,
  });
