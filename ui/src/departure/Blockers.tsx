import { Alert, Box, Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import type { Blocker, DepartureKind, Member } from '../api/schema';
import { useLookup } from '../language/lookup';
import { useProblems } from '../language/problems';
import { nameOf } from '../me/name';
import { useRoleOf } from '../roles/roleOf';
import { type MemberPatch, useMemberChange } from '../users/memberChange';
import { memberQuery } from '../users/membersQuery';
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

/** A field with a button beside it, or over it where there is no room for both. */
const beside = '1 1 220px';

interface WayAroundProps {
  member: Member;
  onDone: () => void;
}

/** Gives somebody else the leaver's role, so that the account keeps one who manages it. */
function Promotion({ member, leaving, onDone }: WayAroundProps & { leaving: readonly string[] }) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const [chosen, setChosen] = useState('');
  const successor = useQuery({ ...memberQuery(account.id, chosen), enabled: chosen !== '' });
  const make = t('departure.make', { role: useRoleOf()(member.role) });
  return (
    <Group gap="xs" align="flex-end" w="100%">
      <Box flex={beside}>
        <SuccessorPicker label={t('departure.successor')} leaving={leaving} value={chosen} onChange={setChosen} />
      </Box>
      {successor.data ? (
        <Change key={chosen} read={successor.data} patch={{ role: member.role, modules: [] }} onDone={onDone}>
          {make}
        </Change>
      ) : (
        <Button disabled>{make}</Button>
      )}
      <Refused error={successor.error} />
    </Group>
  );
}

/** Takes the telephone number of one of several. */
function PhoneHere({ member, onDone }: WayAroundProps) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const [phone, setPhone] = useState('');
  const read = useQuery(memberQuery(account.id, member.id));
  return (
    <Group gap="xs" align="flex-end" w="100%">
      <Box flex={beside}>
        <PhoneField who={nameOf(member)} value={phone} onChange={setPhone} missing={false} />
      </Box>
      {read.data && phone.trim() !== '' ? (
        <Change read={read.data} patch={{ phone: phone.trim() }} onDone={onDone}>
          {t('user.save')}
        </Change>
      ) : (
        <Button disabled>{t('user.save')}</Button>
      )}
      <Refused error={read.error} />
    </Group>
  );
}

interface ChangeProps {
  /** The member as they were read, with the version that is written over. */
  read: { data: Member; tag: string };
  patch: MemberPatch;
  onDone: () => void;
  children: string;
}

/** Writes a change of a member, which can be taken back where it is told. */
function Change({ read: { data, tag }, patch, onDone, children }: ChangeProps) {
  const change = useMemberChange(data);
  return (
    <>
      <Button loading={change.isPending} onClick={() => change.mutate({ patch, tag }, { onSuccess: onDone })}>
        {children}
      </Button>
      <Refused error={change.error} />
    </>
  );
}

function Refused({ error }: { error: unknown }) {
  const { sentence } = useProblems();
  if (!error) return null;
  return (
    <Text size="sm" c="var(--mantine-color-error)" role="alert" w="100%">
      {sentence(error)}
    </Text>
  );
}
