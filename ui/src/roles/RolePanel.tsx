import { Alert, Anchor, Button, Group, Modal, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ComponentProps, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { usePlace } from '../account/place';
import { isProblem } from '../api/problem';
import { rolesQuery } from '../api/queries';
import type { Role } from '../api/schema';
import { Refused } from '../form/Refused';
import type { Version } from '../form/versionForm';
import panel from '../panel/Panel.module.css';
import { PanelFrame } from '../panel/PanelFrame';
import { Unread } from '../panel/Unread';
import { useRights } from '../users/rights';
import { RoleForm } from './RoleForm';
import { useRoleMoves } from './roleMoves';
import { useRoleName } from './roleName';
import { roleQuery } from './roleQuery';

interface RolePanelProps {
  /** The key of a role; without one, a role to be made. */
  role: string | undefined;
  onClose: () => void;
}

/** One role: what it is called, what it may do, and its end. */
export default function RolePanel({ role, onClose }: RolePanelProps) {
  return role === undefined ? <NewRole onClose={onClose} /> : <OneRole role={role} onClose={onClose} />;
}

function NewRole({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { create } = useRoleMoves();
  return (
    <Framed title={t('role.add')}>
      <RoleForm
        submit={t('role.create')}
        busy={create.isPending}
        error={create.error}
        onSubmit={(given) => create.mutateAsync(given).then(onClose)}
      />
    </Framed>
  );
}

function OneRole({ role, onClose }: { role: string; onClose: () => void }) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const read = useQuery(roleQuery(account.id, role));
  if (read.data) return <Known latest={read.data} onClose={onClose} />;
  return <Unread read={read} title={t('role.panel')} />;
}

interface KnownProps {
  latest: Version<Role>;
  onClose: () => void;
}

/** A role as it was when it was opened: what others change meanwhile runs over nothing that is being written. */
function Known({ latest, onClose }: KnownProps) {
  const { t } = useTranslation();
  const { grantable } = useRights();
  const roleName = useRoleName();
  const { change } = useRoleMoves();
  const [{ data: role, tag }, show] = useState(latest);
  const mine = grantable.some((one) => one.key === role.key);
  const { members } = latest.data;

  return (
    <Framed title={roleName(latest.data)} note={members === null ? undefined : t('role.has', { count: members })}>
      {!mine && (
        <Alert color="gray" mb="lg">
          {t('role.above')}
        </Alert>
      )}
      <RoleForm
        key={tag}
        role={role}
        readOnly={!mine}
        submit={t('user.save')}
        busy={change.isPending}
        error={change.error}
        onReload={() => {
          change.reset();
          show(latest);
        }}
        onSubmit={(patch) => change.mutateAsync({ role, patch, tag }).then(show)}
      />
      {mine && <End latest={latest} onDeleted={onClose} />}
    </Framed>
  );
}

/** The frame of a panel about a role. */
function Framed({ children, ...head }: ComponentProps<typeof PanelFrame>) {
  return (
    <PanelFrame {...head}>
      <div className={panel.view}>{children}</div>
    </PanelFrame>
  );
}

/** The way to delete a role, or what stands in it. */
function End({ latest, onDeleted }: { latest: Version<Role>; onDeleted: () => void }) {
  const { t } = useTranslation();
  const { account, path } = usePlace();
  const roleName = useRoleName();
  const { drop } = useRoleMoves();
  const [asking, setAsking] = useState(false);
  const others = (useQuery(rolesQuery(account.id)).data ?? []).length > 1;
  const role = latest.data;
  const name = roleName(role);
  const held = (role.members ?? 0) > 0 || isProblem(drop.error, 'in_use');

  return (
    <section className={panel.ways}>
      <Title order={3}>{t('role.end')}</Title>
      {role.built_in && <Text c="dimmed">{t('refusal.built_in')}</Text>}
      {!role.built_in && held && (
        <>
          <Text c="dimmed">{t('role.in_use', { name })}</Text>
          <Group gap="md" mt="xs">
            <Anchor component={Link} to={path(`users?role=${role.key}`)}>
              {t('role.show_members')}
            </Anchor>
            <Anchor component={Link} to={path(`users?tab=inactive&role=${role.key}`)}>
              {t('role.show_inactive')}
            </Anchor>
            <Anchor component={Link} to={path('users?tab=pending')}>
              {t('role.show_invitations')}
            </Anchor>
          </Group>
        </>
      )}
      {!role.built_in && !held && (
        <>
          <Text c="dimmed">{t('role.unused')}</Text>
          <Button
            mt="xs"
            variant="default"
            c="var(--mantine-color-error)"
            disabled={!others}
            onClick={() => setAsking(true)}
          >
            {t('role.delete')}
          </Button>
        </>
      )}
      <Modal opened={asking} onClose={() => setAsking(false)} title={t('settings.delete_it', { name })} size={440}>
        <Stack gap="lg">
          <Text>{t('role.delete_why')}</Text>
          <Refused error={drop.error} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" data-autofocus onClick={() => setAsking(false)}>
              {t('shell.cancel')}
            </Button>
            <Button
              color="red"
              loading={drop.isPending}
              // Not by the callbacks of mutate: the list that is read again takes this button away before they run.
              onClick={() =>
                drop.mutateAsync(latest).then(onDeleted, (error) => isProblem(error, 'in_use') && setAsking(false))
              }
            >
              {t('settings.delete_it', { name })}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </section>
  );
}
