import { Tooltip } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { StatusMark } from '../list/StatusMark';
import type { Live } from './live';

/** Whether what happens appears by itself. */
export function LiveMark({ live }: { live: Live }) {
  const { t } = useTranslation();
  if (live === 'still') return null;
  return (
    <Tooltip label={t(`activity.${live}_means`)}>
      <span role="status">
        <StatusMark tone={live === 'live' ? 'done' : 'waiting'}>{t(`activity.${live}`)}</StatusMark>
      </span>
    </Tooltip>
  );
}
