import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { lazy } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { usePlace } from '../account/place';
import { rolesQuery } from '../api/queries';
import { ListProblem } from '../list/ListProblem';
import { ListSkeleton } from '../list/ListSkeleton';
import { Panel } from '../panel/Panel';
import { Allowed } from '../shell/Allowed';
import { PageHead } from '../shell/PageHead';
import { useNarrow } from '../theme/narrow';
import { useRights } from '../users/rights';
import { RoleCards } from './RoleCards';
import { RoleMatrix } from './RoleMatrix';

const RolePanel = lazy(() => import('./RolePanel'));

/** What every role of the account may do, beside each other. */
export default function RolesPage() {
  const { t } = useTranslation();
  return (
    <Allowed permission="roles.manage" title={t('shell.roles')}>
      <Roles />
    </Allowed>
  );
}

/** In the place of a key, of which none begins so: a role that is not there yet. */
const fresh = '+';

function Roles() {
  const { t } = useTranslation();
  const { account, path } = usePlace();
  const navigate = useNavigate();
  const { role: open } = useParams();
  const { grantable } = useRights();
  const roles = useQuery(rolesQuery(account.id));
  const narrow = useNarrow();
  const List = narrow ? RoleCards : RoleMatrix;
  const close = () => navigate(path('roles'));

  return (
    <>
      <PageHead
        title={t('shell.roles')}
        lead={t('role.lead')}
        actions={
          grantable.length > 0 && (
            <Button leftSection={<IconPlus size={16} />} onClick={() => navigate(path(`roles/${fresh}`))}>
              {t('role.add')}
            </Button>
          )
        }
      />
      {roles.isPending && <ListSkeleton />}
      {roles.error && <ListProblem error={roles.error} retry={roles.refetch} />}
      {roles.data && <List roles={[...roles.data].sort((a, b) => b.rank - a.rank)} />}
      <Panel open={open} label={t('role.panel')} onClose={close}>
        {(role) => <RolePanel key={role} role={role === fresh ? undefined : role} onClose={close} />}
      </Panel>
    </>
  );
}
