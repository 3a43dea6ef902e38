import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { answer, api } from '../api/client';
import { overviewQuery } from '../api/queries';
import { useFormats } from '../language/formats';
import type { Grants } from '../users/grants';
import { lacksModule } from '../users/grants';
import { useRights } from '../users/rights';
import { useMoney } from './money';
import { PriceNote } from './PriceNote';

interface InvitePriceProps {
  emails: readonly string[];
  grants: Grants;
}

/** How many addresses are asked about; of more only the price of each is said. */
const most = 500;

/** What the invitations reserve, and what each costs who comes in by one; nothing where seats are not paid for. */
export function InvitePrice({ emails, grants }: InvitePriceProps) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const { roles } = useRights();
  const { price } = useMoney();
  const { number } = useFormats();
  const seats = useQuery(overviewQuery(account.id)).data?.seats;
  const role = roles.find(({ key }) => key === grants.role);
  const [asked] = useDebouncedValue(emails.slice(0, most), 250);
  const preview = useQuery({
    queryKey: ['account', account.id, 'invitations', 'price', grants, asked],
    queryFn: () =>
      answer(
        api.POST('/v1/accounts/{account}/invitations', {
          params: { path: { account: account.id }, query: { preview: true } },
          body: { emails: [...asked], ...grants },
        }),
      ),
    enabled: seats !== undefined && role?.billable === true && asked.length > 0 && !lacksModule(grants, role),
    placeholderData: keepPreviousData,
    retry: false,
  }).data;

  if (!seats || !role || emails.length === 0) return null;
  if (!role.billable) return <PriceNote>{t('billing.before.free')}</PriceNote>;
  if (!preview) return null;
  const charge = preview.effects.find(({ kind }) => kind === 'seat_charge');
  const over = preview.results.filter(({ verdict }) => verdict === 'over_seat_limit').length;
  const reserved = seats.limit !== null && charge?.count ? t('billing.before.reserves', { count: charge.count }) : '';
  const costs = charge && t('billing.before.invite', { price: price(charge) });
  return (
    <PriceNote short={over > 0 ? t('billing.before.over', { count: over, formatted: number(over) }) : undefined}>
      {[reserved, costs].filter(Boolean).join(' ')}
    </PriceNote>
  );
}
