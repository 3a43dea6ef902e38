import { Alert, Anchor, Button, Group, Progress, Stack, Text } from '@mantine/core';
import { IconCircleCheck, IconClock } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { usePlace } from '../account/place';
import type { Departure, Verdict } from '../api/schema';
import { useFormats } from '../language/formats';
import { useLookup } from '../language/lookup';
import { StatusMark, type Tone } from '../list/StatusMark';
import { useNamed } from '../people/people';
import { useCancel } from './cancel';
import classes from './DoneStep.module.css';
import { departureQuery } from './departureQuery';
import { waits } from './pace';

interface UnderWayProps {
  departure: Departure;
  /** Whether it is looked at for the sake of one person. */
  alone?: boolean;
}

/** The departure as it is at this moment; when it has come to its end, the lists of the account follow. */
export function useFollowed(departure: Departure): Departure {
  const { account } = usePlace();
  const cache = useQueryClient();
  const now = useQuery({ ...departureQuery(account.id, departure.id), initialData: departure }).data;
  const stage = `${now.state} ${now.under_way}`;
  const before = useRef(stage);
  useEffect(() => {
    if (before.current === stage) return;
    before.current = stage;
    void cache.invalidateQueries({ queryKey: ['account', account.id] });
  }, [stage, cache, account.id]);
  return now;
}

/** What waits for its time, goes through several people, or has: how far it is, and a verdict for each. */
export function UnderWay({ departure, alone = false }: UnderWayProps) {
  if (waits(departure)) return <Waits departure={departure} alone={alone} />;
  return (
    <Stack gap="md">
      {departure.under_way ? <Runs departure={departure} /> : <Came departure={departure} />}
      <Verdicts departure={departure} />
    </Stack>
  );
}

/** When its time comes. Who looks at one of several gives up nobody else's, and finds all of them by the link. */
function Waits({ departure, alone }: Required<UnderWayProps>) {
  const { t } = useTranslation();
  const { path } = usePlace();
  const dates = useFormats();
  const cancel = useCancel();
  if (!departure.at) return null;
  const { member_count: count } = departure;
  return (
    <Stack gap="md" align="flex-start">
      <Group gap="sm" wrap="nowrap" align="flex-start" role="status">
        <IconClock size={24} className={classes.waits} aria-hidden />
        <div>
          <Text fw={600}>{t('departure.waits', { time: dates.exact(departure.at) })}</Text>
          <Text c="dimmed">{t('departure.waits_hint')}</Text>
        </div>
      </Group>
      {alone && count > 1 ? (
        <Anchor component={Link} to={path(`departures/${departure.id}`)}>
          {t('departure.together', { count, formatted: dates.number(count) })}
        </Anchor>
      ) : (
        <Button variant="default" loading={cancel.isPending} onClick={() => cancel.mutate(departure)}>
          {t('departure.cancel')}
        </Button>
      )}
      <Stands departure={departure} />
    </Stack>
  );
}

/** What stands in the way already, before its time has come. */
function Stands({ departure }: { departure: Departure }) {
  const { t } = useTranslation();
  const lookup = useLookup();
  const nameOf = useNamed(departure.people);
  if (departure.blockers.length === 0) return null;
  return (
    <Alert color="orange" title={t('departure.waits_blocked')} w="100%">
      {departure.blockers.map(({ code, member, detail }) => (
        <Text key={`${code} ${member}`}>
          {lookup(`departure.blocker.${code}`, { name: member ? nameOf(member) : '' }) ?? detail}
        </Text>
      ))}
    </Alert>
  );
}

function Runs({ departure }: { departure: Departure }) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const { done = 0, total = departure.member_count } = departure.progress ?? {};
  return (
    <>
      <Text aria-live="polite" className="figures">
        {t('departure.progress', { done: number(done), all: number(total) })}
      </Text>
      <Progress value={(100 * done) / Math.max(1, total)} aria-label={t('departure.progress_label')} />
      <Text size="sm" c="dimmed">
        {departure.state === 'undone' ? t('departure.can_leave_undoing') : t('departure.can_leave')}
      </Text>
    </>
  );
}

/** What it came to in the end. */
function Came({ departure }: { departure: Departure }) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const gone = departure.results?.filter(({ verdict }) => verdict === 'applied').length ?? departure.member_count;
  if (departure.state === 'undone') {
    const back = departure.results?.filter(({ verdict }) => verdict === 'undone').length ?? departure.member_count;
    return <Text role="status">{t('departure.are_back', { count: back, formatted: number(back) })}</Text>;
  }
  if (departure.state === 'failed') {
    return (
      <Alert color="red" role="alert">
        {t('departure.failed')}
      </Alert>
    );
  }
  return (
    <Group gap="sm" wrap="nowrap" role="status">
      <IconCircleCheck size={24} className={classes.done} aria-hidden />
      <Text fw={600}>{t(`departure.left.${departure.kind}`, { count: gone, formatted: number(gone) })}</Text>
    </Group>
  );
}

const tones: Record<Verdict['verdict'], Tone> = {
  applied: 'done',
  undone: 'done',
  settling: 'waiting',
  blocked: 'ended',
  failed: 'ended',
};

/** What became of each, with those for whom there is still something to do in front. */
function Verdicts({ departure }: { departure: Departure }) {
  const { t } = useTranslation();
  const lookup = useLookup();
  const results = departure.results ?? [];
  const away = ({ verdict, code }: Verdict) => verdict === 'applied' && code !== undefined; // who could not come back
  const well = (one: Verdict) => one.verdict === 'undone' || (one.verdict === 'applied' && !away(one));
  const shown = [...results.filter((one) => !well(one)), ...results.filter(well)].slice(0, 100);
  const nameOf = useNamed(departure.people);
  const why = (code: string, name: string) =>
    lookup(`departure.blocker.${code}`, { name }) ?? lookup(`refusal.${code}`) ?? lookup(`problem.${code}`) ?? code;
  if (shown.length === 0) return null;
  return (
    <ul className={classes.verdicts}>
      {shown.map(({ member, verdict, code }) => (
        <li key={member}>
          <span className={classes.words}>
            {nameOf(member)}
            {code && (
              <Text size="xs" c="dimmed">
                {why(code, nameOf(member))}
              </Text>
            )}
          </span>
          <StatusMark tone={away({ member, verdict, code }) ? 'ended' : tones[verdict]}>
            {t(`departure.verdict.${away({ member, verdict, code }) ? 'away' : verdict}`)}
          </StatusMark>
        </li>
      ))}
    </ul>
  );
}
