import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { answer, api } from '../api/client';
import { isProblem } from '../api/problem';
import { overviewQuery } from '../api/queries';
import { useProblems } from '../language/problems';
import type { Grants } from '../users/grants';
import { lacksModule } from '../users/grants';
import { useRights } from '../users/rights';
import { useMoney } from './money';
import { PriceNote } from './PriceNote';

interface AddPriceProps {
  given: Grants & { first_name: string; last_name: string; email: string; active: boolean };
}

/** What somebody who is added directly costs; nothing where seats are not paid for, or until it is known who they are. */
export function AddPrice({ given }: AddPriceProps) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const { roles } = useRights();
  const { sentence } = useProblems();
  const { price } = useMoney();
  const seats = useQuery(overviewQuery(account.id)).data?.seats;
  const role = roles.find(({ key }) => key === given.role);
  const [asked] = useDebouncedValue(given, 250);
  const complete = asked.first_name.trim() && asked.last_name.trim() && /.@.+\../.test(asked.email);
  const { data, error } = useQuery({
    queryKey: ['account', account.id, 'members', 'price', asked],
    queryFn: async () => {
      const added = await answer(
        api.POST('/v1/accounts/{account}/members', {
          params: { path: { account: account.id }, query: { preview: true } },
          body: asked,
        }),
      );
      return 'effects' in added ? (added.effects?.find(({ kind }) => kind === 'seat_charge') ?? null) : null;
    },
    enabled: Boolean(seats && role?.billable && given.active && complete && !lacksModule(given, role)),
    placeholderData: keepPreviousData,
    retry: false,
  });

  if (!seats || !role || !given.active) return null;
  if (!role.billable) return <PriceNote>{t('billing.before.free')}</PriceNote>;
  if (isProblem(error, 'seat_limit')) return <PriceNote short={sentence(error)}>{null}</PriceNote>;
  return data && <PriceNote>{t('billing.before.invite', { price: price(data) })}</PriceNote>;
}
