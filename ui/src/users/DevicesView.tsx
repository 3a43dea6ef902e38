import { Button, Skeleton, Stack } from '@mantine/core';
import { IconDeviceLaptop } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import type { Member } from '../api/schema';
import { EmptyList } from '../list/EmptyList';
import { ListProblem } from '../list/ListProblem';
import { nameOf } from '../me/name';
import { DeviceRow } from './DeviceRow';
import classes from './DevicesView.module.css';
import { useMemberMoves } from './memberMoves';
import { devicesQuery } from './membersQuery';
import { useRights } from './rights';

/** Where somebody is signed in, each with its end. */
export function DevicesView({ member }: { member: Member }) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const devices = useQuery(devicesQuery(account.id, member.id));
  const { endSession, endSessions } = useMemberMoves();
  const { mayChange } = useRights();

  if (devices.isPending) {
    return (
      <Stack gap="sm">
        <Skeleton h={52} />
        <Skeleton h={52} />
      </Stack>
    );
  }
  if (devices.error) return <ListProblem error={devices.error} retry={devices.refetch} />;
  if (devices.data.length === 0) {
    return (
      <EmptyList icon={<IconDeviceLaptop />} title={t('user.no_devices')}>
        {t('user.no_devices_why', { name: nameOf(member) })}
      </EmptyList>
    );
  }
  return (
    <>
      <ul className={classes.list}>
        {devices.data.map((device) => (
          <DeviceRow
            key={device.id}
            device={device}
            onEnd={mayChange(member) ? () => endSession.mutate({ member, session: device.id }) : undefined}
            ending={endSession.isPending && endSession.variables.session === device.id}
          />
        ))}
      </ul>
      {mayChange(member) && (
        <Button
          mt="lg"
          variant="default"
          c="var(--mantine-color-error)"
          loading={endSessions.isPending}
          onClick={() => endSessions.mutate(member)}
        >
          {t('user.sign_out_everywhere', { name: nameOf(member) })}
        </Button>
      )}
    </>
  );
}
