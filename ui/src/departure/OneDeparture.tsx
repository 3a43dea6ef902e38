import { Alert, Button, CloseButton, Group, Modal, Skeleton, Stack } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useNavigate } from 'react-router';
import { usePlace } from '../account/place';
import { isProblem } from '../api/problem';
import type { Departure, DepartureKind, Member } from '../api/schema';
import { useProblems } from '../language/problems';
import { nameOf } from '../me/name';
import { useToast } from '../shell/toast';
import { useUserPath } from '../users/userPath';
import { ConfirmStep } from './ConfirmStep';
import { DecideStep } from './DecideStep';
import { DoneStep } from './DoneStep';
import { toDecide } from './decisions';
import { PlanStep } from './PlanStep';
import { planQuery, usePlanning } from './planning';
import { useActivate } from './returning';
import { useUndo } from './undo';

interface OneDepartureProps {
  member: Member;
  how: DepartureKind;
  title: string;
  /** Who comes after this one. */
  next: string | undefined;
  onNext: () => void;
  onClose: () => void;
}

type Step = 'plan' | 'decide' | 'confirm';

/** One person's way through the wizard: what will happen, what must be decided, confirm, done. */
export function OneDeparture({ member, how, title, next, onNext, onClose }: OneDepartureProps) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const planned = useQuery(planQuery(account.id, member.id, how));
  const { apply, discard, replan, suspend } = usePlanning(member, how);
  const [step, setStep] = useState<Step>('plan');
  const [changed, setChanged] = useState(false);
  const ended = useEnding(member, how);
  const plan = planned.data;
  const receipt = apply.data && 'signature' in apply.data ? apply.data : undefined; // one person, now: never a plan under way

  const close = () => {
    if (receipt) ended.close(plan);
    else void discard(plan);
    onClose();
  };
  useHotkeys([['Escape', close]], []);

  const confirm = () =>
    plan &&
    apply.mutate(plan, {
      onError: (error) => {
        if (!isProblem(error, 'plan_changed', 'blocked', 'decision_required')) return;
        setChanged(isProblem(error, 'plan_changed'));
        setStep('plan');
        replan.mutate(plan);
      },
    });
  const endNow = () =>
    suspend.mutate(undefined, {
      onSuccess: () => {
        ended.suspended();
        if (next) onNext();
        else onClose();
      },
    });
  const steps: Step[] = plan && toDecide(plan).length > 0 ? ['plan', 'decide', 'confirm'] : ['plan', 'confirm'];
  // In a small team a plan without anything to decide is confirmed where it is read.
  const short = account.preset === 'team' && steps.length === 2 && plan?.blockers.length === 0;
  const go = (way: 1 | -1) => setStep(steps[steps.indexOf(step) + way] ?? step);

  return (
    <>
      <Modal.Header>
        <Modal.Title>{title}</Modal.Title>
        <CloseButton onClick={close} aria-label={t('shell.close')} />
      </Modal.Header>
      <Modal.Body>
        {!plan && <Planning error={planned.error} onRetry={planned.refetch} onClose={close} />}
        {plan && receipt && (
          <DoneStep
            member={member}
            plan={plan}
            receipt={receipt}
            next={next}
            onNext={() => {
              ended.told();
              onNext();
            }}
            onClose={close}
            onUndone={() => {
              ended.told();
              onClose();
            }}
          />
        )}
        {plan && !receipt && (
          <Stack gap="lg">
            {changed && step === 'plan' && <Alert color="orange">{t('departure.changed')}</Alert>}
            {step === 'plan' && (
              <PlanStep
                member={member}
                how={how}
                plan={plan}
                short={short}
                busy={apply.isPending}
                onSettleLater={endNow}
                settling={suspend.isPending}
                onCancel={close}
                onContinue={short ? confirm : () => go(1)}
              />
            )}
            {step === 'decide' && (
              <DecideStep member={member} how={how} plan={plan} onBack={() => go(-1)} onContinue={() => go(1)} />
            )}
            {step === 'confirm' && (
              <ConfirmStep member={member} how={how} busy={apply.isPending} onBack={() => go(-1)} onConfirm={confirm} />
            )}
            <Refused error={suspend.error ?? apply.error} />
          </Stack>
        )}
      </Modal.Body>
    </>
  );
}

interface PlanningProps {
  error: unknown;
  onRetry: () => unknown;
  onClose: () => void;
}

/** While the plan is made, or why there is none. */
function Planning({ error, onRetry, onClose }: PlanningProps) {
  const { t } = useTranslation();
  const { sentence } = useProblems();
  if (!error) {
    return (
      <Stack gap="sm" role="status" aria-label={t('shell.loading')}>
        <Skeleton h={16} w="60%" />
        <Skeleton h={48} />
        <Skeleton h={48} />
      </Stack>
    );
  }
  return (
    <Stack gap="lg">
      <Alert color="red" role="alert">
        {sentence(error)}
      </Alert>
      <Group justify="flex-end" gap="xs">
        {isProblem(error, 'unreachable', 'internal') && (
          <Button variant="default" onClick={() => onRetry()}>
            {t('entry.try_again')}
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

/** What is said in the corner when the wizard is left, and the way back that stays open there. */
function useEnding(member: Member, how: DepartureKind) {
  const { t } = useTranslation();
  const toast = useToast();
  const undo = useUndo();
  const activate = useActivate();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const pathOf = useUserPath();
  const [silent, setSilent] = useState(false);
  const name = nameOf(member);
  const leavePanel = () => {
    // Whoever is gone has no panel any more.
    if (how !== 'deactivate' && pathname.endsWith(member.id)) navigate(pathOf());
  };

  return {
    /** Everything was said in the wizard itself. */
    told: () => {
      setSilent(true);
      leavePanel();
    },
    close: (plan: Departure | undefined) => {
      leavePanel();
      if (silent || !plan) return;
      const back = how === 'delete' ? undefined : () => undo.mutate({ departure: plan.id, name });
      toast.done(t(`departure.done.${how}`, { name }), back);
    },
    suspended: () => toast.done(t('departure.suspended', { name }), () => activate.mutate(member)),
  };
}
