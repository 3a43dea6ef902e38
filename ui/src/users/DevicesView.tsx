import { Button, Skeleton, Stack, Text } from '@mantine/core';
import { IconDeviceLaptop, IconDeviceMobile } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import type { Device, Member } from '../api/schema';
import { When } from '../language/When';
import { EmptyList } from '../list/EmptyList';
import { ListProblem } from '../list/ListProblem';
import { nameOf } from '../me/name';
import classes from './DevicesView.module.css';
import { deviceOf } from './deviceName';
import { useMemberMoves } from './memberMoves';
import { devicesQuery } from './membersQuery';
import { useRights } from './rights';

/** Where somebody is signed in, each with its end. */
export function DevicesView({ member }: { member: Member }) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const devices = useQuery(devicesQuery(account.id, member.id));
  const { endSessions } = useMemberMoves();
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
          <DeviceRow key={device.id} member={member} device={device} />
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

function DeviceRow({ member, device }: { member: Member; device: Device }) {
  const { t } = useTranslation();
  const { endSession } = useMemberMoves();
  const { mayChange } = useRights();
  const { browser, system, mobile } = deviceOf(device.device);
  const name = browser && system ? t('me.device', { browser, system }) : browser || system || t('me.unknown_device');
  const Icon = mobile ? IconDeviceMobile : IconDeviceLaptop;
  return (
    <li className={classes.device}>
      <Icon size={20} stroke={1.5} className={classes.icon} aria-hidden />
      <div className={classes.words}>
        <Text fw={500} truncate title={name}>
          {name}
        </Text>
        <Text size="xs" c="dimmed">
          {device.ip} · <When at={device.last_seen_at} />
          {device.current && ` · ${t('me.this_device')}`}
        </Text>
      </div>
      {mayChange(member) && (
        <Button
          variant="subtle"
          size="compact-sm"
          color="red"
          loading={endSession.isPending}
          aria-label={t('me.end_device', { name })}
          onClick={() => endSession.mutate({ member, session: device.id })}
        >
          {t('me.end')}
        </Button>
      )}
    </li>
  );
}
