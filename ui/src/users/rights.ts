import { useQuery } from '@tanstack/react-query';
import { usePlace } from '../account/place';
import { rolesQuery } from '../api/queries';
import type { DepartureKind, Member, Role } from '../api/schema';

/**
 * What the reader may do to whom, by the server's own rules, so that a screen
 * offers nothing that would be refused. The server decides all the same.
 */
export function useRights() {
  const { account, session, can } = usePlace();
  const roles = useQuery(rolesQuery(account.id)).data ?? [];
  const own = roles.find((role) => role.key === session.role);

  const reaches = (role: Role | undefined) => {
    if (!own || !role) return false;
    return own.administers ? role.rank <= own.rank : role.rank < own.rank && !role.administers;
  };
  const over = (member: Member) => reaches(roles.find((role) => role.key === member.role));

  return {
    roles,
    administers: own?.administers ?? false,
    mayReadKeys: (member: Member) => can('keys.manage') && (own?.administers || member.id === session.member_id),
    /** The roles the reader may give, highest first. */
    grantable: roles.filter(reaches).sort((a, b) => b.rank - a.rank),
    mayInvite: can('invitations.manage'),
    mayAdd: can('members.manage'),
    mayRead: can('members.read') || can('members.manage'),
    mayReadEvents: can('events.read'),
    mayChange: (member: Member) => can('members.manage') && over(member),
    mayLetGo: (member: Member) => can('departures.manage') && over(member),
    /** The ways out that the account offers for somebody in this state. */
    waysOut: (member: Member): DepartureKind[] =>
      account.policy.departure_kinds.filter((kind) => kind !== 'deactivate' || member.status !== 'inactive'),
    isSelf: (member: Pick<Member, 'id'>) => member.id === session.member_id,
  };
}
