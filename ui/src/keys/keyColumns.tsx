import { Text, VisuallyHidden } from '@mantine/core';
import { type ColumnDef, createColumnHelper } from '@tanstack/react-table';
import { useTranslation } from 'react-i18next';
import type { ApiKey } from '../api/schema';
import { When } from '../language/When';
import { GrantBadges } from '../users/GrantBadges';
import { KeyMark } from './KeyMark';
import { KeyMenu } from './KeyMenu';
import { KeyName } from './KeyName';
import { Moment } from './Moment';
import type { Maker } from './makers';
import { usePurposes } from './purposes';

const column = createColumnHelper<ApiKey>();

interface KeyColumns {
  makerOf: (key: ApiKey) => Maker | undefined;
  /** Says who made each. */
  whose: boolean;
  onRevoke: (key: ApiKey) => void;
}

/** What a list of keys shows of each. */
export function useKeyColumns({ makerOf, whose, onRevoke }: KeyColumns): ColumnDef<ApiKey>[] {
  const { t } = useTranslation();
  const { labels } = usePurposes();
  const columns = [
    column.display({
      id: 'name',
      header: () => t('keys.column.name'),
      cell: ({ row }) => <KeyName apiKey={row.original} />,
    }),
    ...(whose
      ? [
          column.display({
            id: 'maker',
            meta: { width: 112 },
            header: () => t('keys.column.maker'),
            cell: ({ row }) => <Text truncate>{makerOf(row.original)?.name}</Text>,
          }),
        ]
      : []),
    column.display({
      id: 'may',
      meta: { width: 180 },
      header: () => t('keys.column.may'),
      cell: ({ row }) => <GrantBadges names={labels(row.original.permissions)} none="" />,
    }),
    column.display({
      id: 'made',
      meta: { width: 108, wideOnly: true },
      header: () => t('keys.column.made'),
      cell: ({ row }) => <When at={row.original.created_at} as="day" />,
    }),
    column.display({
      id: 'used',
      meta: { width: 108 },
      header: () => t('keys.column.used'),
      cell: ({ row }) => <Moment at={row.original.last_used_at} />,
    }),
    column.display({
      id: 'ends',
      meta: { width: 108 },
      header: () => t('keys.column.ends'),
      cell: ({ row }) => <Moment at={row.original.expires_at} as="day" />,
    }),
    column.display({
      id: 'status',
      meta: { width: 144 },
      header: () => t('keys.column.status'),
      cell: ({ row }) => <KeyMark apiKey={row.original} maker={makerOf(row.original)} />,
    }),
    column.display({
      id: 'actions',
      meta: { width: 44, onHover: true },
      header: () => <VisuallyHidden>{t('users.column.actions')}</VisuallyHidden>,
      cell: ({ row }) => (
        <KeyMenu apiKey={row.original} maker={makerOf(row.original)} onRevoke={() => onRevoke(row.original)} />
      ),
    }),
  ];
  return columns as ColumnDef<ApiKey>[];
}
