import { Group, Skeleton, Stack, VisuallyHidden } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './ListSkeleton.module.css';

const rows = [0, 1, 2, 3, 4, 5, 6, 7];

/** The shape of a list until it is there. */
export function ListSkeleton() {
  const { t } = useTranslation();
  return (
    <div role="status">
      <VisuallyHidden>{t('shell.loading')}</VisuallyHidden>
      {rows.map((row) => (
        <Group key={row} className={classes.row} wrap="nowrap" gap="sm" aria-hidden>
          <Skeleton circle h={32} w={32} />
          <Stack gap={6} flex={1}>
            <Skeleton h={10} w={`${24 + ((row * 7) % 13)}%`} />
            <Skeleton h={8} w={`${32 + ((row * 5) % 11)}%`} />
          </Stack>
          <Skeleton h={10} w={72} visibleFrom="sm" />
          <Skeleton h={10} w={96} visibleFrom="sm" />
        </Group>
      ))}
    </div>
  );
}
