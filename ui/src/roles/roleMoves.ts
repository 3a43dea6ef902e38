import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { answer, answerWithTag, api, once } from '../api/client';
import { sessionQuery } from '../api/queries';
import type { Role } from '../api/schema';
import type { Version } from '../form/versionForm';
import { useToast } from '../shell/toast';
import { useRoleName } from './roleName';
import { roleQuery } from './roleQuery';

/** What a form holds of a role. */
export type Editable = Pick<Role, 'name' | 'rank' | 'administers' | 'permissions' | 'reach' | 'modules' | 'billable'>;

interface Change {
  role: Role;
  patch: Partial<Editable>;
  /** The version it is based on. */
  tag: string;
}

/** Making, changing and deleting roles, each with its word of what happened. */
export function useRoleMoves() {
  const { t } = useTranslation();
  const { account } = usePlace();
  const cache = useQueryClient();
  const toast = useToast();
  const roleName = useRoleName();
  // A role bears on everybody who has it, the reader too.
  const reread = () =>
    Promise.all([
      cache.invalidateQueries({ queryKey: ['account', account.id] }),
      cache.invalidateQueries({ queryKey: sessionQuery.queryKey }),
    ]);
  const path = { account: account.id };

  const create = useMutation({
    mutationFn: (role: Editable) =>
      answer(api.POST('/v1/accounts/{account}/roles', { params: { path, header: once() }, body: role })),
    onSuccess: (role) => toast.done(t('role.created', { name: roleName(role) })),
    onSettled: reread,
  });
  const change = useMutation({
    mutationFn: ({ role, patch, tag }: Change) =>
      answerWithTag(
        api.PATCH('/v1/accounts/{account}/roles/{role}', {
          params: { path: { ...path, role: role.key }, header: { 'If-Match': tag } },
          body: patch,
        }),
      ),
    onSuccess: (saved, { role }) => {
      cache.setQueryData(roleQuery(account.id, role.key).queryKey, saved);
      toast.done(t('role.saved', { name: roleName(saved.data) }));
    },
    onSettled: reread,
  });
  const drop = useMutation({
    mutationFn: ({ data: role, tag }: Version<Role>) =>
      answer(
        api.DELETE('/v1/accounts/{account}/roles/{role}', {
          params: { path: { ...path, role: role.key }, header: { 'If-Match': tag } },
        }),
      ),
    onSuccess: (_, { data: role }) => toast.done(t('role.deleted', { name: roleName(role) })),
    onSettled: reread,
  });
  return { create, change, drop };
}
