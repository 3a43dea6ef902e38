import { useMutation, useQueryClient } from '@tanstack/react-query';
import { answerWithTag, api } from '../api/client';
import { isProblem } from '../api/problem';
import { versionedAccountQuery } from '../api/queries';
import type { Account, Policy } from '../api/schema';
import { usePlace } from './place';

export type AccountPatch = Partial<Pick<Account, 'name' | 'logo' | 'accent'>> & { policy?: Partial<Policy> };

/**
 * Changes the account as it is shown, one change after the other, and shows the
 * answer everywhere at once. What somebody else changed meanwhile is shown
 * rather than written over.
 */
export function useAccountChange() {
  const { account } = usePlace();
  const cache = useQueryClient();
  const { queryKey } = versionedAccountQuery(account.id);
  return useMutation({
    scope: { id: `account ${account.id}` },
    mutationFn: (patch: AccountPatch) => {
      const tag = cache.getQueryData(queryKey)?.tag;
      const header = tag ? { 'If-Match': tag } : {};
      return answerWithTag(
        api.PATCH('/v1/accounts/{account}', { params: { path: { account: account.id }, header }, body: patch }),
      );
    },
    onSuccess: (changed) => cache.setQueryData(queryKey, changed),
    onError: (error) => isProblem(error, 'stale') && cache.invalidateQueries({ queryKey, exact: true }),
  });
}
