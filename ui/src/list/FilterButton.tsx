import { ActionIcon, Button, Popover, Stack } from '@mantine/core';
import { IconFilter } from '@tabler/icons-react';
import { type KeyboardEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNarrow } from '../theme/narrow';

interface FilterButtonProps {
  /** How many filters narrow the list now. */
  count: number;
  /** The fields. */
  children: ReactNode;
}

/** Opens what narrows a list, and says how much of it does; on a phone only its icon has room. */
export function FilterButton({ count, children }: FilterButtonProps) {
  const { t } = useTranslation();
  const narrow = useNarrow();
  const [opened, setOpened] = useState(false);
  // A field's own choices close by themselves first.
  const onKeyDown = ({ key, target }: KeyboardEvent) => {
    const taken = (target as Element).getAttribute('data-mantine-stop-propagation') === 'true';
    if (key === 'Escape' && !taken) setOpened(false);
  };
  const toggle = () => setOpened(!opened);
  const label = count > 0 ? t('users.filters_on', { count }) : t('users.filter');
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      closeOnEscape={false}
      returnFocus
      position="bottom-start"
      width={288}
      trapFocus
      withRoles
    >
      <Popover.Target>
        {narrow ? (
          <ActionIcon variant={count > 0 ? 'light' : 'default'} size={36} aria-label={label} onClick={toggle}>
            <IconFilter size={16} />
          </ActionIcon>
        ) : (
          <Button variant="default" leftSection={<IconFilter size={16} />} onClick={toggle}>
            {label}
          </Button>
        )}
      </Popover.Target>
      <Popover.Dropdown aria-label={t('users.filter')} onKeyDown={onKeyDown}>
        <Stack gap="sm">{children}</Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
