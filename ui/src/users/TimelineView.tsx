import { IconHistory } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { EventList } from '../activity/EventList';
import { eventsQuery } from '../activity/eventsQuery';
import type { Member } from '../api/schema';
import { LeftBefore } from '../departure/LeftBefore';
import { EmptyList } from '../list/EmptyList';
import { Pages } from '../list/Pages';
import { nameOf } from '../me/name';

/** What the audit trail says about somebody, newest first. */
export function TimelineView({ member }: { member: Member }) {
  const { t } = useTranslation();
  const { account, can } = usePlace();
  const about = { actor: '', action: '', subject: member.id, since: '', until: '' };
  const trail = useInfiniteQuery(eventsQuery(account.id, about));
  return (
    <Pages
      list={trail}
      empty={
        <EmptyList icon={<IconHistory />} title={t('user.no_events')}>
          {t('user.no_events_why', { name: nameOf(member) })}
        </EmptyList>
      }
    >
      {(events) => (
        <>
          {can('departures.manage') && <LeftBefore member={member} />}
          <EventList events={events} narrow />
        </>
      )}
    </Pages>
  );
}
