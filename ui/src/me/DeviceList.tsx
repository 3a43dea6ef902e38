import { Button, Skeleton, Text } from '@mantine/core';
import { IconDeviceLaptop, IconDeviceMobile } from '@tabler/icons-react';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../api/client';
import type { Device } from '../api/schema';
import { When } from '../language/When';
import { ListProblem } from '../list/ListProblem';
import { useToast } from '../shell/toast';
import classes from '../users/DevicesView.module.css';
import { deviceOf } from '../users/deviceName';

export const devicesQuery = queryOptions({
  queryKey: ['me', 'devices'],
  queryFn: async () => (await answer(api.GET('/v1/me/sessions'))).items,
});

/** Where the reader is signed in to this account, each with its end. */
export function DeviceList() {
  const { t } = useTranslation();
  const toast = useToast();
  const cache = useQueryClient();
  const devices = useQuery(devicesQuery);
  const endOthers = useMutation({
    mutationFn: () => answer(api.DELETE('/v1/me/sessions')),
    onSuccess: ({ ended }) => toast.done(t('me.others_ended', { count: ended })),
    onError: toast.refused,
    onSettled: () => cache.invalidateQueries({ queryKey: devicesQuery.queryKey }),
  });

  if (devices.error) return <ListProblem error={devices.error} retry={devices.refetch} />;
  if (!devices.data) return <Skeleton h={120} />;
  const sorted = [...devices.data].sort((a, b) => Number(b.current) - Number(a.current));
  return (
    <>
      <ul className={classes.list}>
        {sorted.map((device) => (
          <DeviceRow key={device.id} device={device} />
        ))}
      </ul>
      {sorted.length > 1 && (
        <Button
          mt="md"
          variant="default"
          c="var(--mantine-color-error)"
          loading={endOthers.isPending}
          onClick={() => endOthers.mutate()}
        >
          {t('me.end_others')}
        </Button>
      )}
    </>
  );
}

function DeviceRow({ device }: { device: Device }) {
  const { t } = useTranslation();
  const toast = useToast();
  const cache = useQueryClient();
  const { browser, system, mobile } = deviceOf(device.device);
  const name = browser && system ? t('me.device', { browser, system }) : browser || system || t('me.unknown_device');
  const Icon = mobile ? IconDeviceMobile : IconDeviceLaptop;
  const end = useMutation({
    mutationFn: () => answer(api.DELETE('/v1/me/sessions/{session}', { params: { path: { session: device.id } } })),
    onSuccess: () => toast.done(t('me.ended', { name })),
    onError: toast.refused,
    onSettled: () => cache.invalidateQueries({ queryKey: devicesQuery.queryKey }),
  });

  return (
    <li className={classes.device}>
      <Icon size={20} stroke={1.5} className={classes.icon} aria-hidden />
      <div className={classes.words}>
        <Text fw={500} truncate title={name}>
          {name}
        </Text>
        <Text size="xs" c="dimmed">
          {device.ip} · {device.current ? t('me.this_device') : <When at={device.last_seen_at} />}
        </Text>
      </div>
      {!device.current && (
        <Button
          variant="subtle"
          size="compact-sm"
          color="red"
          loading={end.isPending}
          aria-label={t('me.end_device', { name })}
          onClick={() => end.mutate()}
        >
          {t('me.end')}
        </Button>
      )}
    </li>
  );
}
