import { IconDownload, IconUserMinus, IconUserShield, IconUserX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace, useWords } from '../account/place';
import { modulesQuery, subAccountsQuery } from '../api/queries';
import type { Member } from '../api/schema';
import { saveCsv } from '../file/csv';
import { BulkButton } from '../list/BulkButton';
import { SelectionBar } from '../list/SelectionBar';
import { useDialogs } from './dialog';
import { namesOf } from './grants';
import { useRights } from './rights';

interface MembersBarProps {
  members: readonly Member[];
  onClear: () => void;
}

/** What can be done with several members at once. */
export function MembersBar({ members, onClear }: MembersBarProps) {
  const { t } = useTranslation();
  const words = useWords();
  const { account } = usePlace();
  const open = useDialogs();
  const { mayChange, mayLetGo, waysOut } = useRights();
  const download = useDownload();
  const changeable = members.filter(mayChange);
  // Who is suspended already has a departure of their own to settle.
  const leaving = members.filter((member) => mayLetGo(member) && member.status !== 'suspended');
  // What is erased at once is confirmed one by one, each by their name.
  const ways = (['deactivate', 'remove'] as const).map((how) => ({
    how,
    label: words[how],
    going: leaving.filter((member) => waysOut(member).includes(how)),
  }));

  return (
    <SelectionBar count={members.length} onClear={onClear}>
      {changeable.length > 0 && (
        <BulkButton
          icon={<IconUserShield size={16} />}
          label={t('users.change_role', { context: account.preset })}
          onClick={() => open({ kind: 'regrade', members: changeable })}
        />
      )}
      {ways.map(
        ({ how, label, going }) =>
          going.length > 0 && (
            <BulkButton
              key={how}
              icon={how === 'deactivate' ? <IconUserMinus size={16} /> : <IconUserX size={16} />}
              label={label}
              color="red"
              onClick={() => open({ kind: 'depart', members: going, how })}
            />
          ),
      )}
      <BulkButton icon={<IconDownload size={16} />} label={t('users.bulk.export')} onClick={() => download(members)} />
    </SelectionBar>
  );
}

// The columns of the export that the server writes of a whole list, and after them what it leaves to names.
const columns = [
  'id',
  'email',
  'first_name',
  'last_name',
  'job_title',
  'phone',
  'status',
  'role',
  'registered_at',
  'last_seen_at',
  'created_at',
  'modules',
  'sub_accounts',
];

function useDownload() {
  const { account } = usePlace();
  const modules = useQuery(modulesQuery(account.id)).data ?? [];
  const subAccounts = useQuery(subAccountsQuery(account.id)).data ?? [];

  return (members: readonly Member[]) =>
    saveCsv('members.csv', [
      columns,
      ...members.map((member) => [
        member.id,
        member.email,
        member.first_name,
        member.last_name,
        member.job_title,
        member.phone,
        member.status,
        member.role,
        member.registered_at ?? '',
        member.last_seen_at ?? '',
        member.created_at,
        namesOf(modules, member.modules).join('; '),
        namesOf(subAccounts, member.sub_accounts).join('; '),
      ]),
    ]);
}
