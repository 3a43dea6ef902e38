import { EmptyState } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './EmptyList.module.css';

interface EmptyListProps {
  icon: ReactNode;
  /** What this is and that it is empty. */
  title: string;
  /** Why, and what would change it. */
  children: ReactNode;
  /** The one thing to do. */
  action?: ReactNode;
}

/** What stands where a list has nothing to show. */
export function EmptyList({ icon, title, children, action }: EmptyListProps) {
  return (
    <EmptyState
      py={56}
      maw={440}
      mx="auto"
      classNames={{ indicator: classes.icon }}
      icon={icon}
      title={title}
      description={children}
    >
      {action && <EmptyState.Actions mt="sm">{action}</EmptyState.Actions>}
    </EmptyState>
  );
}
