import { Button, Checkbox } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconMail, IconSearch } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { getCoreRowModel, type RowSelectionState, useReactTable } from '@tanstack/react-table';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { usePlace, useWords } from '../account/place';
import type { Invitation } from '../api/schema';
import { EmptyList } from '../list/EmptyList';
import { ListCard } from '../list/ListCard';
import cards from '../list/ListCard.module.css';
import { ListProblem } from '../list/ListProblem';
import { ListSkeleton } from '../list/ListSkeleton';
import { ListTable } from '../list/ListTable';
import table from '../list/ListTable.module.css';
import { LoadMore } from '../list/LoadMore';
import { walkRows } from '../list/rowKeys';
import { Person } from '../people/Person';
import { useDialogs } from '../users/dialogs';
import { useUserPath } from '../users/userPath';
import type { View } from '../users/view';
import { InvitationMenu } from './InvitationMenu';
import { InvitationsBar } from './InvitationsBar';
import { OfferedRole, useInvitationColumns } from './invitationColumns';
import { openInvitationsQuery } from './invitationQuery';
import { MailMark } from './MailMark';
import { Validity } from './Validity';

interface PendingListProps {
  view: View;
  onView: (change: Partial<View>) => void;
  open?: string;
}

/** How often mails on their way are asked after, in milliseconds, and in how long a list at most. */
const queuedPause = 4_000;
const fewPages = 3;

const underway = (pages: readonly { items: readonly Invitation[] }[]) =>
  pages.length <= fewPages && pages.some(({ items }) => items.some(({ mail }) => mail === 'queued'));

/** The invitations that wait, and after them those that expired and can be sent again. */
export function PendingList({ view, onView, open }: PendingListProps) {
  const words = useWords();
  const { account } = usePlace();
  const navigate = useNavigate();
  const pathOf = useUserPath();
  const narrow = useMediaQuery('(max-width: 720px)', undefined, { getInitialValueInEffect: false });
  const [selection, setSelection] = useState<RowSelectionState>({});
  const list = useInfiniteQuery({
    ...openInvitationsQuery(account.id, view.q),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data && underway(state.data.pages) ? queuedPause : false),
  });
  const invitations = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const columns = useInvitationColumns();
  const { hasNextPage, isFetching, fetchNextPage } = list;

  // A page may be empty and still be followed by another: nothing waits, something expired.
  useEffect(() => {
    if (invitations.length === 0 && hasNextPage && !isFetching) void fetchNextPage();
  }, [invitations.length, hasNextPage, isFetching, fetchNextPage]);

  const model = useReactTable({
    data: invitations,
    columns,
    getRowId: (invitation) => invitation.id,
    getCoreRowModel: getCoreRowModel(),
    state: { rowSelection: selection },
    onRowSelectionChange: setSelection,
  });

  if (list.error && invitations.length === 0) return <ListProblem error={list.error} retry={list.refetch} />;
  if (invitations.length === 0) {
    return list.isPending || hasNextPage ? <ListSkeleton /> : <NoInvitations view={view} onView={onView} />;
  }
  const openInvitation = (invitation: Invitation) => navigate(pathOf(invitation.id));

  return (
    <div className={table.list} aria-busy={list.isPlaceholderData}>
      {narrow ? (
        <ul className={cards.list} aria-label={words.pendingInvitations} onKeyDown={walkRows}>
          {model.getRowModel().rows.map((row) => (
            <InvitationCard
              key={row.id}
              invitation={row.original}
              selected={row.getIsSelected()}
              onSelect={() => row.toggleSelected()}
              onOpen={() => openInvitation(row.original)}
            />
          ))}
        </ul>
      ) : (
        <ListTable model={model} label={words.pendingInvitations} onOpen={openInvitation} open={open} />
      )}
      <LoadMore more={hasNextPage} busy={list.isFetchingNextPage} onMore={fetchNextPage} />
      <InvitationsBar
        invitations={invitations.filter((invitation) => selection[invitation.id])}
        onClear={() => setSelection({})}
      />
    </div>
  );
}

interface InvitationCardProps {
  invitation: Invitation;
  selected: boolean;
  onSelect: () => void;
  onOpen: () => void;
}

function InvitationCard({ invitation, selected, onSelect, onOpen }: InvitationCardProps) {
  const { t } = useTranslation();
  const pathOf = useUserPath();
  const { id, email } = invitation;
  return (
    <ListCard
      id={id}
      selected={selected}
      onOpen={onOpen}
      head={<Person id={id} name={email} email={email} to={pathOf(id)} />}
      actions={<InvitationMenu invitation={invitation} />}
      foot={
        <>
          <Checkbox
            size="xs"
            data-select
            aria-label={t('users.select', { name: email })}
            checked={selected}
            onChange={onSelect}
          />
          <OfferedRole invitation={invitation} />
          <Validity invitation={invitation} worded />
          <MailMark invitation={invitation} />
        </>
      }
    />
  );
}

/** Why nobody is asked, and how to ask somebody. */
function NoInvitations({ view, onView }: Pick<PendingListProps, 'view' | 'onView'>) {
  const { t } = useTranslation();
  const words = useWords();
  const open = useDialogs();
  if (view.q) {
    return (
      <EmptyList
        icon={<IconSearch />}
        title={t('pending.empty.narrowed')}
        action={
          <Button variant="default" onClick={() => onView({ q: '' })}>
            {t('users.clear_search')}
          </Button>
        }
      >
        {t('pending.empty.narrowed_why')}
      </EmptyList>
    );
  }
  return (
    <EmptyList
      icon={<IconMail />}
      title={t('pending.empty.none')}
      action={
        <Button variant="default" onClick={() => open({ kind: 'invite' })}>
          {words.inviteUsers}
        </Button>
      }
    >
      {t('pending.empty.none_why')}
    </EmptyList>
  );
}
