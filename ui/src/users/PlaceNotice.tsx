import { Alert, Anchor, Button, Group, Text } from '@mantine/core';
import { useQueries, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { usePlace } from '../account/place';
import type { Member } from '../api/schema';
import { useCancel } from '../departure/cancel';
import { latestQuery } from '../departure/departureQuery';
import { useUndo } from '../departure/undo';
import { useFormats } from '../language/formats';
import { nameOf } from '../me/name';
import { useDialogs } from './dialog';
import { useMemberMoves } from './memberMoves';
import classes from './PlaceNotice.module.css';
import { useRights } from './rights';

/** Whether all that a notice may tell of somebody is read, so that it does not push away what is used already. */
export function useNoticed(member: string): boolean {
  const { account, can } = usePlace();
  const states = ['applied', 'scheduled'] as const;
  const enabled = can('departures.manage');
  const read = useQueries({ queries: states.map((state) => ({ ...latestQuery(account.id, member, state), enabled })) });
  return read.every(({ isLoading }) => !isLoading);
}

/** What is special about somebody's place, and the next thing to do about it. */
export function PlaceNotice({ member }: { member: Member }) {
  const { mayChange, mayLetGo } = useRights();
  if (member.status === 'suspended') return <Unsettled member={member} mine={mayLetGo(member)} />;
  if (member.status === 'inactive') return mayLetGo(member) ? <Left member={member} /> : null;
  return (
    <>
      {mayLetGo(member) && <Leaving member={member} />}
      {!member.registered_at && <NotYetIn member={member} mine={mayChange(member)} />}
    </>
  );
}

function Unsettled({ member, mine }: { member: Member; mine: boolean }) {
  const { t } = useTranslation();
  const open = useDialogs();
  return (
    <Alert color="orange" className={classes.notice} title={t('user.suspended')}>
      <Text>{t('user.suspended_why', { name: nameOf(member) })}</Text>
      {mine && (
        <Group gap="xs" mt="sm">
          <Button
            size="compact-md"
            variant="default"
            onClick={() => open({ kind: 'depart', members: [member], how: 'deactivate' })}
          >
            {t('users.settle')}
          </Button>
          <Button size="compact-md" variant="subtle" onClick={() => open({ kind: 'return', member })}>
            {t('users.activate')}
          </Button>
        </Group>
      )}
    </Alert>
  );
}

/** What was done last, while it can be taken back, and its receipt as long as there is one. */
function Left({ member }: { member: Member }) {
  const { t } = useTranslation();
  const dates = useFormats();
  const { account, path } = usePlace();
  const departure = useQuery(latestQuery(account.id, member.id, 'applied')).data;
  const undo = useUndo();
  if (!departure?.applied_at) return null;
  const open = departure.undoable ? departure.undo_until : undefined;
  return (
    <Alert color="gray" className={classes.notice}>
      <Group justify="space-between" wrap="nowrap">
        <div>
          <Text>
            {open
              ? t('user.undo_until', { time: dates.time(open) })
              : t('user.left_at', { time: dates.time(departure.applied_at) })}
          </Text>
          <Anchor component={Link} to={path(`departures/${departure.id}/receipt`)} display="block">
            {t('departure.download')}
          </Anchor>
        </div>
        {open && (
          <Button
            size="compact-md"
            variant="default"
            flex="none"
            loading={undo.isPending}
            onClick={() => undo.mutate({ departure: departure.id, name: nameOf(member) })}
          >
            {t('shell.undo')}
          </Button>
        )}
      </Group>
    </Alert>
  );
}

/** The day that is set for somebody's departure. */
function Leaving({ member }: { member: Member }) {
  const { t } = useTranslation();
  const dates = useFormats();
  const { account, path } = usePlace();
  const departure = useQuery(latestQuery(account.id, member.id, 'scheduled')).data;
  const cancel = useCancel();
  if (!departure?.at) return null;
  const alone = departure.member_count === 1;
  const time = dates.time(departure.at);
  return (
    <Alert color="orange" className={classes.notice}>
      <Group justify="space-between" wrap="nowrap">
        <div>
          <Text>
            {alone
              ? t(`user.leaves.${departure.kind}`, { time })
              : t('user.leaves.several', { time, count: departure.member_count })}
          </Text>
          {!alone && (
            <Anchor component={Link} to={path(`departures/${departure.id}`)}>
              {t('departure.to_departure')}
            </Anchor>
          )}
        </div>
        {alone && (
          <Button
            size="compact-md"
            variant="default"
            flex="none"
            loading={cancel.isPending}
            onClick={() => cancel.mutate(departure)}
          >
            {t('departures.cancel')}
          </Button>
        )}
      </Group>
    </Alert>
  );
}

function NotYetIn({ member, mine }: { member: Member; mine: boolean }) {
  const { t } = useTranslation();
  const { welcome } = useMemberMoves();
  return (
    <Alert color="gray" className={classes.notice} title={t('user.not_yet')}>
      <Text>{t('user.not_yet_why', { email: member.email })}</Text>
      {mine && (
        <Button
          size="compact-md"
          variant="default"
          mt="sm"
          loading={welcome.isPending}
          onClick={() => welcome.mutate(member)}
        >
          {t('users.welcome')}
        </Button>
      )}
    </Alert>
  );
}
