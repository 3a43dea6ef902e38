import { createContext, useContext } from 'react';
import type { DepartureKind, Invitation, Member } from '../api/schema';
import type { Terms } from '../invitations/sending';

/** Addresses to begin an invitation with, what they were offered the first time, and the dialog to go back to. */
export interface Again {
  emails: readonly string[];
  terms?: Terms;
  back?: Dialog;
}

/** A dialog of the users page, with what it is about. */
export type Dialog =
  | { kind: 'invite'; again?: Again }
  | { kind: 'sent' }
  | { kind: 'withdraw'; invitations: readonly Invitation[]; onDone?: (left: readonly string[]) => void }
  | { kind: 'link'; email: string; url: string; until: string }
  | { kind: 'add' }
  | { kind: 'depart'; members: readonly Member[]; how: DepartureKind }
  | { kind: 'return'; member: Member; after?: Dialog }
  | { kind: 'reset_factor'; member: Member }
  | { kind: 'regrade'; members: readonly Member[] };

const Context = createContext<(dialog: Dialog) => void>(() => {});

export const DialogsProvider = Context.Provider;

/** Opens a dialog from wherever on the page its subject is met. */
export const useDialogs = () => useContext(Context);
