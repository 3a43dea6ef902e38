import { Alert, Button, Modal, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import type { DataRecord } from '../api/schema';
import { DialogFoot } from '../form/DialogFoot';
import { Refused } from '../form/Refused';
import { useFormats } from '../language/formats';
import { useFocusBack } from '../shell/focusBack';
import { balanceQuery } from './creditsQuery';
import { useDownload } from './downloading';

interface DownloadDialogProps {
  record: DataRecord;
  onClose: () => void;
}

/** Says what a record costs the reader before it does. */
export default function DownloadDialog({ record, onClose }: DownloadDialogProps) {
  const { t } = useTranslation();
  const { account, session, can } = usePlace();
  const { number } = useFormats();
  const { data: held } = useQuery(balanceQuery(account.id, session.member_id));
  const download = useDownload();
  useFocusBack();
  const price = t('credits.count', { count: record.price, formatted: number(record.price) });
  const short = held !== undefined && held < record.price;

  return (
    <Modal opened onClose={onClose} title={t('credits.download_it', { record: record.id })} size={480}>
      <Stack gap="lg">
        <Text>{t('credits.download_costs', { price })}</Text>
        {held !== undefined && !short && (
          <Text c="dimmed" className="figures">
            {t('credits.download_left', { before: number(held), after: number(held - record.price) })}
          </Text>
        )}
        {short && (
          <Alert color="orange" role="alert">
            {t('credits.download_short', { count: held, formatted: number(held) })}{' '}
            {can('credits.manage') ? t('credits.download_move') : t('credits.download_ask')}
          </Alert>
        )}
        <DialogFoot refused={download.isError && <Refused error={download.error} />}>
          <Button variant="default" onClick={onClose}>
            {t('shell.cancel')}
          </Button>
          <Button
            data-autofocus
            disabled={held === undefined || short}
            loading={download.isPending}
            onClick={() => download.mutate(record.id, { onSuccess: onClose })}
          >
            {t('credits.download_for', { price })}
          </Button>
        </DialogFoot>
      </Stack>
    </Modal>
  );
}
