import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { answer, api, once } from '../api/client';
import { useToast } from '../shell/toast';

interface Undoing {
  departure: string;
  name: string;
}

/** Takes a departure back, and says what could not come back with the person. */
export function useUndo() {
  const { t } = useTranslation();
  const { account } = usePlace();
  const cache = useQueryClient();
  const toast = useToast();

  return useMutation({
    mutationFn: ({ departure }: Undoing) =>
      answer(
        api.POST('/v1/accounts/{account}/departures/{departure}/undo', {
          params: { path: { account: account.id, departure } },
          headers: once(),
        }),
      ),
    onSuccess: (plan, { name }) => {
      const skipped = plan.effects.filter((effect) => effect.kind.endsWith('_skipped'));
      toast.done(
        skipped.length > 0
          ? t('departure.undone_partly', { name, what: skipped.map((effect) => effect.detail).join(' ') })
          : t('departure.undone', { name }),
      );
    },
    onError: toast.refused,
    onSettled: () => cache.invalidateQueries({ queryKey: ['account', account.id] }),
  });
}
