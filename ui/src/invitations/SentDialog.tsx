import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useLeaving } from './leaving';
import { Sent } from './Sent';

/** Comes back to invitations that were left while they went out. */
export default function SentDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const leave = useLeaving(onClose);
  return (
    <Modal opened onClose={leave} size={600} title={t('invite.sent_title')}>
      <Sent onClose={leave} />
    </Modal>
  );
}
