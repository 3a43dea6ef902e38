import { Checkbox } from '@mantine/core';
import type { ColumnDef } from '@tanstack/react-table';
import type { TFunction } from 'i18next';

/** The boxes in front of a list's rows, each named after what it selects, and one for all of them. */
export function selectColumn<T>(t: TFunction, nameOf: (row: T) => string): ColumnDef<T> {
  return {
    id: 'select',
    meta: { width: 40 },
    header: ({ table }) => (
      <Checkbox
        size="xs"
        aria-label={t('users.select_all')}
        checked={table.getIsAllRowsSelected()}
        indeterminate={table.getIsSomeRowsSelected()}
        onChange={table.getToggleAllRowsSelectedHandler()}
      />
    ),
    cell: ({ row }) => (
      <Checkbox
        size="xs"
        data-select
        tabIndex={-1}
        aria-label={t('users.select', { name: nameOf(row.original) })}
        checked={row.getIsSelected()}
        onChange={row.getToggleSelectedHandler()}
      />
    ),
  };
}
