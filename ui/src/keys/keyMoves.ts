import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { answer, answerWithTag, api, once } from '../api/client';
import type { ApiKey } from '../api/schema';
import { useToast } from '../shell/toast';
import { everyKey, keyQuery } from './keysQuery';

/** What a form holds of a key; without an end it works until it is revoked. */
export interface Wanted {
  name: string;
  permissions: string[];
  expires_at?: string;
}

interface Change {
  key: ApiKey;
  patch: Partial<Wanted>;
  /** The version it is based on. */
  tag: string;
}

/** Making, changing and revoking keys, each with its word of what happened. */
export function useKeyMoves() {
  const { t } = useTranslation();
  const { account } = usePlace();
  const cache = useQueryClient();
  const toast = useToast();
  const path = { account: account.id };
  const reread = () => cache.invalidateQueries({ queryKey: everyKey(account.id) });

  const create = useMutation({
    // What it gives is shown once: nothing is to keep it longer than the dialog does.
    gcTime: 0,
    mutationFn: (wanted: Wanted) =>
      answer(api.POST('/v1/accounts/{account}/api-keys', { params: { path, header: once() }, body: wanted })),
    onSettled: reread,
  });
  const change = useMutation({
    mutationFn: ({ key, patch, tag }: Change) =>
      answerWithTag(
        api.PATCH('/v1/accounts/{account}/api-keys/{key}', {
          params: { path: { ...path, key: key.id }, header: { 'If-Match': tag } },
          body: patch,
        }),
      ),
    onSuccess: (saved) => {
      cache.setQueryData(keyQuery(account.id, saved.data.id).queryKey, saved);
      toast.done(t('keys.saved', { name: saved.data.name }));
    },
    onSettled: reread,
  });
  const revoke = useMutation({
    mutationFn: (key: ApiKey) =>
      answer(api.DELETE('/v1/accounts/{account}/api-keys/{key}', { params: { path: { ...path, key: key.id } } })),
    onSuccess: (_, { id, name }) => {
      // Its panel may still be open, and would ask in vain.
      cache.invalidateQueries({ queryKey: keyQuery(account.id, id).queryKey, refetchType: 'none' });
      toast.done(t('keys.revoked', { name }));
    },
    onSettled: () => cache.invalidateQueries({ queryKey: [...everyKey(account.id), 'list'] }),
  });
  return { create, change, revoke };
}
