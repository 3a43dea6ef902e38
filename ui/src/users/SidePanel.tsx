import { Drawer } from '@mantine/core';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { PanelSkeleton } from '../panel/PanelSkeleton';
import { useUserPath } from './userPath';

const UserPanel = lazy(() => import('./UserPanel'));
const InvitationPanel = lazy(() => import('../invitations/InvitationPanel'));

/**
 * The panel beside the list. Its address is a page of its own: `users/mem_…` or `users/inv_…`. Under a dialog it does
 * not listen to Escape, which is the dialog's: what is being written in it would be lost.
 */
export function SidePanel({ covered }: { covered: boolean }) {
  const { t } = useTranslation();
  const { member: open } = useParams();
  const navigate = useNavigate();
  const pathOf = useUserPath();
  const shown = useLast(open);

  return (
    <Drawer.Root opened={open !== undefined} onClose={() => navigate(pathOf())} closeOnEscape={!covered}>
      <Drawer.Overlay backgroundOpacity={0.15} />
      <Drawer.Content aria-label={t('user.panel')}>
        <Suspense fallback={<PanelSkeleton />}>
          {shown?.startsWith('inv_') ? (
            <InvitationPanel key={shown} id={shown} />
          ) : (
            shown && <UserPanel key={shown} id={shown} />
          )}
        </Suspense>
      </Drawer.Content>
    </Drawer.Root>
  );
}

/** Keeps what was shown while the panel slides away. */
function useLast(id: string | undefined): string | undefined {
  const [last, setLast] = useState(id);
  useEffect(() => {
    if (id !== undefined) setLast(id);
  }, [id]);
  return id ?? last;
}
