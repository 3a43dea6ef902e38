import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { useFormats } from '../language/formats';
import { ListProblem } from '../list/ListProblem';
import { summaryQuery } from './creditsQuery';
import classes from './Totals.module.css';

/** Where the credits of the account are: those that were bought are with the company, with users, or spent. */
export function Totals() {
  const { t } = useTranslation();
  const { account } = usePlace();
  const { data, error, refetch } = useQuery(summaryQuery(account.id));
  if (error) return <ListProblem error={error} retry={refetch} />;
  return (
    <Figures
      figures={[
        { label: t('credits.with_company'), value: data?.company },
        { label: t('credits.with_users'), value: data?.members_total },
        { label: t('credits.spent'), value: data?.spent },
        { label: t('credits.purchased'), value: data?.purchased },
      ]}
      loading={!data}
    />
  );
}

/** What the reader has themselves, and what a download costs. */
export function OwnTotals() {
  const { t } = useTranslation();
  const { account } = usePlace();
  const { data, error, refetch } = useQuery(summaryQuery(account.id));
  const own = data?.members[0];
  if (error) return <ListProblem error={error} retry={refetch} />;
  return (
    <Figures
      figures={[
        { label: t('credits.balance'), value: own?.balance },
        { label: t('credits.used'), value: own?.used },
        { label: t('credits.price'), value: data?.price },
      ]}
      loading={!data}
    />
  );
}

interface FiguresProps {
  figures: { label: string; value: number | undefined }[];
  loading: boolean;
}

function Figures({ figures, loading }: FiguresProps) {
  const { number } = useFormats();
  return (
    <dl className={classes.figures}>
      {figures.map(({ label, value }) => (
        <div key={label} className={classes.figure}>
          <dt>{label}</dt>
          <dd>{loading ? <Skeleton h={24} w={72} /> : number(value ?? 0)}</dd>
        </div>
      ))}
    </dl>
  );
}
