import { ActionBar, Text } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { covered, writing } from '../shell/layers';

interface SelectionBarProps {
  count: number;
  onClear: () => void;
  /** What can be done with all that is selected. */
  children: ReactNode;
}

/** Comes up when rows are selected and goes with the last of them, or with Esc. */
export function SelectionBar({ count, onClear, children }: SelectionBarProps) {
  const { t } = useTranslation();
  // Esc in a dialog or in a field to write in is meant for that, not for what lies under it.
  useHotkeys([['Escape', () => !covered() && !writing() && onClear()]], []);

  return (
    <ActionBar withinPortal={false} opened={count > 0} onClose={onClear} aria-label={t('users.bulk.actions')}>
      <Text fw={500} px="xs" className="figures" aria-live="polite" style={{ whiteSpace: 'nowrap' }}>
        {t('users.bulk.selected', { count })}
      </Text>
      {children}
      <ActionBar.CloseButton aria-label={t('users.bulk.clear')} />
    </ActionBar>
  );
}
