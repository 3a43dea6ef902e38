import type { Departure } from '../api/schema';

/** What the wizard knows to ask about. */
export type Question = 'invitations' | 'phone';

/** What is left to decide in a plan: what it cannot go on without, and what it would otherwise settle by itself. */
export function toDecide(plan: Departure): Question[] {
  const invitations =
    plan.decisions.invitations !== undefined ||
    plan.needed.some((need) => need.code === 'invitations') ||
    plan.effects.some((effect) => effect.kind === 'invitations_reassigned');
  const phone =
    plan.decisions.phone !== undefined || plan.blockers.some((blocker) => blocker.code === 'phone_required');
  return [...(invitations ? (['invitations'] as const) : []), ...(phone ? (['phone'] as const) : [])];
}

/** Blockers that no decision in the wizard resolves: they must be out of the way first. */
export const standing = (plan: Departure) => plan.blockers.filter((blocker) => blocker.code !== 'phone_required');
