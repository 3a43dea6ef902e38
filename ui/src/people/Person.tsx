import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link, type To } from 'react-router';
import { Initials } from './Initials';
import classes from './Person.module.css';

interface PersonProps {
  id: string;
  name: string;
  email: string;
  to: To;
  /** A word after the name: that it is the reader, say. */
  note?: ReactNode;
}

/** Who a row is about. Its link is what the keyboard walks through. */
export function Person({ id, name, email, to, note }: PersonProps) {
  return (
    <div className={classes.person}>
      <Initials id={id} name={name} />
      <div className={classes.words}>
        <div className={classes.line}>
          <Link to={to} className={classes.name} data-row-link>
            {name}
          </Link>
          {note && (
            <Text span size="xs" c="dimmed">
              {note}
            </Text>
          )}
        </div>
        {email !== name && (
          <Text size="xs" c="dimmed" truncate title={email}>
            {email}
          </Text>
        )}
      </div>
    </div>
  );
}
