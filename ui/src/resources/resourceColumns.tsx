import { useQuery } from '@tanstack/react-query';
import { type ColumnDef, createColumnHelper } from '@tanstack/react-table';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { subAccountsQuery } from '../api/queries';
import type { Resource } from '../api/schema';
import { When } from '../language/When';
import { OwnerName, TeamNames } from './HolderNames';
import { ResourceName } from './ResourceName';

const column = createColumnHelper<Resource>();

/** What a list of resources shows of each. */
export function useResourceColumns(): ColumnDef<Resource>[] {
  const { t } = useTranslation();
  const { account } = usePlace();
  const subAccounts = useQuery(subAccountsQuery(account.id)).data ?? [];
  const subs = subAccounts.length > 0;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the names of sub-accounts change with the answer alone
  return useMemo(() => {
    const columns = [
      column.display({
        id: 'name',
        header: () => t('resources.column.name'),
        cell: ({ row }) => <ResourceName resource={row.original} />,
      }),
      column.display({
        id: 'owner',
        meta: { width: '24%' },
        header: () => t('resources.column.owner'),
        cell: ({ row }) => <OwnerName resource={row.original} />,
      }),
      column.display({
        id: 'team',
        meta: { width: '26%' },
        header: () => t('resources.column.team'),
        cell: ({ row }) => <TeamNames resource={row.original} />,
      }),
      ...(subs
        ? [
            column.display({
              id: 'sub_account',
              meta: { width: 148, wideOnly: true },
              header: () => t('resources.column.sub_account'),
              cell: ({ row }) => subAccounts.find(({ id }) => id === row.original.sub_account)?.name,
            }),
          ]
        : []),
      column.display({
        id: 'added',
        meta: { width: 116, wideOnly: true },
        header: () => t('resources.column.added'),
        cell: ({ row }) => <When at={row.original.created_at} as="day" />,
      }),
    ];
    return columns as ColumnDef<Resource>[];
  }, [t, subAccounts.length]);
}
