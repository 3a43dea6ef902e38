import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { answer, api } from '../api/client';
import type { Blocker, DepartureKind, Member } from '../api/schema';
import { useLookup } from '../language/lookup';
import { useProblems } from '../language/problems';
import { nameOf } from '../me/name';
import { useRoleName } from '../roles/roleName';
import { useToast } from '../shell/toast';
import { useRights } from '../users/rights';
import { PhoneField } from './PhoneField';
import { SuccessorPicker } from './SuccessorPicker';

interface BlockersProps {
  members: readonly Member[];
  blockers: readonly Blocker[];
  /** Plans anew once something is out of the way. */
  onSolved: () => void;
  /** Goes on without somebody; of a single one there is no such way. */
  onWithout?: (member: Member) => void;
  /** Lets them go in another way. */
  onHow: (how: DepartureKind) => void;
}

/** What stands in the way, each with the way around it. */
export function Blockers({ members, blockers, onSolved, onWithout, onHow }: BlockersProps) {
  const { t } = useTranslation();
  const lookup = useLookup();
  const { account } = usePlace();
  const leaving = members.map(({ id }) => id);
  const wayAround = (code: string, member: Member): ReactNode => {
    if (code === 'last_owner') return <Promotion member={member} leaving={leaving} onDone={onSolved} />;
    if (code === 'phone_required') return <PhoneHere member={member} onDone={onSolved} />;
    const offered = account.policy.departure_kinds.includes('deactivate');
    if (code !== 'credits_used' || !offered || onWithout) return null;
    return <Button onClick={() => onHow('deactivate')}>{t('departure.deactivate_instead')}</Button>;
  };

  return blockers.map((blocker) => {
    const member = members.find(({ id }) => id === blocker.member);
    const text = lookup(`departure.blocker.${blocker.code}`, { name: member ? nameOf(member) : '' });
    return (
      <Alert key={`${blocker.code} ${blocker.member}`} color="orange" role="alert" title={t('departure.not_yet')}>
        <Stack gap="sm" align="flex-start">
          <Text>{text ?? blocker.detail}</Text>
          {member && wayAround(blocker.code, member)}
          {member && onWithout && (
            <Button variant="default" size="compact-md" onClick={() => onWithout(member)}>
              {t('departure.without', { name: nameOf(member) })}
            </Button>
          )}
        </Stack>
      </Alert>
    );
  });
}

interface WayAroundProps {
  member: Member;
  onDone: () => void;
}

/** Gives somebody else the leaver's role, so that the account keeps one who manages it. */
function Promotion({ member, leaving, onDone }: WayAroundProps & { leaving: readonly string[] }) {
  const { t } = useTranslation();
  const { roles } = useRights();
  const roleName = useRoleName();
  const toast = useToast();
  const [chosen, setChosen] = useState('');
  const role = roles.find((one) => one.key === member.role);
  const name = role ? roleName(role) : member.role;
  const promote = useEdit((successor) => {
    toast.done(t('regrade.done', { name: nameOf(successor), role: name }));
    onDone();
  });
  return (
    <>
      <Group gap="xs" align="flex-end" w="100%">
        <SuccessorPicker label={t('departure.successor')} leaving={leaving} value={chosen} onChange={setChosen} />
        <Button
          disabled={chosen === ''}
          loading={promote.isPending}
          onClick={() => promote.mutate({ id: chosen, patch: { role: member.role, modules: [] } })}
        >
          {t('departure.make', { role: name })}
        </Button>
      </Group>
      <Refused error={promote.error} />
    </>
  );
}

/** Takes the telephone number of one of several. */
function PhoneHere({ member, onDone }: WayAroundProps) {
  const { t } = useTranslation();
  const [phone, setPhone] = useState('');
  const note = useEdit(onDone);
  return (
    <>
      <PhoneField who={nameOf(member)} value={phone} onChange={setPhone} missing={false} />
      <Button
        disabled={phone.trim() === ''}
        loading={note.isPending}
        onClick={() => note.mutate({ id: member.id, patch: { phone: phone.trim() } })}
      >
        {t('user.save')}
      </Button>
      <Refused error={note.error} />
    </>
  );
}

function Refused({ error }: { error: unknown }) {
  const { sentence } = useProblems();
  if (!error) return null;
  return (
    <Text size="sm" c="var(--mantine-color-error)" role="alert">
      {sentence(error)}
    </Text>
  );
}

interface Edit {
  id: string;
  patch: { phone?: string; role?: string; modules?: string[] };
}

function useEdit(onDone: (member: Member) => void) {
  const { account } = usePlace();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ id, patch }: Edit) =>
      answer(
        api.PATCH('/v1/accounts/{account}/members/{member}', {
          params: { path: { account: account.id, member: id } },
          body: patch,
        }),
      ),
    onSuccess: onDone,
    onSettled: () => cache.invalidateQueries({ queryKey: ['account', account.id] }),
  });
}
