import { Badge, Group, Text, Tooltip } from '@mantine/core';

interface GrantBadgesProps {
  names: readonly string[];
  /** What stands there when there is nothing to name. */
  none: string;
}

const shown = 2;

/** The first few names as badges; the rest is counted and named on hover. */
export function GrantBadges({ names, none }: GrantBadgesProps) {
  if (names.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {none}
      </Text>
    );
  }
  const rest = names.slice(shown);
  return (
    <Group gap={4} wrap="nowrap">
      {names.slice(0, shown).map((name) => (
        <Badge key={name}>{name}</Badge>
      ))}
      {rest.length > 0 && (
        <Tooltip label={rest.join(', ')} multiline maw={280}>
          <Badge c="dimmed">+{rest.length}</Badge>
        </Tooltip>
      )}
    </Group>
  );
}
