import { Alert, Button, Group, Select, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { answer, api } from '../api/client';
import type { Blocker, Departure, DepartureKind, Member } from '../api/schema';
import { useLookup } from '../language/lookup';
import { useProblems } from '../language/problems';
import { nameOf } from '../me/name';
import { useToast } from '../shell/toast';
import { useRights } from '../users/rights';
import { useRoleName } from '../users/roleName';
import { usePlanning } from './planning';

interface BlockersProps {
  member: Member;
  how: DepartureKind;
  plan: Departure;
  blockers: readonly Blocker[];
}

/** What stands in the way, each with the way around it. */
export function Blockers({ member, how, plan, blockers }: BlockersProps) {
  const { t } = useTranslation();
  const lookup = useLookup();
  const name = nameOf(member);
  return blockers.map((blocker) => (
    <Alert key={blocker.code} color="orange" role="alert" title={t('departure.not_yet')}>
      <Text>{lookup(`departure.blocker.${blocker.code}`, { name }) ?? blocker.detail}</Text>
      {blocker.code === 'last_owner' && <Successor member={member} how={how} plan={plan} />}
    </Alert>
  ));
}

interface SuccessorProps {
  member: Member;
  how: DepartureKind;
  plan: Departure;
}

/** Gives somebody else the leaver's role, so that the account keeps one who manages it. */
function Successor({ member, how, plan }: SuccessorProps) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const { roles } = useRights();
  const roleName = useRoleName();
  const { sentence } = useProblems();
  const toast = useToast();
  const cache = useQueryClient();
  const { replan } = usePlanning(member, how);
  const [search, setSearch] = useState('');
  const [asked] = useDebouncedValue(search, 200);
  const [chosen, setChosen] = useState<Member>();
  const role = roles.find((one) => one.key === member.role);
  const found = useCandidates(asked, member);

  const promote = useMutation({
    mutationFn: (successor: Member) =>
      answer(
        api.PATCH('/v1/accounts/{account}/members/{member}', {
          params: { path: { account: account.id, member: successor.id } },
          body: { role: member.role, modules: [] },
        }),
      ),
    onSuccess: (successor) => {
      toast.done(t('regrade.done', { name: nameOf(successor), role: role ? roleName(role) : member.role }));
      replan.mutate(plan);
    },
    onSettled: () => cache.invalidateQueries({ queryKey: ['account', account.id] }),
  });

  return (
    <Stack gap="xs" mt="sm">
      <Group gap="xs" align="flex-end">
        <Select
          flex={1}
          label={t('departure.successor')}
          placeholder={t('users.search')}
          searchable
          data={found.map((one) => ({ value: one.id, label: `${nameOf(one)} · ${one.email}` }))}
          // The server has searched already.
          filter={({ options }) => options}
          searchValue={search}
          onSearchChange={setSearch}
          value={chosen?.id ?? null}
          onChange={(id) => setChosen(found.find((one) => one.id === id))}
          nothingFoundMessage={t('grants.nothing_found')}
        />
        <Button
          disabled={!chosen}
          loading={promote.isPending || replan.isPending}
          onClick={() => chosen && promote.mutate(chosen)}
        >
          {t('departure.make', { role: role ? roleName(role) : member.role })}
        </Button>
      </Group>
      {promote.isError && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {sentence(promote.error)}
        </Text>
      )}
    </Stack>
  );
}

/** Active, registered people other than the leaver. */
function useCandidates(search: string, leaver: Member): Member[] {
  const { account } = usePlace();
  const list = useQuery({
    queryKey: ['account', account.id, 'candidates', search],
    queryFn: async () => {
      // What was chosen stands in the box as "name · address": the address finds it again.
      const q = search.split(' · ').at(-1) ?? '';
      const query = { status: 'active' as const, limit: 20, ...(q && { q }) };
      const path = { account: account.id };
      return (await answer(api.GET('/v1/accounts/{account}/members', { params: { path, query } }))).items;
    },
    placeholderData: (before) => before,
  });
  return (list.data ?? []).filter((one) => one.id !== leaver.id && one.registered_at);
}
