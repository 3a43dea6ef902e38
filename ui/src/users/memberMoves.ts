import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { answer, api, once } from '../api/client';
import type { Member } from '../api/schema';
import { nameOf } from '../me/name';
import { useToast } from '../shell/toast';

/** The small moves on one member, each with its word of what happened. */
export function useMemberMoves() {
  const { t } = useTranslation();
  const { account } = usePlace();
  const cache = useQueryClient();
  const toast = useToast();
  const at = (member: Member) => ({ account: account.id, member: member.id });
  const reread = () => cache.invalidateQueries({ queryKey: ['account', account.id] });

  const welcome = useMutation({
    mutationFn: (member: Member) =>
      answer(
        api.POST('/v1/accounts/{account}/members/{member}/welcome', { params: { path: at(member) }, headers: once() }),
      ),
    onSuccess: (_, member) => toast.done(t('users.welcomed', { email: member.email })),
    onError: toast.refused,
    onSettled: reread,
  });

  const endSessions = useMutation({
    mutationFn: (member: Member) =>
      answer(api.DELETE('/v1/accounts/{account}/members/{member}/sessions', { params: { path: at(member) } })),
    onSuccess: (_, member) => toast.done(t('users.sessions_ended', { name: nameOf(member) })),
    onError: toast.refused,
    onSettled: reread,
  });

  const endSession = useMutation({
    mutationFn: ({ member, session }: { member: Member; session: string }) =>
      answer(
        api.DELETE('/v1/accounts/{account}/members/{member}/sessions/{session}', {
          params: { path: { ...at(member), session } },
        }),
      ),
    onSuccess: (_, { member }) => toast.done(t('users.session_ended', { name: nameOf(member) })),
    onError: toast.refused,
    onSettled: reread,
  });

  const unlock = useMutation({
    mutationFn: (member: Member) =>
      answer(
        api.POST('/v1/accounts/{account}/members/{member}/unlock', { params: { path: at(member) }, headers: once() }),
      ),
    onSuccess: (_, member) => toast.done(t('users.unlocked', { name: nameOf(member) })),
    onError: toast.refused,
    onSettled: reread,
  });

  return { welcome, unlock, endSessions, endSession };
}
