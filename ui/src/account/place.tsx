import { createContext, type ReactNode, useContext } from 'react';
import { useTranslation } from 'react-i18next';
import type { Account, Session } from '../api/schema';

interface Place {
  account: Account;
  session: Session;
}

const PlaceContext = createContext<Place | undefined>(undefined);

export function PlaceProvider({ account, session, children }: Place & { children: ReactNode }) {
  return <PlaceContext.Provider value={{ account, session }}>{children}</PlaceContext.Provider>;
}

/** Where the reader is: the account, their session in it, and what they may do. */
export function usePlace() {
  const place = useContext(PlaceContext);
  if (!place) throw new Error('usePlace outside of an account');
  const { account, session } = place;
  return {
    account,
    session,
    can: (permission: string) => session.permissions.includes(permission),
    path: (rest: string) => `/a/${account.id}/${rest}`,
  };
}

/**
 * The account's own words: the preset is the i18next context, so that
 * `words.users@portal` wins over `words.users` in an account of that preset.
 */
export function useWords() {
  const { t } = useTranslation();
  const { account } = usePlace();
  const { preset } = account;

  return {
    users: t('words.users', { context: preset }),
    usersWay: t('words.users_way', { context: preset }),
    activeUsers: t('words.active_users', { context: preset }),
    inactiveUsers: t('words.inactive_users', { context: preset }),
    pendingInvitations: t('words.pending_invitations', { context: preset }),
    inviteUsers: t('words.invite_users', { context: preset }),
    addUser: t('words.add_user', { context: preset }),
    setPermission: t('words.set_permission', { context: preset }),
    sendInvites: t('words.send_invites', { context: preset }),
    credits: t('words.credits', { context: preset }),
    profile: t('words.profile', { context: preset }),
    deactivate: t('words.deactivate'),
    remove: t('words.remove', { context: preset }),
  };
}
