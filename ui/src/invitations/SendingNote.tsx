import { Button, Progress, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../language/formats';
import { tally, useSending } from './sending';

/** How far invitations are that were left to go out by themselves. */
export function SendingNote({ account, onShow }: { account: string; onShow: () => void }) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const sending = useSending(account);
  if (!sending) return null;
  const done = sending.results.length;
  const all = sending.emails.length;
  const invited = tally(sending.results).get('invited') ?? 0;

  return (
    <Stack gap="xs">
      <Text>
        {sending.state === 'running' && t('invite.progress', { done: number(done), all: number(all) })}
        {sending.state === 'done' &&
          (invited > 0 ? t('invite.finished', { count: invited, formatted: number(invited) }) : t('invite.nobody'))}
        {sending.state === 'stopped' && t('invite.stopped', { done: number(done), all: number(all) })}
      </Text>
      <Progress value={(100 * done) / all} size="sm" aria-label={t('invite.progress_label')} />
      <Button size="compact-sm" variant="default" onClick={onShow}>
        {t('invite.show')}
      </Button>
    </Stack>
  );
}
