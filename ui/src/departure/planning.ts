import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { usePlace } from '../account/place';
import { answer, api, once } from '../api/client';
import { isProblem } from '../api/problem';
import type { DecisionsPatch, Departure, DepartureKind } from '../api/schema';
import { suspend } from './suspending';

const at = (account: string, departure: string) => ({ params: { path: { account, departure } } });

const read = (account: string, departure: string) =>
  answer(api.GET('/v1/accounts/{account}/departures/{departure}', at(account, departure)));

/**
 * Begins a departure; for somebody who is in one already it is that one. To
 * settle it is to deactivate or whatever it was begun as; to let them go in
 * another way changes it.
 */
async function begin(account: string, members: readonly string[], kind: DepartureKind): Promise<Departure> {
  try {
    return await answer(
      api.POST('/v1/accounts/{account}/departures', {
        params: { path: { account } },
        headers: once(),
        body: { members: [...members], kind },
      }),
    );
  } catch (error) {
    const open = isProblem(error, 'departure_open') ? error.extra.departure : undefined;
    if (typeof open !== 'string' || members.length > 1) throw error;
    const plan = await read(account, open);
    if (kind === 'deactivate' || kind === plan.kind || plan.state !== 'settling') return plan;
    return answer(api.PATCH('/v1/accounts/{account}/departures/{departure}', { ...at(account, open), body: { kind } }));
  }
}

/** The plan of a departure. Planning changes nothing for anybody, so it is read like anything else. */
export const planQuery = (account: string, members: readonly string[], kind: DepartureKind) =>
  queryOptions({
    queryKey: ['plan', account, kind, ...members],
    queryFn: () => begin(account, members, kind),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });

interface Applying {
  plan: Departure;
  /** When it is to be done; without one, now. */
  at?: Date;
}

/** The moves of the wizard on its plan. */
export function usePlanning(members: readonly string[], kind: DepartureKind) {
  const { account } = usePlace();
  const cache = useQueryClient();
  const { queryKey } = planQuery(account.id, members, kind);
  const show = (plan: Departure) => cache.setQueryData(queryKey, plan);
  const reread = () => cache.invalidateQueries({ queryKey: ['account', account.id] });

  /** Plans anew after something changed elsewhere. */
  const replan = useMutation({
    mutationFn: (plan: Departure) => read(account.id, plan.id),
    onSuccess: show,
  });

  const decide = useMutation({
    mutationFn: ({ plan, decisions }: { plan: Departure; decisions: DecisionsPatch }) =>
      answer(
        api.PATCH('/v1/accounts/{account}/departures/{departure}', { ...at(account.id, plan.id), body: { decisions } }),
      ),
    onSuccess: show,
  });

  /** Applies the plan: the receipt, or the plan of what waits for its time or goes through several people. */
  const apply = useMutation({
    mutationFn: ({ plan, at: time }: Applying) =>
      answer(
        api.POST('/v1/accounts/{account}/departures/{departure}/apply', {
          ...at(account.id, plan.id),
          headers: once(),
          body: { digest: plan.digest, ...(time && { at: time.toISOString() }) },
        }),
      ),
    onSettled: reread,
  });

  /** Ends somebody's access at once, and gives the departure that waits. */
  const suspended = useMutation({ mutationFn: (member: string) => suspend(account.id, member), onSettled: reread });

  /** Leaves no draft behind when the wizard is closed without an end. */
  const discard = async (plan: Departure | undefined) => {
    if (plan?.state !== 'draft') return;
    await answer(api.DELETE('/v1/accounts/{account}/departures/{departure}', at(account.id, plan.id))).catch(() => {
      // A draft that stays changes nothing for anybody.
    });
  };

  return { show, replan, decide, apply, suspend: suspended, discard };
}
