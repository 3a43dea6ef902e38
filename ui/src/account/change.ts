import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answerWithTag, api } from '../api/client';
import { isProblem } from '../api/problem';
import { versionedAccountQuery } from '../api/queries';
import type { Account, Policy } from '../api/schema';
import { useToast } from '../shell/toast';
import { usePlace } from './place';

type AccountPatch = Partial<Pick<Account, 'name' | 'logo' | 'accent'>> & { policy?: Partial<Policy> };

const patched = (account: Account, { policy, ...rest }: AccountPatch): Account => ({
  ...account,
  ...rest,
  policy: { ...account.policy, ...policy },
});

/** What takes a patch back. */
function inverse(account: Account, { policy, ...rest }: AccountPatch): AccountPatch {
  const as = <T extends object>(whole: T, part: object) =>
    Object.fromEntries(Object.keys(part).map((key) => [key, whole[key as keyof T]]));
  return { ...as(account, rest), ...(policy && { policy: as(account.policy, policy) }) };
}

/**
 * Changes the account as it is shown, one change after the other. A change is
 * shown at once, so that the next begins with it, and taken back when it is
 * refused. What somebody else changed meanwhile is shown rather than written over.
 */
function useAccountChange() {
  const { account } = usePlace();
  const cache = useQueryClient();
  const { queryKey } = versionedAccountQuery(account.id);
  const mutationKey = ['account', account.id, 'change'];
  const show = (patch: AccountPatch) =>
    cache.setQueryData(queryKey, (shown) => shown && { ...shown, data: patched(shown.data, patch) });
  return useMutation({
    mutationKey,
    scope: { id: `account ${account.id}` },
    onMutate: async (patch: AccountPatch) => {
      await cache.cancelQueries({ queryKey, exact: true });
      const before = cache.getQueryData(queryKey)?.data;
      // A name is typed, not chosen: until it is taken it stands in its field only.
      if (!before || patch.name !== undefined) return undefined;
      show(patch);
      return inverse(before, patch);
    },
    mutationFn: (patch: AccountPatch) => {
      const tag = cache.getQueryData(queryKey)?.tag;
      const header = tag ? { 'If-Match': tag } : {};
      return answerWithTag(
        api.PATCH('/v1/accounts/{account}', { params: { path: { account: account.id }, header }, body: patch }),
      );
    },
    // While others wait for their turn, theirs is shown already.
    onSuccess: (changed) =>
      cache.setQueryData(queryKey, (shown) =>
        shown && cache.isMutating({ mutationKey }) > 1 ? { ...shown, tag: changed.tag } : changed,
      ),
    onError: (error, _, before) => {
      if (before) show(before);
      if (isProblem(error, 'stale')) void cache.invalidateQueries({ queryKey, exact: true });
    },
  });
}

interface Told {
  onDone?: () => unknown;
  /** Hears why a change was refused, where that is said elsewhere than in a corner. */
  onRefused?: (error: unknown) => unknown;
}

/** Makes a change that holds at once, says so and offers the way back. Whatever is refused says why, the way back too. */
export function useSaidChange() {
  const { t } = useTranslation();
  const { account } = usePlace();
  const toast = useToast();
  const change = useAccountChange();
  const make = async (patch: AccountPatch, said: string, { onDone, onRefused = toast.refused }: Told = {}) => {
    const before = inverse(account, patch);
    const back = () =>
      void change.mutateAsync(before).then(() => {
        toast.done(t('settings.put_back'));
        onDone?.();
      }, toast.refused);
    try {
      await change.mutateAsync(patch);
      toast.done(said, back);
      onDone?.();
    } catch (error) {
      onRefused(error);
    }
  };
  return { make, busy: change.isPending, error: change.error };
}
