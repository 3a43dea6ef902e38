import { useQueries } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import type { ApiKey, Member, Role } from '../api/schema';
import { nameOf } from '../me/name';
import { memberQuery } from '../users/membersQuery';
import { useRights } from '../users/rights';
import type { Lender } from './standing';

/** Who made a key. */
export interface Maker extends Lender {
  id: string;
  name: string;
  /** The reader themselves. */
  self: boolean;
  /** The reader may change and revoke what they made. */
  under: boolean;
}

/** Who made each of these keys; nobody of whom is not read yet. */
export function useMakers(keys: readonly ApiKey[]): (key: ApiKey) => Maker | undefined {
  const { t } = useTranslation();
  const { account, session } = usePlace();
  const { roles, mayChange } = useRights();
  const ids = [...new Set(keys.map(({ member }) => member))].filter((id) => id !== session.member_id);
  const read = useQueries({ queries: ids.map((id) => memberQuery(account.id, id)) });

  const own: Maker = {
    id: session.member_id,
    name: t('keys.you'),
    self: true,
    under: true,
    permissions: session.permissions,
    factorDue: false,
  };
  const makerOf = (member: Member, role: Role): Maker => ({
    id: member.id,
    name: nameOf(member),
    self: false,
    under: mayChange(member),
    permissions: role.permissions,
    factorDue: account.policy.mfa === 'required' && !member.mfa,
  });
  const makers = new Map<string, Maker>([[own.id, own]]);
  for (const { data } of read) {
    const role = roles.find(({ key }) => key === data?.data.role);
    if (data && role) makers.set(data.data.id, makerOf(data.data, role));
  }

  return ({ member }) => makers.get(member);
}
