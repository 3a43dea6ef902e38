import { SegmentedControl } from '@mantine/core';
import { IconFileUnknown } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import type { DataRecord } from '../api/schema';
import { EmptyList } from '../list/EmptyList';
import { ListProblem } from '../list/ListProblem';
import { ListSkeleton } from '../list/ListSkeleton';
import { NothingFound } from '../list/NothingFound';
import { Pages } from '../list/Pages';
import { Toolbar } from '../list/Toolbar';
import { type Masked, recordQuery, recordsQuery } from './creditsQuery';
import { RecordList } from './RecordList';
import classes from './RecordsView.module.css';
import { useNarrowing } from './view';

const DownloadDialog = lazy(() => import('./DownloadDialog'));

/** The records that the account has, and any other by its name; downloading is asked for here. */
export function RecordsView() {
  const { t } = useTranslation();
  const [given, narrow] = useNarrowing();
  const [buying, setBuying] = useState<DataRecord>();
  const record = given('record');
  const masked = (['true', 'false'] as const).find((one) => one === given('masked')) ?? '';

  return (
    <>
      <div className={classes.bar}>
        <Toolbar q={record} onSearch={(name) => narrow({ record: name })} placeholder={t('credits.find_record')} />
        {!record && (
          <SegmentedControl
            aria-label={t('credits.records')}
            value={masked}
            onChange={(wanted) => narrow({ masked: wanted })}
            data={[
              { value: '', label: t('credits.records_all') },
              { value: 'false', label: t('credits.unmasked') },
              { value: 'true', label: t('credits.masked') },
            ]}
          />
        )}
      </div>
      {record ? (
        <Found name={record} onBuy={setBuying} />
      ) : (
        <Known masked={masked} onWiden={() => narrow({ masked: '' })} onBuy={setBuying} />
      )}
      <Suspense>{buying && <DownloadDialog record={buying} onClose={() => setBuying(undefined)} />}</Suspense>
    </>
  );
}

interface Buys {
  /** A record that costs something is about to be downloaded. */
  onBuy: (record: DataRecord) => void;
}

/** One record, looked up by its name. */
function Found({ name, onBuy }: Buys & { name: string }) {
  const { account } = usePlace();
  const { data, error, refetch } = useQuery(recordQuery(account.id, name));
  if (error) return <ListProblem error={error} retry={refetch} />;
  return data ? <RecordList records={[data]} onBuy={onBuy} /> : <ListSkeleton />;
}

function Known({ masked, onWiden, onBuy }: Buys & { masked: Masked; onWiden: () => void }) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const list = useInfiniteQuery(recordsQuery(account.id, masked));
  return (
    <Pages
      list={list}
      empty={
        masked ? (
          <NothingFound onWiden={onWiden}>{t('credits.records_no_such')}</NothingFound>
        ) : (
          <EmptyList icon={<IconFileUnknown />} title={t('credits.records_none')}>
            {t('credits.records_none_why')}
          </EmptyList>
        )
      }
    >
      {(records) => <RecordList records={records} onBuy={onBuy} />}
    </Pages>
  );
}
