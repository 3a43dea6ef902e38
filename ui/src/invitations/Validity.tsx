import { useTranslation } from 'react-i18next';
import type { Invitation } from '../api/schema';
import { When } from '../language/When';
import { StatusMark } from '../list/StatusMark';

interface ValidityProps {
  invitation: Pick<Invitation, 'status' | 'expires_at'>;
  /** Says what the time is, where no head of a column does. */
  worded?: boolean;
}

/** How long the link still holds, or what became of it. */
export function Validity({ invitation, worded }: ValidityProps) {
  const { t } = useTranslation();
  if (invitation.status !== 'pending') {
    return (
      <StatusMark tone={invitation.status === 'accepted' ? 'done' : 'quiet'}>
        {t(`pending.status.${invitation.status}`)}
      </StatusMark>
    );
  }
  const when = <When at={invitation.expires_at} />;
  return worded ? (
    <span>
      {t('pending.expires')} {when}
    </span>
  ) : (
    when
  );
}
