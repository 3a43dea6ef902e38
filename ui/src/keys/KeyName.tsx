import { Text } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import type { ApiKey } from '../api/schema';
import { RowName } from '../list/RowName';
import { usePanelPath } from '../panel/panelPath';

/** Which key a row is about. */
export function KeyName({ apiKey }: { apiKey: ApiKey }) {
  const pathOf = usePanelPath('keys');
  return (
    <RowName picture={<IconKey size={20} stroke={1.5} aria-hidden />} name={apiKey.name} to={pathOf(apiKey.id)}>
      <Hint apiKey={apiKey} />
    </RowName>
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
