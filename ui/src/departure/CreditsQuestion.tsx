import { Radio, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { useFormats } from '../language/formats';
import type { Asked } from './DecideStep';
import { type Answers, heldIn, refusals } from './decisions';
import { SuccessorPicker } from './SuccessorPicker';

/** Where the credits of whoever leaves go. Where none may be left, keeping them is no answer. */
export function CreditsQuestion({ plan, members, who, answers, change, gaps }: Asked) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const { number } = useFormats();
  const count = heldIn(plan, 'credits');
  const kept = plan.kind === 'deactivate' && !account.policy.credits_must_be_zero;
  const refused = answers.credits === 'member' && refusals(plan, 'credits').some(({ to }) => to === answers.heir);

  return (
    <Stack gap="xs">
      <Radio.Group
        label={t('departure.credits', { count, formatted: number(count), name: who })}
        value={answers.credits || null}
        onChange={(credits) => change({ credits: credits as Answers['credits'] })}
        error={gaps.has('credits') && t('departure.choose_answer')}
      >
        <Stack gap="sm" mt="xs">
          <Radio value="company" label={t('departure.credits_company')} />
          <Radio value="member" label={t('departure.credits_member')} />
          {kept && <Radio value="keep" label={t('departure.credits_keep')} />}
        </Stack>
      </Radio.Group>
      {answers.credits === 'member' && (
        <SuccessorPicker
          label={t('departure.credits_heir')}
          leaving={members.map(({ id }) => id)}
          value={answers.heir}
          onChange={(heir) => change({ heir })}
          error={(gaps.has('heir') && t('departure.choose_somebody')) || (refused && t('departure.heir_refused'))}
        />
      )}
    </Stack>
  );
}
