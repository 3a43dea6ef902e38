import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, answerWithTag, api } from '../api/client';
import { paged } from '../api/paged';

/** Whatever was read of an account's seats and money. */
const everything = (account: string) => ['account', account, 'billing'];

const inAccount = (account: string) => ({ params: { path: { account } } });

/** Plan, period, seats and credit. */
export const billingQuery = (account: string) =>
  queryOptions({
    queryKey: [...everything(account), 'standing'],
    queryFn: () => answer(api.GET('/v1/accounts/{account}/billing', inAccount(account))),
  });

/** The next invoice, as it would be if nothing changed until then. */
export const upcomingQuery = (account: string) =>
  queryOptions({
    queryKey: [...everything(account), 'upcoming'],
    queryFn: () => answer(api.GET('/v1/accounts/{account}/billing/upcoming', inAccount(account))),
  });

/** How many seats were taken over the last so many days. */
export const seatsQuery = (account: string, days: number) =>
  queryOptions({
    queryKey: [...everything(account), 'seats', days],
    queryFn: () => {
      const since = new Date(Date.now() - days * 86_400_000).toISOString();
      return answer(
        api.GET('/v1/accounts/{account}/billing/seats', { params: { path: { account }, query: { since } } }),
      );
    },
    placeholderData: keepPreviousData,
  });

/** Invoices, the newest first, page after page. */
export const invoicesQuery = (account: string) =>
  paged([...everything(account), 'invoices'], (from, signal) =>
    answer(api.GET('/v1/accounts/{account}/invoices', { params: { path: { account }, query: from }, signal })),
  );

/** One invoice with its lines. It never changes. */
export const invoiceQuery = (account: string, invoice: string) =>
  queryOptions({
    queryKey: [...everything(account), 'invoice', invoice],
    queryFn: () =>
      answer(api.GET('/v1/accounts/{account}/invoices/{invoice}', { params: { path: { account, invoice } } })),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Who pays, with the tag to send back when changing it. */
export const payerQuery = (account: string) =>
  queryOptions({
    queryKey: [...everything(account), 'payer'],
    queryFn: () => answerWithTag(api.GET('/v1/accounts/{account}/billing/payment', inAccount(account))),
  });
