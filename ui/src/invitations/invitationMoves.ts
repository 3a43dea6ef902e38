import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { answer, api, once } from '../api/client';
import { inTurn, type Missed } from '../api/inTurn';
import type { Invitation } from '../api/schema';
import { useFormats } from '../language/formats';
import { useProblems } from '../language/problems';
import { useToast } from '../shell/toast';
import { useDialogs } from '../users/dialog';

type Named = Pick<Invitation, 'id' | 'email'>;

interface Many {
  invitations: readonly Named[];
  /** How many are done. */
  onProgress?: (done: number) => void;
}

/** How many of those that were refused are named; all of them stay selected. */
const mostSaid = 10;

/** The moves on invitations, each with its word of what happened. */
export function useInvitationMoves() {
  const { t } = useTranslation();
  const dates = useFormats();
  const { account } = usePlace();
  const cache = useQueryClient();
  const toast = useToast();
  const open = useDialogs();
  const { sentence } = useProblems();
  const reread = () => cache.invalidateQueries({ queryKey: ['account', account.id] });
  /** For whom the move is over before the list is there anew: the selection it was about is gone at once. */
  const rereadLater = () => void reread();
  const at = (invitation: Named) => ({ params: { path: { account: account.id, invitation: invitation.id } } });

  const sendAgain = (invitation: Named) =>
    answer(api.POST('/v1/accounts/{account}/invitations/{invitation}/resend', { ...at(invitation), headers: once() }));
  const takeBack = (invitation: Named) =>
    answer(api.DELETE('/v1/accounts/{account}/invitations/{invitation}', at(invitation)));

  const resend = useMutation({
    mutationFn: sendAgain,
    onSuccess: (sent) => toast.done(t('pending.resent', { email: sent.email, until: dates.time(sent.expires_at) })),
    onError: toast.refused,
    onSettled: reread,
  });

  const withdraw = useMutation({
    mutationFn: takeBack,
    onSuccess: (_, { email }) => toast.done(t('pending.withdrawn', { email })),
    onError: toast.refused,
    onSettled: reread,
  });

  const copyLink = useMutation({
    mutationFn: (invitation: Named) =>
      answer(api.POST('/v1/accounts/{account}/invitations/{invitation}/link', { ...at(invitation), headers: once() })),
    onSuccess: async ({ url, expires_at }, { email }) => {
      try {
        await navigator.clipboard.writeText(url);
        toast.done(t('pending.copied', { email, until: dates.time(expires_at) }));
      } catch {
        // The link is made, and the one that was copied before is over: it is shown rather than lost.
        open({ kind: 'link', email, url, until: expires_at });
      }
    },
    onError: (error) => toast.refused(error),
  });

  /** Says how many came through, and of every other one who and why. */
  const told = (done: string, missed: readonly Missed<Named>[]) => {
    if (missed.length === 0) toast.done(done);
    else {
      const lines = missed
        .slice(0, mostSaid)
        .map(({ one, error }) => t('pending.missed', { email: one.email, why: sentence(error) }));
      const more = missed.length - lines.length;
      toast.partly(done, more > 0 ? [...lines, t('invite.more_wrong', { more: dates.number(more) })] : lines);
    }
  };

  const resendMany = useMutation({
    mutationFn: ({ invitations, onProgress }: Many) => inTurn(invitations, sendAgain, onProgress),
    onSuccess: (missed, { invitations }) =>
      told(t('pending.resent_many', { count: invitations.length - missed.length }), missed),
    onSettled: rereadLater,
  });

  const withdrawMany = useMutation({
    mutationFn: ({ invitations, onProgress }: Many) => inTurn(invitations, takeBack, onProgress),
    onSuccess: (missed, { invitations }) =>
      told(t('pending.withdrawn_many', { count: invitations.length - missed.length }), missed),
    onSettled: rereadLater,
  });

  return { resend, withdraw, copyLink, resendMany, withdrawMany };
}
