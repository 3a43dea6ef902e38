import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { DataRecord } from '../api/schema';
import { useFormats } from '../language/formats';
import { StatusMark } from '../list/StatusMark';
import { useToast } from '../shell/toast';
import { useDownload } from './downloading';
import { HistoryList } from './HistoryList';
import { useWalletName } from './wallet';
import { useCreditRights } from './way';

interface RecordListProps {
  records: readonly DataRecord[];
  /** A record that costs something is about to be downloaded. */
  onBuy: (record: DataRecord) => void;
}

/** Records with what the account sees of each, who opened it, and what it costs or did. */
export function RecordList({ records, onBuy }: RecordListProps) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const { spends } = useCreditRights();
  const called = useWalletName();
  const credits = (count: number) => t('credits.count', { count, formatted: number(count) });

  const unmasked = ({ downloaded_by: by, downloaded_by_name: name, charged }: DataRecord) =>
    t('credits.unmasked_by', { name: called(by ?? '', name), price: credits(charged) });

  return (
    <HistoryList
      label={t('credits.records')}
      lines={records.map((record) => ({
        key: record.id,
        what: record.id,
        note: (
          <StatusMark tone={record.masked ? 'quiet' : 'done'}>
            {record.masked ? t('credits.masked') : unmasked(record)}
          </StatusMark>
        ),
        figure:
          record.masked && record.price > 0 ? t('credits.costs', { price: credits(record.price) }) : t('credits.free'),
        at: record.at,
        action: spends && <DownloadButton record={record} onBuy={() => onBuy(record)} />,
      }))}
    />
  );
}

/** Says what the download costs; what is free is downloaded at once. */
function DownloadButton({ record, onBuy }: { record: DataRecord; onBuy: () => void }) {
  const { t } = useTranslation();
  const toast = useToast();
  const download = useDownload();
  const free = !record.masked || record.price === 0;
  return (
    <Button
      variant="default"
      size="compact-md"
      aria-label={t('credits.download_it', { record: record.id })}
      loading={download.isPending}
      onClick={() => (free ? download.mutate(record.id, { onError: toast.refused }) : onBuy())}
    >
      {t('credits.download')}
    </Button>
  );
}
