import { Skeleton } from '@mantine/core';
import { IconReceipt } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { EmptyList } from '../list/EmptyList';
import { ListProblem } from '../list/ListProblem';
import { billingQuery } from './billingQuery';
import { Figures } from './Figures';
import { SeatHistory } from './SeatHistory';
import { UpcomingInvoice } from './UpcomingInvoice';

/** Where the account stands: its plan and seats now, over time, and what the next invoice will say. */
export function StandingView() {
  const { t } = useTranslation();
  const { account } = usePlace();
  const standing = useQuery(billingQuery(account.id));

  if (standing.error) return <ListProblem error={standing.error} retry={standing.refetch} />;
  if (!standing.data) return <Skeleton h={320} mt="lg" />;
  const { plan, period, seats, balance, now } = standing.data;
  if (!plan || !period) {
    return (
      <EmptyList icon={<IconReceipt />} title={t('billing.no_plan')}>
        {t('billing.no_plan_why')}
      </EmptyList>
    );
  }
  return (
    <>
      <Figures plan={plan} period={period} seats={seats} balance={balance} now={now} />
      <SeatHistory limit={seats.limit} />
      <UpcomingInvoice />
    </>
  );
}
