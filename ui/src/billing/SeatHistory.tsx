import { Anchor, SegmentedControl, Skeleton, Table, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import type { SeatSteps } from '../api/schema';
import { useFormats } from '../language/formats';
import { When } from '../language/When';
import { ListProblem } from '../list/ListProblem';
import classes from './Billing.module.css';
import { seatsQuery } from './billingQuery';

const SeatsChart = lazy(() => import('./SeatsChart'));

const spans = ['30', '90', '365'] as const;

/** How many seats were taken over time: drawn, and as a table for who would rather read it. */
export function SeatHistory({ limit }: { limit: number | null }) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const [days, setDays] = useState<(typeof spans)[number]>('30');
  const [table, setTable] = useState(false);
  const steps = useQuery(seatsQuery(account.id, Number(days)));

  return (
    <section className={classes.part}>
      <div className={classes.head}>
        <Title order={2}>{t('billing.over_time')}</Title>
        <SegmentedControl
          size="xs"
          aria-label={t('billing.over_time')}
          value={days}
          onChange={(value) => setDays(value as typeof days)}
          data={spans.map((value) => ({ value, label: t(`billing.last_days.${value}`) }))}
        />
      </div>
      {steps.error && <ListProblem error={steps.error} retry={steps.refetch} />}
      {steps.isPending && <Skeleton h={240} />}
      {steps.data && (
        <>
          <Suspense fallback={<Skeleton h={240} />}>
            <Drawing chart={steps.data} limit={limit} />
          </Suspense>
          <Anchor component="button" type="button" size="sm" aria-expanded={table} onClick={() => setTable(!table)}>
            {table ? t('billing.hide_table') : t('billing.show_table')}
          </Anchor>
          {table && <Steps chart={steps.data} />}
        </>
      )}
    </section>
  );
}

function Drawing({ chart, limit }: { chart: SeatSteps; limit: number | null }) {
  const { t } = useTranslation();
  const { number, day } = useFormats();
  const used = chart.steps.map((step) => step.used);
  const said = t('billing.chart', {
    from: day(chart.since),
    until: day(chart.until),
    least: number(Math.min(...used)),
    most: number(Math.max(...used)),
    now: number(used.at(-1) ?? 0),
  });
  return (
    <figure className={classes.chart} role="img" aria-label={said}>
      <SeatsChart chart={chart} limit={limit} />
    </figure>
  );
}

function Steps({ chart }: { chart: SeatSteps }) {
  const { t } = useTranslation();
  const { number } = useFormats();
  return (
    <Table className={classes.steps} aria-label={t('billing.over_time')} mt="xs">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('billing.column.from')}</Table.Th>
          <Table.Th className={classes.amount}>{t('billing.column.seats')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {chart.steps.toReversed().map((step) => (
          <Table.Tr key={step.at}>
            <Table.Td>
              <When at={step.at} as="time" />
            </Table.Td>
            <Table.Td className={classes.amount}>{number(step.used)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
