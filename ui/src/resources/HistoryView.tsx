import { Button, Text, ThemeIcon, Timeline } from '@mantine/core';
import {
  IconArrowsExchange,
  IconCheck,
  IconMapPin,
  IconNotes,
  IconPhone,
  IconPlus,
  IconUserCircle,
  IconUserMinus,
  IconUserPlus,
  IconUsers,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type ComponentType, lazy, Suspense, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import type { Resource, ResourceHistory } from '../api/schema';
import { When } from '../language/When';
import { ListProblem } from '../list/ListProblem';
import { ListSkeleton } from '../list/ListSkeleton';
import { Initials } from '../people/Initials';
import { useShownName } from '../people/shownName';
import { useActivityKinds } from './activityKinds';
import classes from './Resources.module.css';
import { historyQuery } from './resourcesQuery';
import { type Happening, happenings } from './timeline';
import type { TypeWords } from './typeWords';

const NoteDialog = lazy(() => import('./NoteDialog'));

interface HistoryViewProps {
  resource: Resource;
  words: TypeWords;
}

/** Whose it was and from when to when, and everything that happened, the newest first. */
export function HistoryView({ resource, words }: HistoryViewProps) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const read = useQuery(historyQuery(account.id, resource));
  const heading = useId();
  const [noting, setNoting] = useState(false);

  if (read.isPending) return <ListSkeleton />;
  if (read.error) return <ListProblem error={read.error} retry={read.refetch} />;
  return (
    <>
      <Owners history={read.data} words={words} />
      <section className={classes.part} aria-labelledby={heading}>
        <div className={classes.partHead}>
          <Text component="h3" fw={600} id={heading}>
            {t('resources.happened')}
          </Text>
          <Button
            variant="default"
            size="compact-md"
            leftSection={<IconPlus size={14} />}
            onClick={() => setNoting(true)}
          >
            {t('resources.note')}
          </Button>
        </div>
        <Happenings history={read.data} words={words} />
      </section>
      <Suspense>
        {noting && <NoteDialog resource={resource} history={read.data} onClose={() => setNoting(false)} />}
      </Suspense>
    </>
  );
}

interface PartProps {
  history: ResourceHistory;
  words: TypeWords;
}

function Owners({ history: { owners }, words }: PartProps) {
  const { t } = useTranslation();
  const shown = useShownName();
  const heading = useId();
  return (
    <section className={classes.part} aria-labelledby={heading}>
      <Text component="h3" fw={600} id={heading}>
        {t('resources.owners')}
      </Text>
      {owners.length === 0 && (
        <Text c="dimmed" mt={4}>
          {t('resources.never_owned', words)}
        </Text>
      )}
      {owners.length > 0 && (
        <ul className={classes.list} aria-labelledby={heading}>
          {owners.toReversed().map(({ member, member_name: name, from, to }) => (
            <li key={from} className={classes.row}>
              <Initials id={member} name={shown(name)} />
              <div className={classes.words}>
                <Text fw={500} truncate title={shown(name)}>
                  {shown(name)}
                </Text>
                <Text size="xs" c="dimmed">
                  <When at={from} as="day" /> – {to ? <When at={to} as="day" /> : t('resources.now')}
                </Text>
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

const icons: Record<Exclude<Happening['what'], 'activity'>, ComponentType<{ size?: number }>> = {
  owned: IconUserCircle,
  handed: IconArrowsExchange,
  given_up: IconUserMinus,
  assigned: IconUserPlus,
  taken_off: IconUserMinus,
};
const iconsOfKinds: Record<string, ComponentType<{ size?: number }>> = {
  visit: IconMapPin,
  call: IconPhone,
  meeting: IconUsers,
  deal_closed: IconCheck,
};

function Happenings({ history, words }: PartProps) {
  const { t } = useTranslation();
  const all = happenings(history);
  const sentence = useSentence();
  if (all.length === 0) {
    return (
      <Text c="dimmed" mt={4}>
        {t('resources.nothing_happened', words)}
      </Text>
    );
  }
  return (
    <Timeline mt="md" bulletSize={28} lineWidth={1}>
      {all.map((one) => {
        const Icon = one.what === 'activity' ? (iconsOfKinds[one.kind ?? ''] ?? IconNotes) : icons[one.what];
        const closed = one.kind === 'deal_closed';
        return (
          <Timeline.Item
            key={one.id}
            bullet={
              <ThemeIcon size={28} radius="xl" variant="light" color={closed ? 'green' : 'gray'}>
                <Icon size={16} />
              </ThemeIcon>
            }
          >
            <Text fw={closed ? 600 : undefined}>{sentence(one)}</Text>
            {one.note && <Text className={classes.note}>{one.note}</Text>}
            <Text size="xs" c="dimmed">
              <When at={one.at} as="time" />
            </Text>
          </Timeline.Item>
        );
      })}
    </Timeline>
  );
}

/** What happened, and by or to whom. */
function useSentence(): (one: Happening) => string {
  const { t } = useTranslation();
  const shown = useShownName();
  const { label } = useActivityKinds();
  return ({ what, person, before, kind = '' }) => {
    const name = person ? shown(person) : '';
    if (what === 'handed') return t('resources.happening.handed', { name, before: shown(before ?? '') });
    if (what !== 'activity') return t(`resources.happening.${what}`, { name });
    return name ? t('resources.happening.by', { what: label(kind), name }) : label(kind);
  };
}
