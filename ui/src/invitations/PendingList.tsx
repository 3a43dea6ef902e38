import { Button } from '@mantine/core';
import { IconMail, IconSearch } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { usePlace, useWords } from '../account/place';
import type { Invitation } from '../api/schema';
import { EmptyList } from '../list/EmptyList';
import { List } from '../list/List';
import { usePanelPath } from '../panel/panelPath';
import { useDialogs } from '../users/dialog';
import type { View } from '../users/view';
import { InvitationsBar } from './InvitationsBar';
import { invitationCard, useInvitationColumns } from './invitationColumns';
import { openInvitationsQuery } from './invitationQuery';

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
  const pathOf = usePanelPath('users');
  const list = useInfiniteQuery({
    ...openInvitationsQuery(account.id, view.q),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data && underway(state.data.pages) ? queuedPause : false),
  });
  return (
    <List
      list={list}
      label={words.pendingInvitations}
      empty={<NoInvitations view={view} onView={onView} />}
      columns={useInvitationColumns()}
      card={invitationCard}
      onOpen={(invitation) => navigate(pathOf(invitation.id))}
      open={open}
      selecting={{
        nameOf: addressOf,
        bar: (invitations, keep) => <InvitationsBar invitations={invitations} onKeep={keep} />,
      }}
    />
  );
}

const addressOf = ({ email }: Invitation) => email;

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
