import { Alert, Button, Group, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import type { Departure, DepartureKind, Member } from '../api/schema';
import { DialogFoot } from '../form/DialogFoot';
import { useFormats } from '../language/formats';
import { Blockers } from './Blockers';
import { canComeBack } from './course';
import { heldIn, standing, toDecide } from './decisions';
import { Effects } from './Effects';
import { type Said, useEffectWords } from './effectWords';
import { PhoneField } from './PhoneField';
import { summed } from './sum';
import { useThings } from './things';

interface PlanStepProps {
  members: readonly Member[];
  who: string;
  how: DepartureKind;
  plan: Departure;
  /** What the button that goes on says and does: it ends something here, or only goes on to the next step. */
  onwards: { label: string; ends: boolean; go: (phone: string) => void };
  /** The telephone number is asked for here, since the access ends here. */
  asksPhone: boolean;
  busy: boolean;
  /** What stands at the left of the buttons. */
  aside: ReactNode;
  /** Offers to set a time, where no later step does. */
  onLater?: () => void;
  onSolved: () => void;
  onWithout?: (member: Member) => void;
  onHow: (how: DepartureKind) => void;
  onCancel: () => void;
}

/** What will happen, with numbers; what stands in the way comes first, as the next thing to do. */
export function PlanStep(props: PlanStepProps) {
  const { members, who, how, plan, onwards, asksPhone, busy, aside } = props;
  const { t } = useTranslation();
  const [phone, setPhone] = useState('');
  const [tried, setTried] = useState(false);
  const blocked = standing(plan);
  const lines = useLines(props);
  const lacks = asksPhone && phone.trim() === '';

  return (
    <Stack gap="lg">
      <Blockers
        members={members}
        blockers={blocked}
        onSolved={props.onSolved}
        onWithout={props.onWithout}
        onHow={props.onHow}
      />
      {blocked.length === 0 && <Undecided plan={plan} who={who} />}
      {asksPhone && <PhoneField who={who} value={phone} onChange={setPhone} missing={tried && lacks} />}
      {blocked.length === 0 && (
        <section>
          <Title order={3} mb="xs">
            {t('departure.will_happen')}
          </Title>
          <Effects lines={lines} />
        </section>
      )}
      {onwards.ends && <UndoHint how={how} />}
      {props.onLater && blocked.length === 0 && (
        <Button variant="transparent" px={0} style={{ alignSelf: 'flex-start' }} onClick={props.onLater}>
          {t('departure.set_time')}
        </Button>
      )}
      <DialogFoot apart>
        {aside}
        <Group gap="xs">
          <Button variant="default" onClick={props.onCancel} data-autofocus={onwards.ends || undefined}>
            {t('shell.cancel')}
          </Button>
          {blocked.length === 0 && (
            <Button
              color={onwards.ends ? 'red' : undefined}
              loading={busy}
              data-autofocus={!onwards.ends || undefined}
              onClick={() => (lacks ? setTried(true) : onwards.go(phone.trim()))}
            >
              {onwards.label}
            </Button>
          )}
        </Group>
      </DialogFoot>
    </Stack>
  );
}

/** The lines of a plan: what happens to the access itself is said first. */
function useLines({ members, who, how, plan }: Pick<PlanStepProps, 'members' | 'who' | 'how' | 'plan'>): Said[] {
  const { t } = useTranslation();
  const effects = summed(plan.effects).filter(({ count }) => count !== 0);
  const say = useEffectWords(plan.people, how);
  const over = plan.state === 'settling';
  const kind = how === 'delete' ? 'delete' : members.length > 1 ? (`${how}_several` as const) : how;
  const access = over ? t('departure.access.over', { name: who }) : t(`departure.access.${kind}`, { name: who });
  return [{ kind: 'access', text: access }, ...effects.map((effect) => say(effect, over ? 'settling' : 'before'))];
}

/** What keeps the plan from being carried out until it is decided, which is what comes next. */
function Undecided({ plan, who }: Pick<PlanStepProps, 'plan' | 'who'>) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const { things } = useThings();
  const codes = new Set(plan.blockers.map(({ code }) => code));
  const credits = heldIn(plan, 'credits');
  const resources = heldIn(plan, 'resources');
  const lines = [
    codes.has('unused_credits') &&
      t('departure.unused_credits', { count: credits, formatted: number(credits), name: who }),
    codes.has('phone_required') && t('departure.blocker.phone_required', { name: who }),
    plan.needed.length > 0 &&
      toDecide(plan).includes('resources') &&
      t('departure.undecided', { count: resources, formatted: number(resources), things: things(resources) }),
  ].filter((line) => line !== false);
  if (lines.length === 0) return null;
  return (
    <Alert color="orange" role="alert" title={t('departure.not_yet')}>
      {lines.map((line) => (
        <Text key={line}>{line}</Text>
      ))}
    </Alert>
  );
}

/** Whether there is a way back, and for how long. */
export function UndoHint({ how }: { how: DepartureKind }) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const { duration } = useFormats();
  return (
    <Text size="sm" c="dimmed">
      {canComeBack(account.policy, how)
        ? t('departure.undo_within', { time: duration(account.policy.undo_window) })
        : t('departure.no_undo')}
    </Text>
  );
}
