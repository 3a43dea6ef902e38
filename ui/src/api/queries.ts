import { queryOptions } from '@tanstack/react-query';
import { answer, api } from './client';

/**
 * What more than one screen reads, with its place in the cache. Everything of
 * an account lives under ['account', id], so that one invalidation finds it.
 */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: () => answer(api.GET('/v1/session')),
  staleTime: 60_000,
});

export const profileQuery = queryOptions({
  queryKey: ['me'],
  queryFn: () => answer(api.GET('/v1/me')),
});

export const placesQuery = queryOptions({
  queryKey: ['me', 'accounts'],
  queryFn: async () => (await answer(api.GET('/v1/me/accounts'))).items,
});

const inAccount = (account: string) => ({ params: { path: { account } } });

export const accountQuery = (account: string) =>
  queryOptions({
    queryKey: ['account', account],
    queryFn: () => answer(api.GET('/v1/accounts/{account}', inAccount(account))),
    staleTime: 60_000,
  });

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

export const subAccountsQuery = (account: string) =>
  queryOptions({
    queryKey: ['account', account, 'sub-accounts'],
    queryFn: async () => (await answer(api.GET('/v1/accounts/{account}/sub-accounts', inAccount(account)))).items,
    staleTime: 60_000,
  });
