import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { usePlace } from '../account/place';
import { isProblem } from '../api/problem';
import type { Departure, DepartureKind, Member } from '../api/schema';
import { courseOf, type Step } from './course';
import { standing, toDecide } from './decisions';
import { planQuery, usePlanning } from './planning';

interface Given {
  members: readonly Member[];
  how: DepartureKind;
  /** Somebody's access has ended, and the rest is left to be settled. */
  onEnded: () => void;
}

/**
 * The way through the wizard: which step is shown and which comes next.
 *
 * Where the account's policy ends access at the confirmation, the first step
 * ends it, before anything is asked, and what was asked is carried out without
 * confirming it again. Who sets a time goes the ordinary way.
 */
export function useWalk({ members, how, onEnded }: Given) {
  const { account } = usePlace();
  const ids = members.map(({ id }) => id);
  const planned = useQuery(planQuery(account.id, ids, how));
  const planning = usePlanning(ids, how);
  const { apply, decide, discard, replan, show, suspend } = planning;
  const [gone, setGone] = useState<Step>();
  const [later, setLater] = useState(false);
  const [changed, setChanged] = useState(false);
  const plan = planned.data;

  const course = courseOf({ plan, account, how, alone: members.length === 1, later });
  const { atOnce, settling, asks, short } = course;
  const step = gone ?? course.first;

  const carryOut = (ready: Departure, at?: Date) =>
    apply.mutate(
      { plan: ready, ...(at && { at }) },
      {
        onError: (error) => {
          if (!isProblem(error, 'plan_changed', 'blocked', 'decision_required')) return;
          setChanged(isProblem(error, 'plan_changed'));
          setGone('plan');
          replan.mutate(ready);
        },
      },
    );
  /** Ends the access first of all, and goes on with what is left to decide. */
  const endAndGoOn = (phone: string) =>
    suspend.mutate(undefined, {
      onSuccess: async (waiting) => {
        void discard(plan);
        if (!waiting) return;
        // A number that is refused is asked for once more, with why.
        const noted = phone
          ? decide.mutateAsync({ plan: waiting, decisions: { phone } }).catch(() => waiting)
          : waiting;
        const ready = await noted;
        show(ready);
        if (toDecide(ready).length > 0) setGone('decide');
        else carryOut(ready);
      },
    });

  return {
    plan,
    planned,
    planning,
    step,
    changed,
    atOnce,
    settling,
    short,
    later,
    setLater: () => {
      setLater(true);
      setGone(asks ? 'decide' : 'confirm');
    },
    back: () => setGone(step === 'confirm' && asks ? 'decide' : 'plan'),
    /** From the plan on. */
    begin: (phone: string) => {
      if (!plan) return;
      if (atOnce && !settling) endAndGoOn(phone);
      else if (short) carryOut(plan);
      else setGone(asks ? 'decide' : 'confirm');
    },
    /** From the decisions on. */
    decided: (ready: Departure) => {
      if (standing(ready).length > 0) setGone('plan');
      else if (atOnce && settling) carryOut(ready);
      else setGone('confirm');
    },
    carryOut,
    endNow: () =>
      suspend.mutate(undefined, {
        onSuccess: () => {
          void discard(plan);
          onEnded();
        },
      }),
  };
}
