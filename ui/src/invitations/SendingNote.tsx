import { useTranslation } from 'react-i18next';
import { useFormats } from '../language/formats';
import { Progressing } from '../shell/Progressing';
import { tally, useSending } from './sending';

/** How far invitations are that were left to go out by themselves. */
export function SendingNote({ account, onShow }: { account: string; onShow: () => void }) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const sending = useSending(account);
  if (!sending) return null;
  const { results, emails, state } = sending;
  const invited = tally(results).get('invited') ?? 0;
  const far = { done: number(results.length), all: number(emails.length) };
  const said = {
    running: t('invite.progress', far),
    done: invited > 0 ? t('invite.finished', { count: invited, formatted: number(invited) }) : t('invite.nobody'),
    stopped: t('invite.stopped', far),
  };
  return (
    <Progressing
      said={said[state]}
      part={results.length / emails.length}
      label={t('invite.progress_label')}
      onShow={onShow}
    />
  );
}
