import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { To } from 'react-router';
import { RowName } from '../list/RowName';
import { Initials } from './Initials';

interface PersonProps {
  id: string;
  name: string;
  email: string;
  to: To;
  /** A word after the name: that it is the reader, say. */
  note?: ReactNode;
}

/** Who a row is about. */
export function Person({ id, name, email, ...row }: PersonProps) {
  return (
    <RowName picture={<Initials id={id} name={name} />} name={name} {...row}>
      {email !== name && (
        <Text size="xs" c="dimmed" truncate title={email}>
          {email}
        </Text>
      )}
    </RowName>
  );
}
