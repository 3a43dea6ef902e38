import { useMutation, useQueryClient } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import { accountQuery } from '../api/queries';
import type { Account, Policy } from '../api/schema';
import { usePlace } from './place';

export type AccountPatch = Partial<Pick<Account, 'name' | 'logo' | 'accent'>> & { policy?: Partial<Policy> };

/** Changes the account and shows the answer everywhere at once. */
export function useAccountChange() {
  const { account } = usePlace();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (patch: AccountPatch) =>
      answer(api.PATCH('/v1/accounts/{account}', { params: { path: { account: account.id } }, body: patch })),
    onSuccess: (changed) => cache.setQueryData(accountQuery(account.id).queryKey, changed),
  });
}
