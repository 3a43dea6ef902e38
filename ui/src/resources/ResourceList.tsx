import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconFilterOff, IconFolders } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { getCoreRowModel, useReactTable } from '@tanstack/react-table';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { usePlace } from '../account/place';
import type { Resource, ResourceType } from '../api/schema';
import { EmptyList } from '../list/EmptyList';
import cards from '../list/ListCard.module.css';
import { ListProblem } from '../list/ListProblem';
import { ListSkeleton } from '../list/ListSkeleton';
import { ListTable } from '../list/ListTable';
import table from '../list/ListTable.module.css';
import { LoadMore } from '../list/LoadMore';
import { walkRows } from '../list/rowKeys';
import { useOwnReach } from './ownReach';
import { ResourceCard } from './ResourceCard';
import { useResourceColumns } from './resourceColumns';
import { useResourcePath } from './resourcePath';
import { resourcesQuery } from './resourcesQuery';
import { useTypeWords } from './typeWords';
import { narrowedBy, type View } from './view';

interface ResourceListProps {
  type: ResourceType;
  narrowed: View;
  onWiden: () => void;
  /** Whose panel is open. */
  open?: string;
}

/** The resources of a type, page after page, as rows or on a phone as cards. */
export function ResourceList({ type, narrowed, onWiden, open }: ResourceListProps) {
  const { account } = usePlace();
  const navigate = useNavigate();
  const pathOf = useResourcePath(type.key);
  const words = useTypeWords()(type);
  const narrow = useMediaQuery('(max-width: 720px)', undefined, { getInitialValueInEffect: false });
  const list = useInfiniteQuery({
    ...resourcesQuery(account.id, { type: type.key, ...narrowed }),
    placeholderData: keepPreviousData,
  });
  const resources = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const columns = useResourceColumns();
  const model = useReactTable({
    data: resources,
    columns,
    getRowId: ({ id }) => id,
    getCoreRowModel: getCoreRowModel(),
  });
  const openOne = ({ id }: Resource) => navigate(pathOf(id));

  if (list.isPending) return <ListSkeleton />;
  if (list.error && resources.length === 0) return <ListProblem error={list.error} retry={list.refetch} />;
  if (resources.length === 0) return <Nothing type={type} narrowed={narrowed} onWiden={onWiden} />;
  return (
    <div className={table.list} aria-busy={list.isPlaceholderData}>
      {narrow ? (
        <ul className={cards.list} aria-label={words.Many} onKeyDown={walkRows}>
          {resources.map((resource) => (
            <ResourceCard key={resource.id} resource={resource} onOpen={() => openOne(resource)} />
          ))}
        </ul>
      ) : (
        <ListTable model={model} label={words.Many} onOpen={openOne} open={open} />
      )}
      <LoadMore more={list.hasNextPage} busy={list.isFetchingNextPage} onMore={list.fetchNextPage} />
    </div>
  );
}

/** Why there is nothing to see, and what to do about it. */
function Nothing({ type, narrowed, onWiden }: Omit<ResourceListProps, 'open'>) {
  const { t } = useTranslation();
  const reach = useOwnReach();
  const words = useTypeWords()(type);
  if (narrowedBy(narrowed) > 0) {
    return (
      <EmptyList
        icon={<IconFilterOff />}
        title={t('resources.narrowed')}
        action={
          <Button variant="default" onClick={onWiden}>
            {t('resources.widen')}
          </Button>
        }
      >
        {t('resources.narrowed_why', words)}
      </EmptyList>
    );
  }
  return reach === 'all' ? (
    <EmptyList icon={<IconFolders />} title={t('resources.none', words)}>
      {t('resources.none_why', words)}
    </EmptyList>
  ) : (
    <EmptyList icon={<IconFolders />} title={t('resources.none_yours', words)}>
      {t('resources.none_yours_why', words)}
    </EmptyList>
  );
}
