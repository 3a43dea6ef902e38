import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ApiKey } from '../api/schema';
import { Refused } from '../form/Refused';
import { When } from '../language/When';
import { useFocusBack } from '../shell/focusBack';
import { useKeyMoves } from './keyMoves';
import { useMakers } from './makers';
import { RevokeButton } from './RevokeButton';

interface RevokeDialogProps {
  apiKey: ApiKey;
  onClose: () => void;
  onRevoked?: () => void;
}

/** Asks before a key ends, with what there is to know about who still uses it. */
export default function RevokeDialog({ apiKey, onClose, onRevoked }: RevokeDialogProps) {
  const { t } = useTranslation();
  const { revoke } = useKeyMoves();
  const maker = useMakers([apiKey])(apiKey);
  useFocusBack();
  const finish = () => {
    onClose();
    onRevoked?.();
  };

  return (
    <Modal opened onClose={onClose} title={t('keys.revoke_it', { name: apiKey.name })} size={480}>
      <Stack gap="lg">
        <Text>{t('keys.revoke_why')}</Text>
        <Text c="dimmed">
          {maker && !maker.self && `${t('keys.revoke_whose', { name: maker.name })} `}
          {apiKey.last_used_at ? (
            <>
              {t('keys.revoke_used')} <When at={apiKey.last_used_at} />.
            </>
          ) : (
            t('keys.revoke_unused')
          )}
        </Text>
        <Refused error={revoke.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" data-autofocus onClick={onClose}>
            {t('shell.cancel')}
          </Button>
          <RevokeButton
            color="red"
            loading={revoke.isPending}
            name={apiKey.name}
            // Not by the callbacks of mutate: the list that is read again may take this dialog away before they run.
            onClick={() => revoke.mutateAsync(apiKey).then(finish, () => {})}
          />
        </Group>
      </Stack>
    </Modal>
  );
}
