import { Alert, Group, Text } from '@mantine/core';
import { IconArmchair } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './PriceNote.module.css';
import { ToBilling } from './ToBilling';

interface PriceNoteProps {
  /** What the change costs, or gives back. */
  children: ReactNode;
  /** Why not all of it can be done. */
  short?: string;
}

/** What a change costs, said before it is made. */
export function PriceNote({ children, short }: PriceNoteProps) {
  return (
    <div className={classes.price} aria-live="polite">
      {children && (
        <Group gap="sm" wrap="nowrap" align="flex-start">
          <IconArmchair size={18} stroke={1.5} className={classes.seat} aria-hidden />
          <Text size="sm">{children}</Text>
        </Group>
      )}
      {short && (
        <Alert color="orange" mt="xs">
          {short}
          <ToBilling />
        </Alert>
      )}
    </div>
  );
}
