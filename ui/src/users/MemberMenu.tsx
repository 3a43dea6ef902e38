import { ActionIcon, Group, Menu } from '@mantine/core';
import {
  IconDeviceLaptop,
  IconDots,
  IconLockOpen,
  IconMail,
  IconPencil,
  IconShieldOff,
  IconUserCheck,
  IconUserMinus,
  IconUserShield,
  IconUserX,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { usePlace } from '../account/place';
import type { Member } from '../api/schema';
import { nameOf } from '../me/name';
import { usePanelPath } from '../panel/panelPath';
import { useDialogs } from './dialog';
import { useMemberMoves } from './memberMoves';
import { useRights } from './rights';
import { useWaysOut } from './waysOut';

/** The pencil and the menu at the end of a member's row. */
export function MemberMenu({ member, pencil = true }: { member: Member; pencil?: boolean }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const pathOf = usePanelPath('users');
  const { mayChange } = useRights();
  const name = nameOf(member);

  return (
    <Group gap={0} wrap="nowrap" justify="flex-end">
      {pencil && mayChange(member) && (
        <ActionIcon
          variant="subtle"
          color="gray"
          size={32}
          aria-label={t('users.edit', { name })}
          onClick={() => navigate(pathOf(member.id))}
        >
          <IconPencil size={16} />
        </ActionIcon>
      )}
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size={32} aria-label={t('users.more', { name })}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Items member={member} />
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}

function Items({ member }: { member: Member }) {
  const { t } = useTranslation();
  const open = useDialogs();
  const navigate = useNavigate();
  const pathOf = usePanelPath('users');
  const { account } = usePlace();
  const { mayChange, mayLetGo, isSelf } = useRights();
  const { endSessions, unlock, welcome } = useMemberMoves();
  const leaving = useWaysOut(member);
  const active = member.status === 'active';

  return (
    <>
      <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => navigate(pathOf(member.id))}>
        {t('users.open')}
      </Menu.Item>
      {mayChange(member) && (
        <Menu.Item
          leftSection={<IconUserShield size={16} />}
          onClick={() => open({ kind: 'regrade', members: [member] })}
        >
          {t('users.change_role', { context: account.preset })}
        </Menu.Item>
      )}
      {mayChange(member) && active && !member.registered_at && (
        <Menu.Item leftSection={<IconMail size={16} />} onClick={() => welcome.mutate(member)}>
          {t('users.welcome')}
        </Menu.Item>
      )}
      {mayChange(member) && active && member.registered_at && (
        <Menu.Item leftSection={<IconDeviceLaptop size={16} />} onClick={() => endSessions.mutate(member)}>
          {t('users.end_sessions')}
        </Menu.Item>
      )}
      {mayChange(member) && active && member.registered_at && !isSelf(member) && (
        <Menu.Item leftSection={<IconLockOpen size={16} />} onClick={() => unlock.mutate(member)}>
          {t('users.unlock')}
        </Menu.Item>
      )}
      {mayChange(member) && active && member.mfa && !isSelf(member) && (
        <Menu.Item leftSection={<IconShieldOff size={16} />} onClick={() => open({ kind: 'reset_factor', member })}>
          {t('users.reset_factor')}
        </Menu.Item>
      )}
      {mayLetGo(member) && <Menu.Divider />}
      {mayLetGo(member) && !active && (
        <Menu.Item leftSection={<IconUserCheck size={16} />} onClick={() => open({ kind: 'return', member })}>
          {t('users.activate')}
        </Menu.Item>
      )}
      {mayLetGo(member) &&
        leaving.map(({ how, label }) => (
          <Menu.Item
            key={how}
            c="var(--mantine-color-error)"
            leftSection={how === 'deactivate' ? <IconUserMinus size={16} /> : <IconUserX size={16} />}
            onClick={() => open({ kind: 'depart', members: [member], how })}
          >
            {label}
          </Menu.Item>
        ))}
    </>
  );
}
