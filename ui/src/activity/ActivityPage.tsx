import { Button } from '@mantine/core';
import { IconActivity } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { usePlace } from '../account/place';
import { EmptyList } from '../list/EmptyList';
import { itemsOf, Pages } from '../list/Pages';
import { Allowed } from '../shell/Allowed';
import { PageHead } from '../shell/PageHead';
import { EventFilters } from './EventFilters';
import { EventList } from './EventList';
import { ExportMenu } from './ExportMenu';
import { dayOf, eventsQuery, type Narrowed } from './eventsQuery';
import { LiveMark } from './LiveMark';
import { useLive } from './live';

/** The audit trail: who did what, to whom, when and from where. The filters are in the address. */
export default function ActivityPage() {
  const { t } = useTranslation();
  return (
    <Allowed permission="events.read" title={t('shell.activity')}>
      <Trail />
    </Allowed>
  );
}

function Trail() {
  const { t } = useTranslation();
  const { account } = usePlace();
  const [search, setSearch] = useSearchParams();
  const narrowed = narrowedBy(search);
  const trail = useInfiniteQuery(eventsQuery(account.id, narrowed));
  // Where nothing is shown yet, everything that fits would be new.
  const live = useLive(narrowed, trail.data && (itemsOf(trail.data)[0]?.seq ?? 0));

  const narrow = (change: Partial<Narrowed>) => {
    const filled = Object.entries({ ...narrowed, ...change }).filter(([, value]) => value !== '');
    setSearch(Object.fromEntries(filled), { replace: true });
  };

  return (
    <>
      <PageHead
        title={t('shell.activity')}
        lead={t('activity.lead')}
        actions={
          <>
            <LiveMark live={live} />
            <ExportMenu narrowed={narrowed} />
          </>
        }
      />
      <EventFilters narrowed={narrowed} onNarrow={narrow} />
      <Pages
        list={trail}
        empty={
          <EmptyList
            icon={<IconActivity />}
            title={t('activity.none')}
            action={
              search.size > 0 && (
                <Button variant="default" onClick={() => setSearch({}, { replace: true })}>
                  {t('activity.clear')}
                </Button>
              )
            }
          >
            {t('activity.none_why')}
          </EmptyList>
        }
      >
        {(events) => <EventList events={events} />}
      </Pages>
    </>
  );
}

function narrowedBy(search: URLSearchParams): Narrowed {
  const given = (name: keyof Narrowed) => search.get(name) ?? '';
  return {
    actor: given('actor'),
    action: given('action'),
    subject: given('subject'),
    since: dayOf(given('since')),
    until: dayOf(given('until')),
  };
}
