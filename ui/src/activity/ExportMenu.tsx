import { Button, Menu } from '@mantine/core';
import { IconBraces, IconDownload, IconTable } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { asked, type Narrowed } from './eventsQuery';

/** The trail as a file, narrowed as it is shown; the server writes it while it reads, however long it is. */
export function ExportMenu({ narrowed }: { narrowed: Narrowed }) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const file = (format: string) =>
    `/v1/accounts/${account.id}/events/export?${new URLSearchParams({ format, ...asked(narrowed) })}`;

  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} />}>
          {t('activity.export')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href={file('csv')} download leftSection={<IconTable size={16} />}>
          {t('activity.export_csv')}
        </Menu.Item>
        <Menu.Item component="a" href={file('ndjson')} download leftSection={<IconBraces size={16} />}>
          {t('activity.export_ndjson')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
