import { Alert, CloseButton, Modal, Stack } from '@mantine/core';
import { type RefObject, useImperativeHandle } from 'react';
import { useTranslation } from 'react-i18next';
import { isProblem } from '../api/problem';
import type { DepartureKind, Member } from '../api/schema';
import { Refused } from '../form/Refused';
import { useUnsaved } from '../form/unsaved';
import { nameOf } from '../me/name';
import { ConfirmStep } from './ConfirmStep';
import { DecideStep } from './DecideStep';
import { DoneStep, FollowStep } from './DoneStep';
import { EndNow } from './EndNow';
import { useEnding } from './ending';
import { NotPlanned } from './NotPlanned';
import { PlanStep } from './PlanStep';
import { useWalk } from './walk';

interface StepsProps {
  members: readonly Member[];
  how: DepartureKind;
  /** Is given what it means to leave the wizard at the step that is shown. */
  leave: RefObject<() => void>;
  onHow: (how: DepartureKind) => void;
  onWithout: (member: Member) => void;
  onClose: () => void;
}

type Walk = ReturnType<typeof useWalk>;

/** The way out: what will happen, what must be decided, confirm, done. */
export function Steps({ members, how: wanted, leave, onHow, onWithout, onClose }: StepsProps) {
  const { t } = useTranslation();
  const walk = useWalk({
    members,
    how: wanted,
    onEnded: () => {
      ending.ended();
      onClose();
    },
    onEnding: onClose,
  });
  const { plan, planning } = walk;
  // What waits to be settled goes on as what it was begun as.
  const how = plan?.state === 'settling' ? plan.kind : wanted;
  const ending = useEnding(members, how);
  const outcome = planning.apply.data;
  const [one] = members;
  const many = members.length > 1;
  const who = one && !many ? nameOf(one) : t('departure.people', { count: members.length });

  const close = () => {
    if (outcome && plan) ending.close(outcome, plan);
    else if (walk.settling && walk.atOnce && planning.suspend.isSuccess) ending.ended();
    else if (!planning.apply.isPending) void planning.discard(plan);
    onClose();
  };
  /** Makes another plan instead of this one. */
  const instead = (other: () => void) => {
    void planning.discard(plan);
    other();
  };
  const without = many ? (member: Member) => instead(() => onWithout(member)) : undefined;
  const refused = planning.suspend.error ?? planning.apply.error;
  // What the plan itself says against it stands in the plan.
  const inPlan = isProblem(refused, 'plan_changed', 'blocked', 'decision_required');
  const undone = () => {
    ending.leavePanel();
    onClose();
  };
  const leaveOrAsk = useUnsaved(
    walk.unkept,
    close,
    t(walk.settling ? 'departure.leave.settling' : 'departure.leave.nothing'),
  );
  useImperativeHandle(leave, () => leaveOrAsk);
  const under = plan?.state === 'scheduled' ? plan : outcome && 'digest' in outcome ? outcome : undefined;

  return (
    <>
      <Modal.Header>
        <Modal.Title>{t(`departure.title.${how}`, { name: who })}</Modal.Title>
        <CloseButton onClick={leaveOrAsk} aria-label={t('shell.close')} />
      </Modal.Header>
      <Modal.Body>
        {!plan && <NotPlanned members={members} walk={walk} onWithout={without} onClose={close} />}
        {plan && under && (
          <FollowStep
            members={members}
            who={who}
            departure={under}
            aside={<EndNow members={members} walk={walk} />}
            onClose={close}
            onUndone={undone}
          />
        )}
        {plan && one && outcome && 'signature' in outcome && (
          <DoneStep member={one} plan={plan} receipt={outcome} onClose={close} onUndone={undone} />
        )}
        {plan && !under && !outcome && (
          <Current
            members={members}
            how={how}
            who={who}
            walk={walk}
            onHow={(other) => instead(() => onHow(other))}
            onWithout={without}
            onClose={close}
          />
        )}
        {!inPlan && <Refused mt="lg" error={refused} />}
      </Modal.Body>
    </>
  );
}

interface CurrentProps {
  members: readonly Member[];
  how: DepartureKind;
  who: string;
  walk: Walk;
  onHow: (how: DepartureKind) => void;
  onWithout: ((member: Member) => void) | undefined;
  onClose: () => void;
}

/** The step that is shown. */
function Current({ members, how, who, walk, onHow, onWithout, onClose }: CurrentProps) {
  const { t } = useTranslation();
  const { plan, planning, step, changed, atOnce, settling, short } = walk;
  const { apply, decide, replan, suspend } = planning;
  if (!plan) return null;
  const aside = <EndNow members={members} walk={walk} />;
  const ends = short || (atOnce && !settling);
  const onwards = settling && atOnce ? t('departure.finish') : t('departure.continue');
  const label = ends && !settling && atOnce ? t('departure.continue_ends', { name: who }) : undefined;

  return (
    <Stack gap="lg">
      {changed && step === 'plan' && <Alert color="orange">{t('departure.changed')}</Alert>}
      {step === 'plan' && (
        <PlanStep
          members={members}
          who={who}
          how={how}
          plan={plan}
          onwards={{
            label: label ?? (short && !settling ? t(`departure.title.${how}`, { name: who }) : onwards),
            ends,
            go: walk.begin,
          }}
          asksPhone={atOnce && !settling && plan.blockers.some(({ code }) => code === 'phone_required')}
          busy={apply.isPending || suspend.isPending || replan.isPending || decide.isPending}
          aside={aside}
          onLater={ends && !settling ? walk.setLater : undefined}
          onSolved={() => replan.mutate(plan)}
          onWithout={onWithout}
          onHow={onHow}
          onCancel={onClose}
        />
      )}
      {step === 'decide' && (
        <DecideStep
          members={members}
          who={who}
          plan={plan}
          decide={decide}
          onwards={onwards}
          written={walk.written}
          onWrite={walk.write}
          busy={apply.isPending}
          aside={aside}
          onBack={atOnce && settling ? undefined : walk.back}
          onContinue={walk.decided}
        />
      )}
      {step === 'confirm' && (
        <ConfirmStep
          members={members}
          who={who}
          how={how}
          settable={!settling}
          later={walk.later}
          busy={apply.isPending}
          aside={aside}
          onBack={walk.back}
          onConfirm={(at) => walk.carryOut(plan, at)}
        />
      )}
    </Stack>
  );
}
