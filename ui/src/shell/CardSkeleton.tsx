import { Skeleton, Stack } from '@mantine/core';
import classes from './CardPage.module.css';

/** The card before it is known what it says. */
export function CardSkeleton() {
  return (
    <div className={classes.page}>
      <main className={classes.card} aria-busy>
        <Stack gap="md">
          <Skeleton h={40} w={40} />
          <Skeleton h={28} w="70%" />
          <Skeleton h={16} />
          <Skeleton h={36} mt="md" />
        </Stack>
      </main>
    </div>
  );
}
