import { Text } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { ApiKey } from '../api/schema';
import { usePanelPath } from '../panel/panelPath';
import person from '../people/Person.module.css';
import classes from './KeyName.module.css';

/** Which key a row is about. Its link is what the keyboard walks through. */
export function KeyName({ apiKey }: { apiKey: ApiKey }) {
  const keyPath = usePanelPath('keys');
  return (
    <div className={person.person}>
      <IconKey size={20} stroke={1.5} className={classes.icon} aria-hidden />
      <div className={person.words}>
        <div className={person.line}>
          <Link to={keyPath(apiKey.id)} className={person.name} title={apiKey.name} data-row-link>
            {apiKey.name}
          </Link>
        </div>
        <Hint apiKey={apiKey} />
      </div>
    </div>
  );
}

const shortened = ({ hint }: ApiKey) => `tk_…${hint}`;

/** How a key begins and ends, to tell it from others. */
export function Hint({ apiKey }: { apiKey: ApiKey }) {
  return (
    <Text size="xs" c="dimmed" ff="monospace">
      {shortened(apiKey)}
    </Text>
  );
}
