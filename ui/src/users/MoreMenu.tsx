import { ActionIcon, Menu } from '@mantine/core';
import { IconDoorExit, IconDots, IconDownload, IconMailForward } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { usePlace } from '../account/place';
import { useDialogs } from './dialog';
import { sortOf } from './membersQuery';
import { useRights } from './rights';
import { useView } from './view';

/** What else the page can do: the whole list as a file, and inviting where adding comes first. */
export function MoreMenu({ adds }: { adds: boolean }) {
  const { t } = useTranslation();
  const { account, can, path } = usePlace();
  const { mayInvite } = useRights();
  const open = useDialogs();
  const [view] = useView();
  const query = new URLSearchParams({ status: view.tab === 'inactive' ? 'inactive' : 'active', sort: sortOf(view) });
  for (const [name, value] of [
    ['q', view.q],
    ['role', view.role],
    ['mfa', view.mfa],
    ['sub_account', view.sub],
  ] as const) {
    if (value) query.set(name, value);
  }
  const exports = view.tab !== 'pending';
  const invites = adds && mayInvite;
  const leaves = can('departures.manage');
  if (!exports && !invites && !leaves) return null;

  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon variant="default" size={36} aria-label={t('users.page_menu')}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {invites && (
          <Menu.Item leftSection={<IconMailForward size={16} />} onClick={() => open({ kind: 'invite' })}>
            {t('words.invite_users')}
          </Menu.Item>
        )}
        {exports && (
          <Menu.Item
            component="a"
            href={`/v1/accounts/${account.id}/members.csv?${query}`}
            download
            leftSection={<IconDownload size={16} />}
          >
            {t('users.export_list')}
          </Menu.Item>
        )}
        {leaves && (
          <Menu.Item component={Link} to={path('departures')} leftSection={<IconDoorExit size={16} />}>
            {t('departures.title')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
