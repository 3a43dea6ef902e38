import { Alert, Button, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import type { Member } from '../api/schema';
import { undoableQuery } from '../departure/departureQuery';
import { useUndo } from '../departure/undo';
import { useDates } from '../language/dates';
import { nameOf } from '../me/name';
import { useDialogs } from './dialogs';
import { useMemberMoves } from './memberMoves';
import classes from './PlaceNotice.module.css';
import { useRights } from './rights';

/** What is special about somebody's place, and the next thing to do about it. */
export function PlaceNotice({ member }: { member: Member }) {
  const { mayChange, mayLetGo } = useRights();
  if (member.status === 'suspended') return <Unsettled member={member} mine={mayLetGo(member)} />;
  if (member.status === 'inactive') return mayLetGo(member) ? <Undoable member={member} /> : null;
  return member.registered_at ? null : <NotYetIn member={member} mine={mayChange(member)} />;
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

function Undoable({ member }: { member: Member }) {
  const { t } = useTranslation();
  const dates = useDates();
  const { account } = usePlace();
  const departure = useQuery(undoableQuery(account.id, member.id)).data;
  const undo = useUndo();
  if (!departure?.undo_until) return null;
  return (
    <Alert color="gray" className={classes.notice}>
      <Group justify="space-between" wrap="nowrap">
        <Text>{t('user.undo_until', { time: dates.time(departure.undo_until) })}</Text>
        <Button
          size="compact-md"
          variant="default"
          loading={undo.isPending}
          onClick={() => undo.mutate({ departure: departure.id, name: nameOf(member) })}
        >
          {t('shell.undo')}
        </Button>
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
