import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { answer, api, once } from '../api/client';
import { patiently } from '../api/patiently';
import type { Departure, Member } from '../api/schema';
import { useFormats } from '../language/formats';
import { useProblems } from '../language/problems';
import { nameOf } from '../me/name';
import { useToast } from '../shell/toast';
import { useRights } from '../users/rights';
import { suspendEach } from './turns';

/** Ends somebody's access at once; what is left waits in the departure that it gives. */
export const suspend = async (account: string, member: string): Promise<Departure> =>
  (
    await answer(
      api.POST('/v1/accounts/{account}/members/{member}/suspend', {
        params: { path: { account, member } },
        headers: once(),
      }),
    )
  ).departure;

/** As many as are named one by one. */
const named = 10;

/**
 * Ends the access of many, whatever page is shown meanwhile: a note in the
 * corner says how far it is, and in the end whose access it could not end.
 */
export function useSuspendEach() {
  const { t } = useTranslation();
  const { account } = usePlace();
  const { number } = useFormats();
  const { sentence } = useProblems();
  const cache = useQueryClient();
  const toast = useToast();
  const { isSelf } = useRights();

  return async (leaving: readonly Member[]) => {
    // Who ends their own access ends nobody's after it, and so comes last.
    const members = [...leaving.filter((one) => !isSelf(one)), ...leaving.filter(isSelf)];
    const stay = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', stay);
    const all = members.length;
    const note = toast.going(t('departure.ending_label'));
    const stillIn = await suspendEach(
      members,
      ({ id }) => patiently(() => suspend(account.id, id)),
      (done) => note.at(t('departure.ending', { done: number(done), all: number(all) }), done / all),
    );
    note.over();
    window.removeEventListener('beforeunload', stay);
    void cache.invalidateQueries({ queryKey: ['account', account.id] });

    const gone = all - stillIn.length;
    const ended = gone > 0 ? t('departure.all_suspended', { count: gone }) : t('departure.nobody_suspended');
    if (stillIn.length === 0) {
      toast.done(ended);
      return;
    }
    const more = stillIn.length - named;
    toast.partly(ended, [
      ...stillIn
        .slice(0, named)
        .map(({ member, error }) => t('departure.still_in', { name: nameOf(member), why: sentence(error) })),
      ...(more > 0 ? [t('departure.and_more', { count: more, formatted: number(more) })] : []),
    ]);
  };
}
