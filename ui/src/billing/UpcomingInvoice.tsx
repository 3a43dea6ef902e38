import { Skeleton, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { useFormats } from '../language/formats';
import { ListProblem } from '../list/ListProblem';
import classes from './Billing.module.css';
import { upcomingQuery } from './billingQuery';
import { InvoiceLines } from './InvoiceLines';

/** The next invoice line by line, if nothing changes until then. */
export function UpcomingInvoice() {
  const { t } = useTranslation();
  const { account } = usePlace();
  const { day } = useFormats();
  const upcoming = useQuery(upcomingQuery(account.id));

  return (
    <section className={classes.part}>
      <Title order={2}>{t('billing.upcoming')}</Title>
      {upcoming.data?.period && (
        <Text c="dimmed" mb="sm">
          {t('billing.upcoming_lead', { day: day(upcoming.data.period.start) })}
        </Text>
      )}
      {upcoming.error && <ListProblem error={upcoming.error} retry={upcoming.refetch} />}
      {upcoming.isPending && <Skeleton h={160} />}
      {upcoming.data && <InvoiceLines label={t('billing.upcoming')} {...upcoming.data} />}
    </section>
  );
}
