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
    column.display({
      id: 'made',
      meta: { width: whose ? 132 : 112 },
      header: () => t('keys.column.made'),
      cell: ({ row }) => <Made apiKey={row.original} by={whose ? makerOf(row.original)?.name : undefined} />,
    }),
    column.display({
      id: 'may',
      meta: { width: 168, wideOnly: true },
      header: () => t('keys.column.may'),
      cell: ({ row }) => <GrantBadges names={labels(row.original.permissions)} none="" />,
    }),
    column.display({
      id: 'used',
      meta: { width: 108 },
      header: () => t('keys.column.used'),
      cell: ({ row }) => <Moment at={row.original.last_used_at} />,
    }),
    column.display({
      id: 'ends',
      meta: { width: 108, wideOnly: true },
      header: () => t('keys.column.ends'),
      cell: ({ row }) => <Moment at={row.original.expires_at} as="day" />,
    }),
    column.display({
      id: 'status',
      meta: { width: 148 },
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

/** When it was made, and by whom where that is said. */
function Made({ apiKey, by }: { apiKey: ApiKey; by: string | undefined }) {
  if (!by) return <When at={apiKey.created_at} as="day" />;
  return (
    <>
      <Text truncate title={by}>
        {by}
      </Text>
      <Text size="xs" c="dimmed">
        <When at={apiKey.created_at} as="day" />
      </Text>
    </>
  );
}
