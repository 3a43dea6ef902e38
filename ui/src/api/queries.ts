import { queryOptions } from '@tanstack/react-query';
import { answer, answerWithTag, api } from './client';
import type { Account, Me } from './schema';

/**
 * What more than one screen reads, with its place in the cache. Everything of
 * an account lives under ['account', id], so that one invalidation finds it.
 */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: () => answer(api.GET('/v1/session')),
  staleTime: 60_000,
});

/** What this server says of itself to anybody. */
export const aboutQuery = queryOptions({
  queryKey: ['about'],
  queryFn: () => answer(api.GET('/v1/about')),
  staleTime: Number.POSITIVE_INFINITY,
});

/** The reader's own profile, with the tag to send back when changing it. */
export const versionedProfileQuery = queryOptions({
  queryKey: ['me'],
  queryFn: () => answerWithTag(api.GET('/v1/me')),
});

export const profileQuery = { ...versionedProfileQuery, select: withoutTag<Me> };

export const placesQuery = queryOptions({
  queryKey: ['me', 'accounts'],
  queryFn: async () => (await answer(api.GET('/v1/me/accounts'))).items,
});

function withoutTag<T>({ data }: { data: T }): T {
  return data;
}

const inAccount = (account: string) => ({ params: { path: { account } } });

/** An account, with the tag to send back when changing it. */
export const versionedAccountQuery = (account: string) =>
  queryOptions({
    queryKey: ['account', account],
    queryFn: () => answerWithTag(api.GET('/v1/accounts/{account}', inAccount(account))),
    staleTime: 60_000,
  });

export const accountQuery = (account: string) => ({ ...versionedAccountQuery(account), select: withoutTag<Account> });

export const overviewQuery = (account: string) =>
  queryOptions({
    queryKey: ['account', account, 'overview'],
    queryFn: () => answer(api.GET('/v1/accounts/{account}/overview', inAccount(account))),
  });

export const rolesQuery = (account: string) =>
  queryOptions({
    queryKey: ['account', account, 'roles'],
    queryFn: async () => (await answer(api.GET('/v1/accounts/{account}/roles', inAccount(account)))).items,
    staleTime: 60_000,
  });

export const modulesQuery = (account: string) =>
  queryOptions({
    queryKey: ['account', account, 'modules'],
    queryFn: async () => (await answer(api.GET('/v1/accounts/{account}/modules', inAccount(account)))).items,
    staleTime: 60_000,
  });

/** The kinds of things of the host product that people own or work on. */
export const resourceTypesQuery = (account: string) =>
  queryOptions({
    queryKey: ['account', account, 'resource-types'],
    queryFn: async () => (await answer(api.GET('/v1/accounts/{account}/resource-types', inAccount(account)))).items,
    staleTime: 60_000,
  });

export const subAccountsQuery = (account: string) =>
  queryOptions({
    queryKey: ['account', account, 'sub-accounts'],
    queryFn: async () => (await answer(api.GET('/v1/accounts/{account}/sub-accounts', inAccount(account)))).items,
    staleTime: 60_000,
  });
