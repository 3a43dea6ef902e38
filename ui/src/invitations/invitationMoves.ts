import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { answer, api, once } from '../api/client';
import type { Invitation } from '../api/schema';
import { useFormats } from '../language/formats';
import { useToast } from '../shell/toast';

type Named = Pick<Invitation, 'id' | 'email'>;

interface Many {
  invitations: readonly Named[];
  /** How many are done, and of how many. */
  onProgress?: (done: number) => void;
}

/** The moves on invitations, each with its word of what happened. */
export function useInvitationMoves() {
  const { t } = useTranslation();
  const dates = useFormats();
  const { account } = usePlace();
  const cache = useQueryClient();
  const toast = useToast();
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
    mutationFn: async (invitation: Named) => {
      const link = await answer(
        api.POST('/v1/accounts/{account}/invitations/{invitation}/link', { ...at(invitation), headers: once() }),
      );
      await navigator.clipboard.writeText(link.url);
      return link;
    },
    onSuccess: (link, { email }) => toast.done(t('pending.copied', { email, until: dates.time(link.expires_at) })),
    onError: (error) => toast.refused(error),
  });

  /** One after the other, so that one that is refused holds up no other. */
  const each = (move: (invitation: Named) => Promise<unknown>) => async (many: Many) => {
    let refused = 0;
    let lastError: unknown;
    for (const [place, invitation] of many.invitations.entries()) {
      try {
        await move(invitation);
      } catch (error) {
        refused += 1;
        lastError = error;
      }
      many.onProgress?.(place + 1);
    }
    if (refused === many.invitations.length) throw lastError;
    return { done: many.invitations.length - refused, refused };
  };

  const resendMany = useMutation({
    mutationFn: each(sendAgain),
    onSuccess: ({ done, refused }) =>
      toast.done(
        t('pending.resent_many', { count: done }) + (refused ? ` ${t('pending.left', { count: refused })}` : ''),
      ),
    onError: toast.refused,
    onSettled: rereadLater,
  });

  const withdrawMany = useMutation({
    mutationFn: each(takeBack),
    onSuccess: ({ done, refused }) =>
      toast.done(
        t('pending.withdrawn_many', { count: done }) + (refused ? ` ${t('pending.left', { count: refused })}` : ''),
      ),
    onError: toast.refused,
    onSettled: rereadLater,
  });

  return { resend, withdraw, copyLink, resendMany, withdrawMany };
}
