import { useHotkeys, useMediaQuery } from '@mantine/hooks';
import { IconCoins, IconSearch } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getCoreRowModel, useReactTable } from '@tanstack/react-table';
import { useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { usePlace } from '../account/place';
import { EmptyList } from '../list/EmptyList';
import cards from '../list/ListCard.module.css';
import { ListProblem } from '../list/ListProblem';
import { ListSkeleton } from '../list/ListSkeleton';
import { ListTable } from '../list/ListTable';
import table from '../list/ListTable.module.css';
import { LoadMore } from '../list/LoadMore';
import { walkRows } from '../list/rowKeys';
import { Toolbar } from '../list/Toolbar';
import { nameOf } from '../me/name';
import { type Holder, type HolderSort, holdersQuery, summaryQuery } from './creditsQuery';
import { HolderCard } from './HolderCard';
import { useHolderColumns, useLedgerPath } from './holderColumns';
import type { Opening } from './MoveDialog';
import { useNarrowing } from './view';

const sorts: readonly string[] = ['name', '-name', 'credits'];

/** Who has how many, the most first; whoever left with some stands among them. */
export function HoldersView({ onMove }: { onMove: (opening: Opening) => void }) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const [given, narrow] = useNarrowing();
  const box = useRef<HTMLInputElement>(null);
  const q = given('q');
  const sort = sorts.includes(given('sort')) ? (given('sort') as HolderSort) : '-credits';
  const none = useQuery(summaryQuery(account.id)).data?.purchased === 0;
  useHotkeys([['/', () => box.current?.focus()]]);

  if (none) {
    return (
      <EmptyList icon={<IconCoins />} title={t('credits.none')}>
        {t('credits.none_why')}
      </EmptyList>
    );
  }
  return (
    <>
      <Toolbar box={box} q={q} onSearch={(wanted) => narrow({ q: wanted })} placeholder={t('users.search')} />
      <Holders q={q} sort={sort} onSort={(wanted) => narrow({ sort: sortFrom(sort, wanted) })} onMove={onMove} />
    </>
  );
}

/** What the address says after a click on a column; those who have the most stand first unless it says otherwise. */
function sortFrom(sort: HolderSort, wanted: string): string {
  const next = wanted === 'credits' && sort !== '-credits' ? '-credits' : wanted;
  return next === '-credits' ? '' : next;
}

interface HoldersProps {
  q: string;
  sort: HolderSort;
  onSort: (sort: string) => void;
  onMove: (opening: Opening) => void;
}

function Holders({ q, sort, onSort, onMove }: HoldersProps) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const navigate = useNavigate();
  const ledgerOf = useLedgerPath();
  const narrow = useMediaQuery('(max-width: 720px)', undefined, { getInitialValueInEffect: false });
  const list = useInfiniteQuery({ ...holdersQuery(account.id, { q, sort }), placeholderData: keepPreviousData });
  const holders = useMemo(() => list.data?.pages.flatMap(({ items }) => items.map(holderOf)) ?? [], [list.data]);
  const columns = useHolderColumns(onMove);
  const model = useReactTable({ data: holders, columns, getRowId: ({ id }) => id, getCoreRowModel: getCoreRowModel() });
  const open = (holder: Holder) => navigate(ledgerOf(holder.id));

  if (list.isPending) return <ListSkeleton />;
  if (list.error && holders.length === 0) return <ListProblem error={list.error} retry={list.refetch} />;
  if (holders.length === 0) {
    return (
      <EmptyList icon={<IconSearch />} title={t('users.empty.narrowed')}>
        {t('credits.nobody_why')}
      </EmptyList>
    );
  }
  return (
    <div className={table.list} aria-busy={list.isPlaceholderData}>
      {narrow ? (
        <ul className={cards.list} aria-label={t('credits.balances')} onKeyDown={walkRows}>
          {holders.map((holder) => (
            <HolderCard key={holder.id} holder={holder} onOpen={() => open(holder)} onMove={onMove} />
          ))}
        </ul>
      ) : (
        <ListTable model={model} label={t('credits.balances')} sort={sort} onSort={onSort} onOpen={open} />
      )}
      <LoadMore more={list.hasNextPage} busy={list.isFetchingNextPage} onMore={list.fetchNextPage} />
    </div>
  );
}

type Listed = Parameters<typeof nameOf>[0] & Pick<Holder, 'id' | 'status'> & { credits?: number };

const holderOf = (member: Listed): Holder => ({
  id: member.id,
  name: nameOf(member),
  email: member.email,
  status: member.status,
  credits: member.credits ?? 0,
});
