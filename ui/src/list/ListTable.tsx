import { Table, UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { flexRender, type Header, type RowData, type Table as TableModel } from '@tanstack/react-table';
import type { MouseEvent } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './ListTable.module.css';
import { walkRows } from './rowKeys';

declare module '@tanstack/react-table' {
  interface ColumnMeta<TData extends RowData, TValue> {
    width?: number | string;
    /** The field the server sorts by. */
    sort?: string;
    /** Left out where the page is narrow. */
    wideOnly?: boolean;
    /** Shown when the row is pointed at or walked into. */
    onHover?: boolean;
    /** Stands at the right edge of its column, so that units stand under units. */
    figures?: boolean;
  }
}

interface ListTableProps<T> {
  model: TableModel<T>;
  /** What the table lists, for who cannot see it. */
  label: string;
  sort?: string;
  onSort?: (sort: string) => void;
  onOpen: (row: T) => void;
  /** The row whose panel is open. */
  open?: string;
}

/** Rows of 52 px that open as a whole; the arrow keys walk through them, the space bar selects. */
export function ListTable<T>({ model, label, sort = '', onSort, onOpen, open }: ListTableProps<T>) {
  return (
    <Table className={classes.table} aria-label={label} highlightOnHover={false}>
      <Table.Thead>
        {model.getHeaderGroups().map((group) => (
          <Table.Tr key={group.id}>
            {group.headers.map((header) => (
              <Head key={header.id} header={header} sort={sort} onSort={onSort} />
            ))}
          </Table.Tr>
        ))}
      </Table.Thead>
      <Table.Tbody onKeyDown={walkRows}>
        {model.getRowModel().rows.map((row) => (
          <Table.Tr
            key={row.id}
            data-row={row.id}
            data-selected={row.getIsSelected() || undefined}
            data-open={row.id === open || undefined}
            onClick={(event) => onRow(event) && onOpen(row.original)}
          >
            {row.getVisibleCells().map((cell) => (
              <Table.Td
                key={cell.id}
                data-wide-only={cell.column.columnDef.meta?.wideOnly}
                data-on-hover={cell.column.columnDef.meta?.onHover}
                data-figures={cell.column.columnDef.meta?.figures}
              >
                {flexRender(cell.column.columnDef.cell, cell.getContext())}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** Whether a click meant the row and not something of its own in it, or a piece of text being selected. */
function onRow(event: MouseEvent<HTMLElement>): boolean {
  const target = event.target as HTMLElement;
  // A menu that a row opened stands elsewhere in the page, but its clicks come by here.
  if (!event.currentTarget.contains(target)) return false;
  return !target.closest('a, button, input, label') && !window.getSelection()?.toString();
}

interface HeadProps<T> {
  header: Header<T, unknown>;
  sort: string;
  onSort: ((sort: string) => void) | undefined;
}

function Head<T>({ header, sort, onSort }: HeadProps<T>) {
  const { t } = useTranslation();
  const { meta, header: title } = header.column.columnDef;
  const words = flexRender(title, header.getContext());
  const field = meta?.sort;
  const common = { style: { width: meta?.width }, 'data-wide-only': meta?.wideOnly, 'data-figures': meta?.figures };
  if (!field || !onSort) return <Table.Th {...common}>{words}</Table.Th>;

  const up = sort === field;
  const down = sort === `-${field}`;
  return (
    <Table.Th {...common} aria-sort={up ? 'ascending' : down ? 'descending' : 'none'}>
      <UnstyledButton className={classes.sort} onClick={() => onSort(up ? `-${field}` : field)} title={t('users.sort')}>
        {words}
        {down ? (
          <IconArrowDown size={14} aria-hidden />
        ) : (
          <IconArrowUp size={14} aria-hidden data-idle={!up || undefined} />
        )}
      </UnstyledButton>
    </Table.Th>
  );
}
