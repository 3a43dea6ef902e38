import { Button, Modal, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import type { Effect, Member, Named } from '../api/schema';
import { DialogFoot } from '../form/DialogFoot';
import { Refused } from '../form/Refused';
import { nameOf } from '../me/name';
import { useRoleOf } from '../roles/roleOf';
import { Effects } from './Effects';
import { type Said, useEffectWords } from './effectWords';
import { returnQuery, useActivate } from './returning';

const none: readonly Effect[] = [];
const nobody: readonly Named[] = []; // it gives nothing to anybody else

/** Says what comes back, what it costs and what stays away, and then makes somebody active again. */
export default function ReturnDialog({ member, onClose }: { member: Member; onClose: () => void }) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const roleOf = useRoleOf();
  const preview = useQuery(returnQuery(account.id, member.id));
  const effects = preview.data ?? none;
  const say = useEffectWords(nobody);
  const activate = useActivate();
  const name = nameOf(member);
  const lines: Said[] = [
    { kind: 'place_returns', text: t('departure.comes_back', { role: roleOf(member.role) }) },
    ...effects.map((effect) => say(effect, 'before')),
    member.registered_at
      ? { kind: 'sessions_stay_ended', text: t('departure.stays_ended') }
      : { kind: 'welcome', text: t('departure.is_welcomed', { email: member.email }) },
  ];

  return (
    <Modal opened onClose={onClose} title={t('departure.return', { name })}>
      <Stack gap="lg">
        {preview.isError ? <Refused error={preview.error} /> : <Effects lines={lines} />}
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
