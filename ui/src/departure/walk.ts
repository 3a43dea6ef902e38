import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { usePlace } from '../account/place';
import { isProblem } from '../api/problem';
import type { Departure, DepartureKind, Member } from '../api/schema';
import { courseOf, type Step } from './course';
import { type Answers, losesDecisions, standing, toDecide } from './decisions';
import { planQuery, usePlanning } from './planning';
import { useSuspendEach } from './suspending';

interface Given {
  members: readonly Member[];
  how: DepartureKind;
  /** Somebody's access has ended, and the rest is left to be settled. */
  onEnded: () => void;
  /** The access of many ends one after the other, also when nobody looks. */
  onEnding: () => void;
}

/**
 * The way through the wizard: which step is shown and which comes next.
 *
 * Where the account's policy ends access at the confirmation, the first step
 * ends it, before anything is asked, and what was asked is carried out without
 * confirming it again. Who sets a time goes the ordinary way.
 */
export function useWalk({ members, how, onEnded, onEnding }: Given) {
  const { account } = usePlace();
  const ids = members.map(({ id }) => id);
  const planned = useQuery(planQuery(account.id, ids, how));
  const planning = usePlanning(ids, how);
  const { apply, decide, discard, replan, show, suspend } = planning;
  const suspendEach = useSuspendEach();
  const [gone, setGone] = useState<Step>();
  const [later, setLater] = useState(false);
  const [changed, setChanged] = useState(false);
  const [written, setWritten] = useState<Answers>();
  const plan = planned.data;
  const [one] = members;

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
  const endAndGoOn = (member: Member, phone: string) =>
    suspend.mutate(member.id, {
      onSuccess: async (waiting) => {
        void discard(plan);
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
    written,
    write: setWritten,
    /** What was decided and would be lost with the wizard: what is only written yet, and what a draft holds. */
    unkept: !apply.isSuccess && plan !== undefined && (written !== undefined || losesDecisions(plan)),
    setLater: () => {
      setLater(true);
      setGone(asks ? 'decide' : 'confirm');
    },
    back: () => setGone(step === 'confirm' && asks ? 'decide' : 'plan'),
    /** From the plan on. */
    begin: (phone: string) => {
      if (!plan) return;
      if (atOnce && !settling && one) endAndGoOn(one, phone);
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
    endNow: () => {
      if (members.length > 1) {
        void discard(plan);
        void suspendEach(members.filter(({ status }) => status === 'active'));
        onEnding();
      } else if (one) {
        suspend.mutate(one.id, {
          onSuccess: () => {
            void discard(plan);
            onEnded();
          },
        });
      }
    },
  };
}
