import { ActionBar, Text } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface SelectionBarProps {
  count: number;
  onClear: () => void;
  /** What can be done with all that is selected. */
  children: ReactNode;
}

/** Comes up when rows are selected and goes with the last of them, or with Esc. */
export function SelectionBar({ count, onClear, children }: SelectionBarProps) {
  const { t } = useTranslation();
  // Esc inside a dialog closes the dialog; it is not meant for what lies under it.
  useHotkeys([['Escape', () => !document.querySelector('[role=dialog]') && onClear()]]);

  return (
    <ActionBar opened={count > 0} onClose={onClear} aria-label={t('users.bulk.actions')}>
      <Text fw={500} px="xs" className="figures" aria-live="polite">
        {t('users.bulk.selected', { count })}
      </Text>
      {children}
      <ActionBar.CloseButton aria-label={t('users.bulk.clear')} />
    </ActionBar>
  );
}
