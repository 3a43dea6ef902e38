import { Alert, Button, CloseButton, Group, Modal, Skeleton, Stack } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { isProblem } from '../api/problem';
import type { DepartureKind, Member } from '../api/schema';
import { useProblems } from '../language/problems';
import { nameOf } from '../me/name';
import { ConfirmStep } from './ConfirmStep';
import { DecideStep } from './DecideStep';
import { DoneStep, FollowStep } from './DoneStep';
import { useEnding } from './ending';
import { PlanStep } from './PlanStep';
import { useWalk } from './walk';

interface StepsProps {
  members: readonly Member[];
  how: DepartureKind;
  onHow: (how: DepartureKind) => void;
  onWithout: (member: Member) => void;
  onClose: () => void;
}

type Walk = ReturnType<typeof useWalk>;

/** The way out: what will happen, what must be decided, confirm, done. */
export function Steps({ members, how: wanted, onHow, onWithout, onClose }: StepsProps) {
  const { t } = useTranslation();
  const walk = useWalk({
    members,
    how: wanted,
    onEnded: () => {
      ending.ended();
      onClose();
    },
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
    else void planning.discard(plan);
    onClose();
  };
  /** Makes another plan instead of this one. */
  const instead = (other: () => void) => {
    void planning.discard(plan);
    other();
  };
  const without = many ? (member: Member) => instead(() => onWithout(member)) : undefined;
  const undone = () => {
    ending.leavePanel();
    onClose();
  };
  useHotkeys([['Escape', close]], []);
  const under = plan?.state === 'scheduled' ? plan : outcome && 'digest' in outcome ? outcome : undefined;

  return (
    <>
      <Modal.Header>
        <Modal.Title>{t(`departure.title.${how}`, { name: who })}</Modal.Title>
        <CloseButton onClick={close} aria-label={t('shell.close')} />
      </Modal.Header>
      <Modal.Body>
        {!plan && <Planning members={members} walk={walk} onWithout={without} onClose={close} />}
        {plan && under && (
          <FollowStep members={members} who={who} departure={under} onClose={close} onUndone={undone} />
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
      <Refused error={suspend.error ?? apply.error} />
    </Stack>
  );
}

/** Ends the access at once and leaves the rest; of who is the last owner, or out already, there is none to end. */
function EndNow({ members, walk }: { members: readonly Member[]; walk: Walk }) {
  const { t } = useTranslation();
  const last = walk.plan?.blockers.some(({ code }) => code === 'last_owner');
  if (walk.settling || last || !members.every(({ status }) => status === 'active')) return <span />;
  return (
    <Button variant="transparent" px={0} onClick={walk.endNow} loading={walk.planning.suspend.isPending}>
      {t('departure.settle_later')}
    </Button>
  );
}

interface PlanningProps {
  members: readonly Member[];
  walk: Walk;
  onWithout: ((member: Member) => void) | undefined;
  onClose: () => void;
}

/** While the plan is made, or why there is none. */
function Planning({ members, walk, onWithout, onClose }: PlanningProps) {
  const { t } = useTranslation();
  const { sentence } = useProblems();
  const { error, refetch } = walk.planned;
  if (!error) {
    return (
      <Stack gap="sm" role="status" aria-label={t('shell.loading')}>
        <Skeleton h={16} w="60%" />
        <Skeleton h={48} />
        <Skeleton h={48} />
      </Stack>
    );
  }
  const inAnother = isProblem(error, 'departure_open')
    ? members.find(({ id }) => id === error.extra.member)
    : undefined;
  return (
    <Stack gap="lg">
      <Alert color="red" role="alert">
        {inAnother ? t('departure.in_another', { name: nameOf(inAnother) }) : sentence(error)}
      </Alert>
      <Group justify="flex-end" gap="xs">
        {isProblem(error, 'unreachable', 'internal') && (
          <Button variant="default" onClick={() => refetch()}>
            {t('entry.try_again')}
          </Button>
        )}
        {inAnother && onWithout && (
          <Button variant="default" onClick={() => onWithout(inAnother)}>
            {t('departure.without', { name: nameOf(inAnother) })}
          </Button>
        )}
        <Button onClick={onClose}>{t('shell.close')}</Button>
      </Group>
    </Stack>
  );
}

/** Why it could not be done; what the plan itself says against it stands in the plan. */
function Refused({ error }: { error: unknown }) {
  const { sentence } = useProblems();
  if (!error || isProblem(error, 'plan_changed', 'blocked', 'decision_required')) return null;
  return (
    <Alert color="red" role="alert">
      {sentence(error)}
    </Alert>
  );
}
