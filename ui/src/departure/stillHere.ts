import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { patiently } from '../api/patiently';
import { isProblem } from '../api/problem';
import type { Departure, Member } from '../api/schema';
import { useToast } from '../shell/toast';
import { memberQuery } from '../users/membersQuery';

/** Finds those whom a departure is about and who can still leave in that way; that there is nobody left is said at once. */
export function useStillHere(onFound: (members: readonly Member[]) => void) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const cache = useQueryClient();
  const toast = useToast();

  const read = async (id: string): Promise<Member | undefined> => {
    try {
      return (await patiently(() => cache.fetchQuery({ ...memberQuery(account.id, id), staleTime: 0 }))).data;
    } catch (error) {
      if (isProblem(error, 'not_found')) return undefined;
      throw error;
    }
  };
  return useMutation({
    mutationFn: async ({ members, kind }: Departure) => {
      const found = (await Promise.all(members.map(read))).filter((one) => one !== undefined);
      return found.filter(({ status }) => kind !== 'deactivate' || status !== 'inactive');
    },
    onSuccess: (found) => (found.length > 0 ? onFound(found) : toast.done(t('departures.nobody_here'))),
    onError: toast.refused,
  });
}
