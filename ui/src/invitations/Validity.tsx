import { useTranslation } from 'react-i18next';
import type { Invitation } from '../api/schema';
import { When } from '../language/When';
import { StatusMark } from '../users/StatusMark';

/** How long the link still holds, or what became of it. */
export function Validity({ invitation }: { invitation: Pick<Invitation, 'status' | 'expires_at'> }) {
  const { t } = useTranslation();
  if (invitation.status !== 'pending') {
    return (
      <StatusMark tone={invitation.status === 'accepted' ? 'done' : 'quiet'}>
        {t(`pending.status.${invitation.status}`)}
      </StatusMark>
    );
  }
  return <When at={invitation.expires_at} />;
}
