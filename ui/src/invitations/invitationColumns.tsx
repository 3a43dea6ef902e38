import { Text, VisuallyHidden } from '@mantine/core';
import { type ColumnDef, createColumnHelper } from '@tanstack/react-table';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { useEventSentence } from '../activity/sentence';
import type { Invitation } from '../api/schema';
import { When } from '../language/When';
import type { Card } from '../list/ListCard';
import { usePanelPath } from '../panel/panelPath';
import { Person } from '../people/Person';
import { useRoleOf } from '../roles/roleOf';
import { InvitationMenu } from './InvitationMenu';
import { MailMark } from './MailMark';
import { Validity } from './Validity';

const column = createColumnHelper<Invitation>();

/** Who is asked, by whom, when, for how long, and whether the mail arrived. */
export function useInvitationColumns(): ColumnDef<Invitation>[] {
  const { t } = useTranslation();
  const { account } = usePlace();
  const context = account.preset;

  return useMemo(() => {
    const columns = [
      column.display({
        id: 'email',
        meta: { width: '34%' },
        header: () => t('users.column.email'),
        cell: ({ row }) => <Invited invitation={row.original} />,
      }),
      column.display({
        id: 'role',
        meta: { width: 130 },
        header: () => t('users.column.role', { context }),
        cell: ({ row }) => <OfferedRole invitation={row.original} />,
      }),
      column.display({
        id: 'by',
        meta: { wideOnly: true },
        header: () => t('pending.column.by'),
        cell: ({ row }) => <Sponsor invitation={row.original} />,
      }),
      column.display({
        id: 'sent',
        meta: { width: 124 },
        header: () => t('pending.column.sent'),
        cell: ({ row }) => <When at={row.original.sent_at} />,
      }),
      column.display({
        id: 'valid',
        meta: { width: 124 },
        header: () => t('pending.column.valid'),
        cell: ({ row }) => <Validity invitation={row.original} />,
      }),
      column.display({
        id: 'mail',
        meta: { width: 104 },
        header: () => t('pending.column.mail'),
        cell: ({ row }) => <MailMark invitation={row.original} />,
      }),
      column.display({
        id: 'actions',
        meta: { width: 80, onHover: true },
        header: () => <VisuallyHidden>{t('users.column.actions')}</VisuallyHidden>,
        cell: ({ row }) => <InvitationMenu invitation={row.original} />,
      }),
    ];
    return columns as ColumnDef<Invitation>[];
  }, [t, context]);
}

/** The same where the page is as wide as a phone. */
export const invitationCard = (invitation: Invitation): Card => ({
  head: <Invited invitation={invitation} />,
  actions: <InvitationMenu invitation={invitation} />,
  foot: (
    <>
      <OfferedRole invitation={invitation} />
      <Validity invitation={invitation} worded />
      <MailMark invitation={invitation} />
    </>
  ),
});

function Sponsor({ invitation }: { invitation: Invitation }) {
  const { actorOf } = useEventSentence();
  return <Text truncate>{actorOf({ actor: invitation.invited_by })}</Text>;
}

function Invited({ invitation }: { invitation: Invitation }) {
  const pathOf = usePanelPath('users');
  return <Person id={invitation.id} name={invitation.email} email={invitation.email} to={pathOf(invitation.id)} />;
}

function OfferedRole({ invitation }: { invitation: Invitation }) {
  return <Text truncate>{useRoleOf()(invitation.role)}</Text>;
}
