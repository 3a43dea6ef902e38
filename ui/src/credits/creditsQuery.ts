import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import { paged } from '../api/paged';
import type { Member, Status } from '../api/schema';
import { nameOf } from '../me/name';

/** All that was read of the credits of an account: one move bears on all of it. */
export const everyCredit = (account: string) => ['account', account, 'credits'];

const limit = 50;

/** Where the credits are; to who may only spend, the price and their own wallet. */
export const summaryQuery = (account: string) =>
  queryOptions({
    queryKey: [...everyCredit(account), 'summary'],
    queryFn: () =>
      answer(api.GET('/v1/accounts/{account}/credits', { params: { path: { account }, query: { limit: 1 } } })),
  });

/** Somebody of the account and what is in their wallet. */
export interface Holder {
  id: string;
  name: string;
  email: string;
  credits: number;
  status: Status;
}

const holderOf = (member: Member): Holder => ({
  id: member.id,
  name: nameOf(member),
  email: member.email,
  status: member.status,
  credits: member.credits ?? 0,
});

export type HolderSort = 'name' | '-name' | 'credits' | '-credits';

interface Wanted {
  q: string;
  sort: HolderSort;
  /** Only those to whom credits can be given. */
  active?: boolean;
}

/** Everybody who has a place, also who is inactive, with what they hold, page after page. */
export const holdersQuery = (account: string, { q, sort, active }: Wanted) => {
  const query = { limit, sort, ...(q && { q }), ...(active && { status: 'active' as const }) };
  return paged([...everyCredit(account), 'holders', query], async (from, signal) => {
    const params = { path: { account }, query: { ...query, ...from } };
    const page = await answer(api.GET('/v1/accounts/{account}/members', { params, signal }));
    return { ...page, items: page.items.map(holderOf) };
  });
};

/** What is asked of the ledger: everybody's, or the wallet of one. */
export const entriesQuery = (account: string, member: string) => {
  const query = { limit, ...(member && { member }) };
  return paged([...everyCredit(account), 'entries', query], (from, signal) =>
    answer(
      api.GET('/v1/accounts/{account}/credits/entries', {
        params: { path: { account }, query: { ...query, ...from } },
        signal,
      }),
    ),
  );
};

/** What is in one wallet: the balance after its latest entry. */
export const balanceQuery = (account: string, member: string) =>
  queryOptions({
    queryKey: [...everyCredit(account), 'balance', member],
    queryFn: async () => {
      const params = { path: { account }, query: { member, limit: 1 } };
      const { items } = await answer(api.GET('/v1/accounts/{account}/credits/entries', { params }));
      return items[0]?.balance ?? 0;
    },
  });

export const downloadsQuery = (account: string, member: string) => {
  const query = { limit, ...(member && { member }) };
  return paged([...everyCredit(account), 'downloads', query], (from, signal) =>
    answer(
      api.GET('/v1/accounts/{account}/downloads', {
        params: { path: { account }, query: { ...query, ...from } },
        signal,
      }),
    ),
  );
};

/** Which records are listed: all that are known, or only those masked (`true`) or unmasked (`false`). */
export type Masked = '' | 'true' | 'false';

export const recordsQuery = (account: string, masked: Masked) => {
  const query = { limit, ...(masked && { masked }) };
  return paged([...everyCredit(account), 'records', query], (from, signal) =>
    answer(
      api.GET('/v1/accounts/{account}/records', {
        params: { path: { account }, query: { ...query, ...from } },
        signal,
      }),
    ),
  );
};

/** One record by the name that the product gives it; one that nobody has spoken of is masked. */
export const recordQuery = (account: string, record: string) =>
  queryOptions({
    queryKey: [...everyCredit(account), 'record', record],
    queryFn: () =>
      answer(api.GET('/v1/accounts/{account}/records/{record}/download', { params: { path: { account, record } } })),
  });
