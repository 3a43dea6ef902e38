import { useCallback } from 'react';
import { useSearchParams } from 'react-router';

export type Tab = 'active' | 'inactive' | 'pending';

const tabs: readonly Tab[] = ['active', 'inactive', 'pending'];

/** What of the list the address bar says: who gets the link sees the same. */
export interface View {
  tab: Tab;
  q: string;
  role: string;
  mfa: '' | 'true' | 'false';
  sub: string;
  /** A field of the list, with a minus in front for the other way round. */
  sort: string;
}

const fields = ['q', 'role', 'mfa', 'sub', 'sort'] as const;

export function useView(): [View, (change: Partial<View>) => void] {
  const [search, setSearch] = useSearchParams();
  const tab = tabs.find((one) => one === search.get('tab')) ?? 'active';
  const mfa = search.get('mfa');
  const view: View = {
    tab,
    q: search.get('q') ?? '',
    role: search.get('role') ?? '',
    mfa: mfa === 'true' || mfa === 'false' ? mfa : '',
    sub: search.get('sub') ?? '',
    sort: search.get('sort') ?? '',
  };

  const change = useCallback(
    (wanted: Partial<View>) => {
      setSearch(
        (before) => {
          const after = new URLSearchParams(before);
          if (wanted.tab !== undefined) {
            // What narrows or orders people may mean nothing to invitations.
            for (const field of fields) after.delete(field);
            if (wanted.tab === 'active') after.delete('tab');
            else after.set('tab', wanted.tab);
          }
          for (const field of fields) {
            const value = wanted[field];
            if (value === '') after.delete(field);
            else if (value !== undefined) after.set(field, value);
          }
          return after;
        },
        // A tab is a place to come back to; each letter of a search is not.
        { replace: wanted.tab === undefined },
      );
    },
    [setSearch],
  );

  return [view, change];
}

/** How many filters narrow the list, the search box aside. */
export const narrowedBy = (view: View) => [view.role, view.mfa, view.sub].filter((value) => value !== '').length;
