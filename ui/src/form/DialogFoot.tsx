import { Group } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './DialogFoot.module.css';

interface DialogFootProps {
  /** The buttons. */
  children: ReactNode;
  /** The first to the left, the others to the right. */
  apart?: boolean;
  /** Why it was refused, so near the button that it is not missed. */
  refused?: ReactNode;
  /** What is to be known before a button is pressed, such as a price. */
  note?: ReactNode;
}

/** The buttons of a dialog, in sight however long what stands above them is. */
export function DialogFoot({ children, apart, refused, note }: DialogFootProps) {
  return (
    <div className={classes.foot}>
      {note}
      {refused && <div className={classes.refused}>{refused}</div>}
      {/* A press leaves the focus where it is: a field that settles when it is left would grow, and move the
          button from under the pointer before it is let go. */}
      <Group
        className={classes.buttons}
        data-apart={apart || undefined}
        justify={apart ? 'space-between' : 'flex-end'}
        gap="xs"
        onMouseDown={(event) => event.preventDefault()}
      >
        {children}
      </Group>
    </div>
  );
}
