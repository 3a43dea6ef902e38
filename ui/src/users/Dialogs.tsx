import { lazy, Suspense, useState } from 'react';
import { useFocusBack } from '../shell/focusBack';
import type { Dialog } from './dialog';

const InviteDialog = lazy(() => import('../invitations/InviteDialog'));
const LinkDialog = lazy(() => import('../invitations/LinkDialog'));
const SentDialog = lazy(() => import('../invitations/SentDialog'));
const WithdrawDialog = lazy(() => import('../invitations/WithdrawDialog'));
const AddUserDialog = lazy(() => import('./AddUserDialog'));
const RegradeDialog = lazy(() => import('./RegradeDialog'));
const ResetFactorDialog = lazy(() => import('./ResetFactorDialog'));
const DepartureWizard = lazy(() => import('../departure/DepartureWizard'));
const ReturnDialog = lazy(() => import('../departure/ReturnDialog'));

interface DialogsProps {
  dialog: Dialog | undefined;
  onClose: () => void;
}

/** The dialog that is open on the users page, loaded when it is first opened. */
export function Dialogs({ dialog, onClose }: DialogsProps) {
  return dialog && <Open dialog={dialog} onClose={onClose} />;
}

interface OpenProps {
  dialog: Dialog;
  onClose: () => void;
}

/** Looks at once from where it was opened: once the dialog is loaded, a menu has closed. */
function Open(props: OpenProps) {
  useFocusBack();
  // A dialog that leads to another of its kind leaves nothing behind in it.
  const [shown, show] = useState({ dialog: props.dialog, place: 0 });
  if (shown.dialog !== props.dialog) show({ dialog: props.dialog, place: shown.place + 1 });
  return (
    <Suspense fallback={null}>
      <Opened key={shown.place} {...props} />
    </Suspense>
  );
}

function Opened({ dialog, onClose }: OpenProps) {
  switch (dialog.kind) {
    case 'invite':
      return <InviteDialog again={dialog.again} onClose={onClose} />;
    case 'sent':
      return <SentDialog onClose={onClose} />;
    case 'withdraw':
      return <WithdrawDialog invitations={dialog.invitations} onDone={dialog.onDone} onClose={onClose} />;
    case 'link':
      return <LinkDialog email={dialog.email} url={dialog.url} until={dialog.until} onClose={onClose} />;
    case 'add':
      return <AddUserDialog onClose={onClose} />;
    case 'regrade':
      return <RegradeDialog members={dialog.members} onClose={onClose} />;
    case 'reset_factor':
      return <ResetFactorDialog member={dialog.member} onClose={onClose} />;
    case 'depart':
      return <DepartureWizard members={dialog.members} how={dialog.how} onClose={onClose} />;
    case 'return':
      return <ReturnDialog member={dialog.member} onClose={onClose} />;
  }
}
