import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconSearch, IconUserOff, IconUsers } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { getCoreRowModel, type RowSelectionState, useReactTable } from '@tanstack/react-table';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { usePlace, useWords } from '../account/place';
import type { Member } from '../api/schema';
import { EmptyList } from '../list/EmptyList';
import cards from '../list/ListCard.module.css';
import { ListProblem } from '../list/ListProblem';
import { ListSkeleton } from '../list/ListSkeleton';
import { ListTable } from '../list/ListTable';
import table from '../list/ListTable.module.css';
import { LoadMore } from '../list/LoadMore';
import { walkRows } from '../list/rowKeys';
import { MemberCard } from './MemberCard';
import { MembersBar } from './MembersBar';
import { useMemberColumns } from './memberColumns';
import { membersQuery, sortOf } from './membersQuery';
import { useUserPath } from './userPath';
import { narrowedBy, type View } from './view';

interface MembersListProps {
  view: View;
  onView: (change: Partial<View>) => void;
  /** Whose panel is open. */
  open?: string;
}

/** The active or the inactive members, page after page, as rows or on a phone as cards. */
export function MembersList({ view, onView, open }: MembersListProps) {
  const words = useWords();
  const { account } = usePlace();
  const navigate = useNavigate();
  const pathOf = useUserPath();
  const narrow = useMediaQuery('(max-width: 720px)', undefined, { getInitialValueInEffect: false });
  const [selection, setSelection] = useState<RowSelectionState>({});
  const list = useInfiniteQuery({ ...membersQuery(account.id, view), placeholderData: keepPreviousData });
  const members = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const columns = useMemberColumns(view.tab);

  const model = useReactTable({
    data: members,
    columns,
    getRowId: (member) => member.id,
    getCoreRowModel: getCoreRowModel(),
    state: { rowSelection: selection },
    onRowSelectionChange: setSelection,
  });

  if (list.isPending) return <ListSkeleton />;
  if (list.error && members.length === 0) return <ListProblem error={list.error} retry={list.refetch} />;
  if (members.length === 0) return <NoMembers view={view} onView={onView} />;

  const openMember = (member: Member) => navigate(pathOf(member.id));
  const selected = members.filter((member) => selection[member.id]);
  const label = view.tab === 'active' ? words.activeUsers : words.inactiveUsers;

  return (
    <div className={table.list} aria-busy={list.isPlaceholderData}>
      {narrow ? (
        <ul className={cards.list} aria-label={label} onKeyDown={walkRows}>
          {model.getRowModel().rows.map((row) => (
            <MemberCard
              key={row.id}
              member={row.original}
              selected={row.getIsSelected()}
              onSelect={() => row.toggleSelected()}
              onOpen={() => openMember(row.original)}
            />
          ))}
        </ul>
      ) : (
        <ListTable
          model={model}
          label={label}
          sort={sortOf(view)}
          onSort={(sort) => onView({ sort: sort === 'name' ? '' : sort })}
          onOpen={openMember}
          open={open}
        />
      )}
      <LoadMore more={list.hasNextPage} busy={list.isFetchingNextPage} onMore={list.fetchNextPage} />
      <MembersBar members={selected} onClear={() => setSelection({})} />
    </div>
  );
}

/** Why there is nobody to see, and what to do about it. */
function NoMembers({ view, onView }: Pick<MembersListProps, 'view' | 'onView'>) {
  const { t } = useTranslation();
  if (view.q || narrowedBy(view) > 0) {
    return (
      <EmptyList
        icon={<IconSearch />}
        title={t('users.empty.narrowed')}
        action={
          <Button variant="default" onClick={() => onView({ q: '', role: '', mfa: '', sub: '' })}>
            {t('users.clear_filters')}
          </Button>
        }
      >
        {t('users.empty.narrowed_why')}
      </EmptyList>
    );
  }
  return view.tab === 'inactive' ? (
    <EmptyList icon={<IconUserOff />} title={t('users.empty.inactive')}>
      {t('users.empty.inactive_why')}
    </EmptyList>
  ) : (
    <EmptyList icon={<IconUsers />} title={t('users.empty.active')}>
      {t('users.empty.active_why')}
    </EmptyList>
  );
}
