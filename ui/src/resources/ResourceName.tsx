import { Text } from '@mantine/core';
import { IconFolder } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { Resource } from '../api/schema';
import { usePanelPath } from '../panel/panelPath';
import person from '../people/Person.module.css';
import classes from './Resources.module.css';

/** Which resource a row is about. Its link is what the keyboard walks through. */
export function ResourceName({ resource }: { resource: Resource }) {
  const pathOf = usePanelPath(`resources/${resource.type}`);
  return (
    <div className={person.person}>
      <IconFolder size={20} stroke={1.5} className={classes.icon} aria-hidden />
      <div className={person.words}>
        <div className={person.line}>
          <Link to={pathOf(resource.id)} className={person.name} title={resource.name} data-row-link>
            {resource.name}
          </Link>
        </div>
        <Text size="xs" c="dimmed" truncate title={resource.id}>
          {resource.id}
        </Text>
      </div>
    </div>
  );
}
