import { Button, Modal, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { CopyField } from '../form/CopyField';
import { DialogFoot } from '../form/DialogFoot';
import { useFormats } from '../language/formats';

interface LinkDialogProps {
  email: string;
  url: string;
  until: string;
  onClose: () => void;
}

/** The link of an invitation, where the browser did not let us copy it. */
export default function LinkDialog({ email, url, until, onClose }: LinkDialogProps) {
  const { t } = useTranslation();
  const { time } = useFormats();
  return (
    <Modal opened onClose={onClose} title={t('pending.link_title', { email })} size={560} closeOnClickOutside={false}>
      <Stack gap="lg">
        <Text>{t('pending.link_why', { until: time(until) })}</Text>
        <CopyField label={t('pending.link')} value={url} />
        <DialogFoot>
          <Button variant="default" onClick={onClose}>
            {t('shell.close')}
          </Button>
        </DialogFoot>
      </Stack>
    </Modal>
  );
}
