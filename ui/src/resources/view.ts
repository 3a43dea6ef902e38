import { useSearchParams } from 'react-router';

const fields = ['owner', 'assignee', 'sub_account'] as const;

/** What narrows the list, as the address bar says it: who gets the link sees the same. */
export type View = Record<(typeof fields)[number], string>;

export const everything: View = { owner: '', assignee: '', sub_account: '' };

export function useView(): [View, (change: Partial<View>) => void] {
  const [search, setSearch] = useSearchParams();
  const view = Object.fromEntries(fields.map((field) => [field, search.get(field) ?? ''])) as View;
  const change = (wanted: Partial<View>) => {
    const set = Object.entries({ ...view, ...wanted }).filter(([, value]) => value !== '');
    setSearch(Object.fromEntries(set), { replace: true });
  };
  return [view, change];
}

/** How many filters narrow the list. */
export const narrowedBy = (view: View) => fields.filter((field) => view[field] !== '').length;
