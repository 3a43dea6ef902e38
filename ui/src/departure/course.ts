import type { Account, Departure, DepartureKind, Policy } from '../api/schema';
import { toDecide } from './decisions';

export type Step = 'plan' | 'decide' | 'confirm';

interface Standing {
  plan: Departure | undefined;
  account: Pick<Account, 'preset' | 'policy'>;
  how: DepartureKind;
  alone: boolean;
  later: boolean;
}

/** What kind of way it is, as things stand. */
export function courseOf({ plan, account, how, alone, later }: Standing) {
  const atOnce = account.policy.access_ends === 'confirm' && how === 'deactivate' && alone && !later;
  const settling = plan?.state === 'settling';
  const asks = plan !== undefined && toDecide(plan).length > 0;
  const clear = plan !== undefined && plan.blockers.length === 0 && plan.needed.length === 0;
  const first: Step = atOnce && settling && asks ? 'decide' : 'plan';
  /** The plan is confirmed where it is read. */
  const short = !asks && clear && !later && (account.preset === 'team' || (atOnce && settling));
  return { atOnce, settling, asks, short, first };
}

/** Whether the account lets such a departure be taken back at all; of who is deleted nothing is left to come back. */
export const canComeBack = ({ undo_window }: Pick<Policy, 'undo_window'>, how: DepartureKind) =>
  how !== 'delete' && undo_window > 0;
