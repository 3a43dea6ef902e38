import { ActionIcon, Group, Menu, Tooltip } from '@mantine/core';
import { IconDots, IconEye, IconLink, IconMailForward, IconMailOff, IconPencil } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { usePlace } from '../account/place';
import type { Invitation } from '../api/schema';
import { usePanelPath } from '../panel/panelPath';
import { useDialogs } from '../users/dialog';
import { useInvitationMoves } from './invitationMoves';

/** Resend, and in the menu the link and the withdrawal. */
export function InvitationMenu({ invitation }: { invitation: Invitation }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const pathOf = usePanelPath('users');
  const { account } = usePlace();
  const open = useDialogs();
  const { resend, copyLink } = useInvitationMoves();
  const { email } = invitation;

  return (
    <Group gap={0} wrap="nowrap" justify="flex-end">
      <Tooltip label={t('pending.resend', { context: account.preset })}>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={32}
          loading={resend.isPending}
          aria-label={t('pending.resend_to', { email })}
          onClick={() => resend.mutate(invitation)}
        >
          <IconMailForward size={16} />
        </ActionIcon>
      </Tooltip>
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size={32} aria-label={t('users.more', { name: email })}>
            {account.preset === 'cases' ? <IconPencil size={16} /> : <IconDots size={16} />}
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconEye size={16} />} onClick={() => navigate(pathOf(invitation.id))}>
            {t('users.open')}
          </Menu.Item>
          {invitation.status === 'pending' && (
            <Menu.Item leftSection={<IconLink size={16} />} onClick={() => copyLink.mutate(invitation)}>
              {t('pending.copy_link', { context: account.preset })}
            </Menu.Item>
          )}
          <Menu.Item leftSection={<IconMailForward size={16} />} onClick={() => resend.mutate(invitation)}>
            {t('pending.resend', { context: account.preset })}
          </Menu.Item>
          {invitation.status === 'pending' && (
            <Menu.Item
              c="var(--mantine-color-error)"
              leftSection={<IconMailOff size={16} />}
              onClick={() => open({ kind: 'withdraw', invitations: [invitation] })}
            >
              {t('pending.withdraw', { context: account.preset })}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
