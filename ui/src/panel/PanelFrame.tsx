import { Drawer, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './Panel.module.css';

interface PanelFrameProps {
  /** Stands before the title. */
  picture?: ReactNode;
  title: ReactNode;
  /** Quiet words under the title. */
  note?: ReactNode;
  /** What can be done with it, before the way out. */
  actions?: ReactNode;
  children: ReactNode;
}

/** A side panel about one thing: what it is, the way out, and what there is to say. */
export function PanelFrame({ picture, title, note, actions, children }: PanelFrameProps) {
  return (
    <div className={classes.panel}>
      <div className={classes.head}>
        {picture}
        <div className={classes.who}>
          <Drawer.Title>
            <Text component="span" fz="lg" fw={600} c="var(--mantine-color-text)">
              {title}
            </Text>
          </Drawer.Title>
          {note && (
            <Text component="div" c="dimmed">
              {note}
            </Text>
          )}
        </div>
        {actions}
        <Drawer.CloseButton />
      </div>
      {children}
    </div>
  );
}
