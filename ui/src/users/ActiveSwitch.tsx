import { Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Member } from '../api/schema';
import { nameOf } from '../me/name';
import { useDialogs } from './dialog';
import { useRights } from './rights';

interface ActiveSwitchProps {
  member: Member;
  /** Stands beside it where it is on a form; in a row, whose it is says enough. */
  label?: string;
}

/** Makes somebody inactive or active again; either way a dialog says first what that does. */
export function ActiveSwitch({ member, label }: ActiveSwitchProps) {
  const { t } = useTranslation();
  const open = useDialogs();
  const { mayLetGo } = useRights();
  const active = member.status === 'active';
  return (
    <Switch
      size="sm"
      checked={active}
      disabled={!mayLetGo(member)}
      label={label}
      aria-label={label ? undefined : t('users.active_switch', { name: nameOf(member) })}
      onChange={() =>
        open(active ? { kind: 'depart', members: [member], how: 'deactivate' } : { kind: 'return', member })
      }
    />
  );
}
