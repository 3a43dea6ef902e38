import { Button } from '@mantine/core';
import { IconSearch, IconUserOff, IconUsers } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { usePlace, useWords } from '../account/place';
import { EmptyList } from '../list/EmptyList';
import { List } from '../list/List';
import { nameOf } from '../me/name';
import { usePanelPath } from '../panel/panelPath';
import { MembersBar } from './MembersBar';
import { memberCard, useMemberColumns } from './memberColumns';
import { membersQuery, sortOf } from './membersQuery';
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
  const pathOf = usePanelPath('users');
  const list = useInfiniteQuery({ ...membersQuery(account.id, view), placeholderData: keepPreviousData });
  return (
    <List
      list={list}
      label={view.tab === 'active' ? words.activeUsers : words.inactiveUsers}
      empty={<NoMembers view={view} onView={onView} />}
      columns={useMemberColumns(view.tab)}
      card={memberCard}
      onOpen={(member) => navigate(pathOf(member.id))}
      open={open}
      sort={sortOf(view)}
      onSort={(sort) => onView({ sort: sort === 'name' ? '' : sort })}
      selecting={{ nameOf, bar: (members, keep) => <MembersBar members={members} onClear={() => keep([])} /> }}
    />
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
