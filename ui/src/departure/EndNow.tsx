import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Member } from '../api/schema';
import type { useWalk } from './walk';

interface EndNowProps {
  members: readonly Member[];
  walk: ReturnType<typeof useWalk>;
}

/**
 * Ends the access at once and leaves the rest, at every step before the last. Of
 * who is out already there is none to end, and the last who can manage the
 * account stays; among many, the others go all the same.
 */
export function EndNow({ members, walk }: EndNowProps) {
  const { t } = useTranslation();
  const last = members.length === 1 && walk.plan?.blockers.some(({ code }) => code === 'last_owner');
  if (walk.settling || last || !members.some(({ status }) => status === 'active')) return <span />;
  return (
    <Button variant="transparent" px={0} onClick={walk.endNow} loading={walk.planning.suspend.isPending}>
      {t('departure.settle_later')}
    </Button>
  );
}
