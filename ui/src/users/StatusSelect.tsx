import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Member } from '../api/schema';
import { useDialogs } from './dialog';

/** Active or inactive, at the foot of the form: choosing the other opens what that takes, and changes nothing yet. */
export function StatusSelect({ member }: { member: Member }) {
  const { t } = useTranslation();
  const open = useDialogs();
  const status = member.status === 'active' ? 'active' : 'inactive';
  const choose = (wanted: string | null) => {
    if (wanted === status) return;
    open(wanted === 'active' ? { kind: 'return', member } : { kind: 'depart', members: [member], how: 'deactivate' });
  };
  return (
    <Select
      label={t('user.status')}
      data={[
        { value: 'active', label: t('status.active') },
        { value: 'inactive', label: t('status.inactive') },
      ]}
      value={status}
      onChange={choose}
      allowDeselect={false}
    />
  );
}
