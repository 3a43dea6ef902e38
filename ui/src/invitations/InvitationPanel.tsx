import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconLink, IconMailForward, IconMailOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { usePlace } from '../account/place';
import { useEventSentence } from '../activity/sentence';
import { modulesQuery, subAccountsQuery } from '../api/queries';
import type { Invitation } from '../api/schema';
import { When } from '../language/When';
import panel from '../panel/Panel.module.css';
import { PanelFrame } from '../panel/PanelFrame';
import { usePanelPath } from '../panel/panelPath';
import { Unread } from '../panel/Unread';
import { Address } from '../people/Address';
import { Initials } from '../people/Initials';
import { useRoleOf } from '../roles/roleOf';
import { FactList } from '../shell/FactList';
import { useDialogs } from '../users/dialog';
import { namesOf } from '../users/grants';
import { useInvitationMoves } from './invitationMoves';
import { invitationQuery } from './invitationQuery';
import { MailMark } from './MailMark';
import { Validity } from './Validity';

/** One invitation: what was offered to whom, how far it came, and what can be done with it. */
export default function InvitationPanel({ id }: { id: string }) {
  const { t } = useTranslation();
  const { actorOf } = useEventSentence();
  const { account } = usePlace();
  const read = useQuery(invitationQuery(account.id, id));
  const invitation = read.data;
  if (!invitation) return <Unread read={read} title={t('pending.invitation')} />;
  return (
    <PanelFrame
      picture={<Initials id={invitation.id} name={invitation.email} size={44} />}
      title={<Address email={invitation.email} />}
      note={
        <>
          {t('pending.invited_by', { name: actorOf({ actor: invitation.invited_by }) })}{' '}
          <When at={invitation.sent_at} />
        </>
      }
    >
      <div className={panel.view}>
        <Body invitation={invitation} />
      </div>
    </PanelFrame>
  );
}

function Body({ invitation }: { invitation: Invitation }) {
  const { t } = useTranslation();
  return (
    <Stack gap="lg">
      {invitation.mail === 'failed' && (
        <Alert color="red" title={t('pending.failed')}>
          <Text>{t('pending.failed_why')}</Text>
          {invitation.mail_reason && (
            <Text mt="xs" size="xs" ff="monospace">
              {invitation.mail_reason}
            </Text>
          )}
        </Alert>
      )}
      {invitation.status === 'expired' && <Alert color="gray">{t('pending.expired_why')}</Alert>}
      <Facts invitation={invitation} />
      <Moves invitation={invitation} />
    </Stack>
  );
}

function Facts({ invitation }: { invitation: Invitation }) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const modules = useQuery(modulesQuery(account.id)).data ?? [];
  const subAccounts = useQuery(subAccountsQuery(account.id)).data ?? [];
  const roleOf = useRoleOf();
  const { role, message } = invitation;
  return (
    <FactList
      facts={[
        { label: t('users.column.role', { context: account.preset }), value: roleOf(role) },
        { label: t('users.column.modules'), value: namesOf(modules, invitation.modules).join(', ') },
        { label: t('users.column.sub_accounts'), value: namesOf(subAccounts, invitation.sub_accounts).join(', ') },
        { label: t('pending.column.valid'), value: <Validity invitation={invitation} /> },
        { label: t('pending.column.mail'), value: <MailMark invitation={invitation} /> },
        { label: t('invite.message'), value: message && <span style={{ whiteSpace: 'pre-line' }}>{message}</span> },
      ]}
    />
  );
}

function Moves({ invitation }: { invitation: Invitation }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const pathOf = usePanelPath('users');
  const { account } = usePlace();
  const open = useDialogs();
  const { resend, copyLink } = useInvitationMoves();
  const pending = invitation.status === 'pending';
  if (!pending && invitation.status !== 'expired') return null;

  return (
    <Group gap="xs">
      <Button
        variant={pending ? 'default' : 'filled'}
        leftSection={<IconMailForward size={16} />}
        loading={resend.isPending}
        onClick={() => resend.mutate(invitation)}
      >
        {t('pending.resend', { context: account.preset })}
      </Button>
      {pending && (
        <Button
          variant="default"
          leftSection={<IconLink size={16} />}
          loading={copyLink.isPending}
          onClick={() => copyLink.mutate(invitation)}
        >
          {t('pending.copy_link', { context: account.preset })}
        </Button>
      )}
      {pending && (
        <Button
          variant="default"
          c="var(--mantine-color-error)"
          leftSection={<IconMailOff size={16} />}
          onClick={() => open({ kind: 'withdraw', invitations: [invitation], onDone: () => navigate(pathOf()) })}
        >
          {t('pending.withdraw', { context: account.preset })}
        </Button>
      )}
    </Group>
  );
}
