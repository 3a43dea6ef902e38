import { IconDownload, IconMailForward, IconMailOff } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import type { Invitation } from '../api/schema';
import { saveCsv } from '../file/csv';
import { useFormats } from '../language/formats';
import { BulkButton } from '../list/BulkButton';
import { SelectionBar } from '../list/SelectionBar';
import { useDialogs } from '../users/dialog';
import { useInvitationMoves } from './invitationMoves';

interface InvitationsBarProps {
  invitations: readonly Invitation[];
  /** Selects only these, by their ids. */
  onKeep: (ids: readonly string[]) => void;
}

/** What can be done with several invitations at once, one after the other. */
export function InvitationsBar({ invitations, onKeep }: InvitationsBarProps) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const { number } = useFormats();
  const open = useDialogs();
  const { resendMany } = useInvitationMoves();
  const [done, setDone] = useState(0);
  const pending = invitations.filter((invitation) => invitation.status === 'pending');
  const resend = () => {
    setDone(0);
    resendMany.mutate(
      { invitations, onProgress: setDone },
      { onSuccess: (missed) => onKeep(missed.map(({ one }) => one.id)) },
    );
  };
  const clear = () => onKeep([]);

  return (
    <SelectionBar count={invitations.length} onClear={clear}>
      <BulkButton
        icon={<IconMailForward size={16} />}
        label={
          resendMany.isPending
            ? t('pending.progress', { done: number(done), all: number(invitations.length) })
            : t('pending.resend')
        }
        disabled={resendMany.isPending}
        onClick={resend}
      />
      {pending.length > 0 && (
        <BulkButton
          icon={<IconMailOff size={16} />}
          label={t('pending.withdraw', { context: account.preset })}
          color="red"
          disabled={resendMany.isPending}
          onClick={() => open({ kind: 'withdraw', invitations: pending, onDone: onKeep })}
        />
      )}
      <BulkButton
        icon={<IconDownload size={16} />}
        label={t('users.bulk.export')}
        onClick={() => saveCsv('invitations.csv', rowsOf(invitations))}
      />
    </SelectionBar>
  );
}

const rowsOf = (invitations: readonly Invitation[]) => [
  ['email', 'role', 'status', 'invited_by', 'sent_at', 'expires_at', 'mail', 'mail_reason'],
  ...invitations.map((invitation) => [
    invitation.email,
    invitation.role,
    invitation.status,
    invitation.invited_by.name,
    invitation.sent_at,
    invitation.expires_at,
    invitation.mail,
    invitation.mail_reason ?? '',
  ]),
];
