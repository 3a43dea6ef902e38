import { Text } from '@mantine/core';
import { IconFolder } from '@tabler/icons-react';
import type { Resource } from '../api/schema';
import { RowName } from '../list/RowName';
import { usePanelPath } from '../panel/panelPath';

/** Which resource a row is about. */
export function ResourceName({ resource: { type, id, name } }: { resource: Resource }) {
  const pathOf = usePanelPath(`resources/${type}`);
  return (
    <RowName picture={<IconFolder size={20} stroke={1.5} aria-hidden />} name={name} to={pathOf(id)}>
      <Text size="xs" c="dimmed" truncate title={id}>
        {id}
      </Text>
    </RowName>
  );
}
