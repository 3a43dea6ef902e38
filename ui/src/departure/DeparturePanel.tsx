import { Button, Group, Stack } from '@mantine/core';
import { IconReceipt } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { usePlace } from '../account/place';
import type { Departure, DepartureKind, Member } from '../api/schema';
import { When } from '../language/When';
import panel from '../panel/Panel.module.css';
import { PanelFrame } from '../panel/PanelFrame';
import { Unread } from '../panel/Unread';
import { FactList } from '../shell/FactList';
import { departureQuery } from './departureQuery';
import { Effects } from './Effects';
import { useEffectWords } from './effectWords';
import { useStillHere } from './stillHere';
import { summed } from './sum';
import { UnderWay, useFollowed } from './UnderWay';
import { useUndo } from './undo';
import { useWhom } from './whom';

interface DeparturePanelProps {
  id: string;
  /** Opens the wizard over it. */
  onDepart: (members: readonly Member[], how: DepartureKind) => void;
}

/** One departure: whom it is about, how far it is, what it does or did, and what can be done about it. */
export default function DeparturePanel({ id, onDepart }: DeparturePanelProps) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const read = useQuery(departureQuery(account.id, id));
  const whom = useWhom();
  if (!read.data) return <Unread read={read} title={t('departures.panel')} />;
  const departure = read.data;
  return (
    <PanelFrame
      title={whom(departure)}
      note={departure.under_way ? t('departures.under_way') : t(`departures.state.${departure.state}`)}
    >
      <Stack gap="lg" className={panel.view}>
        <Facts departure={departure} />
        <Course departure={departure} />
        <Actions departure={departure} name={whom(departure)} onDepart={onDepart} />
      </Stack>
    </PanelFrame>
  );
}

function Facts({ departure }: { departure: Departure }) {
  const { t } = useTranslation();
  const facts = [
    { label: t('departures.column.what'), value: t(`departures.kind.${departure.kind}`) },
    { label: t('departures.asked'), value: <When at={departure.created_at} as="time" /> },
    { label: t('departures.when.scheduled'), value: departure.at && <When at={departure.at} as="time" /> },
    {
      label: t('departures.when.applied'),
      value: departure.applied_at && <When at={departure.applied_at} as="time" />,
    },
  ];
  return <FactList facts={facts} />;
}

/** How far it is and what became of each, and then what it does or did. */
function Course({ departure }: { departure: Departure }) {
  const now = useFollowed(departure);
  const effects = summed(now.effects).filter(({ count }) => count !== 0);
  const say = useEffectWords(now.people, now.kind);
  const when = now.state === 'settling' ? 'settling' : now.state === 'scheduled' ? 'before' : 'after';
  const follows = now.state === 'scheduled' || now.members.length > 1 || now.state === 'failed';
  return (
    <>
      {follows && <UnderWay departure={now} />}
      <Effects lines={effects.map((effect) => say(effect, when))} />
    </>
  );
}

interface ActionsProps {
  departure: Departure;
  name: string;
  onDepart: DeparturePanelProps['onDepart'];
}

/** The next thing to do about it. */
function Actions({ departure, name, onDepart }: ActionsProps) {
  const { t } = useTranslation();
  const { path } = usePlace();
  const undo = useUndo();
  const here = useStillHere((members) => onDepart(members, departure.kind));
  const anew = { settling: t('users.settle'), failed: t('departures.plan_anew') };
  const kept = departure.state === 'applied' || departure.state === 'undone';

  return (
    <Group gap="xs" className={panel.ways}>
      {(departure.state === 'settling' || departure.state === 'failed') && (
        <Button loading={here.isPending} onClick={() => here.mutate(departure)}>
          {anew[departure.state]}
        </Button>
      )}
      {departure.undoable && (
        <Button
          variant="default"
          loading={undo.isPending}
          onClick={() => undo.mutate({ departure: departure.id, name })}
        >
          {t('shell.undo')}
        </Button>
      )}
      {kept && (
        <Button
          component={Link}
          to={path(`departures/${departure.id}/receipt`)}
          variant="default"
          leftSection={<IconReceipt size={16} />}
        >
          {t('departure.download')}
        </Button>
      )}
      {departure.member_count === 1 && departure.kind === 'deactivate' && (
        <Button component={Link} to={path(`users/${departure.members[0]}`)} variant="default">
          {t('departures.to_user')}
        </Button>
      )}
    </Group>
  );
}
