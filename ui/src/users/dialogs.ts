import { createContext, useContext } from 'react';
import type { DepartureKind, Member } from '../api/schema';

/** A dialog of the users page, with what it is about. */
export type Dialog =
  | { kind: 'invite'; emails?: readonly string[] }
  | { kind: 'sent' }
  | { kind: 'add' }
  | { kind: 'depart'; members: readonly Member[]; how: DepartureKind }
  | { kind: 'return'; member: Member; after?: Dialog }
  | { kind: 'reset_factor'; member: Member }
  | { kind: 'regrade'; members: readonly Member[] };

const Context = createContext<(dialog: Dialog) => void>(() => {});

export const DialogsProvider = Context.Provider;

/** Opens a dialog from wherever on the page its subject is met. */
export const useDialogs = () => useContext(Context);
