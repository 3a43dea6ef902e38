import { useSearchParams } from 'react-router';

/** What narrows the tabs of the page; it is in the address, so that a link shows the same. */
export function useNarrowing() {
  const [search, setSearch] = useSearchParams();
  const given = (name: string) => search.get(name) ?? '';
  const narrow = (change: Record<string, string>) =>
    setSearch(
      (before) => {
        const after = new URLSearchParams(before);
        for (const [name, value] of Object.entries(change)) {
          if (value) after.set(name, value);
          else after.delete(name);
        }
        return after;
      },
      { replace: true },
    );
  return [given, narrow] as const;
}
