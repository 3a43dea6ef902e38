import { Anchor, Button, Group, Progress, Stack, Text } from '@mantine/core';
import { IconCheck, IconDownload } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { saveCsv } from '../file/csv';
import { DialogFoot } from '../form/DialogFoot';
import { Refused } from '../form/Refused';
import { useFormats } from '../language/formats';
import { useView } from '../users/view';
import { LeftOut } from './LeftOut';
import classes from './Sent.module.css';
import { resumeSending, type Sending, tally, useSending } from './sending';

/** How far the invitations are, and then what became of each address. */
export function Sent({ onClose }: { onClose: () => void }) {
  const { account } = usePlace();
  const sending = useSending(account.id);
  if (!sending) return null;
  return sending.state === 'done' ? (
    <Finished sending={sending} onClose={onClose} />
  ) : (
    <Underway sending={sending} onClose={onClose} />
  );
}

interface SentProps {
  sending: Sending;
  onClose: () => void;
}

function Underway({ sending, onClose }: SentProps) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const done = sending.results.length;
  const all = sending.emails.length;

  return (
    <Stack gap="md">
      <Text aria-live="polite" className="figures">
        {t('invite.progress', { done: number(done), all: number(all) })}
      </Text>
      <Progress value={(100 * done) / all} aria-label={t('invite.progress_label')} />
      {sending.state === 'stopped' ? (
        <>
          <Refused error={sending.error} />
          <DialogFoot>
            <Button variant="default" onClick={onClose}>
              {t('shell.close')}
            </Button>
            <Button onClick={resumeSending}>{t('entry.try_again')}</Button>
          </DialogFoot>
        </>
      ) : (
        <Group justify="space-between" wrap="nowrap">
          <Text size="sm" c="dimmed">
            {t('invite.can_leave')}
          </Text>
          <Button variant="default" onClick={onClose} flex="none">
            {t('invite.leave')}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function Finished({ sending, onClose }: SentProps) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const [, setView] = useView();
  const invited = tally(sending.results).get('invited') ?? 0;

  // The list behind shows those who were invited just now.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it is done
  useEffect(() => {
    if (invited > 0) setView({ tab: 'pending' });
  }, []);

  return (
    <Stack gap="md">
      {invited > 0 && (
        <Group gap="sm" wrap="nowrap" className={classes.done}>
          <IconCheck size={20} aria-hidden />
          <Text fw={500} role="status">
            {t('invite.finished', { count: invited, formatted: number(invited) })}
          </Text>
        </Group>
      )}
      {invited < sending.results.length && <LeftOut sending={sending} />}
      <DialogFoot apart>
        <Anchor component="button" type="button" size="sm" onClick={() => saveCsv('invited.csv', rowsOf(sending))}>
          <IconDownload size={14} aria-hidden /> {t('invite.download')}
        </Anchor>
        <Button onClick={onClose}>{t('invite.done')}</Button>
      </DialogFoot>
    </Stack>
  );
}

const rowsOf = (sending: Sending) => [
  ['email', 'verdict'],
  ...sending.results.map((result) => [result.email, result.verdict]),
];
