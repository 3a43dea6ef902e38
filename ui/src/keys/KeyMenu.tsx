import { ActionIcon, Menu } from '@mantine/core';
import { IconDots, IconEye, IconKeyOff, IconPencil } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { ApiKey } from '../api/schema';
import { usePanelPath } from '../panel/panelPath';
import type { Maker } from './makers';

interface KeyMenuProps {
  apiKey: ApiKey;
  maker: Maker | undefined;
  onRevoke: () => void;
}

/** The menu at the end of a key's row. */
export function KeyMenu({ apiKey, maker, onRevoke }: KeyMenuProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const keyPath = usePanelPath('keys');
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={32} aria-label={t('keys.more', { name: apiKey.name })}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={maker?.under ? <IconPencil size={16} /> : <IconEye size={16} />}
          onClick={() => navigate(keyPath(apiKey.id))}
        >
          {maker?.under ? t('keys.change') : t('keys.open')}
        </Menu.Item>
        {maker?.under && (
          <Menu.Item c="var(--mantine-color-error)" leftSection={<IconKeyOff size={16} />} onClick={onRevoke}>
            {t('keys.revoke')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
