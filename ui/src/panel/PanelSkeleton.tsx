import { Drawer, Group, Skeleton, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** The shape of a panel until it is there. */
export function PanelSkeleton() {
  const { t } = useTranslation();
  return (
    <Stack p="lg" gap="lg" role="status" aria-label={t('shell.loading')}>
      <Group wrap="nowrap" align="flex-start">
        <Skeleton circle h={44} w={44} />
        <Stack gap="xs" flex={1}>
          <Skeleton h={16} w="60%" />
          <Skeleton h={12} w="80%" />
        </Stack>
        <Drawer.CloseButton />
      </Group>
      <Skeleton h={36} />
      <Skeleton h={36} />
      <Skeleton h={36} />
    </Stack>
  );
}
