import { Alert, Button, List, Modal, Stack, Text, ThemeIcon } from '@mantine/core';
import { IconArrowBackUp, IconDeviceLaptopOff, IconMail, IconPoint } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import type { Member } from '../api/schema';
import { useProblems } from '../language/problems';
import { nameOf } from '../me/name';
import { DialogFoot } from '../users/DialogFoot';
import { useRights } from '../users/rights';
import { useRoleName } from '../users/roleName';
import { useEffectWords } from './Effects';
import { returnQuery, useActivate } from './returning';

/** Says what comes back and what does not, and then makes somebody active again. */
export default function ReturnDialog({ member, onClose }: { member: Member; onClose: () => void }) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const { roles } = useRights();
  const roleName = useRoleName();
  const { sentence } = useProblems();
  const say = useEffectWords();
  const preview = useQuery(returnQuery(account.id, member.id));
  const activate = useActivate();
  const name = nameOf(member);
  const role = roles.find((one) => one.key === member.role);
  const lines = [
    { icon: IconArrowBackUp, text: t('departure.comes_back', { role: role ? roleName(role) : member.role }) },
    ...(preview.data ?? []).map((effect) => ({ icon: IconPoint, text: say(effect, true) })),
    member.registered_at
      ? { icon: IconDeviceLaptopOff, text: t('departure.stays_ended') }
      : { icon: IconMail, text: t('departure.is_welcomed', { email: member.email }) },
  ];

  return (
    <Modal
      opened
      onClose={onClose}
      title={t('departure.return', { name })}
      closeButtonProps={{ 'aria-label': t('shell.close') }}
    >
      <Stack gap="lg">
        {preview.isError ? (
          <Alert color="red" role="alert">
            {sentence(preview.error)}
          </Alert>
        ) : (
          <List spacing="sm" listStyleType="none" withPadding={false}>
            {lines.map(({ icon: Icon, text }) => (
              <List.Item
                key={text}
                icon={
                  <ThemeIcon variant="default" size={28} radius="xl">
                    <Icon size={16} stroke={1.5} />
                  </ThemeIcon>
                }
              >
                {text}
              </List.Item>
            ))}
          </List>
        )}
        {member.status === 'suspended' && <Text c="dimmed">{t('departure.gives_up_settling')}</Text>}
        <DialogFoot>
          <Button variant="default" onClick={onClose}>
            {t('shell.cancel')}
          </Button>
          <Button
            disabled={preview.isError}
            loading={activate.isPending || preview.isPending}
            onClick={() => activate.mutate(member, { onSuccess: onClose })}
          >
            {t('departure.return', { name })}
          </Button>
        </DialogFoot>
      </Stack>
    </Modal>
  );
}
