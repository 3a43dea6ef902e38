import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { answerWithTag, api } from '../api/client';
import type { Member } from '../api/schema';
import { nameOf } from '../me/name';
import { useRoleOf } from '../roles/roleOf';
import { useToast } from '../shell/toast';
import { memberQuery } from './membersQuery';

const fields = ['first_name', 'last_name', 'email', 'job_title', 'phone', 'locale', 'role'] as const;
const lists = ['modules', 'sub_accounts'] as const;

/** What a form holds of a member. */
export type Editable = Pick<Member, (typeof fields)[number] | (typeof lists)[number]>;
export type MemberPatch = Partial<Editable>;

export const editable = (member: Member): Editable => ({
  first_name: member.first_name,
  last_name: member.last_name,
  email: member.email,
  job_title: member.job_title,
  phone: member.phone,
  locale: member.locale,
  role: member.role,
  modules: member.modules,
  sub_accounts: member.sub_accounts,
});

const sameSet = (one: readonly string[], other: readonly string[]) =>
  one.length === other.length && one.every((id) => other.includes(id));

/** Only what differs: the body of a merge-patch. */
export function difference(before: Editable, after: Editable): MemberPatch {
  const patch: MemberPatch = {};
  for (const field of fields) if (before[field] !== after[field]) patch[field] = after[field];
  for (const list of lists) if (!sameSet(before[list], after[list])) patch[list] = after[list];
  // Modules belong to a role: a new role comes with its own, even if they are none.
  if (patch.role !== undefined) patch.modules = after.modules;
  return patch;
}

interface Change {
  patch: MemberPatch;
  /** The version it is based on; without one it is written over whatever is there. */
  tag?: string;
  /** That it is still the same person, with another name and another address. */
  same?: boolean;
  /** That it takes back an earlier change, and so is not offered to be undone. */
  undoes?: boolean;
}

/** Writes a change of one member and says so, with the way back. */
export function useMemberChange(member: Member) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const cache = useQueryClient();
  const toast = useToast();
  const roleOf = useRoleOf();
  const name = nameOf(member);

  const change = useMutation({
    mutationFn: ({ patch, tag, same }: Change) =>
      answerWithTag(
        api.PATCH('/v1/accounts/{account}/members/{member}', {
          params: { path: { account: account.id, member: member.id }, header: tag ? { 'If-Match': tag } : {} },
          body: same ? { ...patch, same_person: true } : patch,
        }),
      ),
    onSuccess: (saved, { patch, undoes }) => {
      cache.setQueryData(memberQuery(account.id, member.id).queryKey, saved);
      if (undoes) {
        toast.done(t('user.undone', { name }));
        return;
      }
      if (patch.email !== undefined) {
        toast.done(t('user.email_asked', { email: patch.email }));
        return;
      }
      const before = Object.fromEntries(
        Object.keys(patch).map((field) => [field, member[field as keyof Editable]]),
      ) as MemberPatch;
      toast.done(
        patch.role === undefined
          ? t('user.saved', { name: nameOf(saved.data) })
          : t('regrade.done', { name, role: roleOf(patch.role) }),
        () => change.mutate({ patch: before, tag: saved.tag, undoes: true }),
      );
    },
    onError: (error, { undoes }) => {
      // In the form the refusal stands where it belongs.
      if (undoes) toast.refused(error);
    },
    onSettled: () => {
      // Not waited for: whoever takes a change back while lists are read anew would keep the form from hearing of it.
      void cache.invalidateQueries({ queryKey: ['account', account.id] });
    },
  });
  return change;
}
