import { Group } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './DialogFoot.module.css';

/** The buttons of a dialog, in sight however long what stands above them is. */
export function DialogFoot({ children, apart }: { children: ReactNode; apart?: boolean }) {
  // A press leaves the focus where it is: a field that settles when it is left would grow, and move the
  // button from under the pointer before it is let go.
  return (
    <Group
      className={classes.foot}
      data-apart={apart || undefined}
      justify={apart ? 'space-between' : 'flex-end'}
      gap="xs"
      onMouseDown={(event) => event.preventDefault()}
    >
      {children}
    </Group>
  );
}
