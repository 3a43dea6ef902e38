import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { usePlace } from '../account/place';
import { answer, api, once } from '../api/client';
import { isProblem } from '../api/problem';
import type { Decisions, Departure, DepartureKind, Member } from '../api/schema';

const at = (account: string, departure: string) => ({ params: { path: { account, departure } } });

const read = (account: string, departure: string) =>
  answer(api.GET('/v1/accounts/{account}/departures/{departure}', at(account, departure)));

/** Begins a departure; for somebody whose access has ended already it is the one that waits to be settled. */
async function begin(account: string, member: string, kind: DepartureKind): Promise<Departure> {
  try {
    return await answer(
      api.POST('/v1/accounts/{account}/departures', {
        params: { path: { account } },
        headers: once(),
        body: { members: [member], kind },
      }),
    );
  } catch (error) {
    const open = isProblem(error, 'departure_open') ? error.extra.departure : undefined;
    if (typeof open !== 'string') throw error;
    return read(account, open);
  }
}

/** The plan of one person's departure. Planning changes nothing for them, so it is read like anything else. */
export const planQuery = (account: string, member: string, kind: DepartureKind) =>
  queryOptions({
    queryKey: ['plan', account, member, kind],
    queryFn: () => begin(account, member, kind),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });

/** The moves of the wizard on its plan. */
export function usePlanning(member: Member, kind: DepartureKind) {
  const { account } = usePlace();
  const cache = useQueryClient();
  const { queryKey } = planQuery(account.id, member.id, kind);
  const show = (plan: Departure) => cache.setQueryData(queryKey, plan);
  const reread = () => cache.invalidateQueries({ queryKey: ['account', account.id] });

  /** Plans anew after something changed elsewhere. */
  const replan = useMutation({
    mutationFn: (plan: Departure) => read(account.id, plan.id),
    onSuccess: show,
  });

  const decide = useMutation({
    mutationFn: ({ plan, decisions }: { plan: Departure; decisions: Decisions }) =>
      answer(
        api.PATCH('/v1/accounts/{account}/departures/{departure}', { ...at(account.id, plan.id), body: { decisions } }),
      ),
    onSuccess: show,
  });

  const apply = useMutation({
    mutationFn: (plan: Departure) =>
      answer(
        api.POST('/v1/accounts/{account}/departures/{departure}/apply', {
          ...at(account.id, plan.id),
          headers: once(),
          body: { digest: plan.digest },
        }),
      ),
    onSettled: reread,
  });

  const suspend = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/v1/accounts/{account}/members/{member}/suspend', {
          params: { path: { account: account.id, member: member.id } },
          headers: once(),
        }),
      ),
    onSettled: reread,
  });

  /** Leaves no draft behind when the wizard is closed without an end. */
  const discard = async (plan: Departure | undefined) => {
    if (plan?.state !== 'draft') return;
    await answer(api.DELETE('/v1/accounts/{account}/departures/{departure}', at(account.id, plan.id))).catch(() => {
      // A draft that stays changes nothing for anybody.
    });
  };

  return { replan, decide, apply, suspend, discard };
}
