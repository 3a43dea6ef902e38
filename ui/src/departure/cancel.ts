import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { answer, api } from '../api/client';
import type { Departure } from '../api/schema';
import { useToast } from '../shell/toast';

/** Gives up what waits for its time. */
export function useCancel() {
  const { t } = useTranslation();
  const { account } = usePlace();
  const cache = useQueryClient();
  const toast = useToast();
  return useMutation({
    mutationFn: async ({ id }: Departure) => {
      const call = { params: { path: { account: account.id, departure: id } } };
      await answer(api.DELETE('/v1/accounts/{account}/departures/{departure}', call));
    },
    onSuccess: () => toast.done(t('departures.cancelled')),
    onError: toast.refused,
    onSettled: () => cache.invalidateQueries({ queryKey: ['account', account.id] }),
  });
}
