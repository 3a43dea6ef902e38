import { Group, Text, VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ColumnDef, createColumnHelper } from '@tanstack/react-table';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { modulesQuery, subAccountsQuery } from '../api/queries';
import type { Member } from '../api/schema';
import { When } from '../language/When';
import type { Card } from '../list/ListCard';
import { StatusMark } from '../list/StatusMark';
import { nameOf } from '../me/name';
import { usePanelPath } from '../panel/panelPath';
import { Person } from '../people/Person';
import { useRoleOf } from '../roles/roleOf';
import { AccessButton } from './AccessButton';
import { ActiveSwitch } from './ActiveSwitch';
import { GrantBadges } from './GrantBadges';
import { namesOf } from './grants';
import { MemberMenu } from './MemberMenu';
import { useRights } from './rights';
import type { Tab } from './view';

const column = createColumnHelper<Member>();

/** What a list of members shows of each, by what the account has and by its preset. */
export function useMemberColumns(tab: Tab): ColumnDef<Member>[] {
  const { t } = useTranslation();
  const { account } = usePlace();
  const context = account.preset;
  const modules = useQuery(modulesQuery(account.id)).data;
  const subAccounts = useQuery(subAccountsQuery(account.id)).data;
  const hasModules = (modules?.length ?? 0) > 0;
  const hasSubAccounts = (subAccounts?.length ?? 0) > 0;

  return useMemo(() => {
    const columns = [
      column.display({
        id: 'person',
        meta: { sort: 'name', ...(hasModules && { width: '26%' }) },
        header: () => t('users.column.name'),
        cell: ({ row }) => <Named member={row.original} />,
      }),
      column.display({
        id: 'role',
        meta: { width: hasModules ? 120 : 176 },
        header: () => t('users.column.role', { context }),
        cell: ({ row }) => <RoleOf member={row.original} />,
      }),
      ...(hasModules
        ? [
            column.display({
              id: 'modules',
              meta: { width: 220 },
              header: () => t('users.column.modules'),
              cell: ({ row }) => <ModulesOf member={row.original} />,
            }),
          ]
        : []),
      ...(hasSubAccounts
        ? [
            column.display({
              id: 'sub_accounts',
              meta: { wideOnly: true },
              header: () => t('users.column.sub_accounts'),
              cell: ({ row }) => <SubAccountsOf member={row.original} />,
            }),
          ]
        : []),
      column.display({
        id: 'mfa',
        meta: { width: 92, wideOnly: true },
        header: () => t('users.column.mfa'),
        cell: ({ row }) => <TwoFactor on={row.original.mfa} />,
      }),
      column.display({
        id: 'seen',
        meta: tab === 'active' ? { sort: 'last_seen_at', width: 128 } : { width: 168 },
        header: () => (tab === 'active' ? t('users.column.last_seen') : t('users.column.status')),
        cell: ({ row }) => <Seen member={row.original} />,
      }),
      ...(context === 'cases'
        ? [
            column.display({
              id: 'access',
              meta: { width: 116 },
              header: () => <VisuallyHidden>{t('users.column.access')}</VisuallyHidden>,
              cell: ({ row }) => <AccessButton member={row.original} />,
            }),
          ]
        : []),
      ...(context === 'team'
        ? [
            column.display({
              id: 'switch',
              meta: { width: 84 },
              header: () => t('users.column.active'),
              cell: ({ row }) => <ActiveSwitch member={row.original} />,
            }),
          ]
        : []),
      column.display({
        id: 'actions',
        meta: { width: 80, onHover: context !== 'credits' },
        header: () =>
          context === 'credits' ? (
            t('users.column.actions')
          ) : (
            <VisuallyHidden>{t('users.column.actions')}</VisuallyHidden>
          ),
        cell: ({ row }) => <MemberMenu member={row.original} />,
      }),
    ];
    return columns as ColumnDef<Member>[];
  }, [t, tab, context, hasModules, hasSubAccounts]);
}

/** The same where the page is as wide as a phone. */
export const memberCard = (member: Member): Card => ({
  head: <Named member={member} />,
  actions: <CardActions member={member} />,
  foot: (
    <>
      <RoleOf member={member} />
      <Seen member={member} />
      <CardButton member={member} />
    </>
  ),
});

function CardActions({ member }: { member: Member }) {
  const { preset } = usePlace().account;
  return (
    <Group gap={4} wrap="nowrap">
      {preset === 'team' && <ActiveSwitch member={member} />}
      <MemberMenu member={member} pencil={false} />
    </Group>
  );
}

/** Below, where it takes no room from the name. */
function CardButton({ member }: { member: Member }) {
  const { preset } = usePlace().account;
  return preset === 'cases' && <AccessButton member={member} />;
}

function Named({ member }: { member: Member }) {
  const { t } = useTranslation();
  const pathOf = usePanelPath('users');
  const { isSelf } = useRights();
  return (
    <Person
      id={member.id}
      name={nameOf(member)}
      email={member.email}
      to={pathOf(member.id)}
      note={isSelf(member) && t('users.you')}
    />
  );
}

function RoleOf({ member }: { member: Member }) {
  return <Text truncate>{useRoleOf()(member.role)}</Text>;
}

function ModulesOf({ member }: { member: Member }) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const { roles } = useRights();
  const names = namesOf(useQuery(modulesQuery(account.id)).data ?? [], member.modules);
  const chosen = roles.find((one) => one.key === member.role)?.modules === 'chosen';
  return <GrantBadges names={names} none={chosen ? t('users.none') : t('users.all')} shown={2} />;
}

function SubAccountsOf({ member }: { member: Member }) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const { roles } = useRights();
  const names = namesOf(useQuery(subAccountsQuery(account.id)).data ?? [], member.sub_accounts);
  const all = roles.find((one) => one.key === member.role)?.administers;
  return <GrantBadges names={all ? [] : names} none={all ? t('users.all') : t('users.none')} />;
}

function TwoFactor({ on }: { on: boolean }) {
  const { t } = useTranslation();
  return <StatusMark tone={on ? 'done' : 'quiet'}>{on ? t('users.on') : t('users.off')}</StatusMark>;
}

/** When somebody was last here, or since when they are not. */
function Seen({ member }: { member: Member }) {
  const { t } = useTranslation();
  if (member.status === 'suspended') return <StatusMark tone="waiting">{t('users.unsettled_mark')}</StatusMark>;
  if (member.status === 'inactive') {
    return (
      <StatusMark tone="quiet">
        {member.deactivated_at ? <When at={member.deactivated_at} as="day" /> : t('status.inactive')}
      </StatusMark>
    );
  }
  if (!member.registered_at) return <Text c="dimmed">{t('users.not_yet')}</Text>;
  return member.last_seen_at ? <When at={member.last_seen_at} /> : <Text c="dimmed">{t('users.never')}</Text>;
}
