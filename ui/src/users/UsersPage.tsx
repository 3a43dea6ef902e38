import { Button, Group, Tabs } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconLock, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { usePlace, useWords } from '../account/place';
import { overviewQuery, rolesQuery } from '../api/queries';
import { PendingList } from '../invitations/PendingList';
import { EmptyList } from '../list/EmptyList';
import { ListProblem } from '../list/ListProblem';
import { ListSkeleton } from '../list/ListSkeleton';
import { Toolbar } from '../list/Toolbar';
import { useWish } from '../shell/cornerNote';
import { covered } from '../shell/layers';
import { PageHead } from '../shell/PageHead';
import { Dialogs } from './Dialogs';
import { type Dialog, DialogsProvider } from './dialog';
import { MemberFilters, useNarrowings } from './MemberFilters';
import { MembersList } from './MembersList';
import { MoreMenu } from './MoreMenu';
import { useRights } from './rights';
import { SidePanel } from './SidePanel';
import classes from './UsersPage.module.css';
import { type Tab, useView } from './view';

/** The heart of it: who is in, who is out, who is asked, and every way between. */
export default function UsersPage() {
  const words = useWords();
  const { account } = usePlace();
  const rights = useRights();
  const roles = useQuery(rolesQuery(account.id));
  const [dialog, setDialog] = useState<Dialog>();
  const { mayAdd, mayInvite } = rights;
  const adds = account.policy.add_directly && mayAdd;

  useWish('sent', () => setDialog({ kind: 'sent' }));

  const come = () => setDialog(adds ? { kind: 'add' } : { kind: 'invite' });
  useHotkeys([['i', () => (adds || mayInvite) && !covered() && come()]]);

  if (!rights.mayRead) return <NotYours />;
  return (
    <DialogsProvider value={setDialog}>
      <PageHead
        title={words.users}
        lead={<Lead />}
        actions={
          <>
            {(adds || mayInvite) && (
              <Button leftSection={<IconPlus size={16} />} onClick={come} aria-keyshortcuts="i">
                {adds ? words.addUser : words.inviteUsers}
              </Button>
            )}
            <MoreMenu adds={adds} />
          </>
        }
      />
      {roles.isPending && <ListSkeleton />}
      {/* Without the roles nobody could be told what they may do to whom. */}
      {roles.data ? <Lists /> : roles.error && <ListProblem error={roles.error} retry={roles.refetch} />}
      {(roles.data || roles.isPending) && <SidePanel />}
      <Dialogs dialog={dialog} onClose={() => setDialog(dialog?.kind === 'return' ? dialog.after : undefined)} />
    </DialogsProvider>
  );
}

function Lists() {
  const { t } = useTranslation();
  const words = useWords();
  const { account } = usePlace();
  const { mayInvite } = useRights();
  const [view, setView] = useView();
  const { member: open } = useParams();
  const counts = useQuery(overviewQuery(account.id)).data;
  const tabs = useRef<HTMLDivElement>(null);

  // On a phone the tabs are wider than the screen, and wider still with their counts.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the tab and the counts are the triggers
  useEffect(() => {
    tabs.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [view.tab, counts]);

  const narrowings = useNarrowings({ view, onView: setView });

  return (
    <Tabs value={view.tab} onChange={(tab) => setView({ tab: tab as Tab })} keepMounted={false}>
      <Tabs.List ref={tabs}>
        <Counted value="active" count={counts?.active}>
          {words.activeUsers}
        </Counted>
        <Counted value="inactive" count={counts?.inactive} mark={counts?.suspended}>
          {words.inactiveUsers}
        </Counted>
        {mayInvite && (
          <Counted value="pending" count={counts?.pending}>
            {words.pendingInvitations}
          </Counted>
        )}
      </Tabs.List>
      {(['active', 'inactive'] as const).map((tab) => (
        <Tabs.Panel key={tab} value={tab}>
          <Toolbar q={view.q} onSearch={(q) => setView({ q })} placeholder={t('users.search')} narrowings={narrowings}>
            <MemberFilters view={view} onView={setView} />
          </Toolbar>
          <MembersList view={view} onView={setView} open={open} />
        </Tabs.Panel>
      ))}
      <Tabs.Panel value="pending">
        <Toolbar q={view.q} onSearch={(q) => setView({ q })} placeholder={t('pending.search')} />
        <PendingList view={view} onView={setView} open={open} />
      </Tabs.Panel>
    </Tabs>
  );
}

interface CountedProps {
  value: Tab;
  count: number | undefined;
  /** How many of them wait for somebody to settle what is left. */
  mark?: number;
  children: string;
}

function Counted({ value, count, mark, children }: CountedProps) {
  const { t, i18n } = useTranslation();
  return (
    <Tabs.Tab
      value={value}
      rightSection={
        count !== undefined && (
          <Group component="span" gap={6} wrap="nowrap">
            <span className={classes.count}>{count.toLocaleString(i18n.language)}</span>
            {mark !== undefined && mark > 0 && (
              <span className={classes.unsettled} title={t('users.unsettled', { count: mark })}>
                {mark.toLocaleString(i18n.language)}
                <span className={classes.hidden}>{t('users.unsettled', { count: mark })}</span>
              </span>
            )}
          </Group>
        )
      }
    >
      {children}
    </Tabs.Tab>
  );
}

/** How many there are, in a sentence under the title. */
function Lead() {
  const { t } = useTranslation();
  const { account } = usePlace();
  const counts = useQuery(overviewQuery(account.id)).data;
  if (!counts) return <>&nbsp;</>;
  return <>{t('users.lead', { count: counts.active, account: account.name })}</>;
}

function NotYours() {
  const { t } = useTranslation();
  const words = useWords();
  return (
    <>
      <PageHead title={words.users} />
      <EmptyList icon={<IconLock />} title={t('users.empty.not_yours')}>
        {t('users.empty.not_yours_why')}
      </EmptyList>
    </>
  );
}
