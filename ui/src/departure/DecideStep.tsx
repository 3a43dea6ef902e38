import { Alert, Button, Radio, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Decisions, Departure, DepartureKind, Member } from '../api/schema';
import { useProblems } from '../language/problems';
import { nameOf } from '../me/name';
import { DialogFoot } from '../users/DialogFoot';
import { toDecide } from './decisions';
import { usePlanning } from './planning';

interface DecideStepProps {
  member: Member;
  how: DepartureKind;
  plan: Departure;
  onBack: () => void;
  onContinue: () => void;
}

/** What becomes of what the leaver holds. */
export function DecideStep({ member, how, plan, onBack, onContinue }: DecideStepProps) {
  const { t } = useTranslation();
  const { sentence } = useProblems();
  const { decide } = usePlanning(member, how);
  const questions = toDecide(plan);
  const [withdraw, setWithdraw] = useState(plan.decisions.invitations?.withdraw ?? false);
  const [phone, setPhone] = useState(plan.decisions.phone ?? '');
  const name = nameOf(member);
  const count = plan.effects.find((effect) => effect.kind.startsWith('invitations_'))?.count ?? 0;

  const decisions: Decisions = {
    ...(questions.includes('invitations') && {
      invitations: withdraw ? { withdraw: true } : { to: 'applier' as const },
    }),
    ...(questions.includes('phone') && { phone: phone.trim() }),
  };

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        decide.mutate({ plan, decisions }, { onSuccess: onContinue });
      }}
    >
      <Stack gap="lg">
        {questions.includes('invitations') && (
          <Radio.Group
            label={t('departure.invitations', { count, name })}
            value={withdraw ? 'withdraw' : 'applier'}
            onChange={(value) => setWithdraw(value === 'withdraw')}
          >
            <Stack gap="sm" mt="xs">
              <Radio
                value="applier"
                label={t('departure.invitations_to_me')}
                description={t('departure.invitations_to_me_hint')}
              />
              <Radio
                value="withdraw"
                label={t('departure.invitations_withdraw')}
                description={t('departure.invitations_withdraw_hint')}
              />
            </Stack>
          </Radio.Group>
        )}
        {questions.includes('phone') && (
          <TextInput
            label={t('departure.phone', { name })}
            description={t('departure.phone_hint')}
            type="tel"
            required
            value={phone}
            onChange={(event) => setPhone(event.currentTarget.value)}
          />
        )}
        {decide.isError && (
          <Alert color="red" role="alert">
            {sentence(decide.error)}
          </Alert>
        )}
        <DialogFoot>
          <Button variant="default" onClick={onBack}>
            {t('invite.back')}
          </Button>
          <Button type="submit" loading={decide.isPending}>
            {t('departure.continue')}
          </Button>
        </DialogFoot>
      </Stack>
    </form>
  );
}
