import { Button, Skeleton } from '@mantine/core';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../api/client';
import type { Device } from '../api/schema';
import { ListProblem } from '../list/ListProblem';
import { useToast } from '../shell/toast';
import { DeviceRow } from '../users/DeviceRow';
import classes from '../users/DevicesView.module.css';

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
          <OwnDevice key={device.id} device={device} />
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

function OwnDevice({ device }: { device: Device }) {
  const { t } = useTranslation();
  const toast = useToast();
  const cache = useQueryClient();
  const end = useMutation({
    mutationFn: (_name: string) =>
      answer(api.DELETE('/v1/me/sessions/{session}', { params: { path: { session: device.id } } })),
    onSuccess: (_, name) => toast.done(t('me.ended', { name })),
    onError: toast.refused,
    onSettled: () => cache.invalidateQueries({ queryKey: devicesQuery.queryKey }),
  });
  return <DeviceRow device={device} onEnd={device.current ? undefined : end.mutate} ending={end.isPending} />;
}
