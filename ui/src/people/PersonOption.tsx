import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import row from '../list/Row.module.css';

interface PersonOptionProps {
  name: string;
  email: string | undefined;
  /** What stands at the end of the line. */
  children?: ReactNode;
}

/** Somebody among others to choose from; the address tells namesakes apart. */
export function PersonOption({ name, email, children }: PersonOptionProps) {
  return (
    <div className={row.option}>
      <div className={row.words}>
        <Text truncate>{name}</Text>
        {email && email !== name && (
          <Text size="xs" c="dimmed" truncate>
            {email}
          </Text>
        )}
      </div>
      {children}
    </div>
  );
}
