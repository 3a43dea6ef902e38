import { Kbd, type KbdProps } from '@mantine/core';
import { useOs } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';

/** A letter with the key that makes it a command, as the reader's keyboard has it. */
export function Shortcut({ letter, ...shown }: KbdProps & { letter: string }) {
  const { t } = useTranslation();
  const os = useOs();
  return (
    <Kbd size="xs" {...shown}>
      {os === 'macos' || os === 'ios' ? `⌘ ${letter}` : t('shell.ctrl', { letter })}
    </Kbd>
  );
}
