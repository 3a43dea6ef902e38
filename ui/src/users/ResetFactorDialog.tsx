import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { answer, api, once } from '../api/client';
import type { Member } from '../api/schema';
import { nameOf } from '../me/name';
import { useToast } from '../shell/toast';
import { Refused } from '../signin/Refused';

/** Letting somebody past a second factor that they lost. */
export default function ResetFactorDialog({ member, onClose }: { member: Member; onClose: () => void }) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const toast = useToast();
  const name = nameOf(member);
  const reset = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/v1/accounts/{account}/members/{member}/reset-factor', {
          params: { path: { account: account.id, member: member.id } },
          headers: once(),
        }),
      ),
    onSuccess: () => {
      toast.done(t('user.reset_factor_done', { email: member.email }));
      onClose();
    },
  });

  return (
    <Modal opened onClose={onClose} title={t('user.reset_factor_title', { name })} size={480}>
      <Stack gap="md">
        <Text>{t('user.reset_factor_lead', { email: member.email })}</Text>
        <Refused error={reset.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('shell.cancel')}
          </Button>
          <Button color="red" loading={reset.isPending} onClick={() => reset.mutate()}>
            {t('user.reset_factor_do', { name })}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
