import { Button, Group, List, Progress, Stack, Text } from '@mantine/core';
import { randomId, useHotkeys } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconAlertCircle, IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useProblems } from '../language/problems';
import { writing } from './layers';
import { Shortcut } from './Shortcut';

const stays = 6_000;

/** The ways back that are offered now, the newest last. */
const ways = new Map<string, () => void>();

/** Takes the newest way back with Ctrl or ⌘ and Z: a panel or a dialog keeps the keyboard from the toast that offers it. */
export function useUndoKey(): void {
  const takeBack = () => {
    const newest = [...ways.keys()].at(-1);
    if (newest && !writing()) take(newest);
  };
  useHotkeys([['mod+Z', takeBack]], []);
}

function take(toast: string): void {
  const undo = ways.get(toast);
  ways.delete(toast);
  notifications.hide(toast);
  undo?.();
}

/** What a change did, or why it was refused, said in a corner of the screen. */
export function useToast() {
  const { t } = useTranslation();
  const { sentence } = useProblems();

  /** Says what happened; with `undo` it offers the way back and stays longer. */
  const done = (message: string, undo?: () => void) => {
    const id = randomId();
    if (undo) ways.set(id, undo);
    notifications.show({
      id,
      onClose: () => ways.delete(id),
      icon: <IconCheck size={16} />,
      color: 'green',
      autoClose: undo ? 2 * stays : stays,
      message: (
        <Group gap="xs" justify="space-between" wrap="nowrap">
          <Text>{message}</Text>
          {undo && (
            <Button
              variant="subtle"
              size="compact-sm"
              flex="none"
              aria-keyshortcuts="Control+Z Meta+Z"
              rightSection={<Shortcut letter="Z" visibleFrom="sm" aria-hidden />}
              onClick={() => take(id)}
            >
              {t('shell.undo')}
            </Button>
          )}
        </Group>
      ),
    });
  };

  /** Says what happened and what did not; it stays until it is closed. */
  const partly = (message: string, missed: readonly string[]) => {
    notifications.show({
      icon: <IconAlertCircle size={16} />,
      color: 'orange',
      autoClose: false,
      message: (
        <>
          <Text>{message}</Text>
          <List size="sm">
            {missed.map((line) => (
              <List.Item key={line}>{line}</List.Item>
            ))}
          </List>
        </>
      ),
    });
  };

  const refused = (error: unknown) => {
    notifications.show({
      icon: <IconAlertCircle size={16} />,
      color: 'red',
      autoClose: 2 * stays,
      message: sentence(error),
    });
  };

  /** Says how far something is that goes on by itself, until it is over. */
  const going = (label: string) => {
    const note = (message: string, share: number) => ({
      autoClose: false as const,
      message: (
        <Stack gap="xs">
          <Text className="figures">{message}</Text>
          <Progress value={100 * share} size="sm" aria-label={label} />
        </Stack>
      ),
    });
    const id = notifications.show(note('', 0));
    return {
      at: (message: string, share: number) => void notifications.update({ id, ...note(message, share) }),
      over: () => void notifications.hide(id),
    };
  };

  return { done, partly, refused, going };
}
