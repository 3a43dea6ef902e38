import { Button, Modal, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { DialogFoot } from '../form/DialogFoot';

interface NotKeptProps {
  /** Whose access has ended already stays out; of others nothing has happened. */
  settling: boolean;
  onStay: () => void;
  onLeave: () => void;
}

/** Asks before the wizard goes with what was decided in it. */
export function NotKept({ settling, onStay, onLeave }: NotKeptProps) {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={onStay}
      title={t('departure.leave.title')}
      size={440}
      closeButtonProps={{ 'aria-label': t('shell.close') }}
    >
      <Stack gap="lg">
        <Text>{t(settling ? 'departure.leave.settling' : 'departure.leave.nothing')}</Text>
        <DialogFoot>
          <Button variant="default" onClick={onStay} data-autofocus>
            {t('departure.leave.stay')}
          </Button>
          <Button color="red" onClick={onLeave}>
            {t('departure.leave.go')}
          </Button>
        </DialogFoot>
      </Stack>
    </Modal>
  );
}
