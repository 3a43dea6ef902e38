import { Group } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './DialogFoot.module.css';

/** The buttons of a dialog, in sight however long what stands above them is. */
export function DialogFoot({ children, apart }: { children: ReactNode; apart?: boolean }) {
  return (
    <Group className={classes.foot} justify={apart ? 'space-between' : 'flex-end'} gap="xs">
      {children}
    </Group>
  );
}
