import { Alert, Button, List, Modal, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { answer, api } from '../api/client';
import { modulesQuery } from '../api/queries';
import type { Member } from '../api/schema';
import { RolePrice } from '../billing/RolePrice';
import { DialogFoot } from '../form/DialogFoot';
import { Refused } from '../form/Refused';
import { useUnsaved } from '../form/unsaved';
import { useLookup } from '../language/lookup';
import { nameOf } from '../me/name';
import { useRoleOf } from '../roles/roleOf';
import { useToast } from '../shell/toast';
import { GrantsFields } from './GrantsFields';
import { fitting, type Grants, lacksModule } from './grants';
import { memberQuery } from './membersQuery';
import { useRights } from './rights';

interface RegradeDialogProps {
  members: readonly Member[];
  onClose: () => void;
}

interface Refusal {
  member: Member;
  why: string;
}

/** Gives one or many another role, with what belongs to it. */
export default function RegradeDialog({ members, onClose }: RegradeDialogProps) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const { grantable, roles } = useRights();
  const modules = useQuery(modulesQuery(account.id)).data ?? [];
  const [begun] = useState(() => begin(members));
  const [value, setValue] = useState<Grants>(begun);
  const [tried, setTried] = useState(false);
  const [refused, setRefused] = useState<Refusal[]>([]);
  const role = roles.find((one) => one.key === value.role);
  const regrade = useRegrade(members, setRefused, onClose);
  const one = members.length === 1 ? members[0] : undefined;
  const close = useUnsaved(value !== begun, onClose);

  return (
    <Modal
      opened
      onClose={close}
      title={
        one
          ? t('regrade.title', { name: nameOf(one), context: account.preset })
          : t('regrade.title_many', { count: members.length, context: account.preset })
      }
    >
      <Stack gap="lg">
        <GrantsFields
          value={value}
          onChange={setValue}
          roles={grantable}
          modulesError={tried && lacksModule(value, role) ? t('refusal.module_required') : undefined}
        />
        <RolePrice members={members} grants={fitting(value, role, modules)} />
        <Text size="sm" c="dimmed">
          {t('regrade.at_once')}
        </Text>
        <DialogFoot refused={<Held refused={refused} error={regrade.error} />}>
          <Button variant="default" onClick={onClose}>
            {t('shell.cancel')}
          </Button>
          <Button
            loading={regrade.isPending}
            disabled={!role}
            onClick={() => (lacksModule(value, role) ? setTried(true) : regrade.mutate(fitting(value, role, modules)))}
          >
            {t('regrade.do', { count: members.length })}
          </Button>
        </DialogFoot>
      </Stack>
    </Modal>
  );
}

/** Whose role stayed as it was and why, or why nothing was changed at all. */
function Held({ refused, error }: { refused: readonly Refusal[]; error: unknown }) {
  const { t } = useTranslation();
  if (error) return <Refused error={error} />;
  if (refused.length === 0) return null;
  return (
    <Alert color="red" role="alert" title={t('regrade.refused', { count: refused.length })}>
      <List size="sm">
        {refused.map(({ member, why }) => (
          <List.Item key={member.id}>
            {nameOf(member)}: {why}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}

/** What one has is where one begins; of many only the role they share. */
function begin(members: readonly Member[]): Grants {
  const [first, ...rest] = members;
  if (!first) return { role: '', modules: [], sub_accounts: [] };
  if (rest.length === 0) return { role: first.role, modules: first.modules, sub_accounts: first.sub_accounts };
  const shared = rest.every((member) => member.role === first.role);
  return { role: shared ? first.role : '', modules: [], sub_accounts: [] };
}

function useRegrade(members: readonly Member[], onRefused: (refused: Refusal[]) => void, onDone: () => void) {
  const { t } = useTranslation();
  const lookup = useLookup();
  const { account } = usePlace();
  const { isSelf } = useRights();
  const self = members.filter(isSelf);
  const others = members.filter((member) => !isSelf(member));
  const roleOf = useRoleOf();
  const cache = useQueryClient();
  const toast = useToast();
  const [only] = members;
  const said = useSaid();

  return useMutation({
    mutationFn: (grants: Grants) =>
      answer(
        api.PATCH('/v1/accounts/{account}/members', {
          params: { path: { account: account.id } },
          // Who changes their own role may change nobody's after it, and so comes last.
          body: { members: [...others, ...self].map((member) => member.id), ...grants },
        }),
      ),
    onSuccess: async ({ results }, grants) => {
      const held = results.filter(({ verdict }) => verdict !== 'changed' && verdict !== 'unchanged');
      const changed = results.length - held.length;
      if (changed > 0) {
        const role = roleOf(grants.role);
        if (only && members.length === 1) await said(only, role);
        else toast.done(t('regrade.done_many', { count: changed, role }));
      }
      if (held.length === 0) {
        onDone();
        return;
      }
      onRefused(
        held.flatMap((result) => {
          const member = members.find((one) => one.id === result.member);
          return member
            ? [
                {
                  member,
                  why:
                    lookup(`refusal.${result.verdict}`) ?? lookup(`problem.${result.verdict}`) ?? result.detail ?? '',
                },
              ]
            : [];
        }),
      );
    },
    onSettled: () => cache.invalidateQueries({ queryKey: ['account', account.id] }),
  });
}

/** Says of one person what they are now, with the way back to what they were. */
function useSaid() {
  const { t } = useTranslation();
  const { account } = usePlace();
  const { isSelf } = useRights();
  const cache = useQueryClient();
  const toast = useToast();
  const back = useMutation({
    mutationFn: ({ member: { id, role, modules, sub_accounts }, tag }: { member: Member; tag: string }) =>
      answer(
        api.PATCH('/v1/accounts/{account}/members/{member}', {
          params: { path: { account: account.id, member: id }, header: { 'If-Match': tag } },
          body: { role, modules, sub_accounts },
        }),
      ),
    onSuccess: (_, { member }) => toast.done(t('user.undone', { name: nameOf(member) })),
    onError: toast.refused,
    onSettled: () => cache.invalidateQueries({ queryKey: ['account', account.id] }),
  });
  return async (member: Member, role: string) => {
    // Who changed their own may not be the one to change it back.
    const read = { ...memberQuery(account.id, member.id), staleTime: 0 };
    const now = isSelf(member) ? undefined : await cache.fetchQuery(read).catch(() => undefined);
    const undo = now && (() => back.mutate({ member, tag: now.tag }));
    toast.done(t('regrade.done', { name: nameOf(member), role }), undo);
  };
}
