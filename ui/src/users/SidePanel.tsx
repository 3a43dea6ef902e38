import { lazy } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { Panel } from '../panel/Panel';
import { usePanelPath } from '../panel/panelPath';

const UserPanel = lazy(() => import('./UserPanel'));
const InvitationPanel = lazy(() => import('../invitations/InvitationPanel'));

/** The panel beside the list. Its address is a page of its own: `users/mem_…` or `users/inv_…`. */
export function SidePanel() {
  const { t } = useTranslation();
  const { member: open } = useParams();
  const navigate = useNavigate();
  const pathOf = usePanelPath('users');
  return (
    <Panel open={open} label={t('user.panel')} onClose={() => navigate(pathOf())}>
      {(id) => (id.startsWith('inv_') ? <InvitationPanel key={id} id={id} /> : <UserPanel key={id} id={id} />)}
    </Panel>
  );
}
