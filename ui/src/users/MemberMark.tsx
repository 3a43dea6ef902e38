import { useTranslation } from 'react-i18next';
import type { Status } from '../api/schema';
import { StatusMark, type Tone } from '../list/StatusMark';

const tones: Record<Status, Tone> = {
  active: 'done',
  suspended: 'waiting',
  inactive: 'quiet',
  removed: 'ended',
  deleted: 'ended',
};

/** Whether somebody is in, or how they are out. */
export function MemberMark({ status }: { status: Status }) {
  const { t } = useTranslation();
  return <StatusMark tone={tones[status]}>{t(`status.${status}`)}</StatusMark>;
}
