import { Button, Group, Radio, Stack } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Departure, Member } from '../api/schema';
import { DialogFoot } from '../form/DialogFoot';
import { Refused } from '../form/Refused';
import { CreditsQuestion } from './CreditsQuestion';
import { type Answers, answersOf, decisionsOf, heldIn, missing, type Question, refusals, toDecide } from './decisions';
import { useHeld } from './held';
import { PhoneField } from './PhoneField';
import type { usePlanning } from './planning';
import { ResourcesQuestion } from './ResourcesQuestion';

/** What a question of the form is given. */
export interface Asked {
  plan: Departure;
  members: readonly Member[];
  /** Who leaves, in words. */
  who: string;
  answers: Answers;
  change: (some: Partial<Answers>) => void;
  /** Which answers are missing, once somebody tried to go on without them. */
  gaps: ReadonlySet<string>;
}

interface DecideStepProps {
  plan: Departure;
  members: readonly Member[];
  who: string;
  decide: ReturnType<typeof usePlanning>['decide'];
  /** What was written here before and is not saved yet. */
  written: Answers | undefined;
  onWrite: (answers: Answers | undefined) => void;
  /** What the button that goes on says. */
  onwards: string;
  busy: boolean;
  /** What stands at the left of the buttons. */
  aside: ReactNode;
  onBack?: () => void;
  onContinue: (plan: Departure) => void;
}

/** The answers as they are written, and the way on once there are all. */
function useAnswers({ plan, members, who, decide, written, onWrite, onContinue }: DecideStepProps) {
  // What is asked stays asked, also when the answers leave nothing open.
  const [questions] = useState(() => toDecide(plan));
  const answers = written ?? answersOf(plan);
  const [tried, setTried] = useState(false);
  const held = useHeld(members, questions.includes('resources'));
  const gaps = missing(answers, questions, held.types);
  const asked: Asked = {
    plan,
    members,
    who,
    answers,
    change: (some) => onWrite({ ...answers, ...some }),
    gaps: tried ? gaps : new Set(),
  };
  const goOn = () => {
    setTried(true);
    if (gaps.size > 0) return;
    const onSuccess = (next: Departure) => {
      onWrite(undefined);
      if (!questions.some((question) => refusals(next, question).length > 0)) onContinue(next);
    };
    decide.mutate({ plan, decisions: decisionsOf(plan, answers, questions) }, { onSuccess });
  };
  return { questions, asked, held, goOn };
}

/** What becomes of what the leavers hold. */
export function DecideStep(props: DecideStepProps) {
  const { decide, onwards, busy, aside, onBack } = props;
  const { t } = useTranslation();
  const { questions, asked, held, goOn } = useAnswers(props);
  const question: Record<Question, ReactNode> = {
    credits: <CreditsQuestion key="credits" {...asked} />,
    resources: <ResourcesQuestion key="resources" {...asked} held={held} />,
    invitations: <InvitationsQuestion key="invitations" {...asked} />,
    phone: <PhoneQuestion key="phone" {...asked} />,
  };

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        goOn();
      }}
    >
      <Stack gap="xl">
        {questions.map((one) => question[one])}
        <DialogFoot apart refused={decide.isError && <Refused error={decide.error} />}>
          {aside}
          <Group gap="xs">
            {onBack && (
              <Button variant="default" onClick={onBack}>
                {t('invite.back')}
              </Button>
            )}
            <Button type="submit" loading={decide.isPending || busy}>
              {onwards}
            </Button>
          </Group>
        </DialogFoot>
      </Stack>
    </form>
  );
}

function InvitationsQuestion({ plan, who, answers, change }: Asked) {
  const { t } = useTranslation();
  const count = heldIn(plan, 'invitations');
  return (
    <Radio.Group
      label={t('departure.invitations', { count, name: who })}
      value={answers.withdraw ? 'withdraw' : 'applier'}
      onChange={(value) => change({ withdraw: value === 'withdraw' })}
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
  );
}

function PhoneQuestion({ who, answers, change, gaps }: Asked) {
  return (
    <PhoneField who={who} value={answers.phone} onChange={(phone) => change({ phone })} missing={gaps.has('phone')} />
  );
}
