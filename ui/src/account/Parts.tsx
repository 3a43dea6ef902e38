import { ActionIcon, Menu, Text } from '@mantine/core';
import { IconDots, IconPencil, IconTrash } from '@tabler/icons-react';
import { Children, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './Parts.module.css';

/** The modules or sub-accounts of an account; `none` says what an empty list means. */
export function Parts({ none, children }: { none: string; children: ReactNode }) {
  if (Children.count(children) === 0) return <Text c="dimmed">{none}</Text>;
  return <ul className={classes.list}>{children}</ul>;
}

interface PartRowProps {
  name: string;
  /** Quiet words beside the name. */
  note?: string;
  children?: ReactNode;
  onRename: () => void;
  onDelete: () => void;
}

export function PartRow({ name, note, children, onRename, onDelete }: PartRowProps) {
  const { t } = useTranslation();
  return (
    <li className={classes.part}>
      <span className={classes.name}>
        {name}
        {note && <span className={classes.note}>{note}</span>}
      </span>
      {children}
      <Menu position="bottom-end" withinPortal={false}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={t('settings.more', { name })}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={16} />} onClick={onRename}>
            {t('settings.rename')}
          </Menu.Item>
          <Menu.Item c="var(--mantine-color-error)" leftSection={<IconTrash size={16} />} onClick={onDelete}>
            {t('settings.delete_it', { name })}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </li>
  );
}
