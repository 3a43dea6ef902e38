import { ActionIcon, Button, type MantineColor, Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';

import { useNarrow } from '../theme/narrow';

interface BulkButtonProps {
  icon: ReactNode;
  label: string;
  color?: MantineColor;
  disabled?: boolean;
  onClick: () => void;
}

/** One of the buttons that come up with a selection; on a phone only its icon has room. */
export function BulkButton({ icon, label, color, disabled, onClick }: BulkButtonProps) {
  const narrow = useNarrow();
  if (narrow) {
    return (
      <Tooltip label={label}>
        <ActionIcon variant="subtle" size={36} color={color} disabled={disabled} aria-label={label} onClick={onClick}>
          {icon}
        </ActionIcon>
      </Tooltip>
    );
  }
  return (
    <Button variant="subtle" size="compact-md" color={color} disabled={disabled} leftSection={icon} onClick={onClick}>
      {label}
    </Button>
  );
}
