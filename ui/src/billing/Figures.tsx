import { Progress } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { BillingPlan, Period, Seats } from '../api/schema';
import { useFormats } from '../language/formats';
import { When } from '../language/When';
import classes from './Figures.module.css';
import { useMoney } from './money';

interface FiguresProps {
  plan: BillingPlan;
  period: Period;
  seats: Seats;
  /** Credit for the next invoice, in minor units. */
  balance: number;
  /** The server's time: days are counted by its clock. */
  now: string;
}

const day = 86_400_000;

/** What a seat costs, how far the period is, how many seats there are, and what is to the account's credit. */
export function Figures({ plan, period, seats, balance, now }: FiguresProps) {
  const { t } = useTranslation();
  const { amount } = useMoney();
  return (
    <dl className={classes.figures}>
      <Figure
        label={t('billing.price')}
        figure={amount(plan.price, plan.currency)}
        note={t(`billing.each_${plan.period}`)}
      />
      <HowFar period={period} now={now} />
      <SeatsNow seats={seats} />
      <Figure
        label={t('billing.credit')}
        figure={amount(balance, plan.currency)}
        note={balance > 0 ? t('billing.credit_used') : t('billing.credit_none')}
      />
    </dl>
  );
}

interface FigureProps {
  label: string;
  figure: ReactNode;
  note: string;
  /** The figure as a length. */
  bar?: ReactNode;
}

function Figure({ label, figure, note, bar }: FigureProps) {
  return (
    <div className={classes.figure}>
      <dt className={classes.label}>{label}</dt>
      <dd className={classes.value}>
        {figure}
        {bar}
      </dd>
      <dd className={classes.note}>{note}</dd>
    </div>
  );
}

function HowFar({ period, now }: Pick<FiguresProps, 'period' | 'now'>) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const start = new Date(period.start).getTime();
  const all = Math.round((new Date(period.end).getTime() - start) / day);
  const gone = Math.min(all, Math.max(0, Math.floor((new Date(now).getTime() - start) / day)));
  return (
    <Figure
      label={t('billing.period')}
      figure={
        <>
          <When at={period.start} as="day" /> – <When at={period.end} as="day" />
        </>
      }
      note={t('billing.days_gone', { gone: number(gone), count: all, formatted: number(all) })}
      bar={<Progress value={(100 * gone) / all} size="sm" mt={8} aria-label={t('billing.how_far')} />}
    />
  );
}

function SeatsNow({ seats: { used, reserved, limit } }: { seats: Seats }) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const waiting = reserved > 0 ? t('billing.reserved', { count: reserved, formatted: number(reserved) }) : '';
  if (limit === null) {
    return (
      <Figure
        label={t('billing.seats_now')}
        figure={number(used)}
        note={`${waiting} ${t('billing.no_limit')}`.trim()}
      />
    );
  }
  const free = Math.max(0, limit - used - reserved);
  const share = (seats: number) => (100 * seats) / Math.max(limit, used + reserved, 1);
  return (
    <Figure
      label={t('billing.seats_now')}
      figure={t('billing.of_limit', { used: number(used), limit: number(limit) })}
      note={`${waiting} ${t('billing.free', { count: free, formatted: number(free) })}`.trim()}
      bar={
        <Progress.Root size="sm" mt={8}>
          <Progress.Section value={share(used)} aria-label={t('billing.seats_now')} />
          {reserved > 0 && <Progress.Section value={share(reserved)} color="gray.5" aria-label={waiting} />}
        </Progress.Root>
      }
    />
  );
}
