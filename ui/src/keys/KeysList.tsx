import { useMediaQuery } from '@mantine/hooks';
import { IconKey } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getCoreRowModel, useReactTable } from '@tanstack/react-table';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { usePlace } from '../account/place';
import type { ApiKey } from '../api/schema';
import { EmptyList } from '../list/EmptyList';
import cards from '../list/ListCard.module.css';
import { ListProblem } from '../list/ListProblem';
import { ListSkeleton } from '../list/ListSkeleton';
import { ListTable } from '../list/ListTable';
import { LoadMore } from '../list/LoadMore';
import { walkRows } from '../list/rowKeys';
import { KeyCard } from './KeyCard';
import { useKeyColumns } from './keyColumns';
import { useKeyPath } from './keyPath';
import { keysQuery } from './keysQuery';
import { useMakers } from './makers';

interface KeysListProps {
  /** Whose keys; without one, everybody's. */
  maker?: string;
  /** Whose panel is open. */
  open?: string;
  onRevoke: (key: ApiKey) => void;
}

/** Keys, page after page, as rows or on a phone as cards. */
export function KeysList({ maker, open, onRevoke }: KeysListProps) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const navigate = useNavigate();
  const keyPath = useKeyPath();
  const narrow = useMediaQuery('(max-width: 720px)', undefined, { getInitialValueInEffect: false });
  const list = useInfiniteQuery(keysQuery(account.id, maker));
  const keys = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const makerOf = useMakers(keys);
  const columns = useKeyColumns({ makerOf, whose: maker === undefined, onRevoke });
  const model = useReactTable({ data: keys, columns, getRowId: ({ id }) => id, getCoreRowModel: getCoreRowModel() });
  const label = maker === undefined ? t('shell.keys') : t('keys.mine');
  const openKey = (key: ApiKey) => navigate(keyPath(key.id));

  if (list.isPending) return <ListSkeleton />;
  if (list.error && keys.length === 0) return <ListProblem error={list.error} retry={list.refetch} />;
  if (keys.length === 0) {
    return (
      <EmptyList icon={<IconKey />} title={maker === undefined ? t('keys.none') : t('keys.none_mine')}>
        {t('keys.none_why')}
      </EmptyList>
    );
  }
  return (
    <>
      {narrow ? (
        <ul className={cards.list} aria-label={label} onKeyDown={walkRows}>
          {keys.map((key) => (
            <KeyCard
              key={key.id}
              apiKey={key}
              maker={makerOf(key)}
              whose={maker === undefined}
              onOpen={() => openKey(key)}
              onRevoke={() => onRevoke(key)}
            />
          ))}
        </ul>
      ) : (
        <ListTable model={model} label={label} onOpen={openKey} open={open} />
      )}
      <LoadMore more={list.hasNextPage} busy={list.isFetchingNextPage} onMore={list.fetchNextPage} />
    </>
  );
}
