import { Alert, Button, DataList, Drawer, Group, Skeleton, Stack, Text } from '@mantine/core';
import { IconLink, IconMailForward, IconMailOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { usePlace } from '../account/place';
import { useEventSentence } from '../activity/sentence';
import { modulesQuery, subAccountsQuery } from '../api/queries';
import type { Invitation } from '../api/schema';
import { When } from '../language/When';
import { ListProblem } from '../list/ListProblem';
import panel from '../panel/Panel.module.css';
import { Address } from '../people/Address';
import { Initials } from '../people/Initials';
import { useDialogs } from '../users/dialogs';
import { useUserPath } from '../users/userPath';
import { OfferedRole } from './invitationColumns';
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

  return (
    <div className={panel.panel}>
      <div className={panel.head}>
        {invitation && <Initials id={invitation.id} name={invitation.email} size={44} />}
        <div className={panel.who}>
          <Drawer.Title>
            <Text component="span" fz="lg" fw={600} className={panel.email} c="var(--mantine-color-text)">
              {invitation ? <Address email={invitation.email} /> : t('pending.invitation')}
            </Text>
          </Drawer.Title>
          {invitation && (
            <Text c="dimmed">
              {t('pending.invited_by', { name: actorOf({ actor: invitation.invited_by }) })}{' '}
              <When at={invitation.sent_at} />
            </Text>
          )}
        </div>
        <Drawer.CloseButton aria-label={t('shell.close')} />
      </div>
      <div className={panel.view}>
        {read.error && !invitation && <ListProblem error={read.error} retry={read.refetch} />}
        {read.isPending && <Skeleton h={160} />}
        {invitation && <Body invitation={invitation} />}
      </div>
    </div>
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
  const named = (all: readonly { id: string; name: string }[], ids: readonly string[]) =>
    all
      .filter((one) => ids.includes(one.id))
      .map((one) => one.name)
      .join(', ');

  return (
    <DataList orientation="horizontal" labelWidth={132}>
      <DataList.Item>
        <DataList.ItemLabel>{t('users.column.role', { context: account.preset })}</DataList.ItemLabel>
        <DataList.ItemValue>
          <OfferedRole invitation={invitation} />
        </DataList.ItemValue>
      </DataList.Item>
      {invitation.modules.length > 0 && (
        <DataList.Item>
          <DataList.ItemLabel>{t('users.column.modules')}</DataList.ItemLabel>
          <DataList.ItemValue>{named(modules, invitation.modules)}</DataList.ItemValue>
        </DataList.Item>
      )}
      {invitation.sub_accounts.length > 0 && (
        <DataList.Item>
          <DataList.ItemLabel>{t('users.column.sub_accounts')}</DataList.ItemLabel>
          <DataList.ItemValue>{named(subAccounts, invitation.sub_accounts)}</DataList.ItemValue>
        </DataList.Item>
      )}
      <DataList.Item>
        <DataList.ItemLabel>{t('pending.column.valid')}</DataList.ItemLabel>
        <DataList.ItemValue>
          <Validity invitation={invitation} />
        </DataList.ItemValue>
      </DataList.Item>
      <DataList.Item>
        <DataList.ItemLabel>{t('pending.column.mail')}</DataList.ItemLabel>
        <DataList.ItemValue>
          <MailMark invitation={invitation} />
        </DataList.ItemValue>
      </DataList.Item>
      {invitation.message && (
        <DataList.Item>
          <DataList.ItemLabel>{t('invite.message')}</DataList.ItemLabel>
          <DataList.ItemValue style={{ whiteSpace: 'pre-line' }}>{invitation.message}</DataList.ItemValue>
        </DataList.Item>
      )}
    </DataList>
  );
}

function Moves({ invitation }: { invitation: Invitation }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const pathOf = useUserPath();
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
