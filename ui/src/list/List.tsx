import {
  type ColumnDef,
  getCoreRowModel,
  type OnChangeFn,
  type RowSelectionState,
  useReactTable,
} from '@tanstack/react-table';
import { type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNarrow } from '../theme/narrow';
import { type Card, ListCard } from './ListCard';
import classes from './ListCard.module.css';
import { ListTable } from './ListTable';
import { type Paged, Pages } from './Pages';
import { walkRows } from './rowKeys';
import { selectColumn } from './selectColumn';

/** How rows are selected, and what can be done with those that are. */
interface Selecting<T> {
  nameOf: (row: T) => string;
  /** `keep` selects only these, by their ids. */
  bar: (chosen: T[], keep: (ids: readonly string[]) => void) => ReactNode;
}

interface ListProps<T> {
  list: Paged<T>;
  /** What is listed, for who cannot see it. */
  label: string;
  empty: ReactNode;
  columns: ColumnDef<T>[];
  /** A row where the page is as wide as a phone. */
  card: (row: T) => Card;
  onOpen: (row: T) => void;
  /** Whose panel is open. */
  open?: string;
  sort?: string;
  onSort?: (sort: string) => void;
  selecting?: Selecting<T>;
}

/** Rows that open, page after page; on a phone each is a card. */
export function List<T extends { id: string }>({ list, empty, ...shown }: ListProps<T>) {
  // What is selected stays so while a search in between finds nothing.
  const [selection, onSelection] = useState<RowSelectionState>({});
  return (
    <Pages list={list} empty={empty}>
      {(rows) => <Rows rows={rows} selection={selection} onSelection={onSelection} {...shown} />}
    </Pages>
  );
}

interface RowsProps<T> extends Omit<ListProps<T>, 'list' | 'empty'> {
  rows: T[];
  selection: RowSelectionState;
  onSelection: OnChangeFn<RowSelectionState>;
}

function Rows<T extends { id: string }>({ rows, selection, onSelection, ...shown }: RowsProps<T>) {
  const { t } = useTranslation();
  const narrow = useNarrow();
  const { label, columns, card, onOpen, selecting, ...table } = shown;
  const nameOf = selecting?.nameOf;
  const model = useReactTable({
    data: rows,
    columns: useMemo(() => (nameOf ? [selectColumn(t, nameOf), ...columns] : columns), [t, nameOf, columns]),
    getRowId: ({ id }) => id,
    getCoreRowModel: getCoreRowModel(),
    state: { rowSelection: selection },
    onRowSelectionChange: onSelection,
  });

  return (
    <>
      {narrow ? (
        <ul className={classes.list} aria-label={label} onKeyDown={walkRows}>
          {model.getRowModel().rows.map((row) => (
            <ListCard
              key={row.id}
              id={row.id}
              {...card(row.original)}
              onOpen={() => onOpen(row.original)}
              selected={row.getIsSelected()}
              select={nameOf && { name: nameOf(row.original), onSelect: () => row.toggleSelected() }}
            />
          ))}
        </ul>
      ) : (
        <ListTable model={model} label={label} onOpen={onOpen} {...table} />
      )}
      {selecting?.bar(
        rows.filter(({ id }) => selection[id]),
        (ids) => onSelection(Object.fromEntries(ids.map((id) => [id, true]))),
      )}
    </>
  );
}
