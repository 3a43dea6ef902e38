import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { answer, api, once } from '../api/client';
import { useFormats } from '../language/formats';
import { useToast } from '../shell/toast';
import { everyCredit } from './creditsQuery';

/** Downloads a record for the reader, and says what it came to. */
export function useDownload() {
  const { t } = useTranslation();
  const { account } = usePlace();
  const cache = useQueryClient();
  const toast = useToast();
  const { number } = useFormats();
  return useMutation({
    mutationFn: (record: string) =>
      answer(
        api.POST('/v1/accounts/{account}/records/{record}/download', {
          params: { path: { account: account.id, record }, header: once() },
        }),
      ),
    onSuccess: ({ record, charged }) =>
      toast.done(
        charged === 0
          ? t('credits.downloaded_free', { record })
          : t('credits.downloaded', { record, count: charged, formatted: number(charged) }),
      ),
    onSettled: () => cache.invalidateQueries({ queryKey: everyCredit(account.id) }),
  });
}
