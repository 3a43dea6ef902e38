import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { subAccountsQuery } from '../api/queries';
import { FilterButton } from '../list/FilterButton';
import { useRoleName } from '../roles/roleName';
import { sortOf } from './membersQuery';
import { useRights } from './rights';
import { narrowedBy, type View } from './view';

interface MemberFiltersProps {
  view: View;
  onView: (change: Partial<View>) => void;
}

/** The filters to the right of the search box; on a phone the order of the list too. */
export function MemberFilters({ view, onView }: MemberFiltersProps) {
  return (
    <FilterButton count={narrowedBy(view)}>
      <Fields view={view} onView={onView} />
    </FilterButton>
  );
}

function Fields({ view, onView }: MemberFiltersProps) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const { roles } = useRights();
  const roleName = useRoleName();
  const subAccounts = useQuery(subAccountsQuery(account.id)).data ?? [];
  const inside = { comboboxProps: { withinPortal: false }, clearable: true, placeholder: t('users.any') } as const;

  return (
    <>
      <Select
        label={t('users.column.role', { context: account.preset })}
        data={roles.map((role) => ({ value: role.key, label: roleName(role) }))}
        value={view.role || null}
        onChange={(role) => onView({ role: role ?? '' })}
        {...inside}
      />
      <Select
        label={t('users.column.mfa')}
        data={[
          { value: 'true', label: t('users.on') },
          { value: 'false', label: t('users.off') },
        ]}
        value={view.mfa || null}
        onChange={(mfa) => onView({ mfa: mfa === 'true' || mfa === 'false' ? mfa : '' })}
        {...inside}
      />
      {subAccounts.length > 0 && (
        <Select
          label={t('users.column.sub_account')}
          data={subAccounts.map((sub) => ({ value: sub.id, label: sub.name }))}
          value={view.sub || null}
          onChange={(sub) => onView({ sub: sub ?? '' })}
          searchable={subAccounts.length > 8}
          {...inside}
        />
      )}
      <Select
        label={t('users.sort')}
        data={[
          { value: 'name', label: t('users.column.name') },
          { value: 'email', label: t('users.column.email') },
          { value: '-last_seen_at', label: t('users.sorted.seen') },
          { value: '-created_at', label: t('users.sorted.newest') },
        ]}
        value={sortOf(view)}
        onChange={(sort) => onView({ sort: sort === 'name' ? '' : (sort ?? '') })}
        comboboxProps={{ withinPortal: false }}
        allowDeselect={false}
      />
    </>
  );
}

/** The filters in force, in words, for the pills under the search box. */
export function useNarrowings({ view, onView }: MemberFiltersProps) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const { roles } = useRights();
  const roleName = useRoleName();
  const subAccounts = useQuery(subAccountsQuery(account.id)).data ?? [];
  const role = roles.find((one) => one.key === view.role);
  const sub = subAccounts.find((one) => one.id === view.sub);

  return [
    ...(role ? [{ label: roleName(role), lift: () => onView({ role: '' }) }] : []),
    ...(view.mfa
      ? [
          {
            label: view.mfa === 'true' ? t('users.with_mfa') : t('users.without_mfa'),
            lift: () => onView({ mfa: '' }),
          },
        ]
      : []),
    ...(sub ? [{ label: sub.name, lift: () => onView({ sub: '' }) }] : []),
  ];
}
