import { useSearchParams } from 'react-router';

const filters = ['owner', 'assignee', 'sub_account'] as const;
const fields = ['q', ...filters] as const;

/** What narrows the list, as the address bar says it: who gets the link sees the same. */
export type View = Record<(typeof fields)[number], string>;

export const everything: View = { q: '', owner: '', assignee: '', sub_account: '' };

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
export const narrowedBy = (view: View) => filters.filter((field) => view[field] !== '').length;
