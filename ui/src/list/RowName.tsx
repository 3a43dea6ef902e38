import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link, type To } from 'react-router';
import classes from './Row.module.css';

interface RowNameProps {
  picture: ReactNode;
  name: string;
  to: To;
  /** A word after the name: that it is the reader, say. */
  note?: ReactNode;
  /** What stands under the name. */
  children?: ReactNode;
}

/** What a row is about. Its link is what the keyboard walks through. */
export function RowName({ picture, name, to, note, children }: RowNameProps) {
  return (
    <div className={classes.row}>
      {picture}
      <div className={classes.words}>
        <div className={classes.line}>
          <Link to={to} className={classes.name} title={name} data-row-link>
            {name}
          </Link>
          {note && (
            <Text span size="xs" c="dimmed">
              {note}
            </Text>
          )}
        </div>
        {children}
      </div>
    </div>
  );
}
