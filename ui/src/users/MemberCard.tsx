import { Checkbox, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import type { Member } from '../api/schema';
import { ListCard } from '../list/ListCard';
import { nameOf } from '../me/name';
import { Person } from '../people/Person';
import { AccessButton } from './AccessButton';
import { ActiveSwitch } from './ActiveSwitch';
import { MemberMenu } from './MemberMenu';
import { RoleOf, Seen } from './memberColumns';
import { useRights } from './rights';
import { useUserPath } from './userPath';

interface MemberCardProps {
  member: Member;
  selected: boolean;
  onSelect: () => void;
  onOpen: () => void;
}

/** A member's row where the page is as wide as a phone. */
export function MemberCard({ member, selected, onSelect, onOpen }: MemberCardProps) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const pathOf = useUserPath();
  const { isSelf } = useRights();
  const name = nameOf(member);

  return (
    <ListCard
      id={member.id}
      selected={selected}
      onOpen={onOpen}
      head={
        <Person
          id={member.id}
          name={name}
          email={member.email}
          to={pathOf(member.id)}
          note={isSelf(member) && t('users.you')}
        />
      }
      actions={
        <Group gap={4} wrap="nowrap">
          {account.preset === 'team' && <ActiveSwitch member={member} />}
          {account.preset === 'cases' && <AccessButton member={member} />}
          <MemberMenu member={member} pencil={false} />
        </Group>
      }
      foot={
        <>
          <Checkbox
            size="xs"
            data-select
            aria-label={t('users.select', { name })}
            checked={selected}
            onChange={onSelect}
          />
          <RoleOf member={member} />
          <Seen member={member} />
        </>
      }
    />
  );
}
