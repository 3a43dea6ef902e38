import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { answer, api } from '../api/client';
import { overviewQuery } from '../api/queries';
import type { Effect, Member } from '../api/schema';
import { useProblems } from '../language/problems';
import { type Grants, lacksModule } from '../users/grants';
import { useRights } from '../users/rights';
import { useMoney } from './money';
import { PriceNote } from './PriceNote';

interface RolePriceProps {
  members: readonly Member[];
  /** What they are to be given. */
  grants: Grants;
}

/** What another role does to the seats of those who get it; nothing where it changes none. */
export function RolePrice({ members, grants }: RolePriceProps) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const { roles } = useRights();
  const { sentence } = useProblems();
  const { price } = useMoney();
  const seats = useQuery(overviewQuery(account.id)).data?.seats;
  const billable = (key: string) => roles.find((role) => role.key === key)?.billable;
  const role = roles.find(({ key }) => key === grants.role);
  const moving = members.filter(
    (member) => member.status === 'active' && member.registered_at && billable(member.role) !== role?.billable,
  );
  const [first] = moving;

  // At one moment a seat costs the same for everybody: one of them is asked about.
  const preview = useQuery({
    queryKey: ['account', account.id, 'member', first?.id, 'price', grants],
    queryFn: async () => {
      const asked = await answer(
        api.PATCH('/v1/accounts/{account}/members/{member}', {
          params: { path: { account: account.id, member: first?.id ?? '' }, query: { preview: true } },
          body: grants,
        }),
      );
      return asked.effects?.find(({ kind }) => kind.startsWith('seat_')) ?? null;
    },
    enabled: seats !== undefined && role !== undefined && first !== undefined && !lacksModule(grants, role),
    retry: false,
  });

  if (!seats || !role || !first) return null;
  if (preview.error) return <PriceNote short={sentence(preview.error)}>{null}</PriceNote>;
  if (!preview.data?.amount) return null;
  const count = moving.length;
  const all: Effect = { ...preview.data, count, amount: preview.data.amount * count };
  const free = seats.limit === null ? count : Math.max(0, seats.limit - seats.used - seats.reserved);
  const short = role.billable && free < count ? t('billing.before.short', { count: free }) : undefined;
  return (
    <PriceNote short={short}>
      {role.billable
        ? t('billing.before.takes', { count, price: price(all) })
        : t('billing.before.gives', { count, price: price(all) })}
    </PriceNote>
  );
}
