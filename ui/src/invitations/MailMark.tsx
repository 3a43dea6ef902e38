import { Tooltip } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Invitation } from '../api/schema';
import { StatusMark } from '../list/StatusMark';

const tones = { queued: 'waiting', sent: 'done', failed: 'ended' } as const;

/** How far the newest mail came; what a mail server said against it stands in the hover. */
export function MailMark({ invitation }: { invitation: Pick<Invitation, 'mail' | 'mail_reason'> }) {
  const { t } = useTranslation();
  const mark = <StatusMark tone={tones[invitation.mail]}>{t(`pending.mail.${invitation.mail}`)}</StatusMark>;
  if (!invitation.mail_reason) return mark;
  return (
    <Tooltip label={invitation.mail_reason} multiline maw={360}>
      <span>{mark}</span>
    </Tooltip>
  );
}
