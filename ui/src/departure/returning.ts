import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { answer, api, once } from '../api/client';
import type { Effect, Member } from '../api/schema';
import { nameOf } from '../me/name';
import { useToast } from '../shell/toast';

/** What making somebody active again would do. It changes nothing. */
export const returnQuery = (account: string, member: string) =>
  queryOptions({
    queryKey: ['account', account, 'member', member, 'return'],
    queryFn: async (): Promise<Effect[]> => {
      const preview = await answer(
        api.POST('/v1/accounts/{account}/members/{member}/activate', {
          params: { path: { account, member }, query: { preview: true } },
        }),
      );
      return 'effects' in preview && Array.isArray(preview.effects) ? (preview.effects as Effect[]) : [];
    },
    gcTime: 0,
    retry: false,
  });

/** Makes somebody active again: role and grants come back, sessions and links do not. */
export function useActivate() {
  const { t } = useTranslation();
  const { account } = usePlace();
  const cache = useQueryClient();
  const toast = useToast();
  return useMutation({
    mutationFn: (member: Pick<Member, 'id'>) =>
      answer(
        api.POST('/v1/accounts/{account}/members/{member}/activate', {
          params: { path: { account: account.id, member: member.id } },
          headers: once(),
        }),
      ),
    onSuccess: (member) => toast.done(t('departure.returned', { name: nameOf(member) })),
    onError: toast.refused,
    onSettled: () => cache.invalidateQueries({ queryKey: ['account', account.id] }),
  });
}
