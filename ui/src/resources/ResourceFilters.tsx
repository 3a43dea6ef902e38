import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { subAccountsQuery } from '../api/queries';
import { FilterButton } from '../list/FilterButton';
import { nameOf } from '../me/name';
import { memberQuery } from '../users/membersQuery';
import { PersonField } from './PersonField';
import { narrowedBy, type View } from './view';

interface ResourceFiltersProps {
  view: View;
  onView: (change: Partial<View>) => void;
}

/** What narrows the list: whose they are, who works on them, which part of the account they are of. */
export function ResourceFilters({ view, onView }: ResourceFiltersProps) {
  return (
    <FilterButton count={narrowedBy(view)}>
      <Fields view={view} onView={onView} />
    </FilterButton>
  );
}

function Fields({ view, onView }: ResourceFiltersProps) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const subAccounts = useQuery(subAccountsQuery(account.id)).data ?? [];
  const inside = { withinPortal: false };
  return (
    <>
      <PersonField
        label={t('resources.column.owner')}
        placeholder={t('users.any')}
        value={view.owner}
        onChange={(owner) => onView({ owner })}
        comboboxProps={inside}
      />
      <PersonField
        label={t('resources.column.team')}
        placeholder={t('users.any')}
        value={view.assignee}
        onChange={(assignee) => onView({ assignee })}
        comboboxProps={inside}
      />
      {subAccounts.length > 0 && (
        <Select
          label={t('resources.column.sub_account')}
          placeholder={t('users.any')}
          data={subAccounts.map((sub) => ({ value: sub.id, label: sub.name }))}
          value={view.sub_account || null}
          onChange={(sub) => onView({ sub_account: sub ?? '' })}
          searchable={subAccounts.length > 8}
          clearable
          comboboxProps={inside}
        />
      )}
    </>
  );
}

/** The filters in force, in words, for the pills under the search box. */
export function useNarrowings({ view, onView }: ResourceFiltersProps) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const subAccounts = useQuery(subAccountsQuery(account.id)).data ?? [];
  const owner = useQuery({ ...memberQuery(account.id, view.owner), enabled: view.owner !== '' });
  const assignee = useQuery({ ...memberQuery(account.id, view.assignee), enabled: view.assignee !== '' });
  const sub = subAccounts.find(({ id }) => id === view.sub_account);
  const called = (read: typeof owner) => (read.data ? nameOf(read.data.data) : '…');
  const lift = (field: keyof View) => () => onView({ [field]: '' });
  return [
    ...(view.owner ? [{ label: t('resources.owned_by', { name: called(owner) }), lift: lift('owner') }] : []),
    ...(view.assignee
      ? [{ label: t('resources.worked_on_by', { names: called(assignee) }), lift: lift('assignee') }]
      : []),
    ...(sub ? [{ label: sub.name, lift: lift('sub_account') }] : []),
  ];
}
