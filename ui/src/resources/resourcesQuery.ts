import { queryOptions } from '@tanstack/react-query';
import { answer, answerWithTag, api } from '../api/client';
import { paged } from '../api/paged';

/** All that was read of the resources of an account, whichever list or panel it stands in. */
export const everyResource = (account: string) => ['account', account, 'resources'];

/** What names one resource: its type, and what the host product calls it. */
export interface ResourceKey {
  type: string;
  id: string;
}

/** What narrows a list of resources; empty where it does not. */
export interface Narrowed {
  type?: string;
  owner?: string;
  assignee?: string;
  sub_account?: string;
  /** Found in name or identifier. */
  q?: string;
}

/** Resources in the order of what the host product calls them, page after page. */
export const resourcesQuery = (account: string, narrowed: Narrowed) => {
  const set = Object.fromEntries(Object.entries(narrowed).filter(([, value]) => value));
  const query = { limit: 50, ...set };
  return {
    ...paged([...everyResource(account), 'list', query], (from, signal) =>
      answer(
        api.GET('/v1/accounts/{account}/resources', {
          params: { path: { account }, query: { ...query, ...from } },
          signal,
        }),
      ),
    ),
    // Others hand things over meanwhile: who opens the list again gets it as it is now.
    staleTime: 0,
  };
};

/** One resource, with the tag that says which version was read. */
export const resourceQuery = (account: string, { type, id }: ResourceKey) =>
  queryOptions({
    queryKey: [...everyResource(account), 'one', type, id],
    staleTime: 0,
    queryFn: () =>
      answerWithTag(
        api.GET('/v1/accounts/{account}/resources/{type}/{id}', { params: { path: { account, type, id } } }),
      ),
  });

/** Who owned a resource and worked on it, from when to when, and what happened. */
export const historyQuery = (account: string, { type, id }: ResourceKey) =>
  queryOptions({
    queryKey: [...everyResource(account), 'one', type, id, 'history'],
    staleTime: 0,
    queryFn: () =>
      answer(
        api.GET('/v1/accounts/{account}/resources/{type}/{id}/history', { params: { path: { account, type, id } } }),
      ),
  });

/** What a member has of the account besides resources. */
export const holdingsQuery = (account: string, member: string) =>
  queryOptions({
    queryKey: ['account', account, 'member', member, 'holdings'],
    staleTime: 0,
    queryFn: () =>
      answer(api.GET('/v1/accounts/{account}/members/{member}/holdings', { params: { path: { account, member } } })),
  });
