import { IconDownload, IconMailForward, IconMailOff } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import type { Invitation } from '../api/schema';
import { saveCsv } from '../file/csv';
import { BulkButton } from '../list/BulkButton';
import { SelectionBar } from '../list/SelectionBar';
import { useInvitationMoves } from './invitationMoves';

interface InvitationsBarProps {
  invitations: readonly Invitation[];
  onClear: () => void;
}

/** What can be done with several invitations at once, one after the other. */
export function InvitationsBar({ invitations, onClear }: InvitationsBarProps) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const { resendMany, withdrawMany } = useInvitationMoves();
  const [done, setDone] = useState(0);
  const pending = invitations.filter((invitation) => invitation.status === 'pending');
  const busy = resendMany.isPending || withdrawMany.isPending;
  const start = (move: typeof resendMany, chosen: readonly Invitation[]) => {
    setDone(0);
    move.mutate({ invitations: chosen, onProgress: setDone }, { onSuccess: onClear });
  };

  return (
    <SelectionBar count={invitations.length} onClear={onClear}>
      <BulkButton
        icon={<IconMailForward size={16} />}
        label={resendMany.isPending ? t('pending.progress', { done, all: invitations.length }) : t('pending.resend')}
        disabled={busy}
        onClick={() => start(resendMany, invitations)}
      />
      {pending.length > 0 && (
        <BulkButton
          icon={<IconMailOff size={16} />}
          label={
            withdrawMany.isPending
              ? t('pending.progress', { done, all: pending.length })
              : t('pending.withdraw', { context: account.preset })
          }
          color="red"
          disabled={busy}
          onClick={() => start(withdrawMany, pending)}
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
