import { Anchor, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { usePlace } from '../account/place';
import type { Member } from '../api/schema';
import { When } from '../language/When';
import { carriedOutQuery } from './departureQuery';
import classes from './LeftBefore.module.css';

/** When somebody left, each time with its receipt; nothing of who never did. */
export function LeftBefore({ member }: { member: Member }) {
  const { t } = useTranslation();
  const { account, path } = usePlace();
  const read = useQuery(carriedOutQuery(account.id, member.id));
  if (read.isPending) return <Skeleton h={37} mb="md" />;
  const departures = read.data ?? [];
  if (departures.length === 0) return null;
  return (
    <ul className={classes.list} aria-label={t('departures.title')}>
      {departures.map(({ id, kind, state, applied_at = '' }) => (
        <li key={id}>
          <span>
            {t(`departures.kind.${kind}`)}
            {state === 'undone' && ` (${t('departures.state.undone')})`}
          </span>
          <When at={applied_at} as="time" />
          <Anchor component={Link} to={path(`departures/${id}/receipt`)}>
            {t('departure.download')}
          </Anchor>
        </li>
      ))}
    </ul>
  );
}
