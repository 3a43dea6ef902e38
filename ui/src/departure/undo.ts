import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { answer, api, once } from '../api/client';
import type { Named } from '../api/schema';
import { useToast } from '../shell/toast';
import { useEffectWords } from './effectWords';
import { summed } from './sum';

interface Undoing {
  departure: string;
  name: string;
}

const nobody: readonly Named[] = [];

/** Takes a departure back, and says what could not come back and why. */
export function useUndo() {
  const { t } = useTranslation();
  const { account } = usePlace();
  const cache = useQueryClient();
  const toast = useToast();
  const say = useEffectWords(nobody); // what is skipped names nobody

  return useMutation({
    mutationFn: ({ departure }: Undoing) =>
      answer(
        api.POST('/v1/accounts/{account}/departures/{departure}/undo', {
          params: { path: { account: account.id, departure } },
          headers: once(),
        }),
      ),
    onSuccess: ({ skipped = [], member_count, under_way }, { name }) => {
      const words = { name, count: member_count };
      if (under_way) {
        toast.done(t('departure.undoing', words));
        return;
      }
      if (skipped.length === 0) {
        toast.done(t('departure.undone', words));
        return;
      }
      const what = summed(skipped).map((effect) => say(effect, 'after').text);
      toast.partly(t('departure.undone_partly', words), what);
    },
    onError: toast.refused,
    onSettled: () => cache.invalidateQueries({ queryKey: ['account', account.id] }),
  });
}
