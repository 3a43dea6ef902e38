import { Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Member } from '../api/schema';
import { nameOf } from '../me/name';
import { useDialogs } from './dialogs';
import { useRights } from './rights';

/** Makes somebody inactive or active again; either way a dialog says first what that does. */
export function ActiveSwitch({ member }: { member: Member }) {
  const { t } = useTranslation();
  const open = useDialogs();
  const { mayLetGo } = useRights();
  const active = member.status === 'active';
  return (
    <Switch
      size="sm"
      checked={active}
      disabled={!mayLetGo(member)}
      aria-label={t('users.active_switch', { name: nameOf(member) })}
      onChange={() =>
        open(active ? { kind: 'depart', members: [member], how: 'deactivate' } : { kind: 'return', member })
      }
    />
  );
}
