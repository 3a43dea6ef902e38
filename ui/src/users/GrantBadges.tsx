import { Badge, Group, Text, Tooltip } from '@mantine/core';

interface GrantBadgesProps {
  names: readonly string[];
  /** What stands there when there is nothing to name. */
  none: string;
  /** How many are named before the rest is counted. */
  shown?: number;
}

/** The first few names as badges; the rest is counted and named on hover. */
export function GrantBadges({ names, none, shown = 1 }: GrantBadgesProps) {
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
        <Badge key={name} variant="light" color="gray" fw={400} title={name}>
          {name}
        </Badge>
      ))}
      {rest.length > 0 && (
        <Tooltip label={rest.join(', ')} multiline maw={280}>
          <Badge variant="light" color="gray" fw={400} flex="none">
            +{rest.length}
          </Badge>
        </Tooltip>
      )}
    </Group>
  );
}
